package auth_test

import (
	"bytes"
	"context"
	"errors"
	"strings"
	"testing"

	"github.com/lianluo/lianluo/server/auth"
)

// cheap costs keep the tests quick.
func cheap() auth.PasswordParams { return auth.PasswordParams{MemoryKiB: 64, Passes: 1, Threads: 1} }

func newPasswords(t *testing.T, params auth.PasswordParams) *auth.Passwords {
	t.Helper()
	p, err := auth.NewPasswords(params, 2, nil)
	if err != nil {
		t.Fatal(err)
	}
	return p
}

func TestHashAndCheck(t *testing.T) {
	ctx := t.Context()
	p := newPasswords(t, cheap())
	hash, err := p.Hash(ctx, "联络站 2026!")
	if err != nil {
		t.Fatal(err)
	}
	if !strings.HasPrefix(hash, "$argon2id$v=19$m=64,t=1,p=1$") {
		t.Errorf("hash %q", hash)
	}
	if err := p.Check(ctx, hash, "联络站 2026!"); err != nil {
		t.Error(err)
	}
	for _, wrong := range []string{"", "联络站 2026", "联络站 2026! ", strings.Repeat("x", 257)} {
		if err := p.Check(ctx, hash, wrong); !errors.Is(err, auth.ErrPasswordWrong) {
			t.Errorf("%q: %v", wrong, err)
		}
	}
	if again, err := p.Hash(ctx, "联络站 2026!"); err != nil || again == hash {
		t.Errorf("two hashes share a salt (%v)", err)
	}
}

// TestCheckReferenceHash reads a hash of the reference implementation's own tests.
func TestCheckReferenceHash(t *testing.T) {
	const reference = "$argon2id$v=19$m=65536,t=2,p=1$c29tZXNhbHQ$CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPPc"
	p := newPasswords(t, auth.DefaultPasswordParams())
	if err := p.Check(t.Context(), reference, "password"); err != nil {
		t.Error(err)
	}
	if !p.NeedsRehash(reference) {
		t.Error("a hash with other costs and a short salt needs no rehash")
	}
}

func TestDefaultPasswordParams(t *testing.T) {
	p := newPasswords(t, auth.DefaultPasswordParams())
	hash, err := p.Hash(t.Context(), "secret")
	if err != nil || !strings.HasPrefix(hash, "$argon2id$v=19$m=19456,t=2,p=1$") {
		t.Errorf("%q, %v", hash, err)
	}
}

func TestPasswordLength(t *testing.T) {
	p := newPasswords(t, cheap())
	if _, err := p.Hash(t.Context(), strings.Repeat("x", auth.MaxPasswordBytes)); err != nil {
		t.Error(err)
	}
	for _, password := range []string{"", strings.Repeat("x", auth.MaxPasswordBytes+1)} {
		if hash, err := p.Hash(t.Context(), password); !errors.Is(err, auth.ErrPasswordLength) || hash != "" {
			t.Errorf("%d bytes: %q, %v", len(password), hash, err)
		}
	}
}

func TestCheckNobody(t *testing.T) {
	p := newPasswords(t, cheap())
	for _, password := range []string{"secret", "", strings.Repeat("x", 300)} {
		if err := p.CheckNobody(t.Context(), password); !errors.Is(err, auth.ErrPasswordWrong) {
			t.Errorf("%d bytes: %v", len(password), err)
		}
	}
}

func TestNeedsRehash(t *testing.T) {
	old := newPasswords(t, cheap())
	hash, err := old.Hash(t.Context(), "secret")
	if err != nil {
		t.Fatal(err)
	}
	if old.NeedsRehash(hash) {
		t.Error("a hash of the same parameters needs a rehash")
	}
	for name, change := range map[string]func(*auth.PasswordParams){
		"memory":  func(p *auth.PasswordParams) { p.MemoryKiB = 128 },
		"passes":  func(p *auth.PasswordParams) { p.Passes = 2 },
		"threads": func(p *auth.PasswordParams) { p.Threads = 2 },
	} {
		params := cheap()
		change(&params)
		p := newPasswords(t, params)
		if !p.NeedsRehash(hash) {
			t.Errorf("other %s: no rehash", name)
		}
		if err := p.Check(t.Context(), hash, "secret"); err != nil {
			t.Errorf("other %s: the old hash is no longer good: %v", name, err)
		}
	}
	if !old.NeedsRehash("rubbish") {
		t.Error("rubbish needs no rehash")
	}
}

