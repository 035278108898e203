package store

import (
	"encoding/hex"
	"fmt"
	"io"
	"path"
)

// keyBytes is how much chance is in a key: enough that none is made twice and none is guessed.
const keyBytes = 16

// NewKey makes a key that no file has: 32 hexadecimal digits below two folders named by the first four, as in
// 3f/a0/3fa0…, so that no folder grows large. The reader gives what the key is made of: crypto/rand.Reader.
func NewKey(random io.Reader) (string, error) {
	var b [keyBytes]byte
	if _, err := io.ReadFull(random, b[:]); err != nil {
		return "", fmt.Errorf("store: make a key: %w", err)
	}
	name := hex.EncodeToString(b[:])
	return path.Join(name[:2], name[2:4], name), nil
}

// checkKey refuses every key but those of NewKey. Nothing else reaches a path or a URL.
func checkKey(key string) error {
	const prefix = len("3f/a0/")
	if len(key) != prefix+2*keyBytes || key[2] != '/' || key[5] != '/' {
		return ErrBadKey
	}
	name := key[prefix:]
	if key[:2] != name[:2] || key[3:5] != name[2:4] {
		return ErrBadKey
	}
	for _, c := range []byte(name) {
		if (c < '0' || c > '9') && (c < 'a' || c > 'f') {
			return ErrBadKey
		}
	}
	return nil
}

// folders are the two folders of a key, the outer first.
func folders(key string) [2]string { return [2]string{key[:2], key[:5]} }
