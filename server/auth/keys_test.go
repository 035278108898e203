package auth_test

import (
	"bytes"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"encoding/hex"
	"encoding/pem"
	"errors"
	"io/fs"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/lianluo/lianluo/server/auth"
)

// TestKeyOfRFC8037 checks key, id and published form against the example of RFC 8037, appendix A.
func TestKeyOfRFC8037(t *testing.T) {
	seed, err := hex.DecodeString("9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60")
	if err != nil {
		t.Fatal(err)
	}
	keys, err := auth.LoadOrCreateKeys(t.TempDir(), bytes.NewReader(seed))
	if err != nil {
		t.Fatal(err)
	}
	want := []map[string]string{{
		"kty": "OKP", "crv": "Ed25519", "use": "sig", "alg": "EdDSA",
		"x":   "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo",
		"kid": "kPrK_qmxVWaYVA9wwBF6Iuo3vVzz7TxHCTwXBygrS4k",
	}}
	if diff := cmp.Diff(want, publicKeys(keys).Keys); diff != "" {
		t.Error(diff)
	}
}

func TestKeysAreMadeOnceAndKeptPrivate(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "not", "yet", "there")
	first := keyIDs(loadKeys(t, dir))
	if again := keyIDs(loadKeys(t, dir)); !slices.Equal(first, again) {
		t.Errorf("a second start has keys %v, the first had %v", again, first)
	}
	for path, want := range map[string]fs.FileMode{
		filepath.Join(dir, "keys"): fs.ModeDir | 0o700,
		keyPath(dir, 1):            0o600,
	} {
		info, err := os.Stat(path)
		if err != nil {
			t.Fatal(err)
		}
		if runtime.GOOS != "windows" && info.Mode() != want {
			t.Errorf("%s has mode %v, want %v", path, info.Mode(), want)
		}
	}
	if names := listDir(t, filepath.Join(dir, "keys")); !slices.Equal(names, []string{"key-0001.pem"}) {
		t.Errorf("files left: %v", names)
	}
}

