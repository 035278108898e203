package auth

import (
	"crypto/ed25519"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"path/filepath"
	"slices"
	"sync"
	"sync/atomic"
	"time"
)

// keysDir is the folder of the data directory that holds the signing keys.
const keysDir = "keys"

// ErrKeysExposed is returned when other users of the machine could read or replace a signing key.
var ErrKeysExposed = errors.New("signing keys are open to other users")

// Keys are the signing keys of one data directory, shared by all programs that use it. The newest key
// signs, every key verifies, so that tokens outlive a rotation. A key is withdrawn by deleting its file
// once the last token it signed is over (MaxLifetime after the rotation) and calling Reload.
//
// Keys are safe for concurrent use.
type Keys struct {
	dir    string
	random io.Reader
	clock  func() time.Time

	reloading sync.Mutex
	// looked is when the directory was last looked at for a key that is not known, in nanoseconds of Unix time.
	looked  atomic.Int64
	current atomic.Pointer[keySet]
}

// keySet is one reading of the directory; it never changes.
type keySet struct {
	files []string     // oldest first
	keys  []signingKey // newest first, never empty
}

type signingKey struct {
	id      string
	private ed25519.PrivateKey
}

func (k signingKey) public() ed25519.PublicKey {
	public, _ := k.private.Public().(ed25519.PublicKey)
	return public
}

// LoadOrCreateKeys reads the signing keys in the folder keys of the data directory, and makes the folder
// and the first key when there is none. Of programs that start at the same time on the same directory
// one makes the key and all use it. New keys are drawn from random; nil means crypto/rand.
//
// Keys that other users could read, or a folder they could write, are refused with ErrKeysExposed.
func LoadOrCreateKeys(dataDir string, random io.Reader) (*Keys, error) {
	if dataDir == "" {
		return nil, errors.New("signing keys: no data directory given")
	}
	if random == nil {
		random = rand.Reader
	}
	k := &Keys{dir: filepath.Join(dataDir, keysDir), random: random, clock: time.Now}
	if err := ensureDir(dataDir, 0o755); err != nil {
		return nil, fmt.Errorf("signing keys: data directory: %w", err)
	}
	if err := ensureDir(k.dir, 0o700); err != nil {
		return nil, fmt.Errorf("signing keys: %w", err)
	}
	files, err := listKeyFiles(k.dir)
	if err != nil {
		return nil, fmt.Errorf("signing keys: %w", err)
	}
	if len(files) == 0 {
		// Losing the race to another program is as good as winning it: its key is read below.
		if _, err := k.create(1); err != nil && !errors.Is(err, fs.ErrExist) {
			return nil, fmt.Errorf("signing keys: %w", err)
		}
	}
	if err := k.Reload(); err != nil {
		return nil, err
	}
	return k, nil
}

// Rotate adds a new key, which signs from now on, and returns its id. Other programs on the same data
// directory accept the new key within lookInterval, and sign with it after their next Reload.
func (k *Keys) Rotate() (kid string, err error) {
	files, err := listKeyFiles(k.dir)
	if err != nil {
		return "", fmt.Errorf("rotate signing keys: %w", err)
	}
	next := 1
	if len(files) > 0 {
		newest, _ := generation(files[len(files)-1])
		next = newest + 1
	}
	for ; ; next++ {
		kid, err = k.create(next)
		if errors.Is(err, fs.ErrExist) {
			continue // another program rotated at the same time
		}
		if err != nil {
			return "", fmt.Errorf("rotate signing keys: %w", err)
		}
		return kid, k.Reload()
	}
}

// Reload reads the directory anew: keys added are used, keys deleted are forgotten. On an error the keys
// known so far stay in use. Tokens signed with a key not yet known and requests for the key set cause it
// by themselves; a server may also call it on a signal.
func (k *Keys) Reload() error {
	k.reloading.Lock()
	defer k.reloading.Unlock()
	set, err := readKeySet(k.dir)
	if err != nil {
		return fmt.Errorf("signing keys: %w", err)
	}
	k.current.Store(set)
	return nil
}

// reloadIfChanged reloads when keys were added or deleted since the last reading.
func (k *Keys) reloadIfChanged() error {
	files, err := listKeyFiles(k.dir)
	if err != nil {
		return fmt.Errorf("signing keys: %w", err)
	}
	if slices.Equal(files, k.current.Load().files) {
		return nil
	}
	return k.Reload()
}

// create makes the key of a generation; it fails with fs.ErrExist when there is one already.
func (k *Keys) create(generation int) (kid string, err error) {
	seed := make([]byte, ed25519.SeedSize)
	if _, err := io.ReadFull(k.random, seed); err != nil {
		return "", fmt.Errorf("draw a key: %w", err)
	}
	private := ed25519.NewKeyFromSeed(seed)
	if err := writeKeyFile(k.dir, keyFileName(generation), private); err != nil {
		return "", err
	}
	return newSigningKey(private).id, nil
}

// signing is the key that signs.
func (k *Keys) signing() signingKey { return k.current.Load().keys[0] }

// errUnknownKey is returned for a key id that no key of the directory has.
var errUnknownKey = errors.New("unknown key id")

// lookInterval is how often the directory is looked at for keys that are not known, whoever names how many of them.
const lookInterval = time.Second

// mayLook tells whether the directory may be looked at again, and notes that it is.
func (k *Keys) mayLook() bool {
	now, last := k.clock().UnixNano(), k.looked.Load()
	// A clock that was set back must not stop looking.
	return (now-last >= int64(lookInterval) || now < last) && k.looked.CompareAndSwap(last, now)
}

// verifying finds the public key of an id. The id is only ever compared, never used as a path.
func (k *Keys) verifying(kid string) (ed25519.PublicKey, error) {
	if key, ok := k.current.Load().find(kid); ok {
		return key.public(), nil
	}
	if !k.mayLook() {
		return nil, errUnknownKey
	}
	if err := k.reloadIfChanged(); err != nil {
		return nil, fmt.Errorf("%w: %w", errUnknownKey, err)
	}
	if key, ok := k.current.Load().find(kid); ok {
		return key.public(), nil
	}
	return nil, errUnknownKey
}

func (s *keySet) find(kid string) (signingKey, bool) {
	for _, key := range s.keys {
		if key.id == kid {
			return key, true
		}
	}
	return signingKey{}, false
}

func newSigningKey(private ed25519.PrivateKey) signingKey {
	key := signingKey{private: private}
	key.id = thumbprint(key.public())
	return key
}

// thumbprint is the key's id: the RFC 7638 thumbprint over the required members in lexical order.
func thumbprint(public ed25519.PublicKey) string {
	sum := sha256.Sum256([]byte(`{"crv":"Ed25519","kty":"OKP","x":"` + encodePoint(public) + `"}`))
	return base64.RawURLEncoding.EncodeToString(sum[:])
}

func encodePoint(public ed25519.PublicKey) string {
	return base64.RawURLEncoding.EncodeToString(public)
}
