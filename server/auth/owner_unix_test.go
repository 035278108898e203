//go:build unix

package auth_test

import (
	"os"
	"path/filepath"
	"syscall"
	"testing"
)

// TestRootLeavesKeysToOwner: what root makes in another user's directory belongs to that user.
func TestRootLeavesKeysToOwner(t *testing.T) {
	if os.Geteuid() != 0 {
		t.Skip("only root can make files for others")
	}
	const uid, gid = 54321, 54322
	home := t.TempDir()
	if err := os.Chown(home, uid, gid); err != nil {
		t.Fatal(err)
	}
	dir := filepath.Join(home, "new", "data")
	keys := loadKeys(t, dir)
	if _, err := keys.Rotate(); err != nil {
		t.Fatal(err)
	}
	for _, path := range []string{filepath.Dir(dir), dir, filepath.Join(dir, "keys"), keyPath(dir, 1), keyPath(dir, 2)} {
		info, err := os.Stat(path)
		if err != nil {
			t.Fatal(err)
		}
		stat := info.Sys().(*syscall.Stat_t)
		if stat.Uid != uid || stat.Gid != gid {
			t.Errorf("%s belongs to %d:%d", path, stat.Uid, stat.Gid)
		}
	}
}
