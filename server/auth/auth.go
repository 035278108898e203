// Package auth proves who asks: signing keys, access tokens, refresh tokens, passwords, and the HTTP
// middleware that turns a bearer token into a viewer.
//
// A sign-in yields a short-lived access token, a JWT signed with Ed25519, and an opaque refresh token of
// which only the hash is stored. Whoever holds the data directory can make tokens too: tools/token mints
// them for operators from the same key. Storing accounts and refresh tokens is not done here: the package
// has no database and imports nothing of ours but ent/viewer and ent/place.
package auth

import (
	"errors"
	"fmt"
	"time"
)

// The names that tokens carry unless configured otherwise. Server and tools must agree on them.
const (
	// DefaultIssuer is the iss claim.
	DefaultIssuer = "lianluo"
	// DefaultAudience is the aud claim.
	DefaultAudience = "lianluo-api"
)

const (
	// DefaultLifetime is how long an access token of a sign-in lasts.
	DefaultLifetime = 15 * time.Minute
	// MaxLifetime bounds every access token: an Issuer makes none that lasts longer, a Verifier accepts none.
	MaxLifetime = 24 * time.Hour
	// DefaultLeeway is how far the issuer's clock may be ahead of the verifier's.
	DefaultLeeway = 30 * time.Second
	// MaxLeeway is the largest leeway that a Verifier can be given.
	MaxLeeway = time.Minute
	// MaxTokenSize is the size in bytes above which a token is refused unread.
	MaxTokenSize = 8 << 10
)

// ErrUnauthenticated is what every refusal of a token or of its account wraps. Callers answer all of them
// alike, so that the answer does not tell a forger how far he came; the reasons are for the log. An error
// of this package that does not wrap it is a fault of the platform, not of the caller.
var ErrUnauthenticated = errors.New("not authenticated")

// The reasons of a refusal.
var (
	// ErrTokenMissing: credentials were announced but there is no bearer token in them.
	ErrTokenMissing = fmt.Errorf("%w: no bearer token", ErrUnauthenticated)
	// ErrTokenMalformed: not three canonical base64url parts holding plain JSON objects, or too large.
	ErrTokenMalformed = fmt.Errorf("%w: malformed token", ErrUnauthenticated)
	// ErrTokenExpired: a good token whose time is over.
	ErrTokenExpired = fmt.Errorf("%w: expired token", ErrUnauthenticated)
	// ErrTokenInvalid: well formed, but not a token of ours, or not one for this audience and time.
	ErrTokenInvalid = fmt.Errorf("%w: invalid token", ErrUnauthenticated)
	// ErrAccountRefused: the account is unknown or closed, or no longer has the role or place the token claims.
	ErrAccountRefused = fmt.Errorf("%w: account refused", ErrUnauthenticated)
	// ErrRefreshTokenMalformed: not a refresh token of this platform's form.
	ErrRefreshTokenMalformed = fmt.Errorf("%w: malformed refresh token", ErrUnauthenticated)
)
