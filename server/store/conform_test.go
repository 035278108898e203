package store_test

import (
	"bytes"
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"io"
	"strings"
	"sync"
	"testing"
	"testing/iotest"

	"github.com/lianluo/lianluo/server/store"
)

// TestStores holds every kind of store to what Store promises.
func TestStores(t *testing.T) {
	kinds := map[string]func(t *testing.T) store.Store{
		"Dir": func(t *testing.T) store.Store { return openDir(t, t.TempDir()) },
		"S3":  func(t *testing.T) store.Store { return newBucket(t).store(t, nil) },
	}
	for name, open := range kinds {
		t.Run(name, func(t *testing.T) {
			for _, c := range promises {
				t.Run(c.name, func(t *testing.T) { c.check(t, open(t)) })
			}
		})
	}
}

var promises = []struct {
	name  string
	check func(t *testing.T, s store.Store)
}{
	{"what is put is there, byte for byte", func(t *testing.T, s store.Store) {
		for _, size := range []int{0, 1, 4096, 3 << 20} {
			key, content := newKey(t), noise(size)
			put(t, s, key, content)
			if got := read(t, s, key); !bytes.Equal(got, content) {
				t.Errorf("of %d bytes came back %d others", size, len(got))
			}
		}
	}},
	{"what was never put is not found", func(t *testing.T, s store.Store) {
		put(t, s, newKey(t), []byte("another"))
		missing(t, s, newKey(t))
	}},
	{"putting again replaces", func(t *testing.T, s store.Store) {
		key := newKey(t)
		put(t, s, key, noise(5000))
		put(t, s, key, []byte("shorter"))
		if got := read(t, s, key); string(got) != "shorter" {
			t.Errorf("got %d bytes of the first", len(got))
		}
	}},
	{"deleting removes, also twice, and nothing else", func(t *testing.T, s store.Store) {
		key, other := newKey(t), newKey(t)
		put(t, s, key, []byte("gone"))
		put(t, s, other, []byte("stays"))
		for range 2 {
			if err := s.Delete(t.Context(), key); err != nil {
				t.Fatal(err)
			}
			missing(t, s, key)
		}
		if err := s.Delete(t.Context(), newKey(t)); err != nil {
			t.Errorf("what was never there: %v", err)
		}
		if got := read(t, s, other); string(got) != "stays" {
			t.Errorf("the other file is %q", got)
		}
	}},
	{"a content of another size is refused whole", func(t *testing.T, s store.Store) {
		key := newKey(t)
		for _, size := range []int64{0, 4, 6, 5000, -1, store.MaxSize + 1} {
			err := s.Put(t.Context(), key, strings.NewReader("12345"), size, "text/plain")
			if !errors.Is(err, store.ErrSize) {
				t.Errorf("5 bytes said to be %d: %v", size, err)
			}
			missing(t, s, key)
		}
		put(t, s, key, []byte("first"))
		if err := s.Put(t.Context(), key, strings.NewReader("second"), 7, "text/plain"); !errors.Is(err, store.ErrSize) {
			t.Errorf("a short replacement: %v", err)
		}
		if got := read(t, s, key); string(got) != "first" {
			t.Errorf("a refused replacement left %q", got)
		}
	}},
	{"a reader that fails leaves nothing", func(t *testing.T, s store.Store) {
		broken := errors.New("the line broke")
		for _, sent := range []string{"", "half", "all of it!"} {
			key := newKey(t)
			r := io.MultiReader(strings.NewReader(sent), iotest.ErrReader(broken))
			if err := s.Put(t.Context(), key, r, 10, "text/plain"); !errors.Is(err, broken) {
				t.Errorf("after %q: %v", sent, err)
			}
			missing(t, s, key)
		}
	}},
	{"no key but those of NewKey", func(t *testing.T, s store.Store) {
		for _, key := range badKeys(newKey(t)) {
			if err := s.Put(t.Context(), key, strings.NewReader("x"), 1, "text/plain"); !errors.Is(err, store.ErrBadKey) {
				t.Errorf("put %q: %v", key, err)
			}
			if _, err := s.Open(t.Context(), key); !errors.Is(err, store.ErrBadKey) {
				t.Errorf("open %q: %v", key, err)
			}
			if err := s.Delete(t.Context(), key); !errors.Is(err, store.ErrBadKey) {
				t.Errorf("delete %q: %v", key, err)
			}
		}
	}},
	{"a context that is over ends everything", func(t *testing.T, s store.Store) {
		key := newKey(t)
		put(t, s, key, []byte("stays"))
		ctx, cancel := context.WithCancel(t.Context())
		cancel()
		if err := s.Put(ctx, key, strings.NewReader("x"), 1, "text/plain"); !errors.Is(err, context.Canceled) {
			t.Errorf("put: %v", err)
		}
		if _, err := s.Open(ctx, key); !errors.Is(err, context.Canceled) {
			t.Errorf("open: %v", err)
		}
		if err := s.Delete(ctx, key); !errors.Is(err, context.Canceled) {
			t.Errorf("delete: %v", err)
		}
		if got := read(t, s, key); string(got) != "stays" {
			t.Errorf("it is %q now", got)
		}
	}},
	{"a context that ends meanwhile leaves nothing", func(t *testing.T, s store.Store) {
		key := newKey(t)
		ctx, cancel := context.WithCancel(t.Context())
		r := io.MultiReader(bytes.NewReader(noise(1<<20)), end(cancel), bytes.NewReader(noise(1<<20)))
		if err := s.Put(ctx, key, r, 2<<20, "image/jpeg"); !errors.Is(err, context.Canceled) {
			t.Errorf("put: %v", err)
		}
		missing(t, s, key)
	}},
	{"many at once, each key whole", func(t *testing.T, s store.Store) {
		const writers, size = 8, 100_000
		shared := newKey(t)
		keys := make([]string, writers)
		var wg sync.WaitGroup
		for i := range writers {
			keys[i] = newKey(t)
			wg.Go(func() {
				content := bytes.Repeat([]byte{byte(i)}, size)
				for _, key := range []string{keys[i], shared} {
					if err := s.Put(t.Context(), key, bytes.NewReader(content), size, "image/jpeg"); err != nil {
						t.Error(err)
					}
				}
				uniform(t, s, shared, size)
			})
		}
		wg.Wait()
		for i, key := range keys {
			if b := uniform(t, s, key, size); b != byte(i) {
				t.Errorf("file %d holds %d", i, b)
			}
		}
	}},
	{"who reads keeps what he opened", func(t *testing.T, s store.Store) {
		key, content := newKey(t), noise(1000)
		put(t, s, key, content)
		f, err := s.Open(t.Context(), key)
		if err != nil {
			t.Fatal(err)
		}
		if err := s.Delete(t.Context(), key); err != nil {
			t.Fatal(err)
		}
		got, err := io.ReadAll(f)
		if err := errors.Join(err, f.Close()); err != nil {
			t.Fatal(err)
		}
		if !bytes.Equal(got, content) {
			t.Error("other bytes")
		}
	}},
}

