package auth

import (
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"fmt"
	"io"
	"strings"
)

// refreshPrefix lets people and secret scanners tell a refresh token when they see one.
const refreshPrefix = "llr_"

const refreshSize = 32

// NewRefreshToken draws a refresh token, which the client keeps, and its hash, which is all that may be
// stored. A plain hash is enough: 256 random bits cannot be guessed. A nil random means crypto/rand.
func NewRefreshToken(random io.Reader) (token string, hash []byte, err error) {
	if random == nil {
		random = rand.Reader
	}
	secret := make([]byte, refreshSize)
	if _, err := io.ReadFull(random, secret); err != nil {
		return "", nil, fmt.Errorf("draw a refresh token: %w", err)
	}
	token = refreshPrefix + base64.RawURLEncoding.EncodeToString(secret)
	return token, hashRefresh(token), nil
}

// HashRefreshToken is the stored form of a token that a client presents: its SHA-256. Text that
// NewRefreshToken cannot have made is refused with ErrRefreshTokenMalformed.
func HashRefreshToken(token string) ([]byte, error) {
	secret, ok := strings.CutPrefix(token, refreshPrefix)
	if !ok || len(secret) != base64.RawURLEncoding.EncodedLen(refreshSize) {
		return nil, ErrRefreshTokenMalformed
	}
	raw, err := base64.RawURLEncoding.Strict().DecodeString(secret)
	if err != nil || len(raw) != refreshSize { // decoding skips line breaks
		return nil, ErrRefreshTokenMalformed
	}
	return hashRefresh(token), nil
}

func hashRefresh(token string) []byte {
	sum := sha256.Sum256([]byte(token))
	return sum[:]
}
