package app

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/lianluo/lianluo/ent/fault"
	"github.com/lianluo/lianluo/ent/viewer"
	"github.com/lianluo/lianluo/ent/workflow"
	"github.com/lianluo/lianluo/server/auth"
)

// What the workflows of accounts need of auth, and auth of them; neither imports the other.

// passwordMatcher checks passwords for sign-in.
type passwordMatcher struct{ passwords *auth.Passwords }

// Matches tells whether a password belongs to a hash; an empty hash stands for a user who does not exist.
func (m passwordMatcher) Matches(ctx context.Context, hash, password string) (bool, error) {
	var err error
	if hash == "" {
		err = m.passwords.CheckNobody(ctx, password)
	} else {
		err = m.passwords.Check(ctx, hash, password)
	}
	if errors.Is(err, auth.ErrPasswordWrong) {
		return false, nil
	}
	return err == nil, err
}

// tokenMaker makes the tokens of a sign-in.
type tokenMaker struct{ issuer *auth.Issuer }

// Access makes an access token for a viewer.
func (m tokenMaker) Access(v *viewer.Viewer) (token string, expiresAt time.Time, err error) {
	return m.issuer.Issue(auth.Grant{
		Subject: v.Subject, Role: v.Role, Division: v.Division, Person: v.Person, Organ: v.Organ, Station: v.Station,
	})
}

// Refresh makes a refresh token and what is kept of it.
func (tokenMaker) Refresh() (token string, hash []byte, err error) { return auth.NewRefreshToken(nil) }

// RefreshHash is what was kept of a refresh token, if it can be one.
func (tokenMaker) RefreshHash(token string) (hash []byte, ok bool) {
	hash, err := auth.HashRefreshToken(token)
	return hash, err == nil
}

// accountChecker tells on each request what the account behind a token is now.
type accountChecker struct{ accounts *workflow.Accounts }

// CheckAccount makes the viewer of the account, which must still be in use.
func (c accountChecker) CheckAccount(ctx context.Context, claims *auth.Claims) (*viewer.Viewer, error) {
	id, ok := claims.Account()
	if !ok {
		return nil, fmt.Errorf("%w: the subject is no account", auth.ErrAccountRefused)
	}
	v, err := c.accounts.Viewer(ctx, id)
	if errors.Is(err, fault.ErrUnauthenticated) {
		return nil, fmt.Errorf("%w: %w", auth.ErrAccountRefused, err)
	}
	return v, err
}
