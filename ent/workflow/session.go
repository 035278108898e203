package workflow

import (
	"context"
	"fmt"
	"time"

	"github.com/google/uuid"

	"github.com/lianluo/lianluo/ent/fault"
	"github.com/lianluo/lianluo/ent/gen"
	"github.com/lianluo/lianluo/ent/gen/account"
	"github.com/lianluo/lianluo/ent/gen/refreshtoken"
	"github.com/lianluo/lianluo/ent/kind"
)

// Session is what a client holds after signing in.
type Session struct {
	// AccessToken goes with each request until ExpiresAt.
	AccessToken string
	ExpiresAt   time.Time
	// RefreshToken works once, for a new session.
	RefreshToken string
}

// SignIn opens a session for a name and password. Names are the same in upper and lower case. A wrong name, a wrong password and a
// closed account are the same ErrUnauthenticated.
func (a *Accounts) SignIn(ctx context.Context, username, password string) (*Session, error) {
	ctx = asPlatform(ctx)
	found, err := a.authenticate(ctx, username, password) // slow by design, so before the transaction
	if err != nil {
		return nil, err
	}
	var s *Session
	err = a.transact(ctx, VerbSignIn, func(tx *gen.Tx) (refused, failed error) {
		now, err := tx.Account.Query().Where(account.ID(found.ID)).ForShare().Only(ctx)
		if err != nil && !gen.IsNotFound(err) {
			return nil, err
		}
		if err != nil || now.Status != kind.AccountActive || now.PasswordHash != found.PasswordHash {
			return wrongCredentials(), nil
		}
		s, err = a.open(ctx, tx, VerbSignIn, now, uuid.New())
		return nil, err
	})
	return s, err
}

// RefreshSession exchanges a refresh token for a new session. A second use of a token means that it is in two hands: it ends every
// session that came from the same sign-in. Whatever is wrong with a token, the refusal is the same ErrUnauthenticated.
func (a *Accounts) RefreshSession(ctx context.Context, refreshToken string) (*Session, error) {
	ctx = asPlatform(ctx)
	hash, ok := a.tokens.RefreshHash(refreshToken)
	if !ok {
		return nil, badRefreshToken()
	}
	var s *Session
	err := a.transact(ctx, VerbRefreshSession, func(tx *gen.Tx) (refused, failed error) {
		token, owner, err := a.lockFamily(ctx, tx, hash)
		switch {
		case gen.IsNotFound(err):
			return badRefreshToken(), nil
		case err != nil:
			return nil, err
		case token.RevokedAt != nil, owner.Status != kind.AccountActive, !token.ExpiresAt.After(a.clock()):
			return badRefreshToken(), nil
		case token.UsedAt != nil:
			return badRefreshToken(), a.revoke(ctx, tx, VerbRefreshSession, owner, token.FamilyID)
		}
		if err := tx.RefreshToken.UpdateOne(token).SetUsedAt(a.clock()).AddVersion(1).Exec(ctx); err != nil {
			return nil, err
		}
		s, err = a.open(ctx, tx, VerbRefreshSession, owner, token.FamilyID)
		return nil, err
	})
	return s, err
}

// SignOut ends the sign-in that a refresh token belongs to. A token that is unknown, malformed or no longer in use changes nothing, and is no error:
// the client is signed out either way.
func (a *Accounts) SignOut(ctx context.Context, refreshToken string) error {
	ctx = asPlatform(ctx)
	hash, ok := a.tokens.RefreshHash(refreshToken)
	if !ok {
		return nil
	}
	return a.transact(ctx, VerbSignOut, func(tx *gen.Tx) (refused, failed error) {
		token, owner, err := a.lockFamily(ctx, tx, hash)
		if gen.IsNotFound(err) || err == nil && token.RevokedAt != nil {
			return nil, nil
		}
		if err != nil {
			return nil, err
		}
		return nil, a.revoke(ctx, tx, VerbSignOut, owner, token.FamilyID)
	})
}

func badRefreshToken() error { return fault.Unauthenticated("登录已失效,请重新登录") }

// transact does work in one transaction. What was written is kept unless it failed: a refusal may end sessions.
func (a *Accounts) transact(ctx context.Context, verb Verb, work func(*gen.Tx) (refused, failed error)) error {
	tx, err := a.client.Tx(ctx)
	if err != nil {
		return refusal(verb, err)
	}
	done := false
	defer func() {
		if !done {
			_ = tx.Rollback() // there is an error already, or a panic on its way
		}
	}()
	refused, err := work(tx)
	if err != nil {
		return refusal(verb, err)
	}
	done = true
	if err := tx.Commit(); err != nil {
		return refusal(verb, err)
	}
	return refused
}

// lockFamily finds a refresh token and its account, and makes all who use tokens of the same sign-in wait for each other, so
// that a token that is being made cannot escape the end of its family.
func (a *Accounts) lockFamily(ctx context.Context, tx *gen.Tx, hash []byte) (*gen.RefreshToken, *gen.Account, error) {
	token, err := tx.RefreshToken.Query().Where(refreshtoken.TokenHash(hash)).Only(ctx)
	if err != nil {
		return nil, nil, err
	}
	if err := lock(ctx, tx, "sign-in:"+token.FamilyID.String()); err != nil {
		return nil, nil, err
	}
	token, err = tx.RefreshToken.Query().Where(refreshtoken.ID(token.ID)).ForUpdate().Only(ctx)
	if err != nil {
		return nil, nil, err
	}
	owner, err := tx.Account.Query().Where(account.ID(token.AccountID)).ForShare().Only(ctx)
	return token, owner, err
}

// open makes the tokens of a session.
func (a *Accounts) open(ctx context.Context, tx *gen.Tx, verb Verb, owner *gen.Account, family uuid.UUID) (*Session, error) {
	v, err := viewerOf(owner)
	if err != nil {
		return nil, err
	}
	access, expiresAt, err := a.tokens.Access(v)
	if err != nil {
		return nil, fmt.Errorf("access token: %w", err)
	}
	refresh, hash, err := a.tokens.Refresh()
	if err != nil {
		return nil, fmt.Errorf("refresh token: %w", err)
	}
	err = tx.RefreshToken.Create().SetAccountID(owner.ID).SetFamilyID(family).SetTokenHash(hash).
		SetExpiresAt(a.clock().Add(a.lifetime)).Exec(ctx)
	if err != nil {
		return nil, fmt.Errorf("keep the refresh token: %w", err)
	}
	if err := a.audit(ctx, tx, verb, owner, map[string]any{"session": family}); err != nil {
		return nil, err
	}
	return &Session{AccessToken: access, ExpiresAt: expiresAt, RefreshToken: refresh}, nil
}

// revoke ends all tokens of a sign-in.
func (a *Accounts) revoke(ctx context.Context, tx *gen.Tx, verb Verb, owner *gen.Account, family uuid.UUID) error {
	n, err := tx.RefreshToken.Update().
		Where(refreshtoken.FamilyID(family), refreshtoken.RevokedAtIsNil()).
		SetRevokedAt(a.clock()).AddVersion(1).Save(ctx)
	if err != nil {
		return fmt.Errorf("revoke refresh tokens: %w", err)
	}
	return a.audit(ctx, tx, verb, owner, map[string]any{"session": family, "tokensRevoked": n})
}

func (a *Accounts) audit(ctx context.Context, tx *gen.Tx, verb Verb, owner *gen.Account, detail map[string]any) error {
	who := actor{owner.ID.String(), string(owner.Role), owner.Code}
	return audit(ctx, tx, who, verb, gen.TypeAccount, owner.ID, areaOfAccount(owner), detail)
}
