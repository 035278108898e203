package main

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"time"
)

// parentCheck is how often the server looks whether "go run" still lives.
const parentCheck = 250 * time.Millisecond

var errParentGone = errors.New("the go command that ran the server is gone")

// withGoRun ends the context when the server was started by "go run" and that is killed: a kill -9 of it does not reach the
// server, which would go on unseen and keep the data directory. A server started in any other way outlives its parent.
func withGoRun(ctx context.Context) context.Context {
	parent := os.Getppid()
	if !isGoCommand(parent) {
		return ctx
	}
	ctx, cancel := context.WithCancelCause(ctx)
	go func() {
		tick := time.NewTicker(parentCheck)
		defer tick.Stop()
		for {
			select {
			case <-ctx.Done():
				return
			case <-tick.C:
				if os.Getppid() != parent {
					cancel(errParentGone)
					return
				}
			}
		}
	}()
	return ctx
}

// isGoCommand tells whether a process is the go command; false where the system does not say.
func isGoCommand(pid int) bool {
	path, err := os.Readlink("/proc/" + strconv.Itoa(pid) + "/exe")
	return err == nil && strings.TrimSuffix(filepath.Base(path), " (deleted)") == "go"
}
