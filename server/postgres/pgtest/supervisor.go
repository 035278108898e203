package pgtest

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"os"
	"os/signal"
	"path/filepath"
	"syscall"
	"time"

	"github.com/lianluo/lianluo/server/postgres/embedded"
)

// The environment that makes a test binary the supervisor of a server.
const (
	dirVariable    = "LIANLUO_PGTEST_DIR"
	lingerVariable = "LIANLUO_PGTEST_LINGER"
)

// A supervisor is the test binary of whichever package came first, and it must never get as far as
// that package's tests: hence init, in spite of all that speaks against it.
//
//nolint:gochecknoinits,forbidigo // see above; this is the main of a process
func init() {
	dir := os.Getenv(dirVariable)
	if dir == "" {
		return
	}
	log := slog.New(slog.NewTextHandler(os.Stderr, nil)).With("pid", os.Getpid())
	linger, err := time.ParseDuration(os.Getenv(lingerVariable))
	if err == nil {
		err = supervise(cluster{dir: filepath.Clean(dir), linger: linger}, log)
	}
	if err != nil {
		log.Error("the supervisor failed", "error", err)
		os.Exit(1)
	}
	os.Exit(0)
}

// supervise starts the server, tells the process that asked for it, and ends the server when no
// process has used it for a while.
func supervise(c cluster, log *slog.Logger) error {
	ctx, stop := signal.NotifyContext(context.Background(), syscall.SIGTERM, syscall.SIGINT, syscall.SIGHUP)
	defer stop()
	const fd = 3 // the first of cmd.ExtraFiles
	answer := os.NewFile(fd, "answer")
	syscall.CloseOnExec(fd) // or the server would hold the pipe open, and its reader up
	server, err := c.serve(ctx, log)
	switch {
	case err == nil:
		_, err = answer.WriteString(answerReady)
	case errors.Is(err, embedded.ErrInUse):
		_, err = answer.WriteString(answerBusy)
	default:
		_, told := answer.WriteString(err.Error())
		err = errors.Join(err, told)
	}
	err = errors.Join(err, answer.Close())
	if server == nil {
		return err
	}
	// That nobody listens any more is no reason to end: others may have joined.
	if err != nil {
		log.Warn("could not answer", "error", err)
	}
	if err := sweep(c.dir); err != nil {
		log.Warn("could not sweep", "error", err)
	}

	users, err := os.OpenFile(c.file("users.lock"), os.O_RDWR, 0)
	if err != nil {
		return errors.Join(err, server.Stop(context.Background()))
	}
	abandoned, err := c.watch(ctx, server, users)
	err = errors.Join(err, server.Stop(context.Background()))
	if abandoned {
		err = errors.Join(err, c.discard())
	}
	return errors.Join(err, users.Close())
}

// serve starts a new server. What a killed supervisor left is thrown away: without fsync there is
// no telling what it is worth, and a new server costs a second.
func (c cluster) serve(ctx context.Context, log *slog.Logger) (*embedded.Server, error) {
	if err := embedded.Remove(ctx, c.data()); err != nil {
		return nil, err
	}
	// The socket's directory is open to this user alone, so a password would only cost time; and
	// tests that set the application's password do not lock each other out.
	access := c.file("access.conf")
	if err := os.WriteFile(access, []byte("local all all trust\n"), 0o644); err != nil { //nolint:gosec // the server's account reads it
		return nil, err
	}
	return embedded.Start(ctx, embedded.Config{
		DataDir:    c.data(),
		Disposable: true,
		Log:        log,
		Settings: map[string]string{
			"hba_file":        access,
			"max_connections": "300",
			// Cloning and dropping write all buffers out first: the fewer, the faster.
			"shared_buffers": "32MB",
			// Nothing is replicated or archived, and the log is kept short: it lies in memory.
			"wal_level": "minimal", "max_wal_senders": "0",
			"min_wal_size": "32MB", "max_wal_size": "256MB", "checkpoint_timeout": "1h",
			// The template is analysed once; statistics that come and go would make plans, and with
			// them tests, differ from run to run.
			"autovacuum": "off",
		},
	})
}

// watch returns true, with the members' lock held alone, when there has been no member for a while;
// false when the server has died or the supervisor was told to end.
func (c cluster) watch(ctx context.Context, server *embedded.Server, users *os.File) (bool, error) {
	tick := time.NewTicker(max(time.Millisecond, c.linger/40))
	defer tick.Stop()
	last := time.Now()
	for {
		select {
		case err := <-server.Exited():
			return false, err
		case <-ctx.Done():
			return false, nil
		case <-tick.C:
		}
		err := take(users, trying)
		switch {
		case errors.Is(err, errTaken):
			last = time.Now()
		case err != nil:
			return false, err // the directory was taken away: nobody can join any more
		case time.Since(last) >= c.linger:
			return true, nil
		default:
			if err := give(users); err != nil {
				return false, err
			}
		}
	}
}

// discard removes the directory of a server that has ended. Called with the members' lock held
// alone; who waits for that lock finds the file gone, since a rename takes all names at once.
func (c cluster) discard() error {
	gone := cluster{dir: fmt.Sprintf("%s.gone-%d", c.dir, os.Getpid())}
	if err := os.Rename(c.dir, gone.dir); err != nil {
		return err
	}
	return errors.Join(embedded.Remove(context.Background(), gone.data()), os.RemoveAll(gone.dir))
}

// sweep removes what killed supervisors of other servers left. A server that runs is let be, with
// or without members.
func sweep(own string) error {
	pattern := filepath.Join(filepath.Dir(own), fmt.Sprintf("%s%d-*", prefix, os.Getuid()))
	dirs, err := filepath.Glob(pattern)
	if err != nil {
		return err
	}
	var failed []error
	for _, dir := range dirs {
		if dir != own {
			failed = append(failed, cluster{dir: dir}.sweep())
		}
	}
	return errors.Join(failed...)
}

func (c cluster) sweep() error {
	alone, err := lock(c.file("users.lock"), trying)
	if errors.Is(err, errTaken) || errors.Is(err, errGone) || errors.Is(err, fs.ErrPermission) {
		return nil
	}
	if err != nil {
		return err
	}
	err = embedded.Remove(context.Background(), c.data())
	if errors.Is(err, embedded.ErrInUse) {
		return alone.Close()
	}
	if err == nil {
		err = c.discard()
	}
	return errors.Join(err, alone.Close())
}
