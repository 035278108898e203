package auth

import (
	"encoding/json"
	"net/http"
)

// JWKSPath is where the server publishes its public keys.
const JWKSPath = "/.well-known/jwks.json"

// jwksCacheControl lets other verifiers keep the key set for five minutes.
const jwksCacheControl = "public, max-age=300"

// jsonWebKey is a public Ed25519 key in the form of RFC 8037.
type jsonWebKey struct {
	KeyType   string `json:"kty"`
	Curve     string `json:"crv"`
	X         string `json:"x"`
	ID        string `json:"kid"`
	Use       string `json:"use"`
	Algorithm string `json:"alg"`
}

// JWKS answers with the public keys as a JSON Web Key Set (RFC 7517), newest first, for others who verify
// our tokens. It shows keys added or deleted by another program at once; when the directory cannot be
// read it goes on showing the keys known.
func (k *Keys) JWKS() http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Method != http.MethodGet && r.Method != http.MethodHead {
			w.Header().Set("Allow", "GET, HEAD")
			http.Error(w, http.StatusText(http.StatusMethodNotAllowed), http.StatusMethodNotAllowed)
			return
		}
		_ = k.reloadIfChanged() // the keys in use stay good; an unreadable directory is reported where it hurts
		body, err := json.Marshal(k.publicSet())
		if err != nil {
			http.Error(w, http.StatusText(http.StatusInternalServerError), http.StatusInternalServerError)
			return
		}
		w.Header().Set("Content-Type", "application/jwk-set+json")
		w.Header().Set("Cache-Control", jwksCacheControl)
		w.Header().Set("X-Content-Type-Options", "nosniff")
		_, _ = w.Write(body) // a client that went away needs no answer
	})
}

func (k *Keys) publicSet() map[string][]jsonWebKey {
	var keys []jsonWebKey
	for _, key := range k.current.Load().keys {
		keys = append(keys, jsonWebKey{
			KeyType: "OKP", Curve: "Ed25519", X: encodePoint(key.public()),
			ID: key.id, Use: "sig", Algorithm: algorithm,
		})
	}
	return map[string][]jsonWebKey{"keys": keys}
}
