package store

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path"
	"runtime"
	"syscall"
	"time"
)

// unfinished is the folder of files that are being written. No key lies in it.
const unfinished = "tmp"

// stale is the age from which an unfinished file belongs to no one: no call writes for so long, in this
// process or in another one that shares the folder.
const stale = time.Hour

// Dir keeps files in a folder of this machine. Only the server's user can read them. It never reaches out of
// the folder, not even by a symbolic link in it.
type Dir struct{ root *os.Root }

// OpenDir opens the folder, makes it if it is missing, and removes what crashes left unfinished in it. Close
// the Dir in the end.
func OpenDir(folder string) (*Dir, error) {
	if err := os.MkdirAll(folder, 0o700); err != nil {
		return nil, fmt.Errorf("store: make the folder: %w", err)
	}
	root, err := os.OpenRoot(folder)
	if err != nil {
		return nil, fmt.Errorf("store: open the folder: %w", err)
	}
	d := &Dir{root}
	if err := d.sweep(time.Now().Add(-stale)); err != nil {
		return nil, fmt.Errorf("store: clear %s: %w", unfinished, errors.Join(err, root.Close()))
	}
	return d, nil
}

// Close gives the folder back. Files that are open stay so.
func (d *Dir) Close() error { return d.root.Close() }

// Put writes the file beside, flushes it to the disk and renames it, so that no one ever opens half of it.
func (d *Dir) Put(ctx context.Context, key string, r io.Reader, size int64, _ string) error {
	if err := checkPut(ctx, key, size); err != nil {
		return err
	}
	beside := path.Join(unfinished, rand.Text())
	err := d.write(beside, reading{ctx, r}, size)
	if err == nil {
		err = d.publish(beside, key)
	}
	if err != nil {
		_ = d.root.Remove(beside) // it may not be there; the next OpenDir tries again
		return fmt.Errorf("store: put: %w", err)
	}
	return nil
}

// write makes a file of exactly size bytes that a loss of power does not lose.
func (d *Dir) write(name string, r io.Reader, size int64) (err error) {
	f, err := d.root.OpenFile(name, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, f.Close()) }()
	switch n, err := io.Copy(f, io.LimitReader(r, size+1)); {
	case err != nil:
		return err
	case n != size:
		return ErrSize
	}
	return f.Sync()
}

// publish gives a finished file its name, and flushes the folders that lead to it.
func (d *Dir) publish(name, key string) error {
	above := folders(key)
	for _, folder := range above {
		if err := d.root.Mkdir(folder, 0o700); err != nil && !errors.Is(err, fs.ErrExist) {
			return err
		}
	}
	if err := d.root.Rename(name, key); err != nil {
		return err
	}
	for _, folder := range []string{above[1], above[0], "."} {
		if err := d.flush(folder); err != nil {
			return err
		}
	}
	return nil
}

// Open gives the file, which can be sought in. Only a plain file is one: what else lies under a key was not
// put there by a Dir, and is an error.
func (d *Dir) Open(ctx context.Context, key string) (io.ReadCloser, error) {
	if err := checkKey(key); err != nil {
		return nil, err
	}
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	// Looked at before it is opened, since to open a pipe may take forever.
	info, err := d.root.Lstat(key)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return nil, ErrNotFound
	case err != nil:
		return nil, fmt.Errorf("store: open: %w", err)
	case !info.Mode().IsRegular():
		return nil, fmt.Errorf("store: open: %s is not a plain file", key)
	}
	f, err := d.root.Open(key)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return nil, ErrNotFound
	case err != nil:
		return nil, fmt.Errorf("store: open: %w", err)
	}
	return f, nil
}

// Delete removes the file and flushes its folder, so that it does not come back. Empty folders stay.
func (d *Dir) Delete(ctx context.Context, key string) error {
	if err := checkKey(key); err != nil {
		return err
	}
	if err := ctx.Err(); err != nil {
		return err
	}
	err := d.root.Remove(key)
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err == nil {
		err = d.flush(path.Dir(key))
	}
	if err != nil {
		return fmt.Errorf("store: delete: %w", err)
	}
	return nil
}

// sweep removes unfinished files that were last written before a time.
func (d *Dir) sweep(before time.Time) error {
	if err := d.root.MkdirAll(unfinished, 0o700); err != nil {
		return err
	}
	entries, err := fs.ReadDir(d.root.FS(), unfinished)
	if err != nil {
		return err
	}
	for _, e := range entries {
		info, err := e.Info()
		if errors.Is(err, fs.ErrNotExist) {
			continue // another server took it
		}
		if err != nil {
			return err
		}
		if !info.ModTime().Before(before) {
			continue
		}
		if err := d.root.Remove(path.Join(unfinished, e.Name())); err != nil && !errors.Is(err, fs.ErrNotExist) {
			return err
		}
	}
	return nil
}

// flush brings the entries of a folder to the disk, where the system and its file system can do that.
func (d *Dir) flush(folder string) error {
	if runtime.GOOS == "windows" {
		return nil
	}
	f, err := d.root.Open(folder)
	if err != nil {
		return err
	}
	err = f.Sync()
	if errors.Is(err, syscall.EINVAL) {
		err = nil
	}
	return errors.Join(err, f.Close())
}
