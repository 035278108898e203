package pgtest

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"time"

	"github.com/lianluo/lianluo/server/postgres/embedded"
)

// prefix begins the names of the directories of all test servers.
const prefix = "lianluo-pgtest-"

// linger is how long the server waits for the next test process after the last one.
const linger = 10 * time.Second

// startTimeout bounds the start of the server, and the making of the template.
const startTimeout = 5 * time.Minute

// cluster is a test server that processes can join, running or not.
type cluster struct {
	// dir holds the locks and the server's data.
	dir string
	// linger is how long it stays without a member.
	linger time.Duration
	steps  []step
}

// shared is the server that all tests of this user with these steps share.
func shared() (cluster, error) {
	key, err := fingerprint(steps())
	if err != nil {
		return cluster{}, err
	}
	dir := filepath.Join(roomy(), fmt.Sprintf("%s%d-%s", prefix, os.Getuid(), key))
	return cluster{dir: dir, linger: linger, steps: steps()}, nil
}

// fingerprint tells apart servers whose templates differ.
func fingerprint(steps []step) (string, error) {
	sum := sha256.New()
	for _, s := range steps {
		mark, err := s.fingerprint()
		if err != nil {
			return "", fmt.Errorf("fingerprint of %s: %w", s.name, err)
		}
		if _, err := fmt.Fprintf(sum, "%q %q\n", s.name, mark); err != nil {
			return "", err
		}
	}
	return hex.EncodeToString(sum.Sum(nil))[:16], nil
}

// data is the data directory of the server.
func (c cluster) data() string { return c.file("data") }

// file is the path of a file of the cluster.
func (c cluster) file(name string) string { return filepath.Join(c.dir, name) }

// member is a process's share in a running server.
type member struct {
	cluster
	address embedded.Address
	// users is locked, shared, for as long as the process lives; so it is never closed.
	users *os.File

	once   sync.Once
	failed error
}

// join takes part in the server and starts it if need be.
func (c cluster) join(ctx context.Context) (*member, error) {
	ctx, cancel := context.WithTimeout(ctx, startTimeout)
	defer cancel()
	users, err := c.enter()
	if err != nil {
		return nil, err
	}
	address, err := c.ensure(ctx)
	if err != nil {
		return nil, errors.Join(err, users.Close())
	}
	return &member{cluster: c, address: address, users: users}, nil
}

// enter takes the lock that keeps the server alive. While the server is ending it waits, and then
// finds that the directory is gone, and makes a new one.
func (c cluster) enter() (*os.File, error) {
	for {
		if err := makeDir(c.dir); err != nil {
			return nil, err
		}
		users, err := lock(c.file("users.lock"), sharing)
		if !errors.Is(err, errGone) {
			return users, err
		}
	}
}

// makeDir makes the directory, or makes sure that it is this user's.
func makeDir(dir string) error {
	perm := fs.FileMode(0o700)
	if os.Getuid() == 0 {
		perm = 0o711 // the account that runs the server for root passes through
	}
	err := os.Mkdir(dir, perm)
	if !errors.Is(err, fs.ErrExist) {
		return err
	}
	info, err := os.Lstat(dir)
	if errors.Is(err, fs.ErrNotExist) {
		return nil // gone again: the lock will tell
	}
	if err != nil {
		return err
	}
	if stat, ok := info.Sys().(*syscall.Stat_t); !ok || !info.IsDir() || int(stat.Uid) != os.Getuid() {
		return fmt.Errorf("%s is not a directory of this user", dir)
	}
	return nil
}

// ensure finds the running server or starts one; one process at a time.
func (c cluster) ensure(ctx context.Context) (address embedded.Address, err error) {
	turn, err := lock(c.file("start.lock"), exclusive)
	if err != nil {
		return address, err
	}
	defer func() { err = errors.Join(err, turn.Close()) }()
	for {
		address, err = embedded.Running(ctx, c.data())
		if !errors.Is(err, embedded.ErrNotRunning) {
			return address, err
		}
		// A supervisor whose server has just died may still be clearing up.
		if err := c.spawn(ctx); err != nil && !errors.Is(err, errBusy) {
			return address, err
		}
		if ctx.Err() != nil {
			return address, fmt.Errorf("start the test server: %w", ctx.Err())
		}
	}
}

// errBusy says that another supervisor still has the data directory.
var errBusy = errors.New("another supervisor is still running")

// What a supervisor answers to the process that started it; anything else is an error message.
const (
	answerReady = "ready"
	answerBusy  = "busy"
)

// spawn starts a supervisor and waits until its server answers. It is this test binary again, in a
// session of its own: neither a Ctrl-C nor the end of the test reaches it.
func (c cluster) spawn(ctx context.Context) (err error) {
	self, err := os.Executable()
	if err != nil {
		return err
	}
	log, err := os.OpenFile(c.file("supervisor.log"), os.O_CREATE|os.O_WRONLY|os.O_APPEND, 0o600) //nolint:gosec // within our own directory
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, log.Close()) }()
	answers, answer, err := os.Pipe()
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, answers.Close()) }()

	cmd := exec.Command(self) //nolint:gosec,noctx // it outlives us
	cmd.Env = append(os.Environ(), dirVariable+"="+c.dir, lingerVariable+"="+c.linger.String())
	cmd.Dir = "/"
	cmd.Stdout, cmd.Stderr = log, log // not ours: go test waits for whoever holds them
	cmd.ExtraFiles = []*os.File{answer}
	cmd.SysProcAttr = &syscall.SysProcAttr{Setsid: true}
	if err := errors.Join(cmd.Start(), answer.Close()); err != nil {
		return fmt.Errorf("start the supervisor: %w", err)
	}
	if err := cmd.Process.Release(); err != nil {
		return err
	}
	if deadline, ok := ctx.Deadline(); ok {
		if err := answers.SetReadDeadline(deadline); err != nil {
			return err
		}
	}
	said, err := io.ReadAll(answers)
	if err != nil {
		return fmt.Errorf("wait for the supervisor: %w", err)
	}
	switch text := strings.TrimSpace(string(said)); text {
	case answerReady:
		return nil
	case answerBusy:
		return errBusy
	case "":
		return fmt.Errorf("the supervisor ended without a word; see %s", log.Name())
	default:
		return errors.New(text)
	}
}
