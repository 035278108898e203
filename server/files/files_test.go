package files_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"image"
	"image/png"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/iotest"
	"time"

	"github.com/lianluo/lianluo/ent/fault"
	"github.com/lianluo/lianluo/ent/viewer"
	"github.com/lianluo/lianluo/ent/workflow"
	"github.com/lianluo/lianluo/server/files"
	"github.com/lianluo/lianluo/server/photo"
	"github.com/lianluo/lianluo/server/postgres"
	"github.com/lianluo/lianluo/server/postgres/pgtest"
	"github.com/lianluo/lianluo/server/store"
)

// shaky is a store that can fail on the way, before or after it has kept a file.
type shaky struct {
	*store.Dir
	before, after error
	deleted       int
}

func (s *shaky) Put(ctx context.Context, key string, r io.Reader, size int64, mediaType string) error {
	if s.before != nil {
		return s.before
	}
	return errors.Join(s.Dir.Put(ctx, key, r, size, mediaType), s.after)
}

func (s *shaky) Delete(ctx context.Context, key string) error {
	s.deleted++
	return s.Dir.Delete(ctx, key)
}

// house is what Files works with.
type house struct {
	*testing.T
	files  *files.Files
	store  *shaky
	folder string
	count  func() int // uploads that are noted
	failed error      // what was answered last by Fail
	end    func()     // ends the database
}

func newHouse(t *testing.T) *house {
	t.Helper()
	h := &house{T: t, folder: t.TempDir()}
	t.Setenv("TMPDIR", t.TempDir())
	db := pgtest.New(t)
	pool, err := postgres.Open(db.AppURL, postgres.Options{MaxOpen: 4})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = pool.Close() })
	h.end = func() { _ = pool.Close() }
	dir, err := store.OpenDir(h.folder)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = dir.Close() })
	h.store = &shaky{Dir: dir}
	owner := db.Owner(t)
	h.count = func() (n int) {
		t.Helper()
		if err := owner.QueryRowContext(context.Background(), `SELECT count(*) FROM upload`).Scan(&n); err != nil {
			t.Fatal(err)
		}
		return n
	}
	h.files = files.New(files.Options{
		Store: h.store, Cleaner: photo.NewCleaner(photo.Limits{}), Links: nil,
		Counter: workflow.NewCounter(workflow.NewDesk(postgres.Client(pool), workflow.Options{}), workflow.CounterOptions{}),
		Fail: func(w http.ResponseWriter, _ *http.Request, err error) {
			h.failed = err
			w.WriteHeader(http.StatusTeapot)
		},
	})
	return h
}

// kept lists what the store keeps, and what is left of uploads on the disk.
func (h *house) kept() (stored, spooled int) {
	h.Helper()
	err := filepath.WalkDir(h.folder, func(_ string, d os.DirEntry, err error) error {
		if err == nil && d.Type().IsRegular() {
			stored++
		}
		return err
	})
	if err != nil {
		h.Fatal(err)
	}
	left, err := filepath.Glob(filepath.Join(os.TempDir(), "lianluo-upload-*"))
	if err != nil {
		h.Fatal(err)
	}
	return stored, len(left)
}

// holds tells how many files must be stored and noted.
func (h *house) holds(want int) {
	h.Helper()
	if stored, spooled := h.kept(); stored != want || spooled != 0 || h.count() != want {
		h.Errorf("%d files are stored, %d noted, %d left on the disk, want %d", stored, h.count(), spooled, want)
	}
}

func picture(side int) []byte {
	var b bytes.Buffer
	_ = png.Encode(&b, image.NewGray(image.Rect(0, 0, side, side))) // in memory
	return b.Bytes()
}

func TestKeep(t *testing.T) {
	h := newHouse(t)
	one, err := h.files.Keep(t.Context(), bytes.NewReader(picture(8)), files.Upload{})
	if err != nil || one.MediaType != photo.JPEG || *one.Width != 8 || *one.Height != 8 || one.Size == 0 {
		t.Fatalf("%+v %v", one, err)
	}
	again, err := h.files.Keep(t.Context(), bytes.NewReader(picture(8)), files.Upload{})
	if err != nil || again.Upload == one.Upload {
		t.Errorf("the same picture by itself: %+v %v", again, err)
	}
	h.holds(2)

	// Of one form the same picture is the same upload, kept once; of another form, or another picture, it is not.
	secrets := map[string]bool{one.Upload: true, again.Upload: true}
	for i, x := range []struct {
		form  string
		side  int
		fresh bool
	}{{"a", 8, true}, {"a", 8, false}, {"a", 9, true}, {"b", 8, true}, {"a", 8, false}} {
		kept, err := h.files.Keep(t.Context(), bytes.NewReader(picture(x.side)), files.Upload{Form: x.form})
		if err != nil || secrets[kept.Upload] == x.fresh {
			t.Errorf("%d: %+v %v", i, kept, err)
		}
		secrets[kept.Upload] = true
		h.holds(len(secrets))
	}
}