func TestCheckMalformedHash(t *testing.T) {
	p := newPasswords(t, cheap())
	const good = "$argon2id$v=19$m=64,t=1,p=1$AAAAAAAAAAAAAAAAAAAAAA$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"
	if err := p.Check(t.Context(), good, "secret"); !errors.Is(err, auth.ErrPasswordWrong) {
		t.Fatalf("control: %v", err)
	}
	for name, hash := range map[string]string{
		"empty":              "",
		"plain text":         "secret",
		"bcrypt":             "$2a$10$N9qo8uLOickgx2ZMRZoMyeIjZAgcfl7p92ldGxad68LJZdL17lhWy",
		"argon2i":            strings.Replace(good, "argon2id", "argon2i", 1),
		"other version":      strings.Replace(good, "v=19", "v=16", 1),
		"no parameters":      strings.Replace(good, "m=64,t=1,p=1", "", 1),
		"parameters swapped": strings.Replace(good, "m=64,t=1", "t=1,m=64", 1),
		"leading zero":       strings.Replace(good, "m=64", "m=064", 1),
		"more parameters":    strings.Replace(good, "p=1", "p=1,x=1", 1),
		"memory of 4 TiB":    strings.Replace(good, "m=64", "m=4294967295", 1),
		"memory beyond":      strings.Replace(good, "m=64", "m=131073", 1),
		"memory too small":   strings.Replace(good, "m=64", "m=7", 1),
		"no passes":          strings.Replace(good, "t=1", "t=0", 1),
		"many passes":        strings.Replace(good, "t=1", "t=17", 1),
		"no threads":         strings.Replace(good, "p=1", "p=0", 1),
		"256 threads":        strings.Replace(good, "p=1", "p=256", 1),
		"short salt":         strings.Replace(good, "$AAAAAAAAAAAAAAAAAAAAAA$", "$AAAA$", 1),
		"padded salt":        strings.Replace(good, "AA$", "AA==$", 1),
		"broken salt":        strings.Replace(good, "$AAAA", "$A!AA", 1),
		"no key":             good[:strings.LastIndexByte(good, '$')+1],
		"unused bits":        good[:len(good)-1] + "B",
		"line break":         good + "\n",
		"one part more":      good + "$",
	} {
		if err := p.Check(t.Context(), hash, "secret"); !errors.Is(err, auth.ErrPasswordHash) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestNewPasswordsRefuses(t *testing.T) {
	for name, change := range map[string]func(params *auth.PasswordParams, limit *int){
		"no limit":    func(_ *auth.PasswordParams, limit *int) { *limit = 0 },
		"no memory":   func(p *auth.PasswordParams, _ *int) { p.MemoryKiB = 0 },
		"all memory":  func(p *auth.PasswordParams, _ *int) { p.MemoryKiB = 1 << 30 },
		"no passes":   func(p *auth.PasswordParams, _ *int) { p.Passes = 0 },
		"no threads":  func(p *auth.PasswordParams, _ *int) { p.Threads = 0 },
		"many passes": func(p *auth.PasswordParams, _ *int) { p.Passes = 1 << 20 },
	} {
		params, limit := cheap(), 1
		change(&params, &limit)
		if _, err := auth.NewPasswords(params, limit, nil); err == nil {
			t.Errorf("%s: accepted", name)
		}
	}
}

func TestHashWithoutRandomness(t *testing.T) {
	p, err := auth.NewPasswords(cheap(), 1, bytes.NewReader(nil))
	if err != nil {
		t.Fatal(err)
	}
	if hash, err := p.Hash(t.Context(), "secret"); err == nil {
		t.Errorf("hashed without a salt: %q", hash)
	}
}

func TestPasswordsOfEndedContext(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	p := newPasswords(t, cheap())
	if _, err := p.Hash(ctx, "secret"); !errors.Is(err, context.Canceled) {
		t.Errorf("Hash: %v", err)
	}
	if err := p.CheckNobody(ctx, "secret"); !errors.Is(err, context.Canceled) || errors.Is(err, auth.ErrPasswordWrong) {
		t.Errorf("CheckNobody: %v", err)
	}
}
