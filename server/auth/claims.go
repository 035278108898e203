package auth

import (
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/golang-jwt/jwt/v5"
	"github.com/google/uuid"

	"github.com/lianluo/lianluo/ent/place"
	"github.com/lianluo/lianluo/ent/viewer"
)

// operatorPrefix marks the subject of a token that tools/token minted, which has no account.
const operatorPrefix = "operator:"

// Grant is whom a token speaks for and what it lets him be.
type Grant struct {
	// Subject is an account's UUID, or operator:NAME (see OperatorSubject).
	Subject string
	// Role must fit the level of Division.
	Role     viewer.Role
	Division place.Code
	// Person, Organ and Station narrow the roles that need them: a deputy, a department, the keeper of a
	// station. uuid.Nil where there is none.
	Person, Organ, Station uuid.UUID
}

// Viewer makes the viewer of the grant; the error wraps viewer.ErrRoleDivision when the role does not fit.
func (g Grant) Viewer() (*viewer.Viewer, error) {
	v, err := viewer.For(g.Subject, g.Role, g.Division)
	if err != nil {
		return nil, err
	}
	v.Person, v.Organ, v.Station = g.Person, g.Organ, g.Station
	return v, nil
}

// Account is the account that the grant speaks for; ok is false for an operator's token.
func (g Grant) Account() (id uuid.UUID, ok bool) {
	id, err := parseID(g.Subject)
	return id, err == nil
}

// Validate tells what is wrong with the grant: its subject, or a role that does not fit its division
// (viewer.ErrRoleDivision).
func (g Grant) Validate() error {
	if err := checkSubject(g.Subject); err != nil {
		return err
	}
	_, err := g.Viewer()
	return err
}

// Claims are what a verified token says.
type Claims struct {
	Grant
	// ID is the token's own id (jti).
	ID string
	// IssuedAt and ExpiresAt have a resolution of one second.
	IssuedAt, ExpiresAt time.Time
}

// OperatorSubject is the subject of an operator's token: operator:NAME. A name has 1 to 64 characters of
// ASCII letters, digits and ._@- so that it is plain to read in the audit.
func OperatorSubject(name string) (string, error) {
	subject := operatorPrefix + name
	if err := checkSubject(subject); err != nil {
		return "", err
	}
	return subject, nil
}

func checkSubject(subject string) error {
	name, operator := strings.CutPrefix(subject, operatorPrefix)
	if !operator {
		if _, err := parseID(subject); err != nil {
			return fmt.Errorf("subject is neither an account nor an operator: %w", err)
		}
		return nil
	}
	if len(name) < 1 || len(name) > 64 {
		return fmt.Errorf("an operator's name has 1 to 64 characters, not %d", len(name))
	}
	for _, c := range []byte(name) {
		if !isAlphanumeric(c) && !strings.ContainsRune("._@-", rune(c)) {
			return errors.New("an operator's name consists of ASCII letters, digits and ._@-")
		}
	}
	return nil
}

func isAlphanumeric(c byte) bool {
	return c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9'
}

// parseID reads a UUID in its one canonical form; uuid.Parse alone takes four.
func parseID(s string) (uuid.UUID, error) {
	id, err := uuid.Parse(s)
	if err != nil {
		return uuid.Nil, err
	}
	if id == uuid.Nil || id.String() != s {
		return uuid.Nil, errors.New("not a canonical UUID")
	}
	return id, nil
}

// wireClaims are the claims as they stand in a token.
type wireClaims struct {
	jwt.RegisteredClaims
	Role     string `json:"role"`
	Division string `json:"division"`
	Person   string `json:"person,omitempty"`
	Organ    string `json:"organ,omitempty"`
	Station  string `json:"station,omitempty"`
}

// UnmarshalJSON refuses doubled and case-folded names before encoding/json can choose among them.
func (w *wireClaims) UnmarshalJSON(raw []byte) error {
	if err := checkMembers(raw, claimNames); err != nil {
		return err
	}
	type plain wireClaims // without this method
	return json.Unmarshal(raw, (*plain)(w))
}

func newWireClaims(issuer, audience string, c *Claims) *wireClaims {
	text := func(id uuid.UUID) string {
		if id == uuid.Nil {
			return ""
		}
		return id.String()
	}
	return &wireClaims{
		RegisteredClaims: jwt.RegisteredClaims{
			Issuer: issuer, Subject: c.Subject, Audience: jwt.ClaimStrings{audience}, ID: c.ID,
			IssuedAt: jwt.NewNumericDate(c.IssuedAt), ExpiresAt: jwt.NewNumericDate(c.ExpiresAt),
		},
		Role: string(c.Role), Division: c.Division.String(),
		Person: text(c.Person), Organ: text(c.Organ), Station: text(c.Station),
	}
}

// claims reads what the parser does not check. Signature, exp, iss and aud have been checked before.
func (w *wireClaims) claims() (*Claims, error) {
	c := &Claims{ID: w.ID, ExpiresAt: w.ExpiresAt.Time}
	if c.ID == "" || len(c.ID) > 64 {
		return nil, errors.New("jti must have 1 to 64 bytes")
	}
	if w.IssuedAt == nil {
		return nil, errors.New("iat is missing")
	}
	c.IssuedAt = w.IssuedAt.Time
	if lifetime := c.ExpiresAt.Sub(c.IssuedAt); lifetime <= 0 || lifetime > MaxLifetime {
		return nil, fmt.Errorf("lifetime %s is not within %s", lifetime, MaxLifetime)
	}
	// A token made for several audiences could be replayed here by any of them.
	if len(w.Audience) != 1 {
		return nil, errors.New("aud must name one audience")
	}
	if len(w.Division) != 12 {
		return nil, errors.New("division must have 12 digits")
	}
	var err error
	if c.Division, err = place.Parse(w.Division); err != nil {
		return nil, err
	}
	c.Subject, c.Role = w.Subject, viewer.Role(w.Role)
	for _, optional := range []struct {
		text string
		id   *uuid.UUID
	}{{w.Person, &c.Person}, {w.Organ, &c.Organ}, {w.Station, &c.Station}} {
		if optional.text == "" {
			continue
		}
		if *optional.id, err = parseID(optional.text); err != nil {
			return nil, err
		}
	}
	return c, c.Validate()
}
