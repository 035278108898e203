package files

import (
	"net/url"
	"testing"
	"time"

	"github.com/google/uuid"

	"github.com/lianluo/lianluo/ent/gen"
	"github.com/lianluo/lianluo/ent/globalid"
)

// TestLinksLast: an address is good for at least ten minutes and at most fifteen, and the same when it is asked for again soon.
func TestLinksLast(t *testing.T) {
	now := time.Date(2026, time.June, 15, 4, 0, 0, 0, time.UTC)
	links := NewLinks([]byte("0123456789abcdef0123456789abcdef"), func() time.Time { return now })
	id := uuid.New()
	split := func(address string) (string, url.Values) {
		t.Helper()
		u, err := url.Parse(address)
		if err != nil {
			t.Fatal(err)
		}
		return u.Path[len(Path):], u.Query()
	}
	for begin := range 30 {
		made := time.Date(2026, time.June, 15, 4, 0, begin*17, 0, time.UTC)
		now = made
		address := links.Of(id)
		if again := links.Of(id); again != address {
			t.Errorf("asked for again it is %s", again)
		}
		name, q := split(address)
		for after, want := range map[time.Duration]bool{0: true, shortest - time.Second: true, shortest + step: false, time.Hour: false} {
			now = made.Add(after)
			if got, ok := links.check(name, q); ok != want || got != id {
				t.Errorf("made at %s, %s later: %v %s", made, after, ok, got)
			}
		}
	}
}

// TestLinksAreForOneThing: no part of an address serves another.
func TestLinksAreForOneThing(t *testing.T) {
	now := func() time.Time { return time.Date(2026, time.June, 15, 4, 0, 0, 0, time.UTC) }
	links, id, other := NewLinks([]byte("a key"), now), uuid.New(), uuid.New()
	u, err := url.Parse(links.Of(id))
	if err != nil {
		t.Fatal(err)
	}
	q, name := u.Query(), u.Path[len(Path):]
	if _, ok := links.check(name, q); !ok {
		t.Fatal("the address is not good")
	}
	with := func(key string, values ...string) url.Values {
		changed := url.Values{}
		for k, v := range q {
			changed[k] = v
		}
		changed[key] = values
		return changed
	}
	until, sign := q.Get("until"), q.Get("sign")
	for what, x := range map[string]struct {
		name string
		q    url.Values
	}{
		"another attachment": {globalid.Encode(gen.TypeAttachment, other), q},
		"another type":       {globalid.Encode(gen.TypeOpinion, id), q},
		"no id":              {"", q},
		"a bare id":          {id.String(), q},
		"a second later":     {name, with("until", until[:len(until)-1]+"1")},
		"no until":           {name, with("until")},
		"until in words":     {name, with("until", "forever")},
		"until too large":    {name, with("until", "99999999999999999999")},
		"no sign":            {name, with("sign")},
		"an empty sign":      {name, with("sign", "")},
		"half a sign":        {name, with("sign", sign[:len(sign)/2])},
		"more than a sign":   {name, with("sign", sign+"A")},
		"two signs":          {name, with("sign", "A", sign)},
	} {
		if _, ok := links.check(x.name, x.q); ok {
			t.Errorf("%s is good", what)
		}
	}
	if _, ok := NewLinks([]byte("another key"), now).check(name, q); ok {
		t.Error("another server's address is good")
	}
}
