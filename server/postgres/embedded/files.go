package embedded

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"time"
)

// ErrInUse is returned when another server uses the data directory.
var ErrInUse = errors.New("数据目录正被另一个进程使用")

// lock is the exclusive use of a data directory. The kernel ends it with the process that holds it.
type lock struct{ file *os.File }

// grace is how long a holder may take to vanish: a killed process keeps its locks until the kernel
// has cleared it away.
const grace = 500 * time.Millisecond

// acquire takes the lock or fails with ErrInUse, after a moment's grace.
func acquire(path string) (*lock, error) {
	for deadline := time.Now().Add(grace); ; {
		file, err := os.OpenFile(path, os.O_RDWR|os.O_CREATE, 0o600)
		if errors.Is(err, fs.ErrPermission) {
			return nil, fmt.Errorf("数据目录 %s 属于另一个账户，请以该账户或 root 启动: %w", filepath.Dir(path), err)
		}
		if err != nil {
			return nil, err
		}
		if err = take(file); err == nil {
			return hold(file)
		}
		if err := errors.Join(err, file.Close()); !errors.Is(err, ErrInUse) && !errors.Is(err, fs.ErrNotExist) {
			return nil, err
		}
		if errors.Is(err, ErrInUse) && time.Now().After(deadline) {
			return nil, err
		}
		time.Sleep(grace / 50)
	}
}

// take locks the open file: ErrInUse when another process has it, fs.ErrNotExist when Remove took
// the file away between opening and locking, so that the lock would be on nothing.
func take(file *os.File) error {
	err := flock(file, syscall.LOCK_EX|syscall.LOCK_NB)
	if errors.Is(err, syscall.EWOULDBLOCK) {
		holder, _ := io.ReadAll(io.LimitReader(file, 32)) // for the message alone
		return fmt.Errorf("%w: %s（进程 %s）", ErrInUse, filepath.Dir(file.Name()), strings.TrimSpace(string(holder)))
	}
	if err != nil {
		return fmt.Errorf("lock %s: %w", file.Name(), err)
	}
	locked, err := file.Stat()
	if err != nil {
		return err
	}
	present, err := os.Stat(file.Name())
	if err == nil && !os.SameFile(locked, present) {
		err = fs.ErrNotExist
	}
	return err
}

// hold writes who holds the lock, for the message of the next one who wants it.
func hold(file *os.File) (*lock, error) {
	err := file.Truncate(0)
	if err == nil {
		_, err = fmt.Fprintf(file, "%d\n", os.Getpid())
	}
	if err != nil {
		return nil, errors.Join(err, file.Close())
	}
	return &lock{file}, nil
}

func (l *lock) release() error { return l.file.Close() }

// flock is flock(2), repeated when a signal interrupts it.
func flock(file *os.File, how int) error {
	for {
		err := syscall.Flock(int(file.Fd()), how)
		if !errors.Is(err, syscall.EINTR) {
			return err
		}
	}
}

// writeFile replaces a file whole and safely: after a crash it has the old content or the new one.
// Only the caller may read it.
func writeFile(path, content string) error {
	file, err := os.CreateTemp(filepath.Dir(path), filepath.Base(path)+".new-*") // mode 600
	if err != nil {
		return err
	}
	_, err = file.WriteString(content)
	if err == nil {
		err = file.Sync()
	}
	err = errors.Join(err, file.Close())
	if err == nil {
		err = os.Rename(file.Name(), path)
	}
	if err != nil {
		return errors.Join(err, os.Remove(file.Name()))
	}
	return syncDir(filepath.Dir(path))
}

// syncDir makes renames in the directory lasting.
func syncDir(path string) error {
	dir, err := os.Open(path)
	if err != nil {
		return err
	}
	return errors.Join(dir.Sync(), dir.Close())
}
