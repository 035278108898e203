package auth

import (
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/golang-jwt/jwt/v5"
)

// VerifierConfig configures a Verifier.
type VerifierConfig struct {
	// Issuer and Audience are the only iss and aud accepted; neither may be empty.
	Issuer, Audience string
	// Leeway is how far in the future iat and nbf may lie, at most MaxLeeway. It does not extend exp.
	Leeway time.Duration
	// Clock tells the time; nil means time.Now.
	Clock func() time.Time
}

// Validate tells what is wrong with the configuration. An empty issuer or audience is the worst: the
// parser would take it for "do not check".
func (c VerifierConfig) Validate() error {
	if c.Issuer == "" || c.Audience == "" {
		return errors.New("token verifier: issuer and audience must not be empty")
	}
	if c.Leeway < 0 || c.Leeway > MaxLeeway {
		return fmt.Errorf("token verifier: the leeway may be from 0s to %s, not %s", MaxLeeway, c.Leeway)
	}
	return nil
}

// Verifier checks access tokens as RFC 8725 advises: one algorithm, one type, one issuer, one audience,
// only keys of ours, nothing that can be read in two ways. It is safe for concurrent use.
type Verifier struct {
	keys   *Keys
	clock  func() time.Time
	parser *jwt.Parser
}

// NewVerifier makes a Verifier that accepts what any of the keys has signed.
func NewVerifier(keys *Keys, cfg VerifierConfig) (*Verifier, error) {
	if err := cfg.Validate(); err != nil {
		return nil, err
	}
	if cfg.Clock == nil {
		cfg.Clock = time.Now
	}
	return &Verifier{keys: keys, clock: cfg.Clock, parser: jwt.NewParser(
		jwt.WithValidMethods([]string{algorithm}),
		jwt.WithIssuer(cfg.Issuer),
		jwt.WithAudience(cfg.Audience),
		jwt.WithExpirationRequired(),
		jwt.WithIssuedAt(),
		jwt.WithStrictDecoding(),
		jwt.WithLeeway(cfg.Leeway),
		jwt.WithTimeFunc(cfg.Clock),
	)}, nil
}

// Verify checks a token and returns what it says, with a role that fits its division. Every error wraps
// ErrUnauthenticated and one of ErrTokenMissing, ErrTokenMalformed, ErrTokenExpired, ErrTokenInvalid.
// Whether the account still exists is not known here.
func (v *Verifier) Verify(token string) (*Claims, error) {
	if token == "" {
		return nil, ErrTokenMissing
	}
	if err := checkShape(token); err != nil {
		return nil, fmt.Errorf("%w: %w", ErrTokenMalformed, err)
	}
	if err := checkHeader(token[:strings.IndexByte(token, '.')]); err != nil {
		return nil, err
	}
	wire := new(wireClaims)
	if _, err := v.parser.ParseWithClaims(token, wire, v.findKey); err != nil {
		return nil, fmt.Errorf("%w: %w", reason(err), err)
	}
	// The parser's leeway is meant for clocks that run ahead; a token's end is its end.
	if !v.clock().Before(wire.ExpiresAt.Time) {
		return nil, ErrTokenExpired
	}
	claims, err := wire.claims()
	if err != nil {
		return nil, fmt.Errorf("%w: %w", ErrTokenInvalid, err)
	}
	return claims, nil
}

// findKey finds the key by its id alone: checkHeader has refused all other ways of naming one.
func (v *Verifier) findKey(t *jwt.Token) (any, error) {
	kid, _ := t.Header["kid"].(string)
	return v.keys.verifying(kid)
}

// reason translates an error of the parser, which may have found several things wrong.
func reason(err error) error {
	switch {
	case errors.Is(err, jwt.ErrTokenMalformed):
		return ErrTokenMalformed
	case errors.Is(err, jwt.ErrTokenExpired):
		return ErrTokenExpired
	}
	return ErrTokenInvalid
}

// checkShape refuses by size and alphabet, before anything is decoded. Strict base64 decoding alone would
// skip line breaks, so that one signature had many spellings.
func checkShape(token string) error {
	if len(token) > MaxTokenSize {
		return fmt.Errorf("%d bytes are more than %d", len(token), MaxTokenSize)
	}
	dots := 0
	for _, c := range []byte(token) {
		switch {
		case c == '.':
			dots++
		case !isAlphanumeric(c) && c != '-' && c != '_':
			return errors.New("a character outside the base64url alphabet")
		}
	}
	if dots != 2 {
		return fmt.Errorf("%d parts, not 3", dots+1)
	}
	return nil
}

// checkHeader takes the header {alg, kid, typ} of our own tokens and no other.
func checkHeader(part string) error {
	raw, err := base64.RawURLEncoding.Strict().DecodeString(part)
	if err != nil {
		return fmt.Errorf("%w: header: %w", ErrTokenMalformed, err)
	}
	names, err := memberNames(raw)
	if err != nil {
		return fmt.Errorf("%w: header: %w", ErrTokenMalformed, err)
	}
	slices.Sort(names)
	if !slices.Equal(names, headerNames) {
		return fmt.Errorf("%w: the header's members must be %v, each once", ErrTokenInvalid, headerNames)
	}
	var header struct{ Alg, Kid, Typ string }
	if err := json.Unmarshal(raw, &header); err != nil {
		return fmt.Errorf("%w: header: %w", ErrTokenMalformed, err)
	}
	if header.Alg != algorithm || header.Typ != tokenType || header.Kid == "" {
		return fmt.Errorf("%w: the header must have alg %s, typ %s and a kid", ErrTokenInvalid, algorithm, tokenType)
	}
	return nil
}
