package embedded

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"maps"
	"os"
	"strings"
	"sync"
	"time"

	"github.com/lib/pq"
)

// Config says what to run and where.
type Config struct {
	// DataDir is a directory for this server alone; it is created when missing.
	DataDir string
	// BinDir holds postgres and initdb. Empty: the search path, the places where packages install
	// PostgreSQL, and at last a download.
	BinDir string
	// Settings are server settings by their names in postgresql.conf; they replace the defaults.
	// Only the place of the sockets cannot be chosen.
	Settings map[string]string
	// Disposable trades safety for speed: a crash of the machine may ruin the cluster. For tests.
	Disposable bool
	// ReadyTimeout bounds the wait for the first answer, which after a crash includes replaying
	// the log. Zero means 5 minutes.
	ReadyTimeout time.Duration
	// Repository is the URL of the Maven repository that binaries are downloaded from when none are
	// installed. Empty: the public one.
	Repository string
	// Log is told of slow steps. Nil: nobody is.
	Log *slog.Logger
}

// Server is a running PostgreSQL server. Its methods may be called from several goroutines.
type Server struct {
	where   layout
	who     account
	lock    *lock
	child   *child
	address Address
	exited  chan error

	mu       sync.Mutex
	stopping bool
	stopped  error
	once     sync.Once
}

// Start makes the cluster of the data directory if there is none, starts its server and returns
// when it answers. The server ends with Stop, or by itself when the process dies.
//
// ErrInUse says that another server uses the data directory, ErrNoBinaries that there is no
// PostgreSQL to run. The context bounds the start only.
func Start(ctx context.Context, config Config) (*Server, error) {
	log := config.Log
	if log == nil {
		log = slog.New(slog.DiscardHandler)
	}
	if config.ReadyTimeout == 0 {
		config.ReadyTimeout = 5 * time.Minute
	}
	// Root lets the cluster's account pass through, though not look around.
	perm := fs.FileMode(0o700)
	if os.Geteuid() == 0 {
		perm = 0o711
	}
	if err := os.MkdirAll(config.DataDir, perm); err != nil {
		return nil, fmt.Errorf("make the data directory: %w", err)
	}
	where, err := find(config.DataDir)
	if err != nil {
		return nil, err
	}
	lock, err := acquire(where.lockFile())
	if err != nil {
		return nil, err
	}
	server, err := startLocked(ctx, config, where, lock, log)
	if err != nil {
		return nil, errors.Join(err, lock.release())
	}
	return server, nil
}

// startLocked does the work of Start with the lock held.
func startLocked(ctx context.Context, config Config, where layout, lock *lock, log *slog.Logger) (*Server, error) {
	// Only now is it certain that nobody else is choosing a home.
	where, err := find(where.dataDir)
	if err != nil {
		return nil, err
	}
	who, err := accountFor(where.pgdata())
	if err != nil {
		return nil, err
	}
	if where, err = where.prepare(who); err != nil {
		return nil, fmt.Errorf("prepare the data directory: %w", err)
	}
	bin, err := provide(ctx, config, where, who, log)
	if err != nil {
		return nil, err
	}
	if err := settle(ctx, where.pgdata(), defaultPatience, log); err != nil {
		return nil, err
	}
	if err := where.ensurePassword(); err != nil {
		return nil, err
	}
	began := time.Now()
	fresh := !exists(where.pgdata())
	if err := where.create(ctx, bin, who, !config.Disposable, log); err != nil {
		return nil, fmt.Errorf("make the cluster: %w", err)
	}
	if err := where.markMade(); err != nil {
		return nil, err
	}
	socketDir, err := where.makeSocketDir(who)
	if err != nil {
		return nil, err
	}
	settings := defaults(socketDir, config.Disposable)
	maps.Copy(settings, config.Settings)
	settings[socketSetting] = socketDir // what later starts and Running rely on

	running, address, err := run(ctx, config, where, who, bin, settings, log)
	if err != nil {
		return nil, err
	}
	log.Debug("PostgreSQL answers", "version", bin.major, "account", who.name,
		"home", where.home, "fresh", fresh, "took", time.Since(began))
	server := &Server{
		where: where, who: who, lock: lock, child: running, address: address,
		exited: make(chan error, 1),
	}
	go server.watch()
	return server, nil
}

// provide finds the binaries that fit the cluster, or downloads them.
func provide(ctx context.Context, config Config, where layout, who account, log *slog.Logger) (binaries, error) {
	major, err := clusterVersion(where.pgdata())
	if err != nil {
		return binaries{}, fmt.Errorf("version of the cluster in %s: %w", where.pgdata(), err)
	}
	bin, err := locate(ctx, config.BinDir, major, who)
	if err == nil || config.BinDir != "" || !errors.Is(err, ErrNoBinaries) {
		return bin, err
	}
	bin, err = download(ctx, where.binaries(), config.Repository, major, who, log)
	if err != nil {
		return binaries{}, fmt.Errorf("%w：需要%s。请安装（Debian、Ubuntu：apt install postgresql；macOS：brew install postgresql@17），"+
			"或设置 DATABASE_URL 使用现有的服务器；自动下载也未成功: %w", ErrNoBinaries, wanted(major), err)
	}
	return bin, nil
}

