package app

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"
	"go.uber.org/goleak"
)

// journal records what components do, in order.
type journal struct{ lines []string }

func (j *journal) add(format string, args ...any) {
	j.lines = append(j.lines, fmt.Sprintf(format, args...))
}

// part is a component that records its start and stop and gives the errors it is told.
func (j *journal) part(name string, startErr, stopErr error) component {
	return component{
		name:  name,
		start: func(context.Context) error { j.add("start %s", name); return startErr },
		stop:  func(context.Context) error { j.add("stop %s", name); return stopErr },
	}
}

var discard = slog.New(slog.DiscardHandler)

func TestComponentsStartInOrderAndStopInReverse(t *testing.T) {
	defer goleak.VerifyNone(t)
	var j journal
	ctx, cancel := context.WithCancel(t.Context())
	last := component{name: "c", start: func(context.Context) error { j.add("start c"); cancel(); return nil }} // nothing to stop
	err := runComponents(ctx, discard, time.Minute, j.part("a", nil, nil), j.part("b", nil, nil), last)
	if err != nil {
		t.Errorf("a wanted end gave %v", err)
	}
	want := []string{"start a", "start b", "start c", "stop b", "stop a"}
	if diff := cmp.Diff(want, j.lines); diff != "" {
		t.Errorf("order (-want +got):\n%s", diff)
	}
}

func TestFailedStartStopsTheEarlierParts(t *testing.T) {
	defer goleak.VerifyNone(t)
	var j journal
	broken, untidy := errors.New("broken"), errors.New("untidy")
	err := runComponents(t.Context(), discard, time.Minute,
		j.part("a", nil, nil), j.part("b", nil, untidy), j.part("c", broken, nil), j.part("d", nil, nil))
	if !errors.Is(err, broken) || !errors.Is(err, untidy) {
		t.Errorf("the errors of starting and stopping are not both told: %v", err)
	}
	if want := "start c: broken\nstop b: untidy"; err.Error() != want {
		t.Errorf("error %q, want %q", err, want)
	}
	want := []string{"start a", "start b", "start c", "stop b", "stop a"}
	if diff := cmp.Diff(want, j.lines); diff != "" {
		t.Errorf("order (-want +got):\n%s", diff)
	}
}

func TestEveryStopErrorIsTold(t *testing.T) {
	var j journal
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	one, two := errors.New("one"), errors.New("two")
	err := stopComponents(context.WithoutCancel(ctx), discard, time.Minute, []component{j.part("a", nil, one), j.part("b", nil, two)})
	if !errors.Is(err, one) || !errors.Is(err, two) {
		t.Errorf("got %v", err)
	}
}

func TestEndWhileStarting(t *testing.T) {
	defer goleak.VerifyNone(t)
	for name, startErr := range map[string]error{
		"the part notices":         context.Canceled,
		"the part does not notice": nil,
	} {
		t.Run(name, func(t *testing.T) {
			var j journal
			ctx, cancel := context.WithCancel(t.Context())
			slow := component{
				name:  "slow",
				start: func(context.Context) error { j.add("start slow"); cancel(); return startErr },
				stop:  func(context.Context) error { j.add("stop slow"); return nil },
			}
			if err := runComponents(ctx, discard, time.Minute, j.part("a", nil, nil), slow, j.part("late", nil, nil)); err != nil {
				t.Errorf("a wanted end gave %v", err)
			}
			if slices.Contains(j.lines, "start late") {
				t.Error("a part was started after the end")
			}
			if stopped := slices.Contains(j.lines, "stop slow"); stopped != (startErr == nil) {
				t.Errorf("the part that gave %v was stopped: %t", startErr, stopped)
			}
			if j.lines[len(j.lines)-1] != "stop a" {
				t.Errorf("the earlier part was not stopped: %v", j.lines)
			}
		})
	}
}

func TestFailureOfARunningPart(t *testing.T) {
	defer goleak.VerifyNone(t)
	var j journal
	lost := fmt.Errorf("lost its connection: %w", context.Canceled) // however it reads, it is no wanted end
	ctx, fail := withFailure(t.Context())
	defer fail(nil)
	failing := component{name: "b", start: func(context.Context) error {
		go fail(lost)
		return nil
	}}
	if err := runComponents(ctx, discard, time.Minute, j.part("a", nil, nil), failing); !errors.Is(err, lost) {
		t.Errorf("got %v, want the part's error", err)
	}
	if j.lines[len(j.lines)-1] != "stop a" {
		t.Errorf("the other part was not stopped: %v", j.lines)
	}
}

func TestStoppingIsBounded(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		const timeout = 10 * time.Second
		var j journal
		ctx, cancel := context.WithCancel(t.Context())
		release := make(chan struct{})
		hangs := component{
			name:  "hangs",
			start: func(context.Context) error { return nil },
			stop:  func(context.Context) error { <-release; return nil },
		}
		heeds := component{
			name:  "heeds",
			start: func(context.Context) error { cancel(); return nil },
			stop:  func(ctx context.Context) error { <-ctx.Done(); return ctx.Err() },
		}
		begin := time.Now()
		err := runComponents(ctx, discard, timeout, j.part("first", nil, nil), hangs, heeds)
		if got, want := time.Since(begin), 2*timeout+stopGrace; got != want {
			t.Errorf("stopping took %s, want %s", got, want)
		}
		if !errors.Is(err, errStopTimeout) || !errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("the parts that were too slow are not told: %v", err)
		}
		if !strings.Contains(err.Error(), "stop hangs") || !strings.Contains(err.Error(), "stop heeds") {
			t.Errorf("the error does not name the parts: %v", err)
		}
		if diff := cmp.Diff([]string{"start first", "stop first"}, j.lines); diff != "" {
			t.Errorf("the part before was not stopped (-want +got):\n%s", diff)
		}
		close(release)
	})
}

// The context of start ends with the server; that of stop must not have ended with it.
func TestStopGetsALivingContext(t *testing.T) {
	type key struct{}
	ctx, cancel := context.WithCancel(context.WithValue(t.Context(), key{}, "value"))
	part := component{
		name:  "a",
		start: func(context.Context) error { cancel(); return nil },
		stop: func(ctx context.Context) error {
			if ctx.Err() != nil || ctx.Value(key{}) != "value" {
				return fmt.Errorf("ended: %w, value %v", ctx.Err(), ctx.Value(key{}))
			}
			return nil
		},
	}
	if err := runComponents(ctx, discard, time.Minute, part); err != nil {
		t.Error(err)
	}
}
