package embedded

import (
	"crypto/rand"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
)

// displacedRoot holds the clusters whose data directories PostgreSQL's account cannot reach.
const displacedRoot = "/var/lib/lianluo"

// layout says where things lie. All paths are absolute and free of symbolic links.
type layout struct {
	// dataDir is the caller's directory.
	dataDir string
	// home is the directory of the cluster: within dataDir, or displaced.
	home string
	// displaced says that home lies below displacedRoot.
	displaced bool
}

func (l layout) lockFile() string     { return filepath.Join(l.dataDir, "postgres.lock") }
func (l layout) passwordFile() string { return filepath.Join(l.dataDir, "postgres.password") }
func (l layout) homeFile() string     { return filepath.Join(l.dataDir, "postgres.home") }
func (l layout) logFile() string      { return filepath.Join(l.dataDir, "postgres.log") }
func (l layout) pgdata() string       { return filepath.Join(l.home, "data") }
func (l layout) binaries() string     { return filepath.Join(l.home, "binaries") }
func (l layout) originFile() string   { return filepath.Join(l.home, "origin") }

// find works out the layout of an existing data directory without changing anything.
func find(dataDir string) (layout, error) {
	abs, err := filepath.Abs(dataDir)
	if err != nil {
		return layout{}, err
	}
	if straight, err := filepath.EvalSymlinks(abs); err == nil {
		abs = straight
	} else if !errors.Is(err, fs.ErrNotExist) {
		return layout{}, err
	}
	l := layout{dataDir: abs, home: filepath.Join(abs, "postgres")}
	marker, err := readHomeMarker(l.homeFile())
	if errors.Is(err, fs.ErrNotExist) {
		return l, nil
	}
	if err != nil {
		return layout{}, err
	}
	l.home, l.displaced = filepath.Join(displacedRoot, marker.id), true
	return l, nil
}

// prepare makes the data directory and its home, and hands the home to the account. Called with
// the lock held. The layout comes back because the first call may have to displace the home.
func (l layout) prepare(who account) (layout, error) {
	if l.displaced {
		return l, l.prepareDisplaced(who)
	}
	if !who.dropped {
		return l, l.makeHome(who)
	}
	blocked, err := who.barrier(l.dataDir)
	if err != nil {
		return l, err
	}
	if blocked == "" {
		err := l.makeHome(who)
		if err == nil || !errors.Is(err, fs.ErrPermission) || exists(l.pgdata()) {
			return l, err
		}
		// Root may not give files away here (a network or foreign file system): elsewhere, then.
		if err := os.RemoveAll(l.home); err != nil {
			return l, err
		}
	} else if exists(l.pgdata()) {
		return l, fmt.Errorf("账户 %s 无法进入目录 %s，因而打不开其中的数据库：请执行 chmod o+x %s，或以普通账户启动",
			who.name, blocked, blocked)
	}
	return l.displace(who)
}

// makeHome makes the home where it belongs to the account alone.
func (l layout) makeHome(who account) error {
	if err := os.MkdirAll(l.home, 0o700); err != nil {
		return err
	}
	return who.ownTree(l.home)
}

// displace chooses a home below displacedRoot and remembers it in the data directory.
func (l layout) displace(who account) (layout, error) {
	if err := sweep(displacedRoot); err != nil {
		return l, err
	}
	var id [8]byte
	rand.Read(id[:])
	marker := homeMarker{id: hex.EncodeToString(id[:])}
	if err := writeFile(l.homeFile(), marker.String()); err != nil {
		return l, err
	}
	l.home, l.displaced = filepath.Join(displacedRoot, marker.id), true
	return l, l.prepareDisplaced(who)
}

