// Package globalid makes the opaque ids of the API: the type and the key of a row in one text.
//
// It imports nothing of ours; the generated entities carry their id through it, and graph reads ids with it.
package globalid

import (
	"encoding/base64"
	"errors"
	"strings"

	"github.com/google/uuid"
)

// ErrMalformed is returned for a text that this package never made.
var ErrMalformed = errors.New("malformed id")

// Encode makes the id of a row.
func Encode(typ string, key uuid.UUID) string {
	b := make([]byte, 0, len(typ)+1+len(key))
	b = append(b, typ...)
	b = append(b, ':')
	b = append(b, key[:]...)
	return base64.RawURLEncoding.EncodeToString(b)
}

// Decode reads an id. Each row has just one id that is accepted: what does not encode back the same is malformed.
func Decode(id string) (typ string, key uuid.UUID, err error) {
	if len(id) > 100 {
		return "", uuid.Nil, ErrMalformed
	}
	b, err := base64.RawURLEncoding.Strict().DecodeString(id)
	if err != nil {
		return "", uuid.Nil, ErrMalformed
	}
	typ, rest, ok := strings.Cut(string(b), ":")
	if !ok || typ == "" || len(rest) != len(key) {
		return "", uuid.Nil, ErrMalformed
	}
	copy(key[:], rest)
	if Encode(typ, key) != id { // base64 reads over line breaks
		return "", uuid.Nil, ErrMalformed
	}
	return typ, key, nil
}
