package embedded

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"syscall"
)

// maxSocketDir leaves room for "/.s.PGSQL.65535" and the final zero in the shortest socket address
// in use (104 bytes on macOS, 108 on Linux).
const maxSocketDir = 104 - len("/.s.PGSQL.65535") - 1

// plainPath matches paths that need no quoting in the server's list of socket directories nor in
// a client's list of hosts.
var plainPath = regexp.MustCompile(`^[A-Za-z0-9/._-]+$`)

// socketSetting names the server's list of socket directories.
const socketSetting = "unix_socket_directories"

// socketPath is the directory of the sockets: in the home, or, when its path is too long for a
// socket, in the temporary directory under a name that follows from the home.
func (l layout) socketPath(who account) string {
	dir := filepath.Join(l.home, "run")
	if len(dir) <= maxSocketDir && plainPath.MatchString(dir) {
		return dir
	}
	sum := sha256.Sum256([]byte(l.home))
	name := "lianluo-" + hex.EncodeToString(sum[:8])
	dir = filepath.Join(os.TempDir(), name)
	if len(dir) <= maxSocketDir && plainPath.MatchString(dir) {
		if blocked, err := who.barrier(os.TempDir()); err == nil && blocked == "" {
			return dir
		}
	}
	return "/tmp/" + name
}

// makeSocketDir makes the directory of the sockets, open to the account alone.
func (l layout) makeSocketDir(who account) (string, error) {
	dir := l.socketPath(who)
	err := os.Mkdir(dir, 0o700)
	if err != nil && !errors.Is(err, fs.ErrExist) {
		return "", err
	}
	if err == nil {
		return dir, who.own(dir)
	}
	// It was there: in a directory open to all, someone else may have put it there first.
	if !who.holds(dir) {
		return "", fmt.Errorf("目录 %s 属于他人，不能存放数据库套接字：请删除它，或设置 TMPDIR", dir)
	}
	if err := os.Chmod(dir, 0o700); err != nil { //nolint:gosec // a directory
		return "", err
	}
	return dir, who.own(dir)
}

// dropSocketDir removes the directory of the sockets if it lies outside the home.
func (l layout) dropSocketDir(who account) error {
	dir := l.socketPath(who)
	if filepath.Dir(dir) == l.home || !who.holds(dir) {
		return nil
	}
	return os.RemoveAll(dir)
}

// holds reports whether the path is a directory, no link, that belongs to the account or to us.
func (a account) holds(path string) bool {
	info, err := os.Lstat(path)
	if err != nil || !info.IsDir() {
		return false
	}
	stat, ok := info.Sys().(*syscall.Stat_t)
	return ok && (stat.Uid == a.uid || int(stat.Uid) == os.Geteuid())
}
