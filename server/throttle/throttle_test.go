package throttle_test

import (
	"fmt"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/lianluo/lianluo/ent/workflow"
	"github.com/lianluo/lianluo/server/throttle"
)

// clock is a clock that tests set.
type clock struct{ now time.Time }

func (c *clock) time() time.Time { return c.now }

func newClock() *clock { return &clock{time.Date(2026, time.June, 15, 9, 0, 0, 0, time.UTC)} }

func bucket(b workflow.Bound, key string) workflow.Bucket { return workflow.Bucket{Bound: b, Key: key} }

// submission are the buckets of a submission by a code from an address.
func submission(code, address string) []workflow.Bucket {
	return []workflow.Bucket{
		bucket(workflow.BoundSubmitAddress, address), bucket(workflow.BoundSubmitCode, code),
		bucket(workflow.BoundSubmitCodeAddress, code+" "+address),
	}
}

func TestEveryBoundHasALimit(t *testing.T) {
	for _, b := range workflow.Bounds {
		if l := throttle.Limits[b]; l.Burst < 1 || l.Events < 1 || l.Per < time.Second {
			t.Errorf("%s: %+v", b, l)
		}
	}
	if len(throttle.Limits) != len(workflow.Bounds) {
		t.Errorf("%d limits for %d bounds", len(throttle.Limits), len(workflow.Bounds))
	}
}

// Each limit lets its burst through, refuses the next one with the time until there is one again, lets one through after just
// that time, and over a long time what it says.
func TestLimits(t *testing.T) {
	for bound, limit := range throttle.Limits {
		t.Run(string(bound), func(t *testing.T) {
			c := newClock()
			th := throttle.New(throttle.Options{Clock: c.time})
			b := bucket(bound, "x")
			for i := range limit.Burst {
				if wait := th.Take(b); wait != 0 {
					t.Fatalf("number %d of %d must wait %v", i+1, limit.Burst, wait)
				}
			}
			one := limit.Per / time.Duration(limit.Events)
			wait := th.Take(b)
			if wait < one-time.Millisecond || wait > one+time.Millisecond || th.Wait(b) != wait {
				t.Fatalf("the next one waits %v, want %v", wait, one)
			}
			c.now = c.now.Add(wait - time.Second)
			if th.Take(b) == 0 {
				t.Error("one passes too early")
			}
			c.now = c.now.Add(time.Second + time.Millisecond)
			if wait := th.Take(b); wait != 0 {
				t.Errorf("after the wait there are %v more", wait)
			}
			if th.Take(bucket(bound, "y")) != 0 {
				t.Error("another key is refused")
			}
			passed := 0
			for end := c.now.Add(10 * limit.Per); c.now.Before(end); c.now = c.now.Add(one / 4) {
				if th.Take(b) == 0 {
					passed++
				}
			}
			if most := 10 * limit.Events; passed < most-2 || passed > most+2 {
				t.Errorf("%d passed in ten times %v, want %d", passed, limit.Per, most)
			}
			c.now = c.now.Add(1000 * limit.Per)
			for range limit.Burst {
				if th.Take(b) != 0 {
					t.Fatal("the bucket is not full again")
				}
			}
			if th.Take(b) == 0 {
				t.Error("the bucket holds more than its burst")
			}
		})
	}
}

// One address that comes a thousand times takes no more of a code than its own share: what is refused is not counted elsewhere.
func TestOneAddressDoesNotLockOthersOut(t *testing.T) {
	c := newClock()
	th := throttle.New(throttle.Options{Clock: c.time})
	passed := 0
	for range 1000 {
		if th.Take(submission("code", "203.0.113.7")...) == 0 {
			passed++
		}
	}
	if own := throttle.Limits[workflow.BoundSubmitCodeAddress].Burst; passed != own {
		t.Errorf("%d of the address passed, want %d", passed, own)
	}
	others := 0
	for i := range 1000 {
		if th.Take(submission("code", fmt.Sprintf("198.51.100.%d", i))...) == 0 {
			others++
		}
	}
	if want := throttle.Limits[workflow.BoundSubmitCode].Burst - passed; others != want {
		t.Errorf("%d of others passed, want %d", others, want)
	}
	// Nor is an address charged for a code that has come to its end.
	if th.Wait(bucket(workflow.BoundSubmitAddress, "198.51.100.999")) != 0 {
		t.Error("an address is charged for what was refused by the code")
	}
	if th.Take(submission("other code", "198.51.100.999")...) != 0 {
		t.Error("the address cannot go elsewhere")
	}
}

