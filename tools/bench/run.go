package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"os"
	"runtime/debug"
	"time"

	"github.com/lianluo/lianluo/server/auth"
)

// The server's own settings of the garbage collector (server/memory.go), for what is measured is to be what is run.
const (
	gcPercent   = 400
	memoryLimit = 384 << 20
)

// nowhere takes what is written and keeps none of it. io.Discard would have the log not write at all.
type nowhere struct{}

func (nowhere) Write(b []byte) (int, error) { return len(b), nil }

// bench measures.
func (f *runFlags) bench(ctx context.Context, stdout, stderr io.Writer) error {
	return f.onDatabase(ctx, stderr, func(owner, app string) error {
		dir, err := f.keysIn()
		if err != nil {
			return err
		}
		r, err := f.on(ctx, bedOptions{
			ownerURL: owner, appURL: app, dataDir: dir, connections: max(f.Concurrency, 8), passwords: auth.DefaultPasswordParams(),
			log: slog.New(slog.NewTextHandler(nowhere{}, nil)), // what is logged is written as in life
		}, stderr)
		if err != nil {
			return err
		}
		if f.JSON != "" {
			if err := r.save(f.JSON); err != nil {
				return err
			}
		}
		return r.print(stdout)
	})
}

// on measures on a bed.
func (f *runFlags) on(ctx context.Context, o bedOptions, stderr io.Writer) (r *result, err error) {
	b, err := newBed(ctx, o)
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, b.close()) }()
	r = &result{Scale: string(f.Scale), Note: f.Note, Measured: time.Now().UTC().Truncate(time.Second), Concurrency: f.Concurrency}
	if r.Machine, err = describe(ctx, b.owner); err != nil {
		return nil, err
	}
	if r.Rows, err = sizes(ctx, b.owner); err != nil {
		return nil, err
	}
	if err := b.catchUp(ctx); err != nil {
		return nil, err
	}
	s, err := newSample(ctx, b)
	if err != nil {
		return nil, err
	}
	stopFolding, err := b.fold(ctx, o.appURL)
	if err != nil {
		return nil, err
	}
	debug.SetGCPercent(gcPercent)
	debug.SetMemoryLimit(memoryLimit)
	debug.FreeOSMemory() // what loading the data took is not the server's
	peak := watchMemory()
	var plans []plan
	m := &measurer{b, f.Duration, f.Count, f.Concurrency}
	absent, err := s.each(ctx, f.Cases, func(c *benchCase) error {
		_, _ = fmt.Fprintf(stderr, "bench: %s\n", c.name)
		measured, explained, err := m.measure(ctx, c)
		r.Cases, plans = append(r.Cases, measured), append(plans, explained...)
		return err
	})
	r.PeakMemory = peak()
	if stopped := stopFolding(); err == nil {
		err = stopped
	}
	if err != nil {
		return nil, err
	}
	if absent > 0 {
		_, _ = fmt.Fprintf(stderr, "bench: the data has nothing for %d cases\n", absent)
	}
	r.Plans = hottest(plans, 5)
	if len(f.Cases) == 0 {
		if r.Writing, err = s.writing(ctx); err != nil {
			return nil, err
		}
	}
	r.judge()
	return r, nil
}

func (r *result) save(name string) error {
	text, err := json.MarshalIndent(r, "", " ")
	if err != nil {
		return err
	}
	return os.WriteFile(name, append(text, '\n'), 0o644) //nolint:gosec // results are for everyone
}
