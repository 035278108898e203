package embedded

import (
	"archive/zip"
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"
)

// TestDownload proves that the downloader stops after unpacking: testdata/release.txz has programs
// that only print a version or fail, packed as a release is.
func TestDownload(t *testing.T) {
	root := filepath.Join(dataDir(t), "binaries")
	t.Setenv("TMPDIR", t.TempDir()) // where the library leaves its log
	release, err := os.ReadFile("testdata/release.txz")
	if err != nil {
		t.Fatal(err)
	}
	var jar bytes.Buffer
	archive := zip.NewWriter(&jar)
	part, err := archive.Create("postgres.txz")
	if err == nil {
		_, err = part.Write(release)
	}
	if err = errors.Join(err, archive.Close()); err != nil {
		t.Fatal(err)
	}
	sum := sha256.Sum256(jar.Bytes())
	var requests atomic.Int32
	repository := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		requests.Add(1)
		content := jar.Bytes()
		if strings.HasSuffix(r.URL.Path, ".sha256") {
			content = []byte(hex.EncodeToString(sum[:]))
		}
		if _, err := w.Write(content); err != nil {
			t.Error(err)
		}
	}))
	defer repository.Close()

	who, err := accountFor(root)
	if err != nil {
		t.Fatal(err)
	}
	log := slog.New(slog.DiscardHandler)
	for range 2 {
		found, err := download(t.Context(), root, repository.URL, 0, who, log)
		if err != nil {
			t.Fatal(err)
		}
		if found.major != 17 || !strings.HasPrefix(found.dir, root) {
			t.Errorf("found %+v", found)
		}
	}
	if got := requests.Load(); got != 2 { // the archive and its checksum, once
		t.Errorf("%d requests, want 2", got)
	}
	entries, err := os.ReadDir(root)
	if err != nil || len(entries) != 1 {
		t.Errorf("%v left in the cache (%v), want the release alone", entries, err)
	}

	if _, err := download(t.Context(), root, repository.URL, 14, who, log); err == nil {
		t.Error("version 14 downloaded")
	}
}

func TestDownloadFails(t *testing.T) {
	root := filepath.Join(dataDir(t), "binaries")
	t.Setenv("TMPDIR", t.TempDir())
	repository := httptest.NewServer(http.NotFoundHandler())
	defer repository.Close()
	_, err := download(t.Context(), root, repository.URL, 0, account{uid: uint32(os.Geteuid())}, slog.New(slog.DiscardHandler))
	if err == nil || !strings.Contains(err.Error(), "no version found") {
		t.Errorf("error %v, want the downloader's", err)
	}
	if matches, err := filepath.Glob(filepath.Join(root, "*")); err != nil || len(matches) > 0 {
		t.Errorf("left over: %v, %v", matches, err)
	}
}
