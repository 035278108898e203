package auth_test

import (
	"errors"
	"os"
	"path/filepath"
	"testing"

	"github.com/lianluo/lianluo/server/auth"
)

func TestSecretLastsAndSeparatesPurposes(t *testing.T) {
	dir := t.TempDir()
	first, err := auth.LoadOrCreateSecret(dir, nil)
	if err != nil {
		t.Fatal(err)
	}
	again, err := auth.LoadOrCreateSecret(dir, nil)
	if err != nil {
		t.Fatal(err)
	}
	if first.Password("a") != again.Password("a") {
		t.Error("a second start derives another password")
	}
	if first.Password("a") == first.Password("b") {
		t.Error("two purposes share a password")
	}
	other, err := auth.LoadOrCreateSecret(t.TempDir(), nil)
	if err != nil {
		t.Fatal(err)
	}
	if first.Password("a") == other.Password("a") {
		t.Error("two data directories share a password")
	}
}

func TestSecretRefusesWhatOthersCanRead(t *testing.T) {
	dir := t.TempDir()
	if _, err := auth.LoadOrCreateSecret(dir, nil); err != nil {
		t.Fatal(err)
	}
	if err := os.Chmod(filepath.Join(dir, "keys", "secret"), 0o644); err != nil {
		t.Fatal(err)
	}
	if _, err := auth.LoadOrCreateSecret(dir, nil); !errors.Is(err, auth.ErrKeysExposed) {
		t.Errorf("got %v, want ErrKeysExposed", err)
	}
}
