package store_test

import (
	"errors"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
	"testing/iotest"
	"time"

	"github.com/lianluo/lianluo/server/store"
)

func openDir(t testing.TB, folder string) *store.Dir {
	t.Helper()
	d, err := store.OpenDir(folder)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := d.Close(); err != nil {
			t.Error(err)
		}
	})
	return d
}

// files lists what lies in a folder, folders left out, with slashes.
func files(t testing.TB, folder string) []string {
	t.Helper()
	var names []string
	err := filepath.WalkDir(folder, func(name string, e fs.DirEntry, err error) error {
		if err == nil && !e.IsDir() {
			rel, _ := filepath.Rel(folder, name)
			names = append(names, filepath.ToSlash(rel))
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return names
}

func TestDirIsPrivate(t *testing.T) {
	if runtime.GOOS == "windows" {
		t.Skip("there are no such modes")
	}
	folder := filepath.Join(t.TempDir(), "a", "b")
	d := openDir(t, folder)
	put(t, d, newKey(t), []byte("mine"))
	err := filepath.WalkDir(folder, func(name string, e fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		info, err := e.Info()
		want := fs.FileMode(0o600)
		if e.IsDir() {
			want = 0o700
		}
		if err == nil && info.Mode().Perm() != want {
			t.Errorf("%s is %v", name, info.Mode())
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
}

func TestDirLeavesNothingBehind(t *testing.T) {
	folder := t.TempDir()
	d := openDir(t, folder)
	key := newKey(t)
	put(t, d, key, noise(100))
	_ = d.Put(t.Context(), newKey(t), strings.NewReader("short"), 100, "text/plain")
	_ = d.Put(t.Context(), newKey(t), iotest.ErrReader(errors.New("broken")), 100, "text/plain")
	if got := files(t, folder); len(got) != 1 || got[0] != key {
		t.Errorf("there is %q", got)
	}
}

// What a crash left is never shown, and goes when the folder is opened again an hour later; what another server
// is writing at the moment stays.
func TestDirSweepsWhatCrashesLeft(t *testing.T) {
	folder := t.TempDir()
	key := newKey(t)
	put(t, openDir(t, folder), key, []byte("whole"))
	leave := func(name string, age time.Duration) {
		t.Helper()
		name = filepath.Join(folder, "tmp", name)
		if err := os.WriteFile(name, []byte("half"), 0o600); err != nil {
			t.Fatal(err)
		}
		then := time.Now().Add(-age)
		if err := os.Chtimes(name, then, then); err != nil {
			t.Fatal(err)
		}
	}
	leave("OLD", 61*time.Minute)
	leave("NEW", 59*time.Minute)
	d := openDir(t, folder)
	got := strings.Join(files(t, folder), " ")
	if got != key+" tmp/NEW" {
		t.Errorf("there is %s", got)
	}
	if b := read(t, d, key); string(b) != "whole" {
		t.Errorf("the file is %q", b)
	}
}

// A folder in which someone planted links and other things lets no one out.
func TestDirDoesNotFollow(t *testing.T) {
	if runtime.GOOS == "windows" {
		t.Skip("symbolic links need a privilege")
	}
	outside := t.TempDir()
	secret := filepath.Join(outside, "secret")
	if err := os.WriteFile(secret, []byte("not yours"), 0o600); err != nil {
		t.Fatal(err)
	}
	plant := func(t *testing.T, link, target string) {
		t.Helper()
		if err := os.MkdirAll(filepath.Dir(link), 0o700); err != nil {
			t.Fatal(err)
		}
		if err := os.Symlink(target, link); err != nil {
			t.Fatal(err)
		}
	}
	unharmed := func(t *testing.T) {
		t.Helper()
		if b, err := os.ReadFile(secret); err != nil || string(b) != "not yours" {
			t.Errorf("outside: %q, %v", b, err)
		}
		if got := files(t, outside); len(got) != 1 {
			t.Errorf("outside there is %q", got)
		}
	}

	t.Run("a file that is a link", func(t *testing.T) {
		folder, key := t.TempDir(), newKey(t)
		d := openDir(t, folder)
		plant(t, filepath.Join(folder, key), secret)
		if f, err := d.Open(t.Context(), key); err == nil || errors.Is(err, store.ErrNotFound) {
			t.Errorf("opened: %v, %v", f, err)
		}
		put(t, d, key, []byte("ours")) // replaces the link, not what it points to
		if b := read(t, d, key); string(b) != "ours" {
			t.Errorf("it is %q", b)
		}
		unharmed(t)
	})
	t.Run("deleting a link", func(t *testing.T) {
		folder, key := t.TempDir(), newKey(t)
		d := openDir(t, folder)
		plant(t, filepath.Join(folder, key), secret)
		if err := d.Delete(t.Context(), key); err != nil {
			t.Error(err)
		}
		missing(t, d, key)
		unharmed(t)
	})
	t.Run("a folder that is a link", func(t *testing.T) {
		for _, depth := range []int{2, 5} {
			folder, key := t.TempDir(), newKey(t)
			d := openDir(t, folder)
			plant(t, filepath.Join(folder, key[:depth]), outside)
			if err := d.Put(t.Context(), key, strings.NewReader("x"), 1, "text/plain"); err == nil {
				t.Errorf("%s: put", key[:depth])
			}
			if _, err := d.Open(t.Context(), key); err == nil {
				t.Errorf("%s: opened", key[:depth])
			}
			unharmed(t)
		}
	})
	t.Run("the folder of unfinished files is a link", func(t *testing.T) {
		folder := t.TempDir()
		old := time.Now().Add(-24 * time.Hour)
		if err := os.Chtimes(secret, old, old); err != nil {
			t.Fatal(err)
		}
		plant(t, filepath.Join(folder, "tmp"), outside)
		if d, err := store.OpenDir(folder); err == nil {
			t.Errorf("opened, %v", d.Close())
		}
		unharmed(t)
	})
	t.Run("a file that is a folder", func(t *testing.T) {
		folder, key := t.TempDir(), newKey(t)
		d := openDir(t, folder)
		if err := os.MkdirAll(filepath.Join(folder, key, "full"), 0o700); err != nil {
			t.Fatal(err)
		}
		if err := d.Put(t.Context(), key, strings.NewReader("x"), 1, "text/plain"); err == nil {
			t.Error("put")
		}
		if _, err := d.Open(t.Context(), key); err == nil || errors.Is(err, store.ErrNotFound) {
			t.Errorf("opened: %v", err)
		}
		if err := d.Delete(t.Context(), key); err == nil {
			t.Error("deleted")
		}
	})
}

func TestDirSeeks(t *testing.T) {
	d, key := openDir(t, t.TempDir()), newKey(t)
	put(t, d, key, []byte("0123456789"))
	f, err := d.Open(t.Context(), key)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = f.Close() }()
	s, ok := f.(io.ReadSeeker)
	if !ok {
		t.Fatalf("%T", f)
	}
	if _, err := s.Seek(7, io.SeekStart); err != nil {
		t.Fatal(err)
	}
	if b, err := io.ReadAll(s); err != nil || string(b) != "789" {
		t.Errorf("%q, %v", b, err)
	}
}

func TestOpenDirRefuses(t *testing.T) {
	file := filepath.Join(t.TempDir(), "file")
	if err := os.WriteFile(file, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	for _, folder := range []string{file, filepath.Join(file, "below")} {
		if d, err := store.OpenDir(folder); err == nil {
			t.Errorf("%s opened, %v", folder, d.Close())
		}
	}
}
