package auth

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"strings"
	"unicode/utf8"
)

// maxMembers bounds a token's objects, whose names are compared with each other before the signature is known.
const maxMembers = 32

// headerNames are all the names a header may have. Any other is refused, and with them those that would
// point at a key (jku, x5u, jwk, x5c) or change how to read the token (crit, b64, zip).
var headerNames = []string{"alg", "kid", "typ"}

// claimNames are the claims that mean something to us. Others are ignored, as RFC 7519 asks.
var claimNames = []string{
	"iss", "sub", "aud", "exp", "nbf", "iat", "jti", "role", "division", "person", "organ", "station",
}

// memberNames reads the names of a JSON object, in order and with their repetitions, which encoding/json hides.
func memberNames(raw []byte) ([]string, error) {
	if !utf8.Valid(raw) {
		return nil, errors.New("not UTF-8")
	}
	dec := json.NewDecoder(bytes.NewReader(raw))
	if t, err := dec.Token(); err != nil || t != json.Delim('{') {
		return nil, errors.New("not a JSON object")
	}
	var names []string
	for dec.More() {
		t, err := dec.Token()
		if err != nil {
			return nil, err
		}
		name, _ := t.(string)
		if names = append(names, name); len(names) > maxMembers {
			return nil, errors.New("too many members")
		}
		var value json.RawMessage
		if err := dec.Decode(&value); err != nil {
			return nil, err
		}
	}
	if _, err := dec.Token(); err != nil {
		return nil, err
	}
	if _, err := dec.Token(); !errors.Is(err, io.EOF) {
		return nil, errors.New("text after the JSON object")
	}
	return names, nil
}

// checkMembers refuses an object in which a name occurs twice, or differs from another or from a known
// name in case only: two readers of the same token could then see different claims.
func checkMembers(raw []byte, known []string) error {
	names, err := memberNames(raw)
	if err != nil {
		return err
	}
	for i, name := range names {
		for _, other := range names[:i] {
			if strings.EqualFold(name, other) {
				return errors.New("a member occurs twice")
			}
		}
		for _, k := range known {
			if name != k && strings.EqualFold(name, k) {
				return errors.New("a member's name is written in another case")
			}
		}
	}
	return nil
}
