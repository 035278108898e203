package auth_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/google/uuid"

	"github.com/lianluo/lianluo/ent/place"
	"github.com/lianluo/lianluo/ent/viewer"
	"github.com/lianluo/lianluo/server/auth"
)

// loaderEnv makes the test binary a program that loads the keys of a directory and prints the signing one.
const loaderEnv = "LIANLUO_TEST_LOAD_KEYS"

func TestMain(m *testing.M) {
	dir := os.Getenv(loaderEnv)
	if dir == "" {
		os.Exit(m.Run())
	}
	keys, err := auth.LoadOrCreateKeys(dir, nil)
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	fmt.Print(keyIDs(keys)[0])
	os.Exit(0)
}

// noon is the time in most tests.
var noon = time.Date(2026, 11, 21, 12, 0, 0, 0, time.UTC)

func at(t time.Time) func() time.Time { return func() time.Time { return t } }

var (
	account = uuid.MustParse("019a0000-0000-7000-8000-000000000001")
	station = uuid.MustParse("019a0000-0000-7000-8000-000000000002")
)

// keeper is a grant of an account with an optional claim.
func keeper() auth.Grant {
	return auth.Grant{
		Subject: account.String(), Role: viewer.StationKeeper, Division: place.MustParse("430121101"), Station: station,
	}
}

func loadKeys(t testing.TB, dir string) *auth.Keys {
	t.Helper()
	keys, err := auth.LoadOrCreateKeys(dir, nil)
	if err != nil {
		t.Fatal(err)
	}
	return keys
}

func newIssuer(t testing.TB, keys *auth.Keys, now time.Time) *auth.Issuer {
	t.Helper()
	issuer, err := auth.NewIssuer(keys, auth.IssuerConfig{
		Issuer: auth.DefaultIssuer, Audience: auth.DefaultAudience, Lifetime: auth.DefaultLifetime, Clock: at(now),
	})
	if err != nil {
		t.Fatal(err)
	}
	return issuer
}

func newVerifier(t testing.TB, keys *auth.Keys, now time.Time) *auth.Verifier {
	t.Helper()
	v, err := auth.NewVerifier(keys, auth.VerifierConfig{
		Issuer: auth.DefaultIssuer, Audience: auth.DefaultAudience, Leeway: auth.DefaultLeeway, Clock: at(now),
	})
	if err != nil {
		t.Fatal(err)
	}
	return v
}

func issue(t testing.TB, issuer *auth.Issuer, g auth.Grant) string {
	t.Helper()
	token, _, err := issuer.Issue(g)
	if err != nil {
		t.Fatal(err)
	}
	return token
}

type jwks struct {
	Keys []map[string]string `json:"keys"`
}

// publicKeys asks the handler, as another verifier would.
func publicKeys(keys *auth.Keys) jwks {
	w := httptest.NewRecorder()
	keys.JWKS().ServeHTTP(w, httptest.NewRequest(http.MethodGet, auth.JWKSPath, nil))
	var set jwks
	if err := json.Unmarshal(w.Body.Bytes(), &set); err != nil {
		panic(err)
	}
	return set
}

func keyIDs(keys *auth.Keys) []string {
	var ids []string
	for _, k := range publicKeys(keys).Keys {
		ids = append(ids, k["kid"])
	}
	return ids
}

func keyPath(dataDir string, generation int) string {
	return filepath.Join(dataDir, "keys", fmt.Sprintf("key-%04d.pem", generation))
}
