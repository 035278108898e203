package link

import (
	"context"
	"errors"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"

	"github.com/lianluo/lianluo/ent/place"
	"github.com/lianluo/lianluo/ent/viewer"
	"github.com/lianluo/lianluo/server/auth"
)

// book knows accounts as they are now; broken is its fault.
type book struct {
	now    map[string]*viewer.Viewer
	broken error
}

func (b *book) CheckAccount(_ context.Context, c *auth.Claims) (*viewer.Viewer, error) {
	if b.broken != nil {
		return nil, b.broken
	}
	if v := b.now[c.Subject]; v != nil {
		return v, nil
	}
	return nil, auth.ErrAccountRefused
}

// noon is a moment on a multiple of step.
var noon = time.Date(2026, time.June, 15, 4, 0, 0, 0, time.UTC)

// desk is Links with a clock that is set by hand.
type desk struct {
	*Links
	book *book
	now  time.Time
}

func newDesk(t *testing.T, key string) *desk {
	t.Helper()
	d := &desk{book: &book{now: map[string]*viewer.Viewer{}}, now: noon}
	links, err := New([]byte(key), d.book, func() time.Time { return d.now })
	if err != nil {
		t.Fatal(err)
	}
	d.Links = links
	return d
}

const key = "0123456789abcdef0123456789abcdef"

func split(t *testing.T, address string) (path, key string) {
	t.Helper()
	u, err := url.Parse(address)
	if err != nil {
		t.Fatal(err)
	}
	return u.Path, u.Query().Get("key")
}

func keeper(t *testing.T) *viewer.Viewer {
	t.Helper()
	v, err := auth.Grant{
		Subject: uuid.NewString(), Role: viewer.StationKeeper, Division: place.MustParse("430121107"), Person: uuid.New(), Organ: uuid.New(), Station: uuid.New(),
	}.Viewer()
	if err != nil {
		t.Fatal(err)
	}
	return v
}

// TestAddressesLast: an address is good for at least ten minutes and at most fifteen, and the same when it is asked for again soon.
func TestAddressesLast(t *testing.T) {
	d, v := newDesk(t, key), keeper(t)
	d.book.now[v.Subject] = v
	ctx := viewer.NewContext(t.Context(), v)
	for begin := range 30 {
		made := noon.Add(time.Duration(begin) * 17 * time.Second)
		d.now = made
		address, err := d.Of(ctx, "/things/1")
		if err != nil {
			t.Fatal(err)
		}
		if again, err := d.Of(ctx, "/things/1"); err != nil || again != address {
			t.Errorf("asked for again it is %s %v", again, err)
		}
		path, key := split(t, address)
		for after, good := range map[time.Duration]bool{0: true, shortest - time.Second: true, shortest + step: false, time.Hour: false} {
			d.now = made.Add(after)
			if _, err := d.Open(t.Context(), path, key); (err == nil) != good || err != nil && !errors.Is(err, ErrShut) {
				t.Errorf("made at %s, %s later: %v", made, after, err)
			}
		}
	}
}

// TestAddressesCarryWhoAsked: an address brings back the very viewer, as the account is now, and tells nothing of it.
func TestAddressesCarryWhoAsked(t *testing.T) {
	d, v := newDesk(t, key), keeper(t)
	d.book.now[v.Subject] = v
	address, err := d.Of(viewer.NewContext(t.Context(), v), "/things/1")
	if err != nil {
		t.Fatal(err)
	}
	for _, secret := range []string{v.Subject, v.Person.String(), string(v.Role)} {
		if strings.Contains(address, secret) {
			t.Errorf("the address tells %s", secret)
		}
	}
	path, sealed := split(t, address)
	if ctx, err := d.Open(t.Context(), path, sealed); err != nil || *viewer.FromContext(ctx) != *v {
		t.Errorf("it opens as %v %v", ctx, err)
	}
	moved := *v
	moved.Station = uuid.New()
	d.book.now[v.Subject] = &moved
	if _, err := d.Open(t.Context(), path, sealed); !errors.Is(err, ErrShut) {
		t.Error("the keeper of another station:", err)
	}
	delete(d.book.now, v.Subject)
	if _, err := d.Open(t.Context(), path, sealed); !errors.Is(err, ErrShut) {
		t.Error("a closed account:", err)
	}
	d.book.broken = errors.New("no database")
	if _, err := d.Open(t.Context(), path, sealed); !errors.Is(err, d.book.broken) {
		t.Error("a fault of the platform:", err)
	}

	receipt := viewer.ForReceipt("receipt:x", place.MustParse("430121107"), uuid.New())
	address, err = d.Of(viewer.NewContext(t.Context(), receipt), "/things/1")
	if err != nil {
		t.Fatal(err)
	}
	path, sealed = split(t, address)
	if ctx, err := d.Open(t.Context(), path, sealed); err != nil || *viewer.FromContext(ctx) != *receipt {
		t.Errorf("a receipt opens as %v %v", ctx, err)
	}
	for _, ctx := range []context.Context{t.Context(), viewer.NewContext(t.Context(), viewer.SystemJob("test"))} {
		if address, err := d.Of(ctx, "/things/1"); !errors.Is(err, ErrNobody) {
			t.Errorf("nobody is given %s", address)
		}
	}
}

// TestAddressesAreForOneThing: no part of an address serves another.
func TestAddressesAreForOneThing(t *testing.T) {
	d, v := newDesk(t, key), keeper(t)
	d.book.now[v.Subject] = v
	ctx := viewer.NewContext(t.Context(), v)
	one, err := d.Of(ctx, "/things/1")
	if err != nil {
		t.Fatal(err)
	}
	two, err := d.Of(ctx, "/things/2")
	if err != nil {
		t.Fatal(err)
	}
	path, sealed := split(t, one)
	otherPath, otherKey := split(t, two)
	if _, err := d.Open(t.Context(), path, sealed); err != nil {
		t.Fatal(err)
	}
	changed := []byte(sealed)
	changed[len(changed)/2] ^= 1
	for what, x := range map[string][2]string{
		"another thing": {otherPath, sealed}, "another's key": {path, otherKey}, "no path": {"", sealed}, "no key": {path, ""},
		"half a key": {path, sealed[:len(sealed)/2]}, "a nonce alone": {path, sealed[:16]}, "less than a nonce": {path, sealed[:4]},
		"a changed key": {path, string(changed)}, "more than a key": {path, sealed + "AAAA"}, "no base64": {path, "报告"},
	} {
		if _, err := d.Open(t.Context(), x[0], x[1]); !errors.Is(err, ErrShut) {
			t.Errorf("%s: %v", what, err)
		}
	}
	foreign := newDesk(t, "fedcba9876543210fedcba9876543210")
	foreign.book = d.book
	if _, err := foreign.Open(t.Context(), path, sealed); !errors.Is(err, ErrShut) {
		t.Error("another server's address:", err)
	}
	if _, err := New([]byte("short"), d.book, time.Now); err == nil {
		t.Error("a short key seals")
	}
}
