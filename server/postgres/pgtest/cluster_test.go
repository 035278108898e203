package pgtest

import (
	"bufio"
	"context"
	"database/sql"
	"fmt"
	"io"
	"os"
	"os/exec"
	"strings"
	"syscall"
	"testing"
	"testing/fstest"
	"time"
)

// memberVariable makes the test binary a process that joins the cluster in the named directory.
const memberVariable = "PGTEST_TEST_MEMBER"

// hangVariable makes that process stop in the middle of making the template.
const hangVariable = "PGTEST_TEST_HANG"

func TestMain(m *testing.M) {
	dir := os.Getenv(memberVariable)
	if dir == "" {
		m.Run()
		return
	}
	if err := play(dir, os.Getenv(hangVariable) != "", os.Stdin, os.Stdout); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	os.Exit(0)
}

// sample is a cluster with a trivial template, apart from the one that other tests share.
func sample(dir string, made func(ctx context.Context) error) cluster {
	return cluster{dir: dir, linger: 500 * time.Millisecond, steps: []step{{
		name:        "rows",
		fingerprint: func() (string, error) { return "1", nil },
		run: func(ctx context.Context, owner *sql.DB) error {
			_, err := owner.ExecContext(ctx, `CREATE TABLE seen AS SELECT 7 AS n`)
			if err != nil {
				return err
			}
			return made(ctx)
		},
	}}}
}

// play is the life of a member: it clones a database, reads it, says so with the server's process,
// and stays until its input ends. With hang it stays in the middle of making the template.
func play(dir string, hang bool, in io.Reader, out io.Writer) error {
	ctx := context.Background()
	m, err := sample(dir, func(ctx context.Context) error {
		if !hang {
			return nil
		}
		_, err := fmt.Fprintln(out, "hanging")
		<-ctx.Done()
		return err
	}).join(ctx)
	if err != nil {
		return err
	}
	if err := m.template(); err != nil {
		return err
	}
	name := fmt.Sprintf("of_%d", os.Getpid())
	if err := m.clone(ctx, name, templateName); err != nil {
		return err
	}
	var n, server int
	err = with(m.address.URL(name), func(db *sql.DB) error {
		return db.QueryRowContext(ctx, `SELECT n, (SELECT pid FROM pg_stat_activity WHERE backend_type = 'checkpointer') FROM seen`).Scan(&n, &server)
	})
	if err != nil {
		return err
	}
	if _, err := fmt.Fprintln(out, "read", n, "from", server); err != nil {
		return err
	}
	if _, err := io.Copy(io.Discard, in); err != nil {
		return err
	}
	return m.drop(ctx, name)
}

// player is a member in a process of its own.
type player struct {
	cmd   *exec.Cmd
	lines *bufio.Scanner
	leave func()
}

// invite starts a member in a process of its own.
func invite(t *testing.T, dir string, env ...string) player {
	t.Helper()
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.CommandContext(t.Context(), self)
	cmd.Env = append(append(os.Environ(), memberVariable+"="+dir), env...)
	cmd.Stderr = t.Output()
	in, err := cmd.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		_ = cmd.Process.Kill()
		_ = cmd.Wait()
	})
	return player{cmd: cmd, lines: bufio.NewScanner(out), leave: func() {
		if err := in.Close(); err != nil {
			t.Error(err)
		}
		if err := cmd.Wait(); err != nil {
			t.Error(err)
		}
	}}
}

// says waits for a line and returns the process of the server it names.
func (p player) says(t *testing.T, format string) int {
	t.Helper()
	if !p.lines.Scan() {
		t.Fatal("the member ended without a word")
	}
	var server int
	if !strings.Contains(format, "%d") {
		if p.lines.Text() != format {
			t.Fatalf("the member says %q", p.lines.Text())
		}
	} else if _, err := fmt.Sscanf(p.lines.Text(), format, &server); err != nil {
		t.Fatalf("the member says %q", p.lines.Text())
	}
	return server
}

func (p player) kill(t *testing.T) {
	t.Helper()
	if err := p.cmd.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	_ = p.cmd.Wait() // says that it was killed
}

// sampleDir is the directory of a sample cluster, which has to vanish by itself.
func sampleDir(t *testing.T) string {
	t.Helper()
	parent, err := os.MkdirTemp(roomy(), "pgtest-test-") //nolint:usetesting // outlives the test's processes
	if err != nil {
		t.Fatal(err)
	}
	if err := os.Chmod(parent, 0o711); err != nil {
		t.Fatal(err)
	}
	dir := fmt.Sprintf("%s/%s%d-sample", parent, prefix, os.Getuid())
	t.Cleanup(func() {
		waitFor(t, "the server's directory to vanish", func() bool {
			entries, err := os.ReadDir(parent)
			return err == nil && len(entries) == 0
		})
		if err := os.RemoveAll(parent); err != nil {
			t.Error(err)
		}
	})
	return dir
}

func waitFor(t *testing.T, what string, condition func() bool) {
	t.Helper()
	for deadline := time.Now().Add(3 * time.Minute); !condition(); time.Sleep(5 * time.Millisecond) {
		if time.Now().After(deadline) {
			t.Errorf("waited in vain for %s", what)
			return
		}
	}
}

