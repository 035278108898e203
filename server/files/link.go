package files

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"net/url"
	"strconv"
	"time"

	"github.com/google/uuid"

	"github.com/lianluo/lianluo/ent/gen"
	"github.com/lianluo/lianluo/ent/globalid"
)

// Path is below what attachments are fetched.
const Path = "/attachments/"

// How long an address lasts: at least shortest. It ends on a multiple of step, so that a page asked for twice names the same
// address, and a browser need not fetch the picture again.
const (
	shortest = 10 * time.Minute
	step     = 5 * time.Minute
)

// Links makes and checks the addresses of attachments.
type Links struct {
	key   []byte
	clock func() time.Time
}

// NewLinks makes Links that sign with a key of 32 bytes.
func NewLinks(key []byte, clock func() time.Time) *Links { return &Links{key, clock} }

// Of is the address of an attachment, below the server's own, for the next few minutes.
func (l *Links) Of(id uuid.UUID) string {
	until := l.clock().Add(shortest + step).Truncate(step).Unix()
	q := url.Values{"until": {strconv.FormatInt(until, 10)}, "sign": {l.sign(id, until)}}
	return Path + globalid.Encode(gen.TypeAttachment, id) + "?" + q.Encode()
}

func (l *Links) sign(id uuid.UUID, until int64) string {
	mac := hmac.New(sha256.New, l.key)
	_, _ = mac.Write(id[:])
	_, _ = mac.Write(strconv.AppendInt(nil, until, 10))
	return base64.RawURLEncoding.EncodeToString(mac.Sum(nil))
}

// check is the attachment of an address that is good now.
func (l *Links) check(name string, q url.Values) (uuid.UUID, bool) {
	typ, id, err := globalid.Decode(name)
	if err != nil || typ != gen.TypeAttachment {
		return uuid.Nil, false
	}
	until, err := strconv.ParseInt(q.Get("until"), 10, 64)
	if err != nil || !hmac.Equal([]byte(q.Get("sign")), []byte(l.sign(id, until))) {
		return uuid.Nil, false
	}
	return id, l.clock().Unix() < until
}
