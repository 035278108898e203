// Package link makes addresses (链接) that open one thing for some minutes, without a token, for whom they were made.
//
// A browser that shows a picture or keeps a file sends no token. So an address carries, sealed, who asked for it: what it opens is read on behalf of that
// viewer, whose account is looked up as a token's is. Whoever has lost a right has lost the addresses with it.
//
// Room: server. It imports ent/viewer and server/auth.
package link

import (
	"context"
	"crypto/aes"
	"crypto/cipher"
	"crypto/hkdf"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"net/url"
	"time"

	"github.com/google/uuid"

	"github.com/lianluo/lianluo/ent/viewer"
	"github.com/lianluo/lianluo/server/auth"
)

// How long an address lasts: at least shortest. It ends on a multiple of step, so that a page asked for twice names the same address, and a browser need
// not fetch a picture again.
const (
	shortest = 10 * time.Minute
	step     = 5 * time.Minute
)

var (
	// ErrShut is returned for an address that opens nothing: made elsewhere, changed, over, or of someone who is not let in any more.
	ErrShut = errors.New("link: the address opens nothing")
	// ErrNobody is returned where no one asks for an address.
	ErrNobody = errors.New("link: only someone who has signed in, or holds a receipt, is given an address")
)

// Links makes and opens addresses. What an address carries is sealed for its path: no one can read it, change it, or use it for another thing.
type Links struct {
	seal     cipher.AEAD
	mac      []byte
	accounts auth.AccountChecker
	clock    func() time.Time
}

// New makes Links with a key of 32 bytes. Accounts are those behind the addresses.
func New(key []byte, accounts auth.AccountChecker, clock func() time.Time) (*Links, error) {
	if len(key) != 32 {
		return nil, fmt.Errorf("link: a key of %d bytes, not 32", len(key))
	}
	sealing, err := hkdf.Key(sha256.New, key, nil, "link seal", 32)
	if err != nil {
		return nil, err
	}
	mac, err := hkdf.Key(sha256.New, key, nil, "link nonce", 32)
	if err != nil {
		return nil, err
	}
	block, err := aes.NewCipher(sealing)
	if err != nil {
		return nil, err
	}
	seal, err := cipher.NewGCM(block)
	if err != nil {
		return nil, err
	}
	return &Links{seal, mac, accounts, clock}, nil
}

// letter is what an address carries: who asked, and until when it is good.
type letter struct {
	Grant   auth.Grant
	Receipt uuid.UUID
	Until   int64
}

// Of is the address of a path for the context's viewer, below the server's own.
func (l *Links) Of(ctx context.Context, path string) (string, error) {
	v := viewer.FromContext(ctx)
	if v == nil || v.Role == "" && v.Receipt == uuid.Nil {
		return "", ErrNobody
	}
	text, err := json.Marshal(letter{
		auth.Grant{Subject: v.Subject, Role: v.Role, Division: v.Division, Person: v.Person, Organ: v.Organ, Station: v.Station},
		v.Receipt, l.clock().Add(shortest + step).Truncate(step).Unix(),
	})
	if err != nil {
		return "", err
	}
	// The nonce is drawn from what is sealed, so that the same letter makes the same address, and no other has its nonce.
	nonce := l.nonce(path, text)
	sealed := l.seal.Seal(nonce, nonce, text, []byte(path))
	return path + "?" + url.Values{"key": {base64.RawURLEncoding.EncodeToString(sealed)}}.Encode(), nil
}

func (l *Links) nonce(path string, text []byte) []byte {
	mac := hmac.New(sha256.New, l.mac)
	_, _ = mac.Write([]byte(path)) // a hash takes everything
	_, _ = mac.Write([]byte{0})
	_, _ = mac.Write(text)
	return mac.Sum(nil)[:l.seal.NonceSize()]
}

// Open is the context of who asked for the address of a path with a key, as that viewer is now. The error is ErrShut, or says that accounts could not be asked.
func (l *Links) Open(ctx context.Context, path, key string) (context.Context, error) {
	read, ok := l.read(path, key)
	if !ok {
		return nil, ErrShut
	}
	if read.Receipt != uuid.Nil {
		return viewer.NewContext(ctx, viewer.ForReceipt(read.Grant.Subject, read.Grant.Division, read.Receipt)), nil
	}
	v, err := auth.ViewerOf(ctx, l.accounts, &auth.Claims{Grant: read.Grant})
	if errors.Is(err, auth.ErrUnauthenticated) {
		return nil, ErrShut
	}
	if err != nil {
		return nil, err
	}
	return viewer.NewContext(ctx, v), nil
}

// read is the letter of an address that is good now.
func (l *Links) read(path, key string) (read letter, ok bool) {
	sealed, err := base64.RawURLEncoding.Strict().DecodeString(key)
	if err != nil || len(sealed) < l.seal.NonceSize() {
		return letter{}, false
	}
	nonce, sealed := sealed[:l.seal.NonceSize()], sealed[l.seal.NonceSize():]
	text, err := l.seal.Open(nil, nonce, sealed, []byte(path))
	if err != nil || json.Unmarshal(text, &read) != nil {
		return letter{}, false
	}
	return read, l.clock().Unix() < read.Until
}
