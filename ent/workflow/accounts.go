package workflow

import (
	"context"
	"fmt"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/google/uuid"

	"github.com/lianluo/lianluo/ent/fault"
	"github.com/lianluo/lianluo/ent/gen"
	"github.com/lianluo/lianluo/ent/gen/account"
	"github.com/lianluo/lianluo/ent/kind"
	"github.com/lianluo/lianluo/ent/viewer"
)

// Passwords checks passwords against what is stored of them.
type Passwords interface {
	// Matches tells whether the password belongs to the hash. An empty hash stands for a user who does not exist: the
	// answer is false and takes as long, so that its time does not tell which names there are.
	Matches(ctx context.Context, hash, password string) (bool, error)
}

// Tokens makes the tokens of a sign-in.
type Tokens interface {
	// Access makes a short-lived access token for the viewer and tells when it expires.
	Access(v *viewer.Viewer) (token string, expiresAt time.Time, err error)
	// Refresh draws a refresh token, which the client keeps, and its hash, which is all that is stored.
	Refresh() (token string, hash []byte, err error)
	// RefreshHash is the stored form of a refresh token; ok is false for text that Refresh cannot have made.
	RefreshHash(token string) (hash []byte, ok bool)
}

// DefaultRefreshLifetime is how long a refresh token lasts unless configured otherwise. Each use gives a new one.
const DefaultRefreshLifetime = 14 * 24 * time.Hour

// AccountOptions are what Accounts draw on beside the database.
type AccountOptions struct {
	Passwords Passwords
	Tokens    Tokens
	// Clock tells the time; nil means time.Now.
	Clock func() time.Time
	// RefreshLifetime is how long a refresh token lasts; 0 means DefaultRefreshLifetime.
	RefreshLifetime time.Duration
}

// Accounts signs people in and knows the viewers behind their tokens. It works on behalf of the platform, since no one who is still
// unknown sees accounts, and stands in the audit for the account itself. It is safe for concurrent use.
type Accounts struct {
	client    *gen.Client
	passwords Passwords
	tokens    Tokens
	clock     func() time.Time
	lifetime  time.Duration
}

// NewAccounts makes an Accounts on a client whose connections follow the context's viewer.
func NewAccounts(client *gen.Client, o AccountOptions) *Accounts {
	a := &Accounts{client: client, passwords: o.Passwords, tokens: o.Tokens, clock: o.Clock, lifetime: o.RefreshLifetime}
	if a.clock == nil {
		a.clock = time.Now
	}
	if a.lifetime == 0 {
		a.lifetime = DefaultRefreshLifetime
	}
	return a
}

// asPlatform is the context in which accounts are read and written.
func asPlatform(ctx context.Context) context.Context {
	return viewer.NewContext(ctx, viewer.SystemJob("sign-in"))
}

// Viewer makes the viewer of an account from what the account is now; it is asked on every request. An account that is unknown or closed
// is an ErrUnauthenticated.
func (a *Accounts) Viewer(ctx context.Context, id uuid.UUID) (*viewer.Viewer, error) {
	found, err := a.client.Account.Get(asPlatform(ctx), id)
	if gen.IsNotFound(err) || err == nil && found.Status != kind.AccountActive {
		return nil, fault.Unauthenticated("账号不存在或已停用")
	}
	if err != nil {
		return nil, fmt.Errorf("find account: %w", err)
	}
	return viewerOf(found)
}

func viewerOf(a *gen.Account) (*viewer.Viewer, error) {
	v, err := viewer.For(a.ID.String(), a.Role, a.Code)
	if err != nil {
		return nil, fmt.Errorf("account %s: %w", a.ID, err)
	}
	v.Person, v.Organ, v.Station = orNil(a.DeputyID), orNil(a.OrganID), orNil(a.StationID)
	return v, nil
}

func orNil(id *uuid.UUID) uuid.UUID {
	if id == nil {
		return uuid.Nil
	}
	return *id
}

// longestUsername is the length of a user name in characters.
const longestUsername = 40

// authenticate finds the active account of a name and password. Whatever is wrong, the refusal and the time it takes are the same.
func (a *Accounts) authenticate(ctx context.Context, username, password string) (*gen.Account, error) {
	var found *gen.Account
	name := strings.ToLower(strings.TrimSpace(username))
	if utf8.ValidString(name) && utf8.RuneCountInString(name) <= longestUsername && !strings.ContainsRune(name, 0) {
		var err error
		found, err = a.client.Account.Query().Where(account.Username(name)).Only(ctx)
		if err != nil && !gen.IsNotFound(err) {
			return nil, fmt.Errorf("find account: %w", err)
		}
	}
	hash := ""
	if found != nil {
		hash = found.PasswordHash
	}
	matches, err := a.passwords.Matches(ctx, hash, password)
	if err != nil {
		return nil, fmt.Errorf("check password: %w", err)
	}
	if !matches || found == nil || found.Status != kind.AccountActive {
		return nil, wrongCredentials()
	}
	return found, nil
}

func wrongCredentials() error { return fault.Unauthenticated("用户名或密码不正确") }