// TestKeepFails: what fails on the way leaves nothing, wherever it fails.
func TestKeepFails(t *testing.T) {
	h := newHouse(t)
	broken := errors.New("broken")
	for what, x := range map[string]struct {
		before, after error
	}{"nothing is kept": {broken, nil}, "kept, but not told": {nil, broken}} {
		h.store.before, h.store.after = x.before, x.after
		if kept, err := h.files.Keep(t.Context(), bytes.NewReader(picture(8)), files.Upload{}); !errors.Is(err, broken) || kept != nil {
			t.Errorf("%s: %+v %v", what, kept, err)
		}
		h.holds(0)
	}
	h.store.before, h.store.after, h.store.deleted = nil, nil, 0

	for what, x := range map[string]struct {
		body      io.Reader
		documents bool
		code      string
	}{
		"cut off":             {io.MultiReader(bytes.NewReader(picture(8)[:20]), iotest.ErrReader(io.ErrUnexpectedEOF)), false, "CUT_OFF"},
		"too slow":            {iotest.TimeoutReader(iotest.OneByteReader(bytes.NewReader(picture(8)))), false, "CUT_OFF"},
		"nothing":             {strings.NewReader(""), true, "MEDIA_TYPE"},
		"less than a type":    {strings.NewReader("%PD"), true, "MEDIA_TYPE"},
		"a text":              {strings.NewReader("您好"), true, "MEDIA_TYPE"},
		"no document":         {strings.NewReader("%PDF-1.7 startxref\n9\n%%EOF"), false, "MEDIA_TYPE"},
		"half a document":     {strings.NewReader("%PDF-1.7 startxref"), true, "DAMAGED"},
		"half a picture":      {bytes.NewReader(picture(100)[:60]), false, "DAMAGED"},
		"endless":             {endless{}, false, "TOO_LARGE"},
		"endless, for staff":  {endless{}, true, "TOO_LARGE"},
		"beyond another size": {http.MaxBytesReader(nil, io.NopCloser(endless{}), 100), false, "TOO_LARGE"},
	} {
		kept, err := h.files.Keep(t.Context(), x.body, files.Upload{Documents: x.documents})
		f := (*fault.Fault)(nil)
		if !errors.As(err, &f) || !errors.Is(f, fault.ErrInvalid) || f.Fields[0].Code != x.code || kept != nil {
			t.Errorf("%s: %+v %v", what, kept, err)
		}
	}
	h.holds(0)

	gone, cancel := context.WithCancel(t.Context())
	cancel()
	if kept, err := h.files.Keep(gone, bytes.NewReader(picture(8)), files.Upload{}); !errors.Is(err, context.Canceled) || kept != nil {
		t.Errorf("a client that is gone: %+v %v", kept, err)
	}
	h.holds(0)
	h.end()
	if kept, err := h.files.Keep(t.Context(), bytes.NewReader(picture(8)), files.Upload{}); err == nil || kept != nil || h.store.deleted == 0 {
		t.Errorf("without the database: %+v %v", kept, err)
	}
	h.holds(0)
}

type endless struct{}

func (endless) Read(p []byte) (int, error) { return copy(p, strings.Repeat("x", len(p))), nil }

// TestKeepWaitsForNoSlowSender: those who send slowly keep no one from sending.
func TestKeepWaitsForNoSlowSender(t *testing.T) {
	h := newHouse(t)
	const slow = 20
	var ends []*io.PipeWriter
	done := make(chan error, slow)
	for range slow {
		r, w := io.Pipe()
		ends = append(ends, w)
		go func() {
			_, err := h.files.Keep(t.Context(), r, files.Upload{})
			done <- err
		}()
		if _, err := w.Write(picture(8)[:10]); err != nil {
			t.Fatal(err)
		}
	}
	quick, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	if _, err := h.files.Keep(quick, bytes.NewReader(picture(8)), files.Upload{}); err != nil {
		t.Error(err)
	}
	for _, w := range ends {
		_, _ = w.Write(picture(8)[10:])
		_ = w.Close()
	}
	for range slow {
		if err := <-done; err != nil {
			t.Error(err)
		}
	}
	h.holds(slow + 1)
}

// TestServeUpload: who has signed in may send documents, and is answered the secret.
func TestServeUpload(t *testing.T) {
	h := newHouse(t)
	serve := func(v *viewer.Viewer, body string) *httptest.ResponseRecorder {
		h.failed = nil
		ctx := t.Context()
		if v != nil {
			ctx = viewer.NewContext(ctx, v)
		}
		w := httptest.NewRecorder()
		h.files.ServeUpload(w, httptest.NewRequest(http.MethodPost, "/uploads?code=guess", strings.NewReader(body)).WithContext(ctx))
		return w
	}
	const document = "%PDF-1.7\nstartxref\n9\n%%EOF"
	w := serve(viewer.SystemJob("test"), document)
	var kept files.Kept
	if err := json.Unmarshal(w.Body.Bytes(), &kept); err != nil || w.Code != http.StatusCreated || kept.MediaType != photo.PDF || kept.Size != len(document) || kept.Width != nil {
		t.Errorf("%d %s %v", w.Code, w.Body, h.failed)
	}
	if serve(nil, document); !errors.Is(h.failed, fault.ErrNotFound) {
		t.Errorf("a stranger with a guessed code: %v", h.failed)
	}
	if serve(viewer.SystemJob("test"), "您好"); !errors.Is(h.failed, fault.ErrInvalid) || !strings.Contains(fmt.Sprint(h.failed), "MEDIA_TYPE") {
		t.Errorf("a text: %v", h.failed)
	}
	h.holds(1)
}
