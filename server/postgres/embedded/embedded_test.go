package embedded

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/lib/pq"
)

func TestMain(m *testing.M) {
	if dataDir := os.Getenv(victimVariable); dataDir != "" {
		fmt.Fprintln(os.Stderr, victim(dataDir, os.Stdout))
		os.Exit(1)
	}
	m.Run()
}

func TestStartAgainKeepsData(t *testing.T) {
	t.Parallel()
	dir := dataDir(t)
	server := start(t, Config{DataDir: dir})

	info, err := os.Stat(filepath.Join(dir, "postgres.password"))
	if err != nil {
		t.Fatal(err)
	}
	if got := info.Mode().Perm(); got != 0o600 {
		t.Errorf("password file has mode %o, want 600", got)
	}
	db := open(t, server.Address().URL("postgres"))
	for query, want := range map[string]string{
		"SHOW fsync":              "on",
		"SHOW listen_addresses":   "",
		"SHOW server_encoding":    "UTF8",
		"SHOW timezone":           "UTC",
		"SHOW lc_collate":         "C",
		"SELECT upper('é')":       "É",
		"SELECT current_user":     "postgres",
		"SELECT '长'::text || '沙'": "长沙",
	} {
		if got := one[string](t, db, query); got != want {
			t.Errorf("%s = %q, want %q", query, got, want)
		}
	}
	execute(t, db, "CREATE TABLE kept (n int)", "INSERT INTO kept VALUES (7)")
	stop(t, server)

	server = start(t, Config{DataDir: dir})
	if got := one[int](t, open(t, server.Address().URL("postgres")), "SELECT n FROM kept"); got != 7 {
		t.Errorf("after a restart: %d, want 7", got)
	}
}

func TestSettings(t *testing.T) {
	t.Parallel()
	server := start(t, Config{
		DataDir:    dataDir(t),
		Disposable: true,
		Settings:   map[string]string{"max_connections": "17", "timezone": "Asia/Shanghai"},
	})
	db := open(t, server.Address().URL("postgres"))
	for query, want := range map[string]string{
		"SHOW max_connections": "17", "SHOW timezone": "Asia/Shanghai",
		"SHOW fsync": "off", "SHOW full_page_writes": "off", "SHOW synchronous_commit": "off",
	} {
		if got := one[string](t, db, query); got != want {
			t.Errorf("%s = %q, want %q", query, got, want)
		}
	}
}

func TestWrongSettingShowsLog(t *testing.T) {
	t.Parallel()
	_, err := Start(t.Context(), Config{
		DataDir: dataDir(t), Disposable: true, Settings: map[string]string{"no_such_setting": "1"},
	})
	if err == nil || !strings.Contains(err.Error(), "no_such_setting") {
		t.Errorf("error %v, want the log's word on no_such_setting", err)
	}
}

func TestRunningServer(t *testing.T) {
	t.Parallel()
	dir := dataDir(t)
	if _, err := Running(t.Context(), dir); !errors.Is(err, ErrNotRunning) {
		t.Errorf("Running before the start: %v, want ErrNotRunning", err)
	}
	server := start(t, Config{DataDir: dir, Disposable: true})

	t.Run("asks for the password", func(t *testing.T) {
		db := open(t, server.Address().UserURL("postgres", Superuser, "wrong"))
		if err := db.PingContext(t.Context()); pq.As(err, "28P01") == nil {
			t.Errorf("a wrong password: %v, want 28P01", err)
		}
	})
	t.Run("is found", func(t *testing.T) {
		found, err := Running(t.Context(), dir)
		if err != nil {
			t.Fatal(err)
		}
		if found != server.Address() {
			t.Errorf("Running = %+v, want the server's own address", found)
		}
	})
	t.Run("keeps others out", func(t *testing.T) {
		if _, err := Start(t.Context(), Config{DataDir: dir}); !errors.Is(err, ErrInUse) {
			t.Errorf("second Start: %v, want ErrInUse", err)
		}
		if err := Remove(t.Context(), dir); !errors.Is(err, ErrInUse) {
			t.Errorf("Remove: %v, want ErrInUse", err)
		}
	})
	t.Run("makes databases", func(t *testing.T) {
		results := make(chan error)
		for range 4 {
			go func() { results <- server.Address().EnsureDatabase(t.Context(), `lian"luo`) }()
		}
		for range 4 {
			if err := <-results; err != nil {
				t.Error(err)
			}
		}
		db := open(t, server.Address().URL(`lian"luo`))
		if got := one[string](t, db, "SELECT current_database()"); got != `lian"luo` {
			t.Errorf("connected to %q", got)
		}
	})
	t.Run("is told from other processes", func(t *testing.T) {
		live, err := processesOf(server.where.pgdata())
		if err != nil {
			t.Fatal(err)
		}
		var postmasters int
		for _, p := range live {
			if p.postmaster {
				postmasters++
			}
		}
		if postmasters != 1 || len(live) < 4 {
			t.Errorf("%+v, want one postmaster and its children", live)
		}
	})
	t.Run("stops over open transactions", func(t *testing.T) {
		tx, err := open(t, server.Address().URL("postgres")).BeginTx(t.Context(), nil)
		if err != nil {
			t.Fatal(err)
		}
		stop(t, server)
		if err := tx.Commit(); err == nil {
			t.Error("the transaction outlived the server")
		}
		if err, open := <-server.Exited(); open {
			t.Errorf("Exited delivers %v after Stop, want it closed", err)
		}
		if err := server.Stop(t.Context()); err != nil {
			t.Errorf("second Stop: %v", err)
		}
		if _, err := Running(t.Context(), dir); !errors.Is(err, ErrNotRunning) {
			t.Errorf("Running after Stop: %v, want ErrNotRunning", err)
		}
	})
	t.Run("stops in a hurry", func(t *testing.T) {
		server := start(t, Config{DataDir: dir, Disposable: true})
		over, cancel := context.WithCancel(t.Context())
		cancel()
		if err := server.Stop(over); err != nil {
			t.Fatal(err)
		}
		start(t, Config{DataDir: dir, Disposable: true})
	})
}