func gone(pid int) bool {
	return syscall.Kill(pid, 0) != nil
}

func TestProcessesShareOneServer(t *testing.T) {
	t.Parallel()
	dir := sampleDir(t)
	players := []player{invite(t, dir), invite(t, dir), invite(t, dir)}
	server := players[0].says(t, "read 7 from %d")
	for _, p := range players[1:] {
		if got := p.says(t, "read 7 from %d"); got != server {
			t.Errorf("another server: %d and %d", server, got)
		}
	}
	players[0].kill(t) // the one that is likely to have started it
	late := invite(t, dir)
	if got := late.says(t, "read 7 from %d"); got != server {
		t.Errorf("after a member was killed: server %d, want %d", got, server)
	}
	players[1].leave()
	players[2].leave()
	late.leave()
	waitFor(t, "the server to end", func() bool { return gone(server) })
}

func TestTemplateOfAKilledProcessIsThrownAway(t *testing.T) {
	t.Parallel()
	dir := sampleDir(t)
	first := invite(t, dir, hangVariable+"=1")
	first.says(t, "hanging")
	first.kill(t)
	second := invite(t, dir)
	second.says(t, "read 7 from %d")
	second.leave()
}

func TestSupervisorKilled(t *testing.T) {
	t.Parallel()
	dir := sampleDir(t)
	first := invite(t, dir)
	server := first.says(t, "read 7 from %d")
	supervisor := parentOfParent(t, server)
	if err := syscall.Kill(supervisor, syscall.SIGKILL); err != nil {
		t.Fatal(err)
	}
	waitFor(t, "the supervisor to die", func() bool { return gone(supervisor) || parentOfParent(t, server) != supervisor })
	second := invite(t, dir)
	if got := second.says(t, "read 7 from %d"); got == server {
		t.Errorf("still server %d", got)
	}
	second.leave()
	first.kill(t)
}

func TestServerKilled(t *testing.T) {
	t.Parallel()
	dir := sampleDir(t)
	first := invite(t, dir)
	server := first.says(t, "read 7 from %d")
	if err := syscall.Kill(parent(t, server), syscall.SIGKILL); err != nil {
		t.Fatal(err)
	}
	waitFor(t, "the server to die", func() bool { return gone(server) })
	second := invite(t, dir)
	if got := second.says(t, "read 7 from %d"); got == server {
		t.Errorf("still server %d", got)
	}
	second.leave()
	first.kill(t)
}

// parent asks for the parent of a process; 0 when the process is gone.
func parent(t *testing.T, pid int) int {
	t.Helper()
	out, err := exec.CommandContext(t.Context(), "ps", "-o", "ppid=", "-p", fmt.Sprint(pid)).Output()
	if err != nil {
		return 0
	}
	var ppid int
	if _, err := fmt.Sscan(string(out), &ppid); err != nil {
		t.Fatal(err)
	}
	return ppid
}

// parentOfParent leads from a child of the server by way of the server to the supervisor.
func parentOfParent(t *testing.T, pid int) int {
	t.Helper()
	return parent(t, parent(t, pid))
}

func TestSweep(t *testing.T) {
	t.Parallel()
	base := t.TempDir()
	name := func(s string) string { return fmt.Sprintf("%s/%s%d-%s", base, prefix, os.Getuid(), s) }
	for _, s := range []string{"own", "left", "used", "left.gone-1"} {
		if err := os.MkdirAll(name(s)+"/data", 0o700); err != nil {
			t.Fatal(err)
		}
	}
	user, err := lock(name("used")+"/users.lock", sharing)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := user.Close(); err != nil {
			t.Error(err)
		}
	})
	if err := sweep(name("own")); err != nil {
		t.Fatal(err)
	}
	for s, kept := range map[string]bool{"own": true, "left": false, "used": true, "left.gone-1": false} {
		if _, err := os.Stat(name(s)); (err == nil) != kept {
			t.Errorf("%s: %v, want kept = %t", s, err, kept)
		}
	}
}

func TestForeignDirectoryIsRefused(t *testing.T) {
	t.Parallel()
	target := t.TempDir()
	link := t.TempDir() + "/link"
	if err := os.Symlink(target, link); err != nil {
		t.Fatal(err)
	}
	if err := makeDir(link); err == nil {
		t.Error("a link is taken for the directory")
	}
}

func TestFingerprint(t *testing.T) {
	t.Parallel()
	of := func(files fstest.MapFS) string {
		mark, err := fingerprint([]step{{name: "files", fingerprint: func() (string, error) { return hashFiles(files) }}})
		if err != nil {
			t.Fatal(err)
		}
		return mark
	}
	file := func(s string) *fstest.MapFile { return &fstest.MapFile{Data: []byte(s)} }
	base := of(fstest.MapFS{"a.sql": file("1")})
	if got := of(fstest.MapFS{"a.sql": file("1")}); got != base {
		t.Error("the same files differ")
	}
	for name, files := range map[string]fstest.MapFS{
		"content": {"a.sql": file("2")},
		"name":    {"b.sql": file("1")},
		"more":    {"a.sql": file("1"), "b.sql": file("")},
		"none":    {},
	} {
		if of(files) == base {
			t.Errorf("%s: the fingerprint is the same", name)
		}
	}
}
