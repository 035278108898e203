package embedded

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"log/slog"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"time"

	embeddedpostgres "github.com/fergusstrange/embedded-postgres"
)

// releases are the builds that are downloaded, by major version.
var releases = map[int]embeddedpostgres.PostgresVersion{
	15: embeddedpostgres.V15,
	16: embeddedpostgres.V16,
	17: embeddedpostgres.V17,
	18: embeddedpostgres.V18,
}

// preferredRelease is downloaded for a new cluster.
const preferredRelease = 17

// downloadTimeout bounds a download: some 30 MB.
const downloadTimeout = 10 * time.Minute

// download fetches the binaries into a directory below root, once; later calls find them there.
// An empty repository means the library's.
func download(ctx context.Context, root, repository string, major int, who account, log *slog.Logger,
) (found binaries, err error) {
	if major == 0 {
		major = preferredRelease
	}
	release, ok := releases[major]
	if !ok {
		return binaries{}, fmt.Errorf("没有版本 %d 的下载", major)
	}
	dir := filepath.Join(root, strconv.Itoa(major))
	if found, err := probe(ctx, filepath.Join(dir, "bin"), who); err == nil {
		return found, nil
	}
	if err := os.MkdirAll(root, 0o755); err != nil { //nolint:gosec // PostgreSQL's account reads it
		return binaries{}, err
	}
	// What a killed download left is of no use.
	old, err := filepath.Glob(filepath.Join(root, "new-*"))
	if err != nil {
		return binaries{}, err
	}
	for _, path := range append(old, dir) {
		if err := os.RemoveAll(path); err != nil {
			return binaries{}, err
		}
	}
	work, err := os.MkdirTemp(root, "new-")
	if err != nil {
		return binaries{}, err
	}
	defer func() { err = errors.Join(err, os.RemoveAll(work)) }()

	log.Info("downloading PostgreSQL, as none is installed", "version", string(release))
	ctx, cancel := context.WithTimeout(ctx, downloadTimeout)
	defer cancel()
	// The library knows no context; a fetch that is given up ends with the process.
	done := make(chan error, 1)
	go func() { done <- fetch(work, repository, release) }()
	select {
	case <-ctx.Done():
		return binaries{}, fmt.Errorf("download PostgreSQL: %w", ctx.Err())
	case err := <-done:
		if err != nil {
			return binaries{}, fmt.Errorf("download PostgreSQL: %w", err)
		}
	}
	tree := filepath.Join(work, "tree")
	if err := readable(tree); err != nil {
		return binaries{}, err
	}
	if err := os.Rename(tree, dir); err != nil {
		return binaries{}, err
	}
	return probe(ctx, filepath.Join(dir, "bin"), who)
}

// fetch downloads and unpacks a release into work/tree. The library can only do so on the way to
// starting a server, which it cannot as root, and it would clear the data directory: so the data
// directory it gets is an impossible one, and the run ends there, after unpacking.
func fetch(work, repository string, release embeddedpostgres.PostgresVersion) error {
	obstacle := filepath.Join(work, "obstacle")
	if err := os.WriteFile(obstacle, nil, 0o600); err != nil {
		return err
	}
	config := embeddedpostgres.DefaultConfig().
		Version(release).
		Port(0).
		CachePath(filepath.Join(work, "archive")).
		RuntimePath(filepath.Join(work, "runtime")).
		BinariesPath(filepath.Join(work, "tree")).
		DataPath(filepath.Join(obstacle, "data")).
		Logger(io.Discard)
	if repository != "" {
		config = config.BinaryRepositoryURL(repository)
	}
	server := embeddedpostgres.NewDatabase(config)
	err := server.Start()
	if err == nil {
		return errors.Join(errors.New("the downloader started a server"), server.Stop())
	}
	if !strings.Contains(err.Error(), obstacle) {
		return err
	}
	return nil
}

// readable opens the tree to the account that will run it, whatever the caller's umask.
func readable(root string) error {
	return filepath.WalkDir(root, func(path string, entry fs.DirEntry, err error) error {
		if err != nil || entry.Type()&fs.ModeSymlink != 0 {
			return err
		}
		info, err := entry.Info()
		if err != nil {
			return err
		}
		perm := info.Mode().Perm()
		perm |= (perm & 0o500) >> 3
		perm |= (perm & 0o500) >> 6
		return os.Chmod(path, perm) //nolint:gosec // nobody else can write to the tree yet
	})
}
