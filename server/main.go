// Command server runs the platform: go run ./server. See --help for its settings.
//
// This file only reads the settings and turns signals and errors into a graceful stop and an exit code;
// everything else is in the packages below server, above all server/app.
package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"os"
	"os/signal"
	"syscall"

	"github.com/lianluo/lianluo/server/app"
	"github.com/lianluo/lianluo/server/config"
)

// The exit codes.
const (
	exitOK      = 0
	exitFailure = 1 // the server could not start, run or stop as it should
	exitUsage   = 2 // a setting is wrong; nothing was started
)

func main() {
	tuneMemory(os.LookupEnv)
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	// After the first signal they are no longer caught: a second one ends the process at once.
	context.AfterFunc(ctx, stop)
	os.Exit(run(withGoRun(ctx), os.Args[1:], os.Stdout, os.Stderr, os.LookupEnv))
}

// run is the program without the process: it serves until the context ends and returns the exit code.
func run(ctx context.Context, args []string, stdout, stderr io.Writer, env config.Lookup) int {
	cfg, err := config.Parse(args, env, stdout)
	switch {
	case errors.Is(err, config.ErrShown):
		return exitOK
	case err != nil:
		_, _ = fmt.Fprintf(stderr, "%v\nnothing was started; --help explains the settings\n", err)
		return exitUsage
	}
	log := newLogger(cfg, stderr)
	log.DebugContext(ctx, "settings", "config", cfg)
	if err := app.Run(ctx, cfg, stdout, log); err != nil {
		log.ErrorContext(ctx, "the server failed", "error", err)
		return exitFailure
	}
	return exitOK
}

// newLogger makes the logger of validated settings.
func newLogger(cfg config.Config, w io.Writer) *slog.Logger {
	var level slog.Level
	if err := level.UnmarshalText([]byte(cfg.LogLevel)); err != nil {
		level = slog.LevelInfo
	}
	options := &slog.HandlerOptions{Level: level}
	if cfg.LogFormat == "json" {
		return slog.New(slog.NewJSONHandler(w, options))
	}
	return slog.New(slog.NewTextHandler(w, options))
}
