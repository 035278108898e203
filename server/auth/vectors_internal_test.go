package auth

import (
	"crypto/ed25519"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/golang-jwt/jwt/v5"
)

// signatureHolds is what the verifier asks of a signature: by the one method it accepts, with a key of the set.
func signatureHolds(t *testing.T, public ed25519.PublicKey, message string, sig []byte) bool {
	t.Helper()
	// Only the public half of the key is looked at; the seed before it is not known.
	key := newSigningKey(append(make(ed25519.PrivateKey, ed25519.SeedSize), public...))
	keys := &Keys{}
	keys.current.Store(&keySet{keys: []signingKey{key}})
	found, err := keys.verifying(key.id)
	if err != nil {
		t.Fatal(err)
	}
	method := jwt.GetSigningMethod(algorithm)
	if method != jwt.SigningMethodEdDSA {
		t.Fatalf("the method of %s is %v", algorithm, method)
	}
	return method.Verify(message, sig, found) == nil
}

// TestSignatureOfRFC8037 takes the signature of RFC 8037, appendix A.4, and none that differs in one bit.
func TestSignatureOfRFC8037(t *testing.T) {
	const message, spelled = "eyJhbGciOiJFZERTQSJ9.RXhhbXBsZSBvZiBFZDI1NTE5IHNpZ25pbmc",
		"hgyY0il_MGCjP0JzlnLWG1PPOt7-09PGcvMg3AIbQR6dWbhijcNR4ki4iylGjg5BhVsPt9g7sVvpAr_MuM0KAg"
	sig, err := base64.RawURLEncoding.DecodeString(spelled)
	if err != nil {
		t.Fatal(err)
	}
	public, err := base64.RawURLEncoding.DecodeString("11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo")
	if err != nil {
		t.Fatal(err)
	}
	if !signatureHolds(t, public, message, sig) {
		t.Fatal("the signature does not hold")
	}
	for i := range len(sig) * 8 {
		sig[i/8] ^= 1 << (i % 8)
		if signatureHolds(t, public, message, sig) {
			t.Errorf("a signature that differs in bit %d holds", i)
		}
		sig[i/8] ^= 1 << (i % 8)
	}
	for _, other := range [][]byte{nil, sig[:63], append(sig[:64:64], 0), make([]byte, 64)} {
		if signatureHolds(t, public, message, other) {
			t.Errorf("a signature of %d bytes holds", len(other))
		}
	}
}

// vectorsEnv names a directory with the test vectors of Project Wycheproof (testvectors_v1 of github.com/C2SP/wycheproof, Apache 2.0),
// which are not kept here.
const vectorsEnv = "LIANLUO_TEST_WYCHEPROOF"

// vectors reads one file of them.
func vectors(t *testing.T, name string, into any) {
	t.Helper()
	dir := os.Getenv(vectorsEnv)
	if dir == "" {
		t.Skip(vectorsEnv + " names no directory of test vectors")
	}
	text, err := os.ReadFile(filepath.Join(dir, name))
	if err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(text, into); err != nil {
		t.Fatal(err)
	}
}

// TestWycheproofSignatures holds the check of signatures to every vector of Ed25519.
func TestWycheproofSignatures(t *testing.T) {
	var file struct {
		NumberOfTests int
		TestGroups    []struct {
			PublicKey struct{ PK string }
			Tests     []struct {
				TCID                      int
				Comment, Msg, Sig, Result string
			}
		}
	}
	vectors(t, "ed25519_test.json", &file)
	tried := 0
	for _, g := range file.TestGroups {
		public := unhex(t, g.PublicKey.PK)
		for _, c := range g.Tests {
			tried++
			if got := signatureHolds(t, public, string(unhex(t, c.Msg)), unhex(t, c.Sig)); got != (c.Result == "valid") {
				t.Errorf("%d %s: holds %t, should be %s", c.TCID, c.Comment, got, c.Result)
			}
		}
	}
	if tried != file.NumberOfTests || tried == 0 {
		t.Errorf("%d of %d vectors", tried, file.NumberOfTests)
	}
	t.Logf("%d vectors", tried)
}

// TestWycheproofTokens: none of the signed objects of others is a token of ours, good or not.
func TestWycheproofTokens(t *testing.T) {
	var file struct {
		NumberOfTests int
		TestGroups    []struct {
			Tests []struct {
				TCID    int
				Comment string
				JWS     any
			}
		}
	}
	vectors(t, "json_web_signature_test.json", &file)
	keys, err := LoadOrCreateKeys(t.TempDir(), nil)
	if err != nil {
		t.Fatal(err)
	}
	v, err := NewVerifier(keys, VerifierConfig{Issuer: DefaultIssuer, Audience: DefaultAudience})
	if err != nil {
		t.Fatal(err)
	}
	tried := 0
	for _, g := range file.TestGroups {
		for _, c := range g.Tests {
			tried++
			token, compact := c.JWS.(string)
			if !compact { // the JSON serialisation
				text, err := json.Marshal(c.JWS)
				if err != nil {
					t.Fatal(err)
				}
				token = string(text)
			}
			if _, err := v.Verify(strings.TrimSpace(token)); !errors.Is(err, ErrUnauthenticated) {
				t.Errorf("%d %s: %v", c.TCID, c.Comment, err)
			}
		}
	}
	if tried != file.NumberOfTests || tried == 0 {
		t.Errorf("%d of %d vectors", tried, file.NumberOfTests)
	}
	t.Logf("%d vectors", tried)
}

func unhex(t *testing.T, text string) []byte {
	t.Helper()
	b, err := hex.DecodeString(text)
	if err != nil {
		t.Fatal(err)
	}
	return b
}