// prepareDisplaced makes the displaced home if need be and checks that it belongs to this data
// directory and to no copy of it.
func (l layout) prepareDisplaced(who account) error {
	marker, err := readHomeMarker(l.homeFile())
	if err != nil {
		return err
	}
	if marker.made && !exists(l.pgdata()) {
		return fmt.Errorf("数据目录 %s 的数据库应在 %s，现在那里没有：请恢复它；如确认不再需要，请删除 %s",
			l.dataDir, l.pgdata(), l.homeFile())
	}
	if err := os.MkdirAll(displacedRoot, 0o711); err != nil { //nolint:gosec // the account passes through
		return err
	}
	if blocked, err := who.barrier(displacedRoot); err != nil {
		return err
	} else if blocked != "" {
		return fmt.Errorf("账户 %s 无法进入目录 %s：请执行 chmod o+x %s，或以普通账户启动", who.name, blocked, blocked)
	}
	if err := l.makeHome(who); err != nil {
		return err
	}
	origin, err := os.ReadFile(l.originFile())
	switch {
	case errors.Is(err, fs.ErrNotExist):
	case err != nil:
		return err
	case string(origin) == l.dataDir+"\n":
		return nil
	default:
		other := layout{dataDir: strings.TrimSpace(string(origin))}
		theirs, err := readHomeMarker(other.homeFile())
		if err == nil && theirs.id == marker.id && !sameFile(other.homeFile(), l.homeFile()) {
			return fmt.Errorf("数据目录 %s 是 %s 的副本，两者不能共用一个数据库：请删除副本中的 %s",
				l.dataDir, other.dataDir, l.homeFile())
		}
	}
	return writeFile(l.originFile(), l.dataDir+"\n")
}

// markMade remembers that a displaced cluster exists, so that its loss is noticed.
func (l layout) markMade() error {
	if !l.displaced {
		return nil
	}
	marker, err := readHomeMarker(l.homeFile())
	if err != nil || marker.made {
		return err
	}
	marker.made = true
	return writeFile(l.homeFile(), marker.String())
}

// homeMarker is the content of postgres.home.
type homeMarker struct {
	id   string
	made bool
}

func (m homeMarker) String() string {
	if m.made {
		return m.id + "\nmade\n"
	}
	return m.id + "\n"
}

func readHomeMarker(path string) (homeMarker, error) {
	content, err := os.ReadFile(path)
	if err != nil {
		return homeMarker{}, err
	}
	fields := strings.Fields(string(content))
	if len(fields) == 0 || len(fields) > 2 {
		return homeMarker{}, fmt.Errorf("文件 %s 已损坏", path)
	}
	// The id becomes part of a path that root writes to: nothing but what displace writes is taken.
	if raw, err := hex.DecodeString(fields[0]); err != nil || len(raw) != 8 {
		return homeMarker{}, fmt.Errorf("文件 %s 已损坏", path)
	}
	return homeMarker{id: fields[0], made: len(fields) == 2}, nil
}

// sweep removes displaced clusters whose data directory lay below the temporary directory and is
// gone. Any other is kept: its directory may only be unmounted.
func sweep(root string) error {
	entries, err := os.ReadDir(root)
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		return err
	}
	for _, entry := range entries {
		lost := layout{home: filepath.Join(root, entry.Name())}
		origin, err := os.ReadFile(lost.originFile())
		if err != nil {
			continue // being made, or not ours
		}
		dataDir := strings.TrimSpace(string(origin))
		if !temporary(dataDir) || exists(dataDir) {
			continue
		}
		if users, err := processesOf(lost.pgdata()); err != nil || len(users) > 0 {
			continue
		}
		if err := os.RemoveAll(lost.home); err != nil {
			return err
		}
	}
	return nil
}

// temporary reports whether the path lies below a directory for temporary files.
func temporary(path string) bool {
	for _, root := range []string{os.TempDir(), "/tmp", "/var/tmp"} {
		if straight, err := filepath.EvalSymlinks(root); err == nil {
			root = straight
		}
		if rel, err := filepath.Rel(root, path); err == nil && filepath.IsLocal(rel) {
			return true
		}
	}
	return false
}

// exists is true in doubt: what cannot be looked at is not taken for absent.
func exists(path string) bool {
	_, err := os.Lstat(path) //nolint:gosec // only looks
	return !errors.Is(err, fs.ErrNotExist)
}

func sameFile(a, b string) bool {
	x, err := os.Stat(a)
	if err != nil {
		return false
	}
	y, err := os.Stat(b)
	return err == nil && os.SameFile(x, y)
}
