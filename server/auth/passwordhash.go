package auth

import (
	"encoding/base64"
	"fmt"
	"strings"

	"golang.org/x/crypto/argon2"
)

// Sizes in bytes of what Hash makes, and the bounds of what Check reads.
const (
	saltSize, minSalt, maxSalt = 16, 8, 64
	keySize, minKey, maxKey    = 32, 16, 64
)

// passwordHash is a stored password hash, written as a PHC string:
// $argon2id$v=19$m=19456,t=2,p=1$SALT$KEY.
type passwordHash struct {
	params    PasswordParams
	salt, key []byte
}

func (h passwordHash) String() string {
	return fmt.Sprintf("$argon2id$v=%d$m=%d,t=%d,p=%d$%s$%s", argon2.Version,
		h.params.MemoryKiB, h.params.Passes, h.params.Threads,
		base64.RawStdEncoding.EncodeToString(h.salt), base64.RawStdEncoding.EncodeToString(h.key))
}

// parsePasswordHash reads a PHC string. Its parameters are bounded, since they say how much memory a check
// takes. The error does not quote the hash.
func parsePasswordHash(s string) (passwordHash, error) {
	var h passwordHash
	parts := strings.Split(s, "$")
	if len(parts) != 6 {
		return passwordHash{}, ErrPasswordHash
	}
	_, err := fmt.Sscanf(parts[3], "m=%d,t=%d,p=%d", &h.params.MemoryKiB, &h.params.Passes, &h.params.Threads)
	if err != nil || !h.params.valid() {
		return passwordHash{}, fmt.Errorf("%w: parameters", ErrPasswordHash)
	}
	if h.salt, err = decodeBounded(parts[4], minSalt, maxSalt); err != nil {
		return passwordHash{}, fmt.Errorf("%w: salt", ErrPasswordHash)
	}
	if h.key, err = decodeBounded(parts[5], minKey, maxKey); err != nil {
		return passwordHash{}, fmt.Errorf("%w: key", ErrPasswordHash)
	}
	// Scanning is lenient; a hash has one spelling, and this also compares the algorithm and its version.
	if h.String() != s {
		return passwordHash{}, ErrPasswordHash
	}
	return h, nil
}

func decodeBounded(s string, least, most int) ([]byte, error) {
	raw, err := base64.RawStdEncoding.DecodeString(s)
	if err != nil {
		return nil, err
	}
	if len(raw) < least || len(raw) > most {
		return nil, fmt.Errorf("%d bytes", len(raw))
	}
	return raw, nil
}