func TestKeysWithoutDirectoryOrRandomness(t *testing.T) {
	if _, err := auth.LoadOrCreateKeys("", nil); err == nil {
		t.Error("an empty data directory was accepted")
	}
	dir := t.TempDir()
	if _, err := auth.LoadOrCreateKeys(dir, strings.NewReader("too short")); err == nil {
		t.Error("a key was made without enough randomness")
	}
	if names := listDir(t, filepath.Join(dir, "keys")); len(names) != 0 {
		t.Errorf("files left: %v", names)
	}
	file := filepath.Join(dir, "file")
	if err := os.WriteFile(file, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := auth.LoadOrCreateKeys(file, nil); err == nil {
		t.Error("a file was accepted as data directory")
	}
}

func TestKeysRaceOfGoroutines(t *testing.T) {
	dir := t.TempDir()
	const n = 16
	ids := make([]string, n)
	var wg sync.WaitGroup
	for i := range n {
		wg.Go(func() {
			keys, err := auth.LoadOrCreateKeys(dir, nil)
			if err != nil {
				t.Error(err)
				return
			}
			ids[i] = keyIDs(keys)[0]
		})
	}
	wg.Wait()
	if all := slices.Compact(ids); len(all) != 1 {
		t.Errorf("signing keys differ: %v", all)
	}
	if names := listDir(t, filepath.Join(dir, "keys")); !slices.Equal(names, []string{"key-0001.pem"}) {
		t.Errorf("files left: %v", names)
	}
}

func TestKeysRaceOfProcesses(t *testing.T) {
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	dir := filepath.Join(t.TempDir(), "data")
	var outputs [6]bytes.Buffer
	var programs []*exec.Cmd
	for i := range outputs {
		p := exec.CommandContext(t.Context(), self)
		p.Env = append(os.Environ(), loaderEnv+"="+dir)
		p.Stdout, p.Stderr = &outputs[i], &outputs[i]
		if err := p.Start(); err != nil {
			t.Fatal(err)
		}
		programs = append(programs, p)
	}
	for _, p := range programs {
		if err := p.Wait(); err != nil {
			t.Error(err)
		}
	}
	want := keyIDs(loadKeys(t, dir))[0]
	for i := range outputs {
		if got := outputs[i].String(); got != want {
			t.Errorf("program %d signs with %q, want %q", i, got, want)
		}
	}
}

func TestRotate(t *testing.T) {
	dir := t.TempDir()
	ours, theirs := loadKeys(t, dir), loadKeys(t, dir) // two programs
	old := keyIDs(ours)[0]
	oldToken := issue(t, newIssuer(t, ours, noon), keeper())

	kid, err := ours.Rotate()
	if err != nil {
		t.Fatal(err)
	}
	if want := []string{kid, old}; kid == old || !slices.Equal(keyIDs(ours), want) {
		t.Fatalf("keys after rotation: %v, want %v", keyIDs(ours), want)
	}
	newToken := issue(t, newIssuer(t, ours, noon), keeper())
	for name, token := range map[string]string{"old": oldToken, "new": newToken} {
		for program, keys := range map[string]*auth.Keys{"ours": ours, "theirs": theirs} {
			if _, err := newVerifier(t, keys, noon).Verify(token); err != nil {
				t.Errorf("%s token at %s: %v", name, program, err)
			}
		}
	}
	if ids := keyIDs(loadKeys(t, dir)); !slices.Equal(ids, []string{kid, old}) {
		t.Errorf("a program started later has keys %v", ids)
	}

	// The old key is withdrawn.
	if err := os.Remove(keyPath(dir, 1)); err != nil {
		t.Fatal(err)
	}
	if err := ours.Reload(); err != nil {
		t.Fatal(err)
	}
	if _, err := newVerifier(t, ours, noon).Verify(oldToken); !errors.Is(err, auth.ErrTokenInvalid) {
		t.Errorf("token of a withdrawn key: %v", err)
	}
	if _, err := newVerifier(t, ours, noon).Verify(newToken); err != nil {
		t.Error(err)
	}
	// The next rotation does not reuse a number.
	if _, err := ours.Rotate(); err != nil {
		t.Fatal(err)
	}
	if names := listDir(t, filepath.Join(dir, "keys")); !slices.Equal(names, []string{"key-0002.pem", "key-0003.pem"}) {
		t.Errorf("files: %v", names)
	}
}

func TestRotateRace(t *testing.T) {
	dir := t.TempDir()
	loadKeys(t, dir)
	const n = 8
	var wg sync.WaitGroup
	for range n {
		keys := loadKeys(t, dir)
		wg.Go(func() {
			kid, err := keys.Rotate()
			if err != nil || !slices.Contains(keyIDs(keys), kid) {
				t.Errorf("Rotate() = %q, %v", kid, err)
			}
		})
	}
	wg.Wait()
	if ids := keyIDs(loadKeys(t, dir)); len(ids) != n+1 {
		t.Errorf("%d keys after %d rotations", len(ids), n)
	}
}

// TestReloadKeepsKeys: when the directory becomes unreadable, the keys in use stay.
func TestReloadKeepsKeys(t *testing.T) {
	dir := t.TempDir()
	keys := loadKeys(t, dir)
	token := issue(t, newIssuer(t, keys, noon), keeper())
	stranger := issue(t, newIssuer(t, loadKeys(t, t.TempDir()), noon), keeper())
	if err := os.RemoveAll(filepath.Join(dir, "keys")); err != nil {
		t.Fatal(err)
	}
	if err := keys.Reload(); err == nil {
		t.Error("Reload of a missing directory went well")
	}
	v := newVerifier(t, keys, noon)
	if _, err := v.Verify(token); err != nil {
		t.Error(err)
	}
	if _, err := v.Verify(stranger); !errors.Is(err, auth.ErrTokenInvalid) || !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("an unknown key with an unreadable directory: %v", err)
	}
	if len(keyIDs(keys)) != 1 {
		t.Error("the key set lost its key")
	}
	if _, err := keys.Rotate(); err == nil {
		t.Error("Rotate in a missing directory went well")
	}
}