// run starts the server and waits until it answers. A server of an earlier run that had only just
// been started when its parent died may come forth late and win the race: then it is ended first.
func run(ctx context.Context, config Config, where layout, who account, bin binaries,
	settings map[string]string, log *slog.Logger,
) (*child, Address, error) {
	const attempts = 3
	for attempt := 1; ; attempt++ {
		if err := removeStale(where.pgdata(), settings[socketSetting]); err != nil {
			return nil, Address{}, fmt.Errorf("remove stale lock files: %w", err)
		}
		running, err := launch(bin, who, where.pgdata(), settings, where.logFile())
		if err != nil {
			return nil, Address{}, fmt.Errorf("start postgres: %w", err)
		}
		address, err := ready(ctx, config.ReadyTimeout, running, where, log)
		if err == nil {
			return running, address, nil
		}
		err = errors.Join(err, running.stop(context.WithoutCancel(ctx), defaultPatience))
		said := running.said()
		err = errors.Join(err, running.log.Close())
		raced := strings.Contains(said, "already exists") || strings.Contains(said, "is still in use")
		if !raced || attempt == attempts {
			if said != "" {
				err = fmt.Errorf("%w\n日志 %s 的结尾：\n%s", err, where.logFile(), said)
			}
			return nil, Address{}, err
		}
		if err := settle(ctx, where.pgdata(), defaultPatience, log); err != nil {
			return nil, Address{}, err
		}
	}
}

// ready waits until the server answers a real connection.
func ready(ctx context.Context, limit time.Duration, running *child, where layout, log *slog.Logger) (Address, error) {
	timeout := time.NewTimer(limit)
	defer timeout.Stop()
	report := time.NewTicker(5 * time.Second)
	defer report.Stop()
	tick := time.NewTicker(5 * time.Millisecond)
	defer tick.Stop()
	last := errors.New("no answer yet")
	for {
		select {
		case <-running.ended:
			return Address{}, fmt.Errorf("PostgreSQL 启动失败: %w", exit(running.result))
		case <-ctx.Done():
			return Address{}, fmt.Errorf("PostgreSQL 启动中断: %w", ctx.Err())
		case <-timeout.C:
			return Address{}, fmt.Errorf("PostgreSQL 在 %v 内没有就绪: %w", limit, last)
		case <-report.C:
			log.Info("waiting for PostgreSQL to recover", "log", where.logFile())
			continue
		case <-tick.C:
		}
		// Its own word first: a connection before that would only fill its log.
		file, err := readPIDFile(where.pgdata())
		if err != nil || !file.ready || file.pid != running.process.Pid {
			continue
		}
		address, err := where.address()
		if err != nil {
			return Address{}, err
		}
		if last = address.ping(ctx); last == nil {
			return address, nil
		}
		if refused := pq.As(last, "28P01", "28000"); refused != nil {
			return Address{}, fmt.Errorf("密码文件 %s 与数据库不符: %w", where.passwordFile(), last)
		}
	}
}

// exit makes an error of how a process ended, also when it ended well.
func exit(result error) error {
	if result == nil {
		return errors.New("exit status 0")
	}
	return result
}

// watch tells the caller when the server ends without having been asked to.
func (s *Server) watch() {
	<-s.child.ended
	s.mu.Lock()
	asked := s.stopping
	s.mu.Unlock()
	if !asked {
		s.exited <- fmt.Errorf("PostgreSQL 意外退出: %w\n%s", exit(s.child.result), s.child.said())
	}
	close(s.exited)
}

// Address says how to reach the server.
func (s *Server) Address() Address { return s.address }

// Exited delivers an error when the server ends without Stop, and is closed when it has ended
// either way. Stop is still to be called, to give the data directory free.
func (s *Server) Exited() <-chan error { return s.exited }

// Stop ends the server and gives the data directory free. Open transactions are rolled back. When
// the context ends first, the server is stopped at once and the next start replays its log.
// Calling it again does nothing.
func (s *Server) Stop(ctx context.Context) error {
	s.once.Do(func() {
		s.mu.Lock()
		s.stopping = true
		s.mu.Unlock()
		s.stopped = errors.Join(
			s.child.stop(ctx, defaultPatience),
			s.child.log.Close(),
			s.where.dropSocketDir(s.who),
			s.lock.release(),
		)
	})
	return s.stopped
}

// Remove deletes the cluster of a data directory for good, wherever it lies, with its password and
// log. ErrInUse when a server runs on it. A directory without a cluster is no error.
func Remove(ctx context.Context, dataDir string) (err error) {
	if !exists(dataDir) {
		return nil
	}
	where, err := find(dataDir)
	if err != nil {
		return err
	}
	lock, err := acquire(where.lockFile())
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, lock.release()) }()
	if where, err = find(where.dataDir); err != nil {
		return err
	}
	log := slog.New(slog.DiscardHandler)
	if err := settle(ctx, where.pgdata(), defaultPatience, log); err != nil {
		return err
	}
	who, err := accountFor(where.pgdata())
	if err != nil {
		return err
	}
	if err := where.dropSocketDir(who); err != nil {
		return err
	}
	// The marker goes after the cluster it leads to, the lock last.
	for _, path := range []string{
		where.home, where.homeFile(), where.passwordFile(),
		where.logFile(), where.logFile() + ".1", where.lockFile(),
	} {
		if err := os.RemoveAll(path); err != nil {
			return err
		}
	}
	return nil
}
