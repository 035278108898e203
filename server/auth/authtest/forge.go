// Package authtest forges access tokens, with the true key as a thief would and without it, for tests of who accepts them.
//
// Only tests import it; it imports package auth and nothing else of ours.
package authtest

import (
	"crypto/ed25519"
	"crypto/hmac"
	"crypto/sha256"
	"crypto/x509"
	"encoding/base64"
	"encoding/json"
	"encoding/pem"
	"maps"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

var b64 = base64.RawURLEncoding

// Account is the subject of the tokens.
const Account = "019a0000-0000-7000-8000-000000000001"

// Forge makes tokens by hand.
type Forge struct {
	// Key signs; KeyID is said to be its name.
	Key   ed25519.PrivateKey
	KeyID string
	// Now is when the tokens are made.
	Now time.Time
	// Subject is whom they speak for, Session the sign-in they claim to come from, if any.
	Subject, Session string
}

// New forges with the first signing key of a data directory, read from its file.
func New(t testing.TB, dataDir string, now time.Time) Forge {
	t.Helper()
	text, err := os.ReadFile(filepath.Join(dataDir, "keys", "key-0001.pem"))
	if err != nil {
		t.Fatal(err)
	}
	block, _ := pem.Decode(text)
	parsed, err := x509.ParsePKCS8PrivateKey(block.Bytes)
	if err != nil {
		t.Fatal(err)
	}
	key, ok := parsed.(ed25519.PrivateKey)
	if !ok {
		t.Fatalf("the key is %T", parsed)
	}
	return Forge{Key: key, KeyID: Thumbprint(key), Now: now, Subject: Account}
}

// Thumbprint is the id of a key (RFC 7638).
func Thumbprint(key ed25519.PrivateKey) string {
	sum := sha256.Sum256([]byte(`{"crv":"Ed25519","kty":"OKP","x":"` + b64.EncodeToString(public(key)) + `"}`))
	return b64.EncodeToString(sum[:])
}

func public(key ed25519.PrivateKey) ed25519.PublicKey {
	return ed25519.PublicKey(key[ed25519.SeedSize:])
}

// WithKeyID is a forge that gives its key another's name.
func (f Forge) WithKeyID(id string) Forge {
	f.KeyID = id
	return f
}

// As forges for whom a token speaks, from the same sign-in.
func (f Forge) As(token string) Forge {
	var claims struct{ Sub, SID string }
	if err := json.Unmarshal([]byte(decode(strings.Split(token, ".")[1])), &claims); err != nil {
		panic(err) // a token of ours
	}
	f.Subject, f.Session = claims.Sub, claims.SID
	return f
}

// Good is a good token with claims set or, if nil, left out.
func (f Forge) Good(change Change) string { return f.Sign(f.Header(nil), f.Claims(change)) }

// Sign puts a signature under any header and claims, given as JSON.
func (f Forge) Sign(header, claims string) string {
	text := b64.EncodeToString([]byte(header)) + "." + b64.EncodeToString([]byte(claims))
	return text + "." + b64.EncodeToString(ed25519.Sign(f.Key, []byte(text)))
}

// mac makes a good token's claims a token by HMAC.
func (f Forge) mac(secret []byte) string {
	text := b64.EncodeToString([]byte(f.Header(Change{"alg": "HS256"}))) + "." + b64.EncodeToString([]byte(f.Claims(nil)))
	mac := hmac.New(sha256.New, secret)
	mac.Write([]byte(text))
	return text + "." + b64.EncodeToString(mac.Sum(nil))
}

// publicPEM is the public key as files have it.
func (f Forge) publicPEM() []byte {
	der, err := x509.MarshalPKIXPublicKey(public(f.Key))
	if err != nil {
		panic(err) // a key that was made here
	}
	return pem.EncodeToMemory(&pem.Block{Type: "PUBLIC KEY", Bytes: der})
}

// Change sets members of an object or, where nil, leaves them out.
type Change = map[string]any

// Header is the header of a good token, changed.
func (f Forge) Header(change Change) string {
	return object(Change{"alg": "EdDSA", "kid": f.KeyID, "typ": "at+jwt"}, change)
}

// Claims are those of a good token, changed.
func (f Forge) Claims(change Change) string {
	var session any
	if f.Session != "" {
		session = f.Session
	}
	return object(Change{
		"sid": session, "iss": "lianluo", "aud": "lianluo-api", "sub": f.Subject, "jti": "1",
		"role": "COUNTY_ADMIN", "division": "430121000000", "iat": f.Now.Unix(), "exp": f.Now.Unix() + 900,
	}, change)
}

func object(members, change Change) string {
	maps.Copy(members, change)
	maps.DeleteFunc(members, func(_ string, v any) bool { return v == nil })
	text, err := json.Marshal(members)
	if err != nil {
		panic(err) // members that were written here
	}
	return string(text)
}

// Also adds raw text to the end of a JSON object, where json.Marshal would not put it.
func Also(object, member string) string { return strings.TrimSuffix(object, "}") + "," + member + "}" }

// Respelled are other spellings of one good signature: each would pass where a verifier takes what is not canonical.
func Respelled(token string) map[string]string {
	parts := strings.Split(token, ".")
	sig, err := b64.DecodeString(parts[2])
	if err != nil {
		panic(err) // a token that was made here
	}
	front := parts[0] + "." + parts[1] + "."
	return map[string]string{
		"padding":           token + "==",
		"one padding":       token + "=",
		"unused bits":       token[:len(token)-1] + sibling(token[len(token)-1]),
		"S + L":             front + b64.EncodeToString(addOrder(sig)),
		"a byte more":       front + b64.EncodeToString(append(sig[:len(sig):len(sig)], 0)),
		"percent":           front + "%" + "41" + parts[2][1:],
		"a dot behind":      token + ".",
		"header with space": b64.EncodeToString([]byte(" "+decode(parts[0]))) + token[len(parts[0]):],
	}
}

func decode(part string) string {
	raw, err := b64.DecodeString(part)
	if err != nil {
		panic(err) // a token that was made here
	}
	return string(raw)
}
