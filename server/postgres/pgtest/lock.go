package pgtest

import (
	"errors"
	"fmt"
	"os"
	"syscall"
)

// How a lock is taken. The first two wait, the last fails with errTaken.
const (
	sharing   = syscall.LOCK_SH
	exclusive = syscall.LOCK_EX
	trying    = syscall.LOCK_EX | syscall.LOCK_NB
)

var (
	// errTaken says that another process has the lock.
	errTaken = errors.New("the lock is taken")
	// errGone says that the file was removed before the lock was had, or with its directory.
	errGone = errors.New("the locked file is gone")
)

// lock opens the file, making it if need be, and locks it until it is closed or the process ends.
func lock(path string, how int) (*os.File, error) {
	file, err := os.OpenFile(path, os.O_CREATE|os.O_RDWR, 0o600) //nolint:gosec // within our own directory
	if errors.Is(err, os.ErrNotExist) {
		return nil, fmt.Errorf("%w: %s", errGone, path)
	}
	if err != nil {
		return nil, err
	}
	if err := take(file, how); err != nil {
		return nil, errors.Join(err, file.Close())
	}
	return file, nil
}

// take locks an open file and then looks whether it is still the one that others would open.
func take(file *os.File, how int) error {
	err := flock(file, how)
	if errors.Is(err, syscall.EWOULDBLOCK) {
		return errTaken
	}
	if err != nil {
		return fmt.Errorf("lock %s: %w", file.Name(), err)
	}
	return present(file)
}

// give lets go of the lock and keeps the file open.
func give(file *os.File) error { return flock(file, syscall.LOCK_UN) }

// flock is flock(2), repeated when a signal interrupts it.
func flock(file *os.File, how int) error {
	for {
		err := syscall.Flock(int(file.Fd()), how)
		if !errors.Is(err, syscall.EINTR) {
			return err
		}
	}
}

// present checks that an open file still has its name.
func present(file *os.File) error {
	held, err := file.Stat()
	if err != nil {
		return err
	}
	named, err := os.Stat(file.Name()) //nolint:gosec // only looks
	if errors.Is(err, os.ErrNotExist) || (err == nil && !os.SameFile(held, named)) {
		return fmt.Errorf("%w: %s", errGone, file.Name())
	}
	return err
}
