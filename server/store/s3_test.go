package store_test

import (
	"bytes"
	"context"
	"crypto/x509"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/lianluo/lianluo/server/store"
)

func TestS3KeepsTheMediaType(t *testing.T) {
	b := newBucket(t)
	s, key := b.store(t, nil), newKey(t)
	if err := s.Put(t.Context(), key, strings.NewReader("%PDF"), 4, "application/pdf"); err != nil {
		t.Fatal(err)
	}
	if o, ok := b.object(key); !ok || o.mediaType != "application/pdf" || string(o.content) != "%PDF" {
		t.Errorf("the bucket holds %q, %v", o, ok)
	}
	if got := b.asked(); len(got) != 1 || got[0] != "PUT /"+bucketName+"/"+key {
		t.Errorf("it took %q", got)
	}
}

func TestS3Check(t *testing.T) {
	t.Parallel()
	b := newBucket(t)
	ctx := t.Context()
	if err := b.store(t, nil).Check(ctx); err != nil {
		t.Errorf("a good one: %v", err)
	}
	for name, change := range map[string]func(*store.S3Config){
		"no such bucket": func(c *store.S3Config) { c.Bucket = "another" },
		"a wrong secret": func(c *store.S3Config) { c.Secret = "wrong" },
		"a wrong user":   func(c *store.S3Config) { c.AccessKey = "SOMEONE" },
		"a wrong region": func(c *store.S3Config) { c.Region = "" },
		"a wrong scheme": func(c *store.S3Config) { c.TLS = true; c.Timeout = time.Second },
		"no server":      func(c *store.S3Config) { c.Endpoint = unused(t); c.Timeout = time.Second },
	} {
		if err := b.store(t, change).Check(ctx); err == nil {
			t.Errorf("%s: fine", name)
		} else if !strings.HasPrefix(err.Error(), "store: check bucket") {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// unused is an address where no one listens.
func unused(t testing.TB) string {
	t.Helper()
	l, err := new(net.ListenConfig).Listen(t.Context(), "tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = l.Close() }()
	return l.Addr().String()
}

// A bucket or an account that is wrong is a fault of the platform, not a file that is missing.
func TestS3WrongBucketIsNotNotFound(t *testing.T) {
	b := newBucket(t)
	for name, change := range map[string]func(*store.S3Config){
		"bucket": func(c *store.S3Config) { c.Bucket = "another" },
		"secret": func(c *store.S3Config) { c.Secret = "wrong" },
	} {
		s, key := b.store(t, change), newKey(t)
		if _, err := s.Open(t.Context(), key); err == nil || errors.Is(err, store.ErrNotFound) {
			t.Errorf("%s: open: %v", name, err)
		}
		if err := s.Put(t.Context(), key, strings.NewReader("x"), 1, "text/plain"); err == nil {
			t.Errorf("%s: put", name)
		}
		if err := s.Delete(t.Context(), key); err == nil {
			t.Errorf("%s: deleted", name)
		}
	}
}

// A server that is out of breath is asked again, three times in all, and what it takes at last is whole.
func TestS3Retries(t *testing.T) {
	for _, fail := range []int32{0, 1, 2, 3} {
		t.Run(fmt.Sprint(fail), func(t *testing.T) {
			t.Parallel()
			b := newBucket(t)
			s, key, content := b.store(t, nil), newKey(t), noise(300_000)
			var left atomic.Int32
			b.before = func(w http.ResponseWriter, r *http.Request) bool {
				if left.Add(-1) < 0 {
					return false
				}
				_, _ = io.CopyN(io.Discard, r.Body, 1000) // it breaks off in the middle
				refuse(w, http.StatusInternalServerError, "InternalError")
				return true
			}
			calls := []struct {
				name string
				do   func() error
			}{
				{"put", func() error {
					return s.Put(t.Context(), key, bytes.NewReader(content), int64(len(content)), "image/jpeg")
				}},
				{"open", func() error {
					f, err := s.Open(t.Context(), key)
					if err != nil {
						return err
					}
					got, err := io.ReadAll(f)
					if !bytes.Equal(got, content) {
						t.Error("other bytes")
					}
					return errors.Join(err, f.Close())
				}},
				{"delete", func() error { return s.Delete(t.Context(), key) }},
				{"check", func() error { return s.Check(t.Context()) }},
			}
			for _, c := range calls {
				asked := len(b.asked())
				left.Store(fail)
				err := c.do()
				if (err == nil) != (fail < 3) || errors.Is(err, store.ErrNotFound) {
					t.Errorf("%s: %v", c.name, err)
				}
				if n := len(b.asked()) - asked; n != int(min(fail+1, 3)) {
					t.Errorf("%s: %d requests", c.name, n)
				}
			}
		})
	}
}

// A server that does not answer, or stops in the middle, holds no one up.
func TestS3SlowServer(t *testing.T) {
	t.Parallel()
	const patience = 2 * time.Second
	hung := make(chan struct{})
	b := newBucket(t)
	t.Cleanup(func() { close(hung) }) // before the server is closed, which waits for its requests
	s, key := b.store(t, func(c *store.S3Config) { c.Timeout = patience }), newKey(t)
	var half atomic.Bool
	b.before = func(w http.ResponseWriter, r *http.Request) bool {
		if half.Load() {
			announce(w, 1000)
			_, _ = w.Write(noise(500))
			_ = http.NewResponseController(w).Flush()
		}
		<-hung
		return true
	}
	bounded := func(name string, do func() error) {
		t.Helper()
		start := time.Now()
		err := do()
		if !errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("%s: %v", name, err)
		}
		if took := time.Since(start); took > 10*patience {
			t.Errorf("%s took %v", name, took)
		}
	}
	bounded("put", func() error { return s.Put(t.Context(), key, strings.NewReader("x"), 1, "text/plain") })
	bounded("delete", func() error { return s.Delete(t.Context(), key) })
	bounded("check", func() error { return s.Check(t.Context()) })
	bounded("open", func() error {
		_, err := s.Open(t.Context(), key)
		return err
	})
	half.Store(true)
	bounded("read", func() error {
		f, err := s.Open(t.Context(), key)
		if err != nil {
			t.Fatal(err)
		}
		got, err := io.ReadAll(f)
		if len(got) != 500 {
			t.Errorf("read %d bytes", len(got))
		}
		return errors.Join(err, f.Close())
	})
}

// A reader that takes its time is not a server that does.
func TestS3SlowReader(t *testing.T) {
	t.Parallel()
	const patience = 2 * time.Second
	b := newBucket(t)
	key, content := newKey(t), noise(4<<20)
	put(t, b.store(t, nil), key, content)
	s := b.store(t, func(c *store.S3Config) { c.Timeout = patience })
	f, err := s.Open(t.Context(), key)
	if err != nil {
		t.Fatal(err)
	}
	time.Sleep(patience + patience/2)
	got, err := io.ReadAll(f)
	if err := errors.Join(err, f.Close()); err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(got, content) {
		t.Error("other bytes")
	}
}

// A content that breaks off is an error, not a short file.
func TestS3BreaksOff(t *testing.T) {
	b := newBucket(t)
	s := b.store(t, nil)
	b.before = func(w http.ResponseWriter, _ *http.Request) bool {
		announce(w, 1000)
		_, _ = w.Write(noise(500))
		_ = http.NewResponseController(w).Flush()
		panic(http.ErrAbortHandler)
	}
	f, err := s.Open(t.Context(), newKey(t))
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = f.Close() }()
	if got, err := io.ReadAll(f); err == nil {
		t.Errorf("%d bytes and no error", len(got))
	}
}

func TestS3TLS(t *testing.T) {
	t.Parallel()
	b := newBucket(t)
	secure := httptest.NewUnstartedServer(b)
	secure.Config.ErrorLog = slog.NewLogLogger(slog.DiscardHandler, slog.LevelInfo)
	secure.StartTLS()
	t.Cleanup(secure.Close)
	roots := x509.NewCertPool()
	roots.AddCert(secure.Certificate())
	over := func(c *store.S3Config) {
		c.TLS, c.Endpoint = true, secure.Listener.Addr().String()
	}
	known := b.store(t, func(c *store.S3Config) { over(c); c.RootCAs = roots })
	if err := known.Check(t.Context()); err != nil {
		t.Error(err)
	}
	key, content := newKey(t), noise(10_000)
	put(t, known, key, content)
	if !bytes.Equal(read(t, known, key), content) {
		t.Error("other bytes")
	}
	var refused x509.UnknownAuthorityError
	if err := b.store(t, over).Check(t.Context()); !errors.As(err, &refused) {
		t.Errorf("an unknown authority: %v", err)
	}
}

func TestNewS3Refuses(t *testing.T) {
	b := newBucket(t)
	for name, change := range map[string]func(*store.S3Config){
		"no endpoint":              func(c *store.S3Config) { c.Endpoint = "" },
		"an address":               func(c *store.S3Config) { c.Endpoint = "http://" + c.Endpoint },
		"a path":                   func(c *store.S3Config) { c.Endpoint += "/bucket" },
		"a port that is none":      func(c *store.S3Config) { c.Endpoint = "localhost:http:80" },
		"credentials in it":        func(c *store.S3Config) { c.Endpoint = accessKey + ":" + secretKey + "@localhost" },
		"a bad host":               func(c *store.S3Config) { c.Endpoint = "a b.cn" },
		"no bucket":                func(c *store.S3Config) { c.Bucket = "" },
		"a bucket that is a path":  func(c *store.S3Config) { c.Bucket = "a/../b" },
		"a bucket in capitals":     func(c *store.S3Config) { c.Bucket = "Attachments" },
		"no access key":            func(c *store.S3Config) { c.AccessKey = "" },
		"no secret":                func(c *store.S3Config) { c.Secret = "" },
		"a timeout that is behind": func(c *store.S3Config) { c.Timeout = -1 },
	} {
		c := b.config()
		change(&c)
		s, err := store.NewS3(c)
		if err == nil {
			t.Errorf("%s: %v", name, s)
			continue
		}
		if hasSecret(err.Error()) {
			t.Errorf("%s: the message tells the secret: %v", name, err)
		}
	}
}

// hasSecret also finds the pieces that a parser may have cut a secret into.
func hasSecret(text string) bool {
	for piece := range strings.SplitSeq(secretKey, "/") {
		if strings.Contains(text, piece) {
			return true
		}
	}
	return false
}

// Whatever is printed of it, the secret is not in it, nor in the errors of a bucket that says no.
func TestS3TellsNoSecret(t *testing.T) {
	t.Parallel()
	b := newBucket(t)
	c := b.config()
	s := b.store(t, nil)
	var log strings.Builder
	for _, l := range []*slog.Logger{slog.New(slog.NewTextHandler(&log, nil)), slog.New(slog.NewJSONHandler(&log, nil))} {
		l.Info("config", "config", c, "pointer", &c, "secret", c.Secret, "store", s)
	}
	marshalled, err := json.Marshal(c)
	if err != nil {
		t.Fatal(err)
	}
	texts := []string{log.String(), string(marshalled)}
	for _, verb := range []string{"%v", "%+v", "%#v", "%s", "%q", "%x", "%X", "%d", "%t", "%T"} {
		for _, value := range []any{c, &c, c.Secret, s, []any{c}, map[string]store.Secret{"a": c.Secret}} {
			texts = append(texts, fmt.Sprintf(verb, value))
		}
	}
	b.before = func(w http.ResponseWriter, r *http.Request) bool {
		// It tells all it knows.
		w.Header().Set("Content-Type", "text/plain")
		w.WriteHeader(http.StatusForbidden)
		_, _ = fmt.Fprint(w, r.Header, r.URL)
		return true
	}
	_, errOpen := s.Open(t.Context(), newKey(t))
	for _, err := range []error{
		s.Check(t.Context()), s.Put(t.Context(), newKey(t), strings.NewReader("x"), 1, "text/plain"), errOpen, s.Delete(t.Context(), newKey(t)),
		b.store(t, func(c *store.S3Config) { c.Endpoint = unused(t); c.Timeout = time.Second }).Check(t.Context()),
	} {
		if err == nil {
			t.Error("it was allowed")
			continue
		}
		texts = append(texts, err.Error(), fmt.Sprintf("%+v %#v", err, err))
	}
	for _, text := range texts {
		if hasSecret(text) || strings.Contains(text, fmt.Sprintf("%x", secretKey)) || strings.Contains(text, fmt.Sprintf("%X", secretKey)) {
			t.Errorf("it tells the secret: %s", text)
		}
	}
	if c.Secret.String() != "(hidden)" || store.Secret("").String() != "" {
		t.Errorf("%v, %v", c.Secret, store.Secret(""))
	}
}
