package auth

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"strings"

	"github.com/google/uuid"

	"github.com/lianluo/lianluo/ent/viewer"
)

// AccountChecker knows the accounts behind tokens.
type AccountChecker interface {
	// CheckAccount finds the account that verified claims speak for and makes its viewer, from what the
	// account is now. An account that is unknown or closed is an error that wraps ErrAccountRefused; any
	// other error says that the question could not be answered. It is asked on every request.
	CheckAccount(ctx context.Context, claims *Claims) (*viewer.Viewer, error)
}

// Denier answers a request whose token was refused (the error wraps ErrUnauthenticated), or could not be
// checked (any other error: a fault of the platform). It must not show the error to the client.
type Denier func(w http.ResponseWriter, r *http.Request, err error)

// Authenticate is the middleware that finds out who asks. A request without an Authorization header goes
// on without a viewer. One with a good bearer token goes on with its viewer in the context
// (viewer.FromContext). Any other is answered by deny and goes no further: a client that presents a token
// must not be served as a stranger by mistake.
func Authenticate(v *Verifier, accounts AccountChecker, log *slog.Logger, deny Denier) func(http.Handler) http.Handler {
	return func(next http.Handler) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			headers := r.Header.Values("Authorization")
			if len(headers) == 0 {
				next.ServeHTTP(w, r)
				return
			}
			who, err := authenticate(r.Context(), v, accounts, headers)
			if err != nil {
				log.LogAttrs(r.Context(), logLevel(err), "request not authenticated", slog.Any("error", err))
				deny(w, r, err)
				return
			}
			next.ServeHTTP(w, r.WithContext(viewer.NewContext(r.Context(), who)))
		})
	}
}

// logLevel is an error for faults only: not for what a client did, and not when it went away.
func logLevel(err error) slog.Level {
	if errors.Is(err, ErrUnauthenticated) || errors.Is(err, context.Canceled) {
		return slog.LevelInfo
	}
	return slog.LevelError
}

func authenticate(ctx context.Context, v *Verifier, accounts AccountChecker, headers []string) (*viewer.Viewer, error) {
	token, err := bearer(headers)
	if err != nil {
		return nil, err
	}
	claims, err := v.Verify(token)
	if err != nil {
		return nil, err
	}
	return ViewerOf(ctx, accounts, claims)
}

// bearer takes the token out of the Authorization headers, of which there must be one.
func bearer(headers []string) (string, error) {
	if len(headers) != 1 {
		return "", fmt.Errorf("%w: %d Authorization headers", ErrTokenMalformed, len(headers))
	}
	scheme, token, _ := strings.Cut(headers[0], " ")
	if !strings.EqualFold(scheme, "Bearer") {
		return "", fmt.Errorf("%w: another scheme", ErrTokenMissing)
	}
	return strings.Trim(token, " "), nil
}

// ViewerOf makes the viewer of verified claims: an operator's as the token says, an account's as the
// account is now. Claims that the account has outgrown are refused with ErrAccountRefused, so that its
// holder signs in again. Long-lived connections call it with Verify where there is no request to wrap.
func ViewerOf(ctx context.Context, accounts AccountChecker, claims *Claims) (*viewer.Viewer, error) {
	if _, ok := claims.Account(); !ok {
		who, err := claims.Viewer()
		if err != nil {
			return nil, fmt.Errorf("%w: %w", ErrTokenInvalid, err)
		}
		return who, nil
	}
	who, err := accounts.CheckAccount(ctx, claims)
	if err != nil {
		return nil, fmt.Errorf("check account %s: %w", claims.Subject, err)
	}
	if who == nil || who.Subject != claims.Subject || who.Role != claims.Role || who.Division != claims.Division ||
		outgrown(claims.Person, who.Person) || outgrown(claims.Organ, who.Organ) || outgrown(claims.Station, who.Station) {
		return nil, fmt.Errorf("%w: account %s is not what its token says", ErrAccountRefused, claims.Subject)
	}
	return who, nil
}

// outgrown tells whether a token claims an id that the account no longer has.
func outgrown(claimed, now uuid.UUID) bool { return claimed != uuid.Nil && claimed != now }