func TestKeysRefused(t *testing.T) {
	ec, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	der, err := x509.MarshalPKCS8PrivateKey(ec)
	if err != nil {
		t.Fatal(err)
	}
	write := func(text []byte) func(t *testing.T, dir string) error {
		return func(_ *testing.T, dir string) error { return os.WriteFile(keyPath(dir, 1), text, 0o600) }
	}
	chmod := func(mode fs.FileMode, name string) func(t *testing.T, dir string) error {
		return func(t *testing.T, dir string) error {
			if runtime.GOOS == "windows" {
				t.Skip("no modes")
			}
			return os.Chmod(filepath.Join(dir, "keys", name), mode)
		}
	}
	for name, test := range map[string]struct {
		spoil   func(t *testing.T, dir string) error
		exposed bool
	}{
		"empty file":           {spoil: write(nil)},
		"no PEM":               {spoil: write([]byte("key"))},
		"other PEM":            {spoil: write(pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: der}))},
		"broken DER":           {spoil: write(pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: der[1:]}))},
		"other algorithm":      {spoil: write(pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: der}))},
		"readable by group":    {spoil: chmod(0o640, "key-0001.pem"), exposed: true},
		"readable by all":      {spoil: chmod(0o604, "key-0001.pem"), exposed: true},
		"directory writable":   {spoil: chmod(0o770, "."), exposed: true},
		"directory for anyone": {spoil: chmod(0o777, "."), exposed: true},
	} {
		t.Run(name, func(t *testing.T) {
			dir := t.TempDir()
			loadKeys(t, dir)
			if err := test.spoil(t, dir); err != nil {
				t.Fatal(err)
			}
			_, err := auth.LoadOrCreateKeys(dir, nil)
			if err == nil || errors.Is(err, auth.ErrKeysExposed) != test.exposed {
				t.Errorf("error %v; exposed should be %v", err, test.exposed)
			}
		})
	}
}

// TestOtherFilesAreNoKeys: what lies beside the keys, such as what a crash left, is not read.
func TestOtherFilesAreNoKeys(t *testing.T) {
	dir := t.TempDir()
	keys := loadKeys(t, dir)
	for _, name := range []string{".key-0002.pem.XYZ", "key-2.pem", "key-0002.pem~", "key--001.pem", "README"} {
		if err := os.WriteFile(filepath.Join(dir, "keys", name), []byte("rubbish"), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	if err := keys.Reload(); err != nil {
		t.Error(err)
	}
	if got := loadKeys(t, dir); len(keyIDs(got)) != 1 {
		t.Errorf("keys %v", keyIDs(got))
	}
}

func TestJWKSHandler(t *testing.T) {
	handler := loadKeys(t, t.TempDir()).JWKS()
	for _, test := range []struct {
		method string
		status int
	}{
		{http.MethodGet, http.StatusOK}, {http.MethodHead, http.StatusOK}, {http.MethodPost, http.StatusMethodNotAllowed},
	} {
		w := httptest.NewRecorder()
		handler.ServeHTTP(w, httptest.NewRequest(test.method, auth.JWKSPath, nil))
		if w.Code != test.status {
			t.Errorf("%s: status %d, want %d", test.method, w.Code, test.status)
		}
		if w.Code != http.StatusOK {
			if w.Header().Get("Allow") == "" || w.Header().Get("Cache-Control") != "" {
				t.Errorf("%s: headers %v", test.method, w.Header())
			}
			continue
		}
		if ct := w.Header().Get("Content-Type"); ct != "application/jwk-set+json" {
			t.Errorf("Content-Type %q", ct)
		}
		if cc := w.Header().Get("Cache-Control"); cc != "public, max-age=300" {
			t.Errorf("Cache-Control %q", cc)
		}
		if strings.Contains(w.Body.String(), `"d"`) {
			t.Error("a private key was published")
		}
	}
}

func listDir(t *testing.T, dir string) []string {
	t.Helper()
	entries, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	var names []string
	for _, e := range entries {
		names = append(names, e.Name())
	}
	return names
}
