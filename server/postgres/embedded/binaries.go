package embedded

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
)

// MinVersion is the oldest major version of PostgreSQL that is accepted.
const MinVersion = 15

// ErrNoBinaries is returned when there is no PostgreSQL to run and none could be downloaded.
var ErrNoBinaries = errors.New("找不到可用的 PostgreSQL")

// installed are the places that packages put PostgreSQL in, apart from the search path.
var installed = []string{
	"/usr/lib/postgresql/*/bin",            // Debian
	"/usr/pgsql-*/bin",                     // Red Hat
	"/usr/libexec/postgresql*",             // Alpine
	"/opt/homebrew/opt/postgresql@*/bin",   // macOS
	"/usr/local/opt/postgresql@*/bin",      // macOS on Intel
	"/Applications/Postgres.app/*/*/*/bin", // Postgres.app
}

// binaries is a directory with initdb and postgres.
type binaries struct {
	dir   string
	major int
}

func (b binaries) path(name string) string { return filepath.Join(b.dir, name) }

// locate chooses the binaries: what the caller names, the search path, then the newest installed.
// An existing cluster (major > 0) needs its own version. ErrNoBinaries when none fits.
func locate(ctx context.Context, named string, major int, who account) (binaries, error) {
	if named != "" {
		found, err := probe(ctx, named, who)
		if err != nil {
			return binaries{}, fmt.Errorf("%w: %s: %w", ErrNoBinaries, named, err)
		}
		if !fits(found.major, major) {
			return binaries{}, fmt.Errorf("%w: %s 是版本 %d，需要%s", ErrNoBinaries, named, found.major, wanted(major))
		}
		return found, nil
	}
	if program, err := exec.LookPath("postgres"); err == nil {
		if found, err := probe(ctx, filepath.Dir(program), who); err == nil && fits(found.major, major) {
			return found, nil
		}
	}
	var all []binaries
	for _, pattern := range installed {
		dirs, err := filepath.Glob(pattern)
		if err != nil {
			return binaries{}, err
		}
		for _, dir := range dirs {
			if found, err := probe(ctx, dir, who); err == nil && fits(found.major, major) {
				all = append(all, found)
			}
		}
	}
	if len(all) == 0 {
		return binaries{}, ErrNoBinaries
	}
	return slices.MaxFunc(all, func(a, b binaries) int { return a.major - b.major }), nil
}

// fits reports whether a version can serve: the cluster's own, or for a new one any that is new enough.
func fits(version, cluster int) bool {
	if cluster > 0 {
		return version == cluster
	}
	return version >= MinVersion
}

// wanted says in words what fits.
func wanted(cluster int) string {
	if cluster > 0 {
		return fmt.Sprintf("版本 %d（现有数据库由它建立）", cluster)
	}
	return fmt.Sprintf("版本 %d 或更新", MinVersion)
}

// probe looks for postgres and initdb in the directory and runs the former as the account, which
// proves that the account can. Links are followed first, as the binaries look for their other
// files beside themselves.
func probe(ctx context.Context, dir string, who account) (binaries, error) {
	program, err := filepath.EvalSymlinks(filepath.Join(dir, "postgres"))
	if err != nil {
		return binaries{}, err
	}
	found := binaries{dir: filepath.Dir(program)}
	if _, err := os.Stat(found.path("initdb")); err != nil {
		return binaries{}, err
	}
	cmd := exec.CommandContext(ctx, program, "--version") //nolint:gosec // what the machine has installed
	cmd.Dir = "/"
	cmd.Env = environment()
	cmd.SysProcAttr = attributes(who, 0)
	out, err := cmd.Output()
	if err != nil {
		return binaries{}, fmt.Errorf("%s --version: %w", program, err)
	}
	found.major, err = parseVersion(string(out))
	return found, err
}

var versionPattern = regexp.MustCompile(`\(PostgreSQL\) (\d+)`)

// parseVersion takes the major version out of what --version prints, such as
// "postgres (PostgreSQL) 15.14 (Debian 15.14-0+deb12u1)" or "postgres (PostgreSQL) 18beta1".
func parseVersion(text string) (int, error) {
	match := versionPattern.FindStringSubmatch(text)
	if match == nil {
		return 0, fmt.Errorf("no version in %q", text)
	}
	return strconv.Atoi(match[1])
}

// clusterVersion is the major version that made the cluster; 0 when there is none.
func clusterVersion(pgdata string) (int, error) {
	content, err := os.ReadFile(filepath.Join(pgdata, "PG_VERSION"))
	if errors.Is(err, fs.ErrNotExist) && !exists(pgdata) {
		return 0, nil
	}
	if err != nil {
		return 0, err
	}
	major, err := strconv.Atoi(strings.TrimSpace(string(content)))
	if err != nil {
		return 0, fmt.Errorf("PG_VERSION: %w", err)
	}
	return major, nil
}

// passed are the variables of our environment that the processes of the cluster see.
var passed = []string{"PATH=", "LD_LIBRARY_PATH=", "DYLD_LIBRARY_PATH="}

// environment is what the processes of the cluster see: nothing of ours that changes how they work,
// and no secrets. Their language and time zone are fixed, so that logs and results do not depend on
// the machine.
func environment() []string {
	env := []string{"LC_ALL=C", "TZ=UTC"}
	for _, variable := range os.Environ() {
		if slices.ContainsFunc(passed, func(name string) bool { return strings.HasPrefix(variable, name) }) {
			env = append(env, variable)
		}
	}
	return env
}
