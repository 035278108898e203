package auth

import (
	"context"
	"crypto/rand"
	"crypto/subtle"
	"errors"
	"fmt"
	"io"

	"golang.org/x/crypto/argon2"
)

// MaxPasswordBytes is the length above which a password is refused unhashed.
const MaxPasswordBytes = 256

// What Passwords answers with. Of these only ErrPasswordHash is a fault of the platform.
var (
	// ErrPasswordWrong: the password does not belong to the hash.
	ErrPasswordWrong = errors.New("wrong password")
	// ErrPasswordLength: the password is empty or longer than MaxPasswordBytes.
	ErrPasswordLength = fmt.Errorf("a password must have 1 to %d bytes", MaxPasswordBytes)
	// ErrPasswordHash: the stored hash is not one that Hash could have made.
	ErrPasswordHash = errors.New("malformed password hash")
)

// PasswordParams are the costs of argon2id.
type PasswordParams struct {
	// MemoryKiB is the memory of one hash in KiB, from 8 per thread to 131072.
	MemoryKiB uint32
	// Passes over the memory, 1 to 16.
	Passes uint32
	// Threads that share the work, 1 to 16.
	Threads uint8
}

// DefaultPasswordParams are OWASP's recommendation for argon2id: 19 MiB, 2 passes, 1 thread.
func DefaultPasswordParams() PasswordParams {
	return PasswordParams{MemoryKiB: 19456, Passes: 2, Threads: 1}
}

func (p PasswordParams) valid() bool {
	return p.Threads >= 1 && p.Threads <= 16 && p.Passes >= 1 && p.Passes <= 16 &&
		p.MemoryKiB >= 8*uint32(p.Threads) && p.MemoryKiB <= 128<<10
}

// Passwords hashes and checks passwords, a bounded number at a time, so that a flood of sign-ins cannot
// take all memory; the others wait until their contexts end. It is safe for concurrent use.
type Passwords struct {
	params PasswordParams
	random io.Reader
	slots  chan struct{}
}

// NewPasswords makes a Passwords that hashes with params, at most limit passwords at a time (each takes
// params.MemoryKiB; more than there are processors gains nothing). Salts are drawn from random; nil means
// crypto/rand.
func NewPasswords(params PasswordParams, limit int, random io.Reader) (*Passwords, error) {
	if !params.valid() {
		return nil, fmt.Errorf("passwords: parameters out of range: %+v", params)
	}
	if limit < 1 {
		return nil, fmt.Errorf("passwords: the limit must be at least 1, not %d", limit)
	}
	if random == nil {
		random = rand.Reader
	}
	return &Passwords{params: params, random: random, slots: make(chan struct{}, limit)}, nil
}

// Hash makes the text to store for a password. An empty or over-long one is refused with
// ErrPasswordLength; which other passwords are too weak is for the caller to say. The error wraps the
// context's when that ends while waiting.
func (p *Passwords) Hash(ctx context.Context, password string) (string, error) {
	if !hashable(password) {
		return "", ErrPasswordLength
	}
	h := passwordHash{params: p.params, salt: make([]byte, saltSize)}
	if _, err := io.ReadFull(p.random, h.salt); err != nil {
		return "", fmt.Errorf("draw a salt: %w", err)
	}
	var err error
	if h.key, err = p.derive(ctx, h, password, keySize); err != nil {
		return "", err
	}
	return h.String(), nil
}

// Check tells whether a password belongs to a stored hash: nil, or ErrPasswordWrong. ErrPasswordHash
// and the errors of a context that ends while waiting are faults, not answers.
func (p *Passwords) Check(ctx context.Context, hash, password string) error {
	h, err := parsePasswordHash(hash)
	if err != nil {
		return err
	}
	return p.check(ctx, h, password)
}

// CheckNobody does the work of Check for a user that does not exist and returns ErrPasswordWrong, so that
// the time of an answer does not tell which names there are.
func (p *Passwords) CheckNobody(ctx context.Context, password string) error {
	h := passwordHash{params: p.params, salt: make([]byte, saltSize), key: make([]byte, keySize)}
	if err := p.check(ctx, h, password); err != nil {
		return err
	}
	return ErrPasswordWrong
}

// NeedsRehash tells whether a hash was made with other parameters than these and should be made anew when
// its password is next at hand: after a Check that went well.
func (p *Passwords) NeedsRehash(hash string) bool {
	h, err := parsePasswordHash(hash)
	return err != nil || h.params != p.params || len(h.salt) != saltSize || len(h.key) != keySize
}

func (p *Passwords) check(ctx context.Context, h passwordHash, password string) error {
	if !hashable(password) {
		return ErrPasswordWrong // Hash has never taken one like it
	}
	key, err := p.derive(ctx, h, password, len(h.key))
	if err != nil {
		return err
	}
	if subtle.ConstantTimeCompare(key, h.key) != 1 {
		return ErrPasswordWrong
	}
	return nil
}

func (p *Passwords) derive(ctx context.Context, h passwordHash, password string, size int) ([]byte, error) {
	if err := ctx.Err(); err != nil {
		return nil, fmt.Errorf("wait to hash a password: %w", err)
	}
	select {
	case p.slots <- struct{}{}:
		defer func() { <-p.slots }()
	case <-ctx.Done():
		return nil, fmt.Errorf("wait to hash a password: %w", ctx.Err())
	}
	return argon2.IDKey([]byte(password), h.salt, h.params.Passes, h.params.MemoryKiB, h.params.Threads, uint32(size)), nil
}

func hashable(password string) bool { return len(password) > 0 && len(password) <= MaxPasswordBytes }
