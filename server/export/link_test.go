package export

import (
	"context"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"

	"github.com/lianluo/lianluo/ent/place"
	"github.com/lianluo/lianluo/ent/viewer"
	"github.com/lianluo/lianluo/server/auth"
)

func split(t *testing.T, address string) (path, key string) {
	t.Helper()
	u, err := url.Parse(address)
	if err != nil {
		t.Fatal(err)
	}
	return u.Path, u.Query().Get("key")
}

// TestAddressesCarryWhoAsked: an address brings back the very viewer, for ten minutes, for one archive in one form.
func TestAddressesCarryWhoAsked(t *testing.T) {
	now := time.Date(2026, time.June, 15, 4, 0, 0, 0, time.UTC)
	links, err := NewLinks(make([]byte, 32), func() time.Time { return now })
	if err != nil {
		t.Fatal(err)
	}
	want := auth.Grant{
		Subject: uuid.NewString(), Role: viewer.StationKeeper, Division: place.MustParse("430121107"), Person: uuid.New(), Organ: uuid.New(), Station: uuid.New(),
	}
	v, err := want.Viewer()
	if err != nil {
		t.Fatal(err)
	}
	ctx, mandate := viewer.NewContext(t.Context(), v), uuid.New()
	address, err := links.Of(ctx, mandate, "xlsx")
	if err != nil {
		t.Fatal(err)
	}
	path, key := split(t, address)
	for _, secret := range []string{want.Subject, want.Person.String(), string(want.Role)} {
		if strings.Contains(address, secret) {
			t.Errorf("the address tells %s", secret)
		}
	}
	for after, good := range map[time.Duration]bool{0: true, lasting - time.Second: true, lasting: false, time.Hour: false} {
		now = time.Date(2026, time.June, 15, 4, 0, 0, 0, time.UTC).Add(after)
		if got, ok := links.open(path, key); ok != good || good && got != want {
			t.Errorf("%s later: %+v %v", after, got, ok)
		}
	}
	now = time.Date(2026, time.June, 15, 4, 0, 0, 0, time.UTC)
	other, err := links.Of(ctx, uuid.New(), "xlsx")
	if err != nil {
		t.Fatal(err)
	}
	otherPath, otherKey := split(t, other)
	changed := []byte(key)
	changed[len(changed)/2] ^= 1
	for what, x := range map[string][2]string{
		"another archive": {otherPath, key}, "another's key": {path, otherKey}, "another form": {strings.Replace(path, ".xlsx", ".html", 1), key},
		"no key": {path, ""}, "half a key": {path, key[:len(key)/2]}, "a changed key": {path, string(changed)}, "more than a key": {path, key + "AAAA"}, "no base64": {path, "报告"},
	} {
		if got, ok := links.open(x[0], x[1]); ok {
			t.Errorf("%s opens as %+v", what, got)
		}
	}
	foreign, err := NewLinks([]byte("0123456789abcdef0123456789abcdef"), func() time.Time { return now })
	if err != nil {
		t.Fatal(err)
	}
	if _, ok := foreign.open(path, key); ok {
		t.Error("another server's address opens")
	}
	for _, ctx := range []context.Context{t.Context(), viewer.NewContext(t.Context(), viewer.SystemJob("test"))} {
		if address, err := links.Of(ctx, mandate, "xlsx"); err == nil {
			t.Errorf("nobody is given %s", address)
		}
	}
	if _, err := NewLinks([]byte("short"), time.Now); err == nil {
		t.Error("a short key seals")
	}
}
