package pgtest

import (
	"os"

	"golang.org/x/sys/unix"
)

// enough is the free memory, in bytes, that makes a file system in memory worth using: a server
// with a few dozen clones takes a few hundred megabytes.
const enough = 2 << 30

// roomy is the directory for test servers: in memory where there is room, which makes cloning a
// database many times faster than on a disk; else the temporary directory.
func roomy() string {
	const memory = "/dev/shm"
	var stat unix.Statfs_t
	if err := unix.Statfs(memory, &stat); err != nil || stat.Type != unix.TMPFS_MAGIC {
		return os.TempDir()
	}
	if stat.Bavail*uint64(stat.Bsize) < enough || unix.Access(memory, unix.W_OK|unix.X_OK) != nil {
		return os.TempDir()
	}
	return memory
}
