package embedded

import (
	"bytes"
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"syscall"
)

// ensurePassword makes the superuser's password once, before the cluster, so that no cluster is
// ever without it.
func (l layout) ensurePassword() error {
	if exists(l.passwordFile()) {
		return nil
	}
	if exists(l.pgdata()) {
		return fmt.Errorf("找不到数据库的密码文件 %s：请恢复它", l.passwordFile())
	}
	return writeFile(l.passwordFile(), rand.Text()+"\n")
}

// create makes the cluster when there is none: in a directory of its own, renamed when whole.
func (l layout) create(ctx context.Context, bin binaries, who account, lasting bool, log *slog.Logger) error {
	if exists(l.pgdata()) {
		return nil
	}
	// Best effort: initdb of a killed run may still be writing there for a moment.
	abandoned, err := filepath.Glob(filepath.Join(l.home, "new-*"))
	if err != nil {
		return err
	}
	for _, path := range abandoned {
		_ = os.RemoveAll(path)
	}
	work, err := os.MkdirTemp(l.home, "new-")
	if err != nil {
		return err
	}
	defer func() {
		if err := os.RemoveAll(work); err != nil {
			log.Warn("a half-made cluster is left", "path", work, "error", err)
		}
	}()
	if err := who.own(work); err != nil {
		return err
	}
	password, err := os.ReadFile(l.passwordFile())
	if err != nil {
		return err
	}
	passwordFile := filepath.Join(work, "password")
	if err := os.WriteFile(passwordFile, password, 0o600); err != nil { //nolint:gosec // within our own directory
		return err
	}
	if err := who.own(passwordFile); err != nil {
		return err
	}

	data := filepath.Join(work, "data")
	// Text is ordered by code point everywhere, fast and the same on every machine; letters are
	// known for what they are, Chinese ones too, where the system knows UTF-8.
	err = initdb(ctx, bin, who, data, passwordFile, "C.UTF-8")
	if errors.Is(err, errNoLocale) {
		err = initdb(ctx, bin, who, data, passwordFile, "C")
	}
	if err != nil {
		return err
	}
	if lasting {
		if err := syncTree(data); err != nil {
			return err
		}
	}
	if err := os.Rename(data, l.pgdata()); err != nil {
		return err
	}
	if lasting {
		return syncDir(l.home)
	}
	return nil
}

// errNoLocale says that the machine does not know the locale.
var errNoLocale = errors.New("invalid locale name")

// initdb makes a cluster in dir, which must not exist.
func initdb(ctx context.Context, bin binaries, who account, dir, passwordFile, ctype string) error {
	cmd := exec.CommandContext(ctx, bin.path("initdb"), //nolint:gosec // what the machine has installed
		"-D", dir,
		"--username="+Superuser, "--pwfile="+passwordFile, "--auth=scram-sha-256",
		"--encoding=UTF8", "--locale=C", "--lc-ctype="+ctype,
		"--no-sync", "--no-instructions",
	)
	var out bytes.Buffer
	cmd.Dir, cmd.Env, cmd.Stdout, cmd.Stderr = "/", environment(), &out, &out
	cmd.SysProcAttr = attributes(who, syscall.SIGKILL)
	// initdb works through children of its own; the group takes them along.
	cmd.Cancel = func() error { return syscall.Kill(-cmd.Process.Pid, syscall.SIGKILL) }

	// The kernel signals the child when the thread that started it ends: the thread has to stay.
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	err := cmd.Run()
	switch {
	case err == nil:
		return nil
	case ctx.Err() != nil:
		return fmt.Errorf("initdb: %w", ctx.Err())
	case strings.Contains(out.String(), errNoLocale.Error()):
		return errors.Join(errNoLocale, os.RemoveAll(dir))
	default:
		return fmt.Errorf("initdb: %w\n%s", err, tail(out.Bytes()))
	}
}

// tail cuts program output down to what fits an error message: the last lines.
func tail(out []byte) string {
	const most = 20
	lines := strings.Split(strings.TrimSpace(string(out)), "\n")
	if len(lines) > most {
		lines = lines[len(lines)-most:]
	}
	return strings.Join(lines, "\n")
}