// No one can shut out a telephone number from one place.
func TestOnePhoneFromTwoPlaces(t *testing.T) {
	th := throttle.New(throttle.Options{Clock: newClock().time})
	named := func(address string) []workflow.Bucket {
		return append(submission("code", address),
			bucket(workflow.BoundSubmitPhone, "13800001234"), bucket(workflow.BoundSubmitPhoneAddress, "13800001234 "+address))
	}
	for range 100 {
		th.Take(named("203.0.113.7")...)
	}
	if wait := th.Take(named("198.51.100.1")...); wait != 0 {
		t.Errorf("the number's owner must wait %v", wait)
	}
}

func TestTakeIsOneStep(t *testing.T) {
	limits := map[workflow.Bound]throttle.Limit{"a": {50, 1, time.Hour}, "b": {1000, 1, time.Hour}}
	th := throttle.New(throttle.Options{Clock: newClock().time, Limits: limits})
	var passed atomic.Int64
	var all sync.WaitGroup
	for range 20 {
		all.Go(func() {
			for range 100 {
				if th.Take(bucket("a", "x"), bucket("b", "x")) == 0 {
					passed.Add(1)
				}
			}
		})
	}
	all.Wait()
	left := 0
	for left < 1000 && th.Take(bucket("b", "x")) == 0 {
		left++
	}
	if passed.Load() != 50 || left != 950 {
		t.Errorf("%d passed, %d are left in the other bucket", passed.Load(), left)
	}
}

func TestWaitTakesNothing(t *testing.T) {
	limits := map[workflow.Bound]throttle.Limit{"a": {1, 1, time.Hour}}
	th := throttle.New(throttle.Options{Clock: newClock().time, Limits: limits})
	for range 5 {
		if th.Wait(bucket("a", "x")) != 0 {
			t.Fatal("looking takes something")
		}
	}
	if th.Take(bucket("a", "x")) != 0 || th.Wait(bucket("a", "x")) != time.Hour {
		t.Error("the one is not there, or not taken:", th.Wait(bucket("a", "x")))
	}
	if th.Take(bucket("unbounded", "x")) != 0 || th.Take() != 0 {
		t.Error("what has no bound is refused")
	}
}

// A clock that is set back neither fills buckets nor empties them.
func TestClockSetBack(t *testing.T) {
	c := newClock()
	th := throttle.New(throttle.Options{Clock: c.time, Limits: map[workflow.Bound]throttle.Limit{"a": {2, 1, time.Hour}}})
	th.Take(bucket("a", "x"))
	c.now = c.now.Add(-48 * time.Hour)
	if th.Take(bucket("a", "x")) != 0 {
		t.Error("the one that was left is gone")
	}
	if wait := th.Take(bucket("a", "x")); wait != time.Hour {
		t.Errorf("the next one waits %v", wait)
	}
}

// The buckets are bounded: the one not asked for longest makes room.
func TestSize(t *testing.T) {
	limits := map[workflow.Bound]throttle.Limit{"a": {1, 1, time.Hour}}
	th := throttle.New(throttle.Options{Clock: newClock().time, Limits: limits, Size: 2})
	th.Take(bucket("a", "x"))
	th.Take(bucket("a", "y"))
	th.Take(bucket("a", "x")) // refused, but seen
	th.Take(bucket("a", "z")) // takes the place of y
	if th.Wait(bucket("a", "x")) == 0 {
		t.Error("x is forgotten")
	}
	if th.Wait(bucket("a", "y")) != 0 {
		t.Error("y is kept")
	}
}
