package auth_test

import (
	"errors"
	"testing"

	"github.com/lianluo/lianluo/server/auth"
	"github.com/lianluo/lianluo/server/auth/authtest"
)

type change = authtest.Change

func TestForgeMakesGoodTokens(t *testing.T) { // the control for all attacks
	dir := t.TempDir()
	keys := loadKeys(t, dir)
	f := authtest.New(t, dir, noon)
	v := newVerifier(t, keys, noon)
	for name, token := range map[string]string{
		"plain":              f.Good(nil),
		"audience as a list": f.Good(change{"aud": []string{"lianluo-api"}}),
		"nbf past":           f.Good(change{"nbf": noon.Unix() - 1}),
		"unknown claim":      f.Good(change{"nickname": "x"}),
		"white space":        f.Sign(" "+f.Header(nil)+"\n", f.Claims(nil)+" "),
	} {
		if _, err := v.Verify(token); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// newForges makes a forge with the key that is trusted, one with another, and the verifier.
func newForges(t testing.TB) (f, stranger authtest.Forge, v *auth.Verifier) {
	t.Helper()
	dir, strangerDir := t.TempDir(), t.TempDir()
	keys := loadKeys(t, dir)
	loadKeys(t, strangerDir)
	return authtest.New(t, dir, noon), authtest.New(t, strangerDir, noon), newVerifier(t, keys, noon)
}

func TestAttacks(t *testing.T) {
	f, stranger, v := newForges(t)
	attacks := authtest.Attacks(f, stranger)
	for name, token := range authtest.Respelled(f.Good(nil)) {
		attacks["respelled, "+name] = authtest.Attack{Token: token, Want: auth.ErrUnauthenticated}
	}
	for name, attack := range attacks {
		claims, err := v.Verify(attack.Token)
		if !errors.Is(err, attack.Want) || !errors.Is(err, auth.ErrUnauthenticated) || claims != nil {
			t.Errorf("%s: %+v, %v; want %v", name, claims, err, attack.Want)
		}
		if err != nil && len(err.Error()) > 300 {
			t.Errorf("%s: the log would be flooded: %.300s…", name, err)
		}
	}
}

// FuzzVerify: nothing but what the key's owner signed is accepted, and nothing crashes.
func FuzzVerify(f *testing.F) {
	forger, stranger, v := newForges(f)
	good := forger.Good(nil)
	f.Add(good)
	for _, attack := range authtest.Attacks(forger, stranger) {
		f.Add(attack.Token)
	}
	f.Fuzz(func(t *testing.T, token string) {
		claims, err := v.Verify(token)
		if (err == nil) != (token == good) || (claims == nil) != (err != nil) {
			t.Errorf("%q: %+v, %v", token, claims, err)
		}
		if err != nil && !errors.Is(err, auth.ErrUnauthenticated) {
			t.Errorf("%q: %v", token, err)
		}
	})
}