func TestLongPath(t *testing.T) {
	t.Parallel()
	dir := filepath.Join(dataDir(t), strings.Repeat("long", 30), "联络, 站")
	server := start(t, Config{DataDir: dir, Disposable: true})
	t.Cleanup(func() { discard(t, dir) })
	sockets := server.Address().SocketDir
	if strings.HasPrefix(sockets, dir) {
		t.Errorf("sockets in %s, too long a path", sockets)
	}
	if info, err := os.Stat(sockets); err != nil || info.Mode().Perm() != 0o700 {
		t.Errorf("socket directory: %v, %v, want mode 700", info, err)
	}
	stop(t, server)
	if _, err := os.Stat(sockets); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("%s is left after Stop: %v", sockets, err)
	}
}

func TestStartGivenUp(t *testing.T) {
	t.Parallel()
	dir := dataDir(t)
	ctx, cancel := context.WithCancel(t.Context())
	go func() {
		waitFor(t, func() bool { return matches(dir, "new-*/data/PG_VERSION") })
		cancel()
	}()
	if _, err := Start(ctx, Config{DataDir: dir}); !errors.Is(err, context.Canceled) {
		t.Errorf("error %v, want context.Canceled", err)
	}
	if matches(dir, "new-*") {
		t.Error("the half-made cluster is left")
	}
	start(t, Config{DataDir: dir, Disposable: true})
}

func TestNoBinaries(t *testing.T) {
	t.Parallel()
	_, err := Start(t.Context(), Config{DataDir: dataDir(t), BinDir: t.TempDir()})
	if !errors.Is(err, ErrNoBinaries) {
		t.Errorf("error %v, want ErrNoBinaries", err)
	}
}

// dataDir makes a data directory that every account can reach.
func dataDir(t *testing.T) string {
	t.Helper()
	dir, err := os.MkdirTemp("", "embedded-") //nolint:usetesting // whose directories are private
	if err != nil {
		t.Fatal(err)
	}
	if err := os.Chmod(dir, 0o711); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { discard(t, dir) })
	return dir
}

// discard removes what a test made, wherever it lies.
func discard(t *testing.T, dir string) {
	if err := Remove(context.Background(), dir); err != nil {
		t.Errorf("Remove: %v", err)
	}
	if err := os.RemoveAll(dir); err != nil {
		t.Error(err)
	}
}

// start starts a server that is stopped at the end of the test.
func start(t *testing.T, config Config) *Server {
	t.Helper()
	config.Log = slog.New(slog.NewTextHandler(t.Output(), &slog.HandlerOptions{Level: slog.LevelDebug}))
	server, err := Start(t.Context(), config)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { stop(t, server) })
	return server
}

func stop(t *testing.T, server *Server) {
	t.Helper()
	if err := server.Stop(context.Background()); err != nil {
		t.Errorf("Stop: %v", err)
	}
}

func open(t *testing.T, url string) *sql.DB {
	t.Helper()
	db, err := sql.Open("postgres", url)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = db.Close() }) // the server may be gone on purpose
	return db
}

func one[T any](t *testing.T, db *sql.DB, query string) T {
	t.Helper()
	var value T
	if err := db.QueryRowContext(t.Context(), query).Scan(&value); err != nil {
		t.Fatalf("%s: %v", query, err)
	}
	return value
}

func execute(t *testing.T, db *sql.DB, statements ...string) {
	t.Helper()
	for _, statement := range statements {
		if _, err := db.ExecContext(t.Context(), statement); err != nil {
			t.Fatalf("%s: %v", statement, err)
		}
	}
}

// waitFor polls until the condition holds.
func waitFor(t *testing.T, condition func() bool) {
	t.Helper()
	for deadline := time.Now().Add(3 * time.Minute); !condition(); time.Sleep(time.Millisecond) {
		if time.Now().After(deadline) {
			t.Error("waited in vain")
			return
		}
	}
}

// matches reports whether a path below the home of the data directory exists.
func matches(dir, pattern string) bool {
	where, err := find(dir)
	if err != nil {
		return false
	}
	found, err := filepath.Glob(filepath.Join(where.home, pattern))
	return err == nil && len(found) > 0
}
