package embedded

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"time"
)

// process is a live process of a cluster.
type process struct {
	pid int
	// postmaster says that it is the server itself and not one of its children.
	postmaster bool
}

// patience is how long processes left over from an earlier run get before the next, harder signal.
type patience struct{ shutdown, quit, kill time.Duration }

var defaultPatience = patience{shutdown: 30 * time.Second, quit: 10 * time.Second, kill: 5 * time.Second}

// settle ends what an earlier run left behind and returns when nothing of the cluster lives any
// more. Called with the lock held: whoever still serves has lost its parent. A server whose parent
// died is shutting down already; asking it again does no harm.
func settle(ctx context.Context, pgdata string, wait patience, log *slog.Logger) error {
	steps := []struct {
		signal syscall.Signal
		all    bool
		wait   time.Duration
	}{
		{syscall.SIGINT, false, wait.shutdown}, // fast shutdown
		{syscall.SIGQUIT, true, wait.quit},     // immediate shutdown; the next start replays the log
		{syscall.SIGKILL, true, wait.kill},
	}
	for _, step := range steps {
		left, err := processesOf(pgdata)
		if err != nil {
			return err
		}
		if len(left) == 0 {
			return nil
		}
		log.Info("waiting for the PostgreSQL of an earlier run to end", "pid", left[0].pid, "signal", step.signal)
		if err := signalAll(pgdata, left, step.signal, step.all); err != nil {
			return err
		}
		gone, err := waitGone(ctx, pgdata, step.wait)
		if err != nil || gone {
			return err
		}
	}
	left, err := processesOf(pgdata)
	if err != nil || len(left) == 0 {
		return err
	}
	return fmt.Errorf("上次运行留下的 PostgreSQL 进程 %d 无法结束", left[0].pid)
}

// signalAll signals the processes, each only after a second look: a handle is taken first, so the
// number cannot have passed to a stranger in between.
func signalAll(pgdata string, targets []process, signal syscall.Signal, all bool) error {
	for _, target := range targets {
		if !all && !target.postmaster {
			continue
		}
		handle, err := os.FindProcess(target.pid)
		if err != nil {
			return err
		}
		left, err := processesOf(pgdata)
		if err != nil {
			return err
		}
		for _, still := range left {
			if still.pid != target.pid {
				continue
			}
			if err := handle.Signal(signal); err != nil && !errors.Is(err, os.ErrProcessDone) {
				return fmt.Errorf("signal process %d: %w", target.pid, err)
			}
		}
		if err := handle.Release(); err != nil {
			return err
		}
	}
	return nil
}

// waitGone waits until no process of the cluster lives; false when the time is over.
func waitGone(ctx context.Context, pgdata string, limit time.Duration) (bool, error) {
	timeout := time.NewTimer(limit)
	defer timeout.Stop()
	tick := time.NewTicker(20 * time.Millisecond)
	defer tick.Stop()
	for {
		left, err := processesOf(pgdata)
		if err != nil || len(left) == 0 {
			return err == nil, err
		}
		select {
		case <-ctx.Done():
			return false, ctx.Err()
		case <-timeout.C:
			return false, nil
		case <-tick.C:
		}
	}
}

// removeStale takes away the lock files that would keep the server from starting. PostgreSQL
// removes its own when their process is gone; it cannot when the number now belongs to a stranger
// or to a zombie. Called after settle has proved that no process of the cluster lives.
func removeStale(pgdata, socketDir string) error {
	file, err := readPIDFile(pgdata)
	switch {
	case errors.Is(err, fs.ErrNotExist):
	case err != nil: // torn by a crash while it was written
		err = os.Remove(filepath.Join(pgdata, "postmaster.pid"))
	case answers(file.pid):
		err = os.Remove(filepath.Join(pgdata, "postmaster.pid"))
	}
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	entries, err := os.ReadDir(socketDir)
	if err != nil {
		return err
	}
	for _, entry := range entries {
		if !strings.HasPrefix(entry.Name(), ".s.PGSQL.") {
			continue
		}
		if err := os.Remove(filepath.Join(socketDir, entry.Name())); err != nil {
			return err
		}
	}
	return nil
}

// answers reports whether a signal could be sent to the number, as PostgreSQL asks it.
func answers(pid int) bool {
	return pid > 0 && !errors.Is(syscall.Kill(pid, 0), syscall.ESRCH)
}
