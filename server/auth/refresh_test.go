package auth_test

import (
	"bytes"
	"crypto/sha256"
	"errors"
	"strings"
	"testing"

	"github.com/lianluo/lianluo/server/auth"
)

func TestRefreshToken(t *testing.T) {
	token, hash, err := auth.NewRefreshToken(bytes.NewReader(bytes.Repeat([]byte{0xff}, 32)))
	if err != nil {
		t.Fatal(err)
	}
	if want := "llr_" + strings.Repeat("_", 42) + "8"; token != want {
		t.Errorf("token %q, want %q", token, want)
	}
	if want := sha256.Sum256([]byte(token)); !bytes.Equal(hash, want[:]) {
		t.Error("the hash is not the token's SHA-256")
	}
	again, err := auth.HashRefreshToken(token)
	if err != nil || !bytes.Equal(again, hash) {
		t.Errorf("HashRefreshToken = %x, %v; want %x", again, err, hash)
	}
	other, otherHash, err := auth.NewRefreshToken(nil)
	if err != nil || other == token || bytes.Equal(otherHash, hash) {
		t.Errorf("two tokens are alike (%v)", err)
	}
	if _, _, err := auth.NewRefreshToken(strings.NewReader("short")); err == nil {
		t.Error("a token was made without enough randomness")
	}
}

func TestRefreshTokenMalformed(t *testing.T) {
	good := "llr_" + strings.Repeat("A", 43)
	if _, err := auth.HashRefreshToken(good); err != nil {
		t.Fatalf("control: %v", err)
	}
	for name, token := range map[string]string{
		"empty":              "",
		"no prefix":          strings.Repeat("A", 43),
		"other prefix":       "LLR_" + strings.Repeat("A", 43),
		"short":              good[:len(good)-1],
		"long":               good + "A",
		"padded":             good + "=",
		"line break":         good + "\n",
		"line break inside":  good[:len(good)-1] + "\n",
		"space":              " " + good,
		"other alphabet":     strings.Replace(good, "AA", "A+", 1),
		"non-canonical bits": good[:len(good)-1] + "B",
		"an access token":    "eyJhbGciOiJFZERTQSJ9.e30.AAAA",
	} {
		hash, err := auth.HashRefreshToken(token)
		if !errors.Is(err, auth.ErrRefreshTokenMalformed) || !errors.Is(err, auth.ErrUnauthenticated) || hash != nil {
			t.Errorf("%s: %x, %v", name, hash, err)
		}
	}
}
