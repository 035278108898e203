package embedded

import (
	"context"
	"errors"
	"io"
	"io/fs"
	"maps"
	"os"
	"os/exec"
	"runtime"
	"slices"
	"syscall"
	"time"
)

// maxLog is the size in bytes from which the log is put aside at a start.
const maxLog = 16 << 20

// child is a running server process.
type child struct {
	process *os.Process
	// log is open for reading, from where this server's part begins.
	log    *os.File
	offset int64
	// ended is closed when the process is gone; result says how, and is valid from then on.
	ended  chan struct{}
	result error
}

// defaults are the settings of every cluster unless the caller says otherwise.
func defaults(socketDir string, disposable bool) map[string]string {
	settings := map[string]string{
		"listen_addresses":        "",
		"port":                    "5432",
		socketSetting:             socketDir,
		"unix_socket_permissions": "0700",
		"timezone":                "UTC",
		"log_timezone":            "UTC",
		"lc_messages":             "C", // this package reads the log
		"log_checkpoints":         "off",
		// Statements and values may hold personal data: they stay out of the log.
		"log_error_verbosity":     "terse",
		"log_min_error_statement": "panic",
	}
	if disposable {
		settings["fsync"] = "off"
		settings["synchronous_commit"] = "off"
		settings["full_page_writes"] = "off"
		// In the cluster itself, so that it vanishes with it even after a crash.
		settings["dynamic_shared_memory_type"] = "mmap"
	}
	return settings
}

// launch starts the server process; it may not answer yet, or end at once.
func launch(bin binaries, who account, pgdata string, settings map[string]string, logFile string) (*child, error) {
	args := []string{"-D", pgdata}
	for _, name := range slices.Sorted(maps.Keys(settings)) {
		args = append(args, "-c", name+"="+settings[name])
	}
	log, err := openLog(logFile)
	if err != nil {
		return nil, err
	}
	c := &child{log: log, ended: make(chan struct{})}
	if c.offset, err = log.Seek(0, io.SeekEnd); err != nil {
		return nil, errors.Join(err, log.Close())
	}
	cmd := exec.Command(bin.path("postgres"), args...) //nolint:gosec,noctx // the server outlives the start's context
	// The file itself and not a pipe: a pipe would end with us, and the last words with it.
	cmd.Dir, cmd.Env, cmd.Stdout, cmd.Stderr = "/", environment(), log, log
	cmd.SysProcAttr = attributes(who, syscall.SIGINT)

	started := make(chan error)
	go func() {
		// The kernel signals the child when the thread that started it ends, so the thread is
		// kept for as long as the child lives.
		runtime.LockOSThread()
		defer runtime.UnlockOSThread()
		err := cmd.Start()
		started <- err
		if err != nil {
			return
		}
		c.result = cmd.Wait()
		close(c.ended)
	}()
	if err := <-started; err != nil {
		return nil, errors.Join(err, log.Close())
	}
	c.process = cmd.Process
	return c, nil
}

// openLog opens the server's log for appending, after putting a large one aside.
func openLog(path string) (*os.File, error) {
	if info, err := os.Stat(path); err == nil && info.Size() > maxLog {
		if err := os.Rename(path, path+".1"); err != nil {
			return nil, err
		}
	} else if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return nil, err
	}
	return os.OpenFile(path, os.O_RDWR|os.O_APPEND|os.O_CREATE, 0o600)
}

// said returns the last lines that this server wrote to its log.
func (c *child) said() string {
	const most = 8 << 10
	info, err := c.log.Stat()
	if err != nil {
		return ""
	}
	from := max(c.offset, info.Size()-most)
	out, _ := io.ReadAll(io.NewSectionReader(c.log, from, most))
	return tail(out)
}

// stop ends the server: politely, then firmly, then by force. It returns when the process is gone.
// The clients' transactions are rolled back; after the firmer ways the next start replays the log.
// The end of the context cuts the polite way short.
func (c *child) stop(ctx context.Context, wait patience) error {
	hurry := ctx.Done()
	for _, step := range []struct {
		signal syscall.Signal
		wait   time.Duration
	}{
		{syscall.SIGINT, wait.shutdown},
		{syscall.SIGQUIT, wait.quit},
		{syscall.SIGKILL, wait.kill},
	} {
		if err := c.process.Signal(step.signal); err != nil && !errors.Is(err, os.ErrProcessDone) {
			return err
		}
		timer := time.NewTimer(step.wait)
		select {
		case <-c.ended:
			timer.Stop()
			return nil
		case <-timer.C:
		case <-hurry:
			timer.Stop()
			hurry = nil
		}
	}
	return errors.New("the server process does not end")
}
