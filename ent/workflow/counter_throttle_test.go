package workflow_test

import (
	"context"
	"errors"
	"fmt"
	"net/netip"
	"testing"
	"time"

	"github.com/lianluo/lianluo/ent/fault"
	"github.com/lianluo/lianluo/ent/kind"
	"github.com/lianluo/lianluo/ent/workflow"
	"github.com/lianluo/lianluo/server/throttle"
)

// throttled is the window with a throttle whose clock stands still.
func throttled(t *testing.T) *window {
	t.Helper()
	w := newWindow(t)
	w.counter = workflow.NewCounter(w.desk, workflow.CounterOptions{
		Throttle: throttle.New(throttle.Options{Clock: func() time.Time { return now }}),
	})
	return w
}

// from is the context of a client at an address.
func from(ctx context.Context, address string) context.Context {
	return workflow.WithAddress(ctx, netip.MustParseAddr(address))
}

// limited tells how often something is let through before it is refused as too often; every other refusal lets it through too.
func limited(t *testing.T, most int, do func(i int) error) int {
	t.Helper()
	for i := range most {
		f, ok := errors.AsType[*fault.Fault](do(i))
		if !ok || !errors.Is(f, fault.ErrRateLimited) {
			continue
		}
		if f.RetryAfter <= 0 || len(f.Fields) != 0 {
			t.Errorf("refused with %+v", f)
		}
		return i
	}
	return most
}

func TestSubmissionsAreLimited(t *testing.T) {
	w := throttled(t)
	submit := func(address string, change func(*workflow.SubmitOpinion)) error {
		_, err := w.counter.SubmitOpinion(from(t.Context(), address), w.filled(change))
		return err
	}
	burst := func(b workflow.Bound) int { return throttle.Limits[b].Burst }

	// What the input alone shows to be wrong is not counted.
	if n := limited(t, 30, func(int) error {
		return submit("203.0.113.7", func(in *workflow.SubmitOpinion) { in.Consent = "" })
	}); n != 30 {
		t.Errorf("slips of the pen: %d", n)
	}
	before := w.count("opinion")
	if n := limited(t, 30, func(int) error { return submit("203.0.113.7", nil) }); n != burst(workflow.BoundSubmitAddress) {
		t.Errorf("one address: %d", n)
	}
	if n := w.count("opinion") - before; n != burst(workflow.BoundSubmitAddress) {
		t.Errorf("%d were booked", n)
	}
	w.refusedAsTooOften(func() error { return submit("203.0.113.7", nil) })
	w.refusedAsTooOften(func() error { return submit("::ffff:203.0.113.7", nil) }) // the same, written otherwise
	for range 300 {
		_ = submit("203.0.113.7", nil)
	}
	// Others at the same code are let in.
	for i := range 5 {
		if err := submit(fmt.Sprintf("198.51.100.%d", i), nil); err != nil {
			t.Errorf("another address: %v", err)
		}
	}
	// A network of IPv6 is one subscriber's, whatever the rest of the address.
	if n := limited(t, 30, func(i int) error { return submit(fmt.Sprintf("2001:db8:1:2::%x", i+1), nil) }); n != burst(workflow.BoundSubmitAddress) {
		t.Errorf("one network: %d", n)
	}
	if err := submit("2001:db8:1:3::1", nil); err != nil {
		t.Errorf("another network: %v", err)
	}
	// An address that no one knows is one for all.
	if n := limited(t, 30, func(int) error {
		_, err := w.counter.SubmitOpinion(t.Context(), w.filled(nil))
		return err
	}); n != burst(workflow.BoundSubmitAddress) {
		t.Errorf("no address: %d", n)
	}
}

func TestPhonesAreLimited(t *testing.T) {
	w := throttled(t)
	submit := func(address, phone string) error {
		_, err := w.counter.SubmitOpinion(from(t.Context(), address), w.filled(func(in *workflow.SubmitOpinion) { in.Phone = &phone }))
		return err
	}
	limit := throttle.Limits[workflow.BoundSubmitPhone].Burst
	spellings := []string{"13900001111", "139 0000 1111", "139-0000-1111"}
	if n := limited(t, 30, func(i int) error { return submit(fmt.Sprintf("198.51.100.%d", i), spellings[i%3]) }); n != limit {
		t.Errorf("one number from many places: %d, want %d", n, limit)
	}
	// From one place not all of a number can be used up, so its owner can still submit.
	if n := limited(t, 30, func(int) error { return submit("203.0.113.7", "13900002222") }); n >= limit {
		t.Errorf("one number from one place: %d", n)
	}
	if err := submit("203.0.113.8", "13900002222"); err != nil {
		t.Errorf("the owner: %v", err)
	}
	if err := submit("203.0.113.7", "13900003333"); err != nil { // and the place is charged only for what was let in
		t.Errorf("another number from the place: %v", err)
	}
}

