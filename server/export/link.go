package export

import (
	"context"
	"crypto/aes"
	"crypto/cipher"
	"encoding/base64"
	"encoding/json"
	"errors"
	"net/url"
	"time"

	"github.com/google/uuid"

	"github.com/lianluo/lianluo/ent/gen"
	"github.com/lianluo/lianluo/ent/globalid"
	"github.com/lianluo/lianluo/ent/viewer"
	"github.com/lianluo/lianluo/server/auth"
)

// lasting is how long an address is good.
const lasting = 10 * time.Minute

// Links makes and opens the addresses of archives. What an address carries is sealed for its path: no one can read it, change it, or use it for
// another archive or form.
type Links struct {
	seal  cipher.AEAD
	clock func() time.Time
}

// NewLinks makes Links with a key of 32 bytes.
func NewLinks(key []byte, clock func() time.Time) (*Links, error) {
	block, err := aes.NewCipher(key)
	if err != nil {
		return nil, err
	}
	sealing, err := cipher.NewGCMWithRandomNonce(block)
	if err != nil {
		return nil, err
	}
	return &Links{sealing, clock}, nil
}

// letter is what an address carries: who asked, and until when it is good.
type letter struct {
	Grant auth.Grant
	Until int64
}

// Of is the address of a mandate's archive in a form for the context's viewer, below the server's own.
func (l *Links) Of(ctx context.Context, mandate uuid.UUID, form string) (string, error) {
	v := viewer.FromContext(ctx)
	if v == nil || v.Role == "" {
		return "", errors.New("export: only someone who has signed in is given an address")
	}
	text, err := json.Marshal(letter{
		auth.Grant{Subject: v.Subject, Role: v.Role, Division: v.Division, Person: v.Person, Organ: v.Organ, Station: v.Station},
		l.clock().Add(lasting).Unix(),
	})
	if err != nil {
		return "", err
	}
	path := Path + globalid.Encode(gen.TypeMandate, mandate) + "." + form
	sealed := l.seal.Seal(nil, nil, text, []byte(path)) //nolint:gosec // it draws a nonce by itself
	return path + "?" + url.Values{"key": {base64.RawURLEncoding.EncodeToString(sealed)}}.Encode(), nil
}

// open is who asked for the address of a path, while it is good.
func (l *Links) open(path, key string) (auth.Grant, bool) {
	sealed, err := base64.RawURLEncoding.Strict().DecodeString(key)
	if err != nil {
		return auth.Grant{}, false
	}
	text, err := l.seal.Open(nil, nil, sealed, []byte(path))
	if err != nil {
		return auth.Grant{}, false
	}
	var read letter
	if err := json.Unmarshal(text, &read); err != nil {
		return auth.Grant{}, false
	}
	return read.Grant, l.clock().Unix() < read.Until
}
