package auth

import (
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base32"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
)

// secretFile lies beside the signing keys.
const (
	secretFile = "secret"
	secretSize = 32
)

// Secret is a data directory's own secret, from which the passwords of its own machinery are derived. It never
// leaves the machine.
type Secret struct{ key []byte }

// LoadOrCreateSecret reads the secret of a data directory, or makes it; whichever program comes first makes it.
func LoadOrCreateSecret(dataDir string, random io.Reader) (Secret, error) {
	if random == nil {
		random = rand.Reader
	}
	dir := filepath.Join(dataDir, keysDir)
	if err := errors.Join(ensureDir(dataDir, 0o755), ensureDir(dir, 0o700)); err != nil {
		return Secret{}, fmt.Errorf("secret: %w", err)
	}
	fresh := make([]byte, secretSize)
	if _, err := io.ReadFull(random, fresh); err != nil {
		return Secret{}, fmt.Errorf("secret: %w", err)
	}
	// Losing the race to another program is as good as winning it: what it wrote is read below.
	if err := writeOnce(dir, secretFile, []byte(hex.EncodeToString(fresh))); err != nil && !errors.Is(err, fs.ErrExist) {
		return Secret{}, fmt.Errorf("secret: %w", err)
	}
	root, err := os.OpenRoot(dir)
	if err != nil {
		return Secret{}, fmt.Errorf("secret: %w", err)
	}
	defer func() { _ = root.Close() }()
	text, err := readSecretFile(root, secretFile)
	if err != nil {
		return Secret{}, fmt.Errorf("secret: %w", err)
	}
	key, err := hex.DecodeString(strings.TrimSpace(string(text)))
	if err != nil || len(key) != secretSize {
		return Secret{}, fmt.Errorf("secret: %s does not hold %d bytes in hexadecimal", filepath.Join(dir, secretFile), secretSize)
	}
	return Secret{key: key}, nil
}

// Password derives the password for a purpose: always the same, and nothing about the others can be told from it. Its
// length is that of a password a person can type; it holds 80 bits.
func (s Secret) Password(purpose string) string {
	mac := hmac.New(sha256.New, s.key)
	_, _ = mac.Write([]byte(purpose))
	return strings.ToLower(base32.StdEncoding.EncodeToString(mac.Sum(nil)[:10]))
}

// Key derives a key of 32 bytes for a purpose, to sign with. It has nothing to do with the purpose's password.
func (s Secret) Key(purpose string) []byte {
	mac := hmac.New(sha256.New, s.key)
	_, _ = mac.Write([]byte("key " + purpose))
	return mac.Sum(nil)
}
