//go:build unix

package auth

import (
	"io/fs"
	"syscall"
)

// ownerOf is the user and group that own a file; ok is false where the system does not tell.
func ownerOf(info fs.FileInfo) (uid, gid int, ok bool) {
	stat, ok := info.Sys().(*syscall.Stat_t)
	if !ok {
		return 0, 0, false
	}
	return int(stat.Uid), int(stat.Gid), true
}
