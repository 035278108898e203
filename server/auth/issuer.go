package auth

import (
	"crypto/rand"
	"errors"
	"fmt"
	"io"
	"time"

	"github.com/golang-jwt/jwt/v5"
	"github.com/google/uuid"
)

const (
	// algorithm is the one signature algorithm of ours, by its name in RFC 8037.
	algorithm = "EdDSA"
	// tokenType tells an access token from any other JWT that the same key may come to sign (RFC 9068).
	tokenType = "at+jwt"
)

// IssuerConfig configures an Issuer.
type IssuerConfig struct {
	// Issuer and Audience become the iss and aud claims; neither may be empty.
	Issuer, Audience string
	// Lifetime of each token, from one second to MaxLifetime (see DefaultLifetime).
	Lifetime time.Duration
	// Clock tells the time; nil means time.Now.
	Clock func() time.Time
	// Random is drawn on for token ids; nil means crypto/rand.
	Random io.Reader
}

// Validate tells what is wrong with the configuration.
func (c IssuerConfig) Validate() error {
	if c.Issuer == "" || c.Audience == "" {
		return errors.New("token issuer: issuer and audience must not be empty")
	}
	if c.Lifetime < time.Second || c.Lifetime > MaxLifetime {
		return fmt.Errorf("token issuer: a token may last from 1s to %s, not %s", MaxLifetime, c.Lifetime)
	}
	return nil
}

// Issuer makes access tokens. It is safe for concurrent use when its Clock and Random are.
type Issuer struct {
	keys *Keys
	cfg  IssuerConfig
}

// NewIssuer makes an Issuer that signs with the newest of the keys.
func NewIssuer(keys *Keys, cfg IssuerConfig) (*Issuer, error) {
	if err := cfg.Validate(); err != nil {
		return nil, err
	}
	if cfg.Clock == nil {
		cfg.Clock = time.Now
	}
	if cfg.Random == nil {
		cfg.Random = rand.Reader
	}
	return &Issuer{keys: keys, cfg: cfg}, nil
}

// Issue makes a token for a grant and tells when it expires. A role that does not fit its division is
// refused with viewer.ErrRoleDivision.
func (i *Issuer) Issue(g Grant) (token string, expiresAt time.Time, err error) {
	if err := g.Validate(); err != nil {
		return "", time.Time{}, fmt.Errorf("issue token: %w", err)
	}
	id, err := uuid.NewRandomFromReader(i.cfg.Random)
	if err != nil {
		return "", time.Time{}, fmt.Errorf("issue token: draw an id: %w", err)
	}
	now := i.cfg.Clock().Truncate(time.Second)
	claims := &Claims{Grant: g, ID: id.String(), IssuedAt: now, ExpiresAt: now.Add(i.cfg.Lifetime).Truncate(time.Second)}

	key := i.keys.signing()
	t := jwt.NewWithClaims(jwt.SigningMethodEdDSA, newWireClaims(i.cfg.Issuer, i.cfg.Audience, claims))
	t.Header["typ"] = tokenType
	t.Header["kid"] = key.id
	token, err = t.SignedString(key.private)
	if err != nil {
		return "", time.Time{}, fmt.Errorf("issue token: %w", err)
	}
	return token, claims.ExpiresAt, nil
}