// badKeys are wrong in every way we know of; good is a right one.
func badKeys(good string) []string {
	name := good[6:]
	return []string{
		"", ".", "..", "/", "tmp", "tmp/" + name, name, "/" + good, good + "/", good + "/..", " " + good, good + "\x00", good + "\n",
		"../" + good, "../../etc/passwd", "/etc/passwd", `..\..\` + name, "C:" + good, "file://" + good,
		name[:2] + "/../" + name, name[:2] + "//" + name[2:4] + name,
		"../../" + name, "..//./" + name, name[:2] + `\` + name[2:4] + `\` + name, name[:2] + "%2f" + name,
		"zz/zz/zz" + strings.Repeat("z", 30), strings.ToUpper("ab/cd/" + "abcd" + strings.Repeat("e", 28)),
		"ab/cd/" + "abce" + strings.Repeat("e", 28), "ab/cd/" + "bbcd" + strings.Repeat("e", 28),
		good[:len(good)-1], good + "0", "ab/cd/abcd" + strings.Repeat("é", 14),
		"ab/cd/abcd/../../../../../etc/passwd.." + "",
	}
}

// FuzzKey: a key that is taken is one that NewKey makes from its own digits.
func FuzzKey(f *testing.F) {
	for _, key := range badKeys("3f/a0/3fa0" + strings.Repeat("1", 28)) {
		f.Add(key)
	}
	f.Add("3f/a0/3fa0" + strings.Repeat("1", 28))
	dir := openDir(f, f.TempDir())
	f.Fuzz(func(t *testing.T, key string) {
		_, err := dir.Open(t.Context(), key)
		if errors.Is(err, store.ErrBadKey) {
			return
		}
		if !errors.Is(err, store.ErrNotFound) {
			t.Fatalf("%q: %v", key, err)
		}
		var digits []byte
		if _, err := fmt.Sscanf(key[6:], "%x", &digits); err != nil {
			t.Fatalf("%q was taken: %v", key, err)
		}
		if again, err := store.NewKey(bytes.NewReader(digits)); err != nil || again != key {
			t.Fatalf("%q was taken, not %q (%v)", key, again, err)
		}
	})
}

func TestNewKey(t *testing.T) {
	key, err := store.NewKey(bytes.NewReader([]byte("\x3f\xa0 and fourteen!")))
	if err != nil || key != "3f/a0/3fa020616e6420666f75727465656e21" {
		t.Errorf("got %q, %v", key, err)
	}
	if key, err := store.NewKey(strings.NewReader("too little")); !errors.Is(err, io.ErrUnexpectedEOF) {
		t.Errorf("without chance: %q, %v", key, err)
	}
	seen := map[string]bool{}
	for range 1000 {
		seen[newKey(t)] = true
	}
	if len(seen) != 1000 {
		t.Errorf("%d keys of 1000", len(seen))
	}
}

func newKey(t testing.TB) string {
	t.Helper()
	key, err := store.NewKey(rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	return key
}

// noise is content that no one mistakes for another.
func noise(size int) []byte {
	b := make([]byte, size)
	_, _ = rand.Read(b)
	return b
}

func put(t testing.TB, s store.Store, key string, content []byte) {
	t.Helper()
	if err := s.Put(t.Context(), key, bytes.NewReader(content), int64(len(content)), "image/jpeg"); err != nil {
		t.Fatal(err)
	}
}

func read(t testing.TB, s store.Store, key string) []byte {
	t.Helper()
	f, err := s.Open(t.Context(), key)
	if err != nil {
		t.Error(err)
		return nil
	}
	b, err := io.ReadAll(f)
	if err := errors.Join(err, f.Close()); err != nil {
		t.Error(err)
	}
	return b
}

func missing(t testing.TB, s store.Store, key string) {
	t.Helper()
	f, err := s.Open(t.Context(), key)
	if !errors.Is(err, store.ErrNotFound) {
		t.Errorf("%s: %v instead of not found", key, err)
	}
	if f != nil {
		t.Errorf("%s: a reader beside the error", key)
	}
}

// uniform gives the byte a file consists of, and fails if it is torn.
func uniform(t testing.TB, s store.Store, key string, size int) byte {
	t.Helper()
	b := read(t, s, key)
	if len(b) != size || bytes.Count(b, b[:1]) != size {
		t.Errorf("%s is torn: %d bytes", key, len(b))
		return 0xff
	}
	return b[0]
}

// end is an empty reader that does something when it is reached.
func end(do func()) io.Reader { return ender(do) }

type ender func()

func (e ender) Read([]byte) (int, error) {
	e()
	return 0, io.EOF
}
