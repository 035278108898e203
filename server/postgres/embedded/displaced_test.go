package embedded

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// privateDir makes a data directory below one that only root may enter.
func privateDir(t *testing.T) string {
	t.Helper()
	if os.Geteuid() != 0 {
		t.Skip("only root runs the cluster as another account")
	}
	parent, err := os.MkdirTemp("", "embedded-private-") //nolint:usetesting // outlives the server
	if err != nil {
		t.Fatal(err)
	}
	dir := filepath.Join(parent, "data")
	t.Cleanup(func() {
		discard(t, dir)
		if err := os.RemoveAll(parent); err != nil {
			t.Error(err)
		}
	})
	return dir
}

func TestUnreachableDataDirIsDisplaced(t *testing.T) {
	t.Parallel()
	dir := privateDir(t)
	server := start(t, Config{DataDir: dir, Disposable: true})
	home := server.where.home
	if filepath.Dir(home) != displacedRoot {
		t.Fatalf("home %s, want it in %s", home, displacedRoot)
	}
	if info, err := os.Stat(home); err != nil || info.Mode().Perm() != 0o700 {
		t.Errorf("home: %v, %v, want mode 700", info, err)
	}
	execute(t, open(t, server.Address().URL("postgres")), "CREATE TABLE kept (n int)")
	stop(t, server)

	server = start(t, Config{DataDir: dir, Disposable: true})
	if server.where.home != home {
		t.Errorf("home moved from %s to %s", home, server.where.home)
	}
	if got := one[int](t, open(t, server.Address().URL("postgres")), "SELECT count(*) FROM kept"); got != 0 {
		t.Errorf("count %d", got)
	}
	if _, err := Running(t.Context(), dir); err != nil {
		t.Errorf("Running: %v", err)
	}
	stop(t, server)

	if err := Remove(t.Context(), dir); err != nil {
		t.Fatal(err)
	}
	if _, err := os.Stat(home); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("after Remove: %v, want it gone", err)
	}
}

func TestDisplacedParentKilled(t *testing.T) {
	t.Parallel()
	for name, reached := range map[string]func(dir string) bool{
		"marked":             func(dir string) bool { return exists(filepath.Join(dir, "postgres.home")) },
		"postmaster started": func(dir string) bool { return matches(dir, "data/postmaster.pid") },
	} {
		t.Run(name, func(t *testing.T) {
			dir := privateDir(t)
			cmd, _ := startVictim(t, dir)
			waitFor(t, func() bool { return reached(dir) })
			kill(t, cmd)
			start(t, Config{DataDir: dir, Disposable: true})
		})
	}
}

func TestDisplacedDataDirCopiedMovedLost(t *testing.T) {
	t.Parallel()
	dir := privateDir(t)
	server := start(t, Config{DataDir: dir, Disposable: true})
	stop(t, server)

	duplicate := dir + "-copy"
	if err := os.CopyFS(duplicate, os.DirFS(dir)); err != nil {
		t.Fatal(err)
	}
	_, err := Start(t.Context(), Config{DataDir: duplicate, Disposable: true})
	if err == nil || !strings.Contains(err.Error(), "副本") {
		t.Errorf("a copy: %v, want a refusal", err)
	}
	if err := os.RemoveAll(duplicate); err != nil {
		t.Fatal(err)
	}

	moved := dir + "-moved"
	if err := os.Rename(dir, moved); err != nil {
		t.Fatal(err)
	}
	stop(t, start(t, Config{DataDir: moved, Disposable: true}))
	if err := os.Rename(moved, dir); err != nil {
		t.Fatal(err)
	}

	if err := os.RemoveAll(server.where.pgdata()); err != nil {
		t.Fatal(err)
	}
	_, err = Start(t.Context(), Config{DataDir: dir, Disposable: true})
	if err == nil || !strings.Contains(err.Error(), "postgres.home") {
		t.Errorf("a lost cluster: %v, want the loss told", err)
	}
}

func TestOwnerAndModesChangedByRoot(t *testing.T) {
	t.Parallel()
	if os.Geteuid() != 0 {
		t.Skip("only root runs the cluster as another account")
	}
	dir := dataDir(t)
	server := start(t, Config{DataDir: dir, Disposable: true})
	stop(t, server)

	root := account{uid: 0, gid: 0, dropped: true} // as after a copy made by root
	if err := root.ownTree(server.where.home); err != nil {
		t.Fatal(err)
	}
	stop(t, start(t, Config{DataDir: dir, Disposable: true}))

	if err := os.Chmod(dir, 0o700); err != nil {
		t.Fatal(err)
	}
	_, err := Start(t.Context(), Config{DataDir: dir, Disposable: true})
	if err == nil || !strings.Contains(err.Error(), "chmod o+x "+dir) {
		t.Errorf("error %v, want the way out named", err)
	}
}

func TestSweep(t *testing.T) {
	t.Parallel()
	root := t.TempDir()
	alive := t.TempDir()
	for name, test := range map[string]struct {
		origin string
		kept   bool
	}{
		"temporary and gone":    {origin: filepath.Join(os.TempDir(), "never-there", "data"), kept: false},
		"temporary and present": {origin: alive, kept: true},
		"perhaps unmounted":     {origin: "/mnt/never-there/data", kept: true},
		"unmarked":              {kept: true},
	} {
		home := layout{home: filepath.Join(root, name)}
		if err := os.Mkdir(home.home, 0o700); err != nil {
			t.Fatal(err)
		}
		if test.origin != "" {
			if err := writeFile(home.originFile(), test.origin+"\n"); err != nil {
				t.Fatal(err)
			}
		}
		if err := sweep(root); err != nil {
			t.Fatal(err)
		}
		if got := exists(home.home); got != test.kept {
			t.Errorf("%s: kept = %t, want %t", name, got, test.kept)
		}
	}
}