func TestCodesAreLimited(t *testing.T) {
	w := newWindow(t)
	limits := map[workflow.Bound]throttle.Limit{
		workflow.BoundSubmitCode: {Burst: 4, Events: 1, Per: time.Hour}, workflow.BoundSubmitCodeAddress: {Burst: 2, Events: 1, Per: time.Hour},
	}
	w.counter = workflow.NewCounter(w.desk, workflow.CounterOptions{
		Throttle: throttle.New(throttle.Options{Clock: func() time.Time { return now }, Limits: limits}),
	})
	submit := func(i int, code string) error {
		_, err := w.counter.SubmitOpinion(from(t.Context(), fmt.Sprintf("198.51.100.%d", i)), w.filled(func(in *workflow.SubmitOpinion) { in.Code = code }))
		return err
	}
	if n := limited(t, 9, func(int) error { return submit(0, w.code) }); n != 2 {
		t.Errorf("one code from one place: %d", n)
	}
	if n := limited(t, 9, func(i int) error { return submit(i+1, w.code) }); n != 2 {
		t.Errorf("one code from elsewhere: %d", n)
	}
	if err := submit(0, w.deputysCode); err != nil {
		t.Errorf("another code: %v", err)
	}
}

func TestLookingIsLimited(t *testing.T) {
	w := throttled(t)
	mine := w.submit(func(in *workflow.SubmitOpinion) { in.Phone = ptr("13900001111") })
	status := func(address string, p workflow.Pass) error {
		_, err := w.counter.Status(from(t.Context(), address), p)
		return err
	}
	number := mine.Opinion.Number
	owner, phone := pass(mine), workflow.Pass{Number: number, Phone: ptr("13900001111")}
	guess := func(i int) workflow.Pass {
		return workflow.Pass{Number: number, Phone: ptr(fmt.Sprintf("1390000%04d", 2000+i))}
	}
	most := throttle.Limits
	// Who has the right pass may look as often as people do.
	if n := limited(t, 100, func(int) error { return status("203.0.113.1", phone) }); n != 100 {
		t.Errorf("the owner: %d", n)
	}
	// Who guesses is soon stopped, and does not stop the owner.
	if n, want := limited(t, 50, func(i int) error { return status("203.0.113.7", guess(i)) }), most[workflow.BoundMissNumberAddress].Burst; n != want {
		t.Errorf("guessing from one place: %d, want %d", n, want)
	}
	if err := errors.Join(status("203.0.113.1", phone), status("203.0.113.1", owner)); err != nil {
		t.Errorf("the owner after that: %v", err)
	}
	// The right one is no longer found by guessing on: the place is refused before it is looked at.
	w.refusedAsTooOften(func() error { return status("203.0.113.7", phone) })
	// From everywhere at once: the telephone number is stopped, the token, which cannot be guessed, is not.
	if n, want := limited(t, 500, func(i int) error {
		return status(fmt.Sprintf("198.51.%d.%d", i/250, i%250), guess(i))
	}), most[workflow.BoundMissNumber].Burst-most[workflow.BoundMissNumberAddress].Burst; n != want {
		t.Errorf("guessing from everywhere: %d, want %d", n, want)
	}
	w.refusedAsTooOften(func() error { return status("203.0.113.1", phone) })
	if err := status("203.0.113.1", owner); err != nil {
		t.Errorf("the owner with the token: %v", err)
	}
	w.refusedAsTooOften(func() error {
		_, err := w.counter.RateOpinion(from(t.Context(), "203.0.113.1"), workflow.RateOpinion{Pass: phone, Rating: kind.RatingSatisfied})
		return err
	})

	// Wrong numbers, tokens and codes are counted against the place.
	wrong := []func() error{
		func() error {
			return status("203.0.113.9", workflow.Pass{Number: "260615-ABCDEFGH", Token: ptr("x")})
		},
		func() error { _, err := w.counter.Code(from(t.Context(), "203.0.113.9"), "guess"); return err },
	}
	if n, want := limited(t, 50, func(i int) error { return wrong[i%2]() }), most[workflow.BoundMissAddress].Burst; n != want {
		t.Errorf("wrong from one place: %d, want %d", n, want)
	}
	w.refusedAsTooOften(func() error { _, err := w.counter.Code(from(t.Context(), "203.0.113.9"), w.code); return err })
	if _, err := w.counter.Code(from(t.Context(), "203.0.113.10"), w.code); err != nil {
		t.Errorf("the code from elsewhere: %v", err)
	}
	if n, want := limited(t, 1000, func(int) error { _, err := w.counter.Code(from(t.Context(), "203.0.113.11"), w.code); return err }),
		most[workflow.BoundReadAddress].Burst; n != want {
		t.Errorf("a good code from one place: %d, want %d", n, want)
	}
}

// refusedAsTooOften does something that comes too often, and must change nothing.
func (w *window) refusedAsTooOften(do func() error) {
	w.Helper()
	w.refused(refusal{fault.ErrRateLimited, nil}, do)
}
