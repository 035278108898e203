package main

import (
	"context"
	"database/sql"
	"fmt"
	"os"
	"runtime"
	"strconv"
	"strings"
	"sync/atomic"
	"syscall"
	"time"
)

// ownCPU is the processor time that this process has used.
func ownCPU() time.Duration {
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		return 0
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}

// tick is the unit of processor times in /proc.
const tick = 10 * time.Millisecond

// backends are the database's processes that work for a pool, where they can be seen: on the same machine, under Linux.
type backends struct{ pids []int }

// backendsOf finds the processes of the connections of a name.
func backendsOf(ctx context.Context, owner *sql.DB, name string) (b backends, err error) {
	b.pids, err = collect(ctx, owner, scalar[int],
		`SELECT pid FROM pg_stat_activity WHERE application_name = $1 AND datname = current_database()`, name)
	return b, err
}

// cpu is the processor time that they have used; ok is false when it cannot be told.
func (b backends) cpu() (total time.Duration, ok bool) {
	for _, pid := range b.pids {
		text, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", pid))
		if err != nil {
			return 0, false
		}
		// The name, which may hold anything, stands in brackets; after them the times are the 12th and 13th field.
		_, rest, found := strings.Cut(string(text), ") ")
		fields := strings.Fields(rest)
		if !found || len(fields) < 13 || !strings.Contains(string(text), "postgres") {
			return 0, false
		}
		for _, f := range fields[11:13] {
			n, err := strconv.ParseInt(f, 10, 64)
			if err != nil {
				return 0, false
			}
			total += time.Duration(n) * tick
		}
	}
	return total, len(b.pids) > 0
}

// residentSize is the memory that the process has now; 0 when it cannot be told.
func residentSize() int64 {
	text, err := os.ReadFile("/proc/self/statm")
	if err != nil {
		return 0
	}
	fields := strings.Fields(string(text))
	if len(fields) < 2 {
		return 0
	}
	pages, err := strconv.ParseInt(fields[1], 10, 64)
	if err != nil {
		return 0
	}
	return pages * int64(os.Getpagesize())
}

// watchMemory looks at the memory of the process again and again until it is stopped, and then tells the most it saw.
func watchMemory() (stop func() int64) {
	var most atomic.Int64
	done, ended := make(chan struct{}), make(chan struct{})
	go func() {
		defer close(ended)
		for {
			most.Store(max(most.Load(), residentSize()))
			select {
			case <-done:
				return
			case <-time.After(20 * time.Millisecond):
			}
		}
	}()
	return func() int64 {
		close(done)
		<-ended
		return most.Load()
	}
}

// allocated are the allocations of the process so far, and their bytes.
func allocated() (count, bytes uint64) {
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return m.Mallocs, m.TotalAlloc
}
