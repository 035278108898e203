package embedded

import (
	"bufio"
	"context"
	"database/sql"
	"fmt"
	"io"
	"log/slog"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"
)

// victimVariable makes the test binary a process that runs a server until it is killed.
const victimVariable = "EMBEDDED_TEST_VICTIM"

// victim starts the server of the data directory, counts committed rows to standard output, and
// goes on until it is killed.
func victim(dataDir string, out io.Writer) error {
	ctx := context.Background()
	server, err := Start(ctx, Config{DataDir: dataDir})
	if err != nil {
		return err
	}
	db, err := sql.Open("postgres", server.Address().URL("postgres"))
	if err != nil {
		return err
	}
	if _, err := db.ExecContext(ctx, "CREATE TABLE IF NOT EXISTS counted (n int)"); err != nil {
		return err
	}
	for n := 1; ; n++ {
		if _, err := db.ExecContext(ctx, "INSERT INTO counted VALUES ($1)", n); err != nil {
			return err
		}
		if _, err := fmt.Fprintln(out, n); err != nil {
			return err
		}
	}
}

// startVictim runs the test binary as a victim.
func startVictim(t *testing.T, dir string) (*exec.Cmd, *bufio.Scanner) {
	t.Helper()
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.CommandContext(t.Context(), self)
	cmd.Env = append(os.Environ(), victimVariable+"="+dir)
	cmd.Stderr = t.Output()
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
	return cmd, bufio.NewScanner(out)
}

// kill ends the process the hard way, so that it can do nothing more.
func kill(t *testing.T, cmd *exec.Cmd) {
	t.Helper()
	if err := cmd.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	_ = cmd.Wait() // says that it was killed
}

func TestParentKilled(t *testing.T) {
	t.Parallel()
	moments := map[string]func(dir string) bool{
		"password written":   func(dir string) bool { return exists(filepath.Join(dir, "postgres.password")) },
		"initdb configured":  func(dir string) bool { return matches(dir, "new-*/data/pg_hba.conf") },
		"initdb bootstraps":  func(dir string) bool { return matches(dir, "new-*/data/global/pg_control") },
		"cluster renamed":    func(dir string) bool { return matches(dir, "data") },
		"postmaster started": func(dir string) bool { return matches(dir, "data/postmaster.pid") },
	}
	for name, reached := range moments {
		t.Run(name, func(t *testing.T) {
			dir := dataDir(t)
			cmd, _ := startVictim(t, dir)
			waitFor(t, func() bool { return reached(dir) })
			kill(t, cmd)

			server := start(t, Config{DataDir: dir})
			if got := one[int](t, open(t, server.Address().URL("postgres")), "SELECT 1"); got != 1 {
				t.Errorf("the next server answers %d", got)
			}
			where := server.where
			left, err := filepath.Glob(filepath.Join(where.home, "new-*"))
			if err != nil {
				t.Fatal(err)
			}
			if len(left) > 1 { // one may still be written to by an initdb that is being killed
				t.Errorf("left over: %v", left)
			}
		})
	}
}

func TestParentKilledWhileWriting(t *testing.T) {
	t.Parallel()
	dir := dataDir(t)
	for round := range 3 {
		cmd, out := startVictim(t, dir)
		var counted int
		for out.Scan() {
			if _, err := fmt.Sscan(out.Text(), &counted); err != nil {
				t.Fatal(err)
			}
			if counted == 20*(round+1) {
				break
			}
		}
		kill(t, cmd)
		began := time.Now()
		server := start(t, Config{DataDir: dir})
		t.Logf("round %d: recovered after %v", round, time.Since(began))
		db := open(t, server.Address().URL("postgres"))
		if got := one[int](t, db, "SELECT count(*) FROM counted"); got < counted {
			t.Errorf("%d rows, though %d were committed", got, counted)
		}
		execute(t, db, "TRUNCATE counted")
		stop(t, server)
	}
}

func TestServerKilled(t *testing.T) {
	t.Parallel()
	dir := dataDir(t)
	server := start(t, Config{DataDir: dir})
	db := open(t, server.Address().URL("postgres"))
	execute(t, db, "CREATE TABLE kept (n int)", "INSERT INTO kept VALUES (7)")
	if err := server.child.process.Kill(); err != nil {
		t.Fatal(err)
	}
	err, told := <-server.Exited()
	if !told || !strings.Contains(err.Error(), "killed") {
		t.Errorf("Exited delivers %v, want the kill", err)
	}
	stop(t, server)
	server = start(t, Config{DataDir: dir})
	if got := one[int](t, open(t, server.Address().URL("postgres")), "SELECT n FROM kept"); got != 7 {
		t.Errorf("after the crash: %d, want 7", got)
	}
}

func TestStalePIDFile(t *testing.T) {
	t.Parallel()
	tests := map[string]func(t *testing.T, who account) string{
		"of a stranger": func(t *testing.T, who account) string {
			return fmt.Sprint(stranger(t, who, "sleep", "600").Process.Pid)
		},
		"of a zombie": func(t *testing.T, who account) string {
			pid := stranger(t, who, "true").Process.Pid
			waitFor(t, func() bool {
				state, err := exec.CommandContext(t.Context(), "ps", "-o", "stat=", "-p", fmt.Sprint(pid)).Output()
				return err == nil && strings.HasPrefix(string(state), "Z")
			})
			return fmt.Sprint(pid)
		},
		"of nobody": func(*testing.T, account) string { return "4194304" },
		"torn":      func(*testing.T, account) string { return "" },
	}
	dir := dataDir(t)
	server := start(t, Config{DataDir: dir, Disposable: true})
	stop(t, server)
	for name, holder := range tests {
		t.Run(name, func(t *testing.T) {
			var content string
			if pid := holder(t, server.who); pid != "" {
				content = fmt.Sprintf("%s\n%s\n1700000000\n5432\n%s\n\n",
					pid, server.where.pgdata(), server.Address().SocketDir)
			}
			for _, path := range []string{
				filepath.Join(server.where.pgdata(), "postmaster.pid"),
				filepath.Join(server.Address().SocketDir, ".s.PGSQL.5432.lock"),
			} {
				if err := os.WriteFile(path, []byte(content), 0o600); err != nil {
					t.Fatal(err)
				}
				if err := server.who.own(path); err != nil {
					t.Fatal(err)
				}
			}
			stop(t, start(t, Config{DataDir: dir, Disposable: true}))
		})
	}
}

// stranger runs a process of the account that has nothing to do with the cluster.
func stranger(t *testing.T, who account, name string, args ...string) *exec.Cmd {
	t.Helper()
	cmd := exec.CommandContext(t.Context(), name, args...)
	cmd.Dir = "/"
	cmd.SysProcAttr = &syscall.SysProcAttr{Credential: who.credential()}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		_ = cmd.Process.Kill()
		_ = cmd.Wait()
	})
	return cmd
}

func TestSettleEndsAStubbornServer(t *testing.T) {
	t.Parallel()
	server := start(t, Config{DataDir: dataDir(t), Disposable: true})
	if err := syscall.Kill(server.child.process.Pid, syscall.SIGSTOP); err != nil {
		t.Fatal(err)
	}
	short := patience{shutdown: 10 * time.Millisecond, quit: 10 * time.Millisecond, kill: 30 * time.Second}
	if err := settle(t.Context(), server.where.pgdata(), short, slog.New(slog.DiscardHandler)); err != nil {
		t.Fatal(err)
	}
	if _, told := <-server.Exited(); !told {
		t.Error("Exited does not tell of the end")
	}
}
