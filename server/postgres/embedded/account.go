package embedded

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"os/user"
	"path/filepath"
	"strconv"
	"syscall"
)

// account is who the processes of the cluster run as.
type account struct {
	name string
	uid  uint32
	gid  uint32
	// dropped says that this is not the caller's own account: files must be handed over.
	dropped bool
}

// accountFor chooses who runs the cluster in pgdata: the caller, or, as root, the owner of the
// existing cluster, else "postgres", else "nobody".
func accountFor(pgdata string) (account, error) {
	if uid := os.Geteuid(); uid != 0 {
		return account{name: nameOf(uint32(uid)), uid: uint32(uid), gid: uint32(os.Getegid())}, nil
	}
	if info, err := os.Stat(pgdata); err == nil {
		if stat, ok := info.Sys().(*syscall.Stat_t); ok && stat.Uid != 0 {
			return account{name: nameOf(stat.Uid), uid: stat.Uid, gid: stat.Gid, dropped: true}, nil
		}
	} else if !errors.Is(err, fs.ErrNotExist) {
		return account{}, err
	}
	for _, name := range []string{"postgres", "nobody"} {
		known, err := user.Lookup(name)
		if err != nil {
			continue
		}
		uid, err := strconv.ParseUint(known.Uid, 10, 32)
		if err != nil {
			return account{}, fmt.Errorf("account %s: %w", name, err)
		}
		gid, err := strconv.ParseUint(known.Gid, 10, 32)
		if err != nil {
			return account{}, fmt.Errorf("account %s: %w", name, err)
		}
		return account{name: name, uid: uint32(uid), gid: uint32(gid), dropped: true}, nil
	}
	return account{}, errors.New("PostgreSQL 不能以 root 运行，而系统中没有 postgres 或 nobody 账户：" +
		"请新建 postgres 账户（useradd --system postgres），或改用普通账户启动")
}

// nameOf is the account's name for messages, or its number when it has none.
func nameOf(uid uint32) string {
	number := strconv.FormatUint(uint64(uid), 10)
	if known, err := user.LookupId(number); err == nil {
		return known.Username
	}
	return number
}

// credential is what a child process must be started with; nil for the caller's own account.
func (a account) credential() *syscall.Credential {
	if !a.dropped {
		return nil
	}
	return &syscall.Credential{Uid: a.uid, Gid: a.gid}
}

// own hands a file or directory to the account.
func (a account) own(path string) error {
	if !a.dropped {
		return nil
	}
	return os.Lchown(path, int(a.uid), int(a.gid))
}

// ownTree hands a whole tree to the account when its root still belongs to another, as after a
// copy made by root.
func (a account) ownTree(root string) error {
	if !a.dropped {
		return nil
	}
	info, err := os.Lstat(root)
	if err != nil {
		return err
	}
	if stat, ok := info.Sys().(*syscall.Stat_t); !ok || stat.Uid == a.uid {
		return nil
	}
	// The root comes last, so that an interrupted run is noticed and done again.
	err = filepath.WalkDir(root, func(path string, _ fs.DirEntry, err error) error {
		if err != nil || path == root {
			return err
		}
		return a.own(path)
	})
	if err != nil {
		return err
	}
	return a.own(root)
}

// barrier finds the first directory on the way to path, path included, that the account may not
// enter; "" when it can go all the way. Directories that do not exist yet are no barrier.
func (a account) barrier(path string) (string, error) {
	for _, dir := range ancestors(path) {
		info, err := os.Stat(dir)
		if errors.Is(err, fs.ErrNotExist) {
			return "", nil
		}
		if err != nil {
			return "", err
		}
		stat, ok := info.Sys().(*syscall.Stat_t)
		if !ok {
			return "", fmt.Errorf("%s: no owner known", dir)
		}
		if !a.mayEnter(info.Mode().Perm(), stat.Uid, stat.Gid) {
			return dir, nil
		}
	}
	return "", nil
}

// mayEnter applies the execute bit of the class that the account falls into.
func (a account) mayEnter(perm fs.FileMode, uid, gid uint32) bool {
	switch {
	case uid == a.uid:
		return perm&0o100 != 0
	case gid == a.gid:
		return perm&0o010 != 0
	default:
		return perm&0o001 != 0
	}
}

// ancestors lists the directories from the root down to path itself.
func ancestors(path string) []string {
	var out []string
	for dir := filepath.Clean(path); ; dir = filepath.Dir(dir) {
		out = append([]string{dir}, out...)
		if dir == filepath.Dir(dir) {
			return out
		}
	}
}
