package embedded

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"strconv"
	"strings"

	"github.com/lib/pq"
)

// Superuser is the role that owns everything in an embedded cluster.
const Superuser = "postgres"

// maintenanceDatabase exists in every cluster; databases are made and dropped from it.
const maintenanceDatabase = "postgres"

// ErrNotRunning is returned by Running when no server answers for the data directory.
var ErrNotRunning = errors.New("数据目录的 PostgreSQL 没有运行")

// Address says how to reach a running server.
type Address struct {
	// SocketDir is the directory of the server's unix socket.
	SocketDir string
	// Port names the socket within SocketDir.
	Port int
	// Password is the superuser's.
	Password string
}

// URL is the libpq URL of a database for the superuser. It contains the password: do not log it.
func (a Address) URL(database string) string {
	return a.UserURL(database, Superuser, a.Password)
}

// UserURL is the libpq URL of a database for another role. It contains the password: do not log it.
func (a Address) UserURL(database, user, password string) string {
	query := url.Values{
		"host":    {a.SocketDir},
		"port":    {strconv.Itoa(a.Port)},
		"sslmode": {"disable"},
	}
	u := url.URL{
		Scheme:   "postgres",
		User:     url.UserPassword(user, password),
		Path:     "/" + database,
		RawQuery: query.Encode(),
	}
	return u.String()
}

// EnsureDatabase creates the database when it does not exist. Two callers at once do no harm.
func (a Address) EnsureDatabase(ctx context.Context, name string) (err error) {
	db, err := sql.Open("postgres", a.URL(maintenanceDatabase))
	if err != nil {
		return fmt.Errorf("open %s: %w", maintenanceDatabase, err)
	}
	defer func() { err = errors.Join(err, db.Close()) }()

	var exists bool
	const find = `SELECT EXISTS (SELECT FROM pg_database WHERE datname = $1)`
	if err := db.QueryRowContext(ctx, find, name).Scan(&exists); err != nil {
		return fmt.Errorf("look for database %s: %w", name, err)
	}
	if exists {
		return nil
	}
	_, err = db.ExecContext(ctx, "CREATE DATABASE "+pq.QuoteIdentifier(name)+" TEMPLATE template0")
	if taken := pq.As(err, "42P04", "23505"); taken != nil { // made by another caller meanwhile
		return nil
	}
	if err != nil {
		return fmt.Errorf("create database %s: %w", name, err)
	}
	return nil
}

// Running finds the server that is running on the data directory, started by another process of
// the same user. ErrNotRunning when there is none that answers.
func Running(ctx context.Context, dataDir string) (Address, error) {
	where, err := find(dataDir)
	if err != nil {
		return Address{}, err
	}
	address, err := where.address()
	if errors.Is(err, os.ErrNotExist) {
		return Address{}, ErrNotRunning
	}
	if err != nil {
		return Address{}, err
	}
	if err := address.ping(ctx); err != nil {
		return Address{}, fmt.Errorf("%w: %w", ErrNotRunning, err)
	}
	return address, nil
}

// ping proves with a new connection that the server answers.
func (a Address) ping(ctx context.Context) (err error) {
	db, err := sql.Open("postgres", a.URL(maintenanceDatabase))
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, db.Close()) }()
	return db.PingContext(ctx)
}

// address reads where the server listens; os.ErrNotExist when none has been started.
func (l layout) address() (Address, error) {
	file, err := readPIDFile(l.pgdata())
	if err != nil {
		return Address{}, err
	}
	if file.socketDir == "" {
		return Address{}, fmt.Errorf("postmaster.pid names no socket yet: %w", os.ErrNotExist)
	}
	password, err := os.ReadFile(l.passwordFile())
	if err != nil {
		return Address{}, fmt.Errorf("read the superuser's password: %w", err)
	}
	return Address{
		SocketDir: file.socketDir,
		Port:      file.port,
		Password:  strings.TrimSpace(string(password)),
	}, nil
}

// pidFile is what postmaster.pid says: which process serves, where it listens, how far it is.
type pidFile struct {
	pid       int
	port      int
	socketDir string
	ready     bool
}

// readPIDFile reads the cluster's postmaster.pid. A file that is still being written has zero
// values for the lines that are missing.
func readPIDFile(pgdata string) (pidFile, error) {
	content, err := os.ReadFile(filepath.Join(pgdata, "postmaster.pid"))
	if err != nil {
		return pidFile{}, err
	}
	// Lines: pid, data directory, start time, port, first socket directory, first listen address,
	// shared memory key, status.
	lines := strings.Split(string(content), "\n")
	line := func(i int) string {
		if i < len(lines) {
			return strings.TrimSpace(lines[i])
		}
		return ""
	}
	var file pidFile
	if file.pid, err = strconv.Atoi(line(0)); err != nil {
		return pidFile{}, fmt.Errorf("postmaster.pid: %w", err)
	}
	if text := line(3); text != "" {
		if file.port, err = strconv.Atoi(text); err != nil {
			return pidFile{}, fmt.Errorf("postmaster.pid: %w", err)
		}
	}
	file.socketDir = line(4)
	file.ready = line(7) == "ready"
	return file, nil
}
