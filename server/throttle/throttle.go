// Package throttle bounds how often strangers may come: token buckets, one for each address, telephone number, code and receipt number.
//
// A request is counted in all its buckets or in none. So one that is refused, because its own address has come too often, takes nothing
// from what others share, and no address can use up a code or shut out a telephone number. The buckets are in memory: each process of
// the server counts by itself, and starts afresh. Their number is bounded; the one that was not asked for longest makes room, which is
// nearly always full again.
//
// Room: server. It imports ent/workflow, whose Throttle it implements.
package throttle

import (
	"sync"
	"time"

	"github.com/hashicorp/golang-lru/v2/simplelru"
	"golang.org/x/time/rate"

	"github.com/lianluo/lianluo/ent/workflow"
)

// Limit is how often something may be done: Burst at once, and Events over each Per in the long run.
type Limit struct {
	Burst  int
	Events int
	Per    time.Duration
}

// every is the time in which one is filled up again.
func (l Limit) every() time.Duration { return l.Per / time.Duration(l.Events) }

// Limits are the limits of the bounds. Many people share one address behind a mobile network's gateway, and a station's visitors one code;
// the limits are for machines.
var Limits = map[workflow.Bound]Limit{
	workflow.BoundSubmitAddress:     {10, 20, time.Hour},
	workflow.BoundSubmitCode:        {200, 600, time.Hour},
	workflow.BoundSubmitCodeAddress: {10, 10, time.Hour},
	workflow.BoundSubmitPhone:       {10, 10, day},
	// Less than the number's own, so that no one can use up someone else's from one place.
	workflow.BoundSubmitPhoneAddress: {6, 6, day},
	workflow.BoundUploadAddress:      {90, 180, time.Hour}, // as many as submissions may have
	workflow.BoundReadAddress:        {300, 1200, time.Hour},
	workflow.BoundMissAddress:        {20, 60, time.Hour},
	workflow.BoundMissNumber:         {100, 200, time.Hour},
	workflow.BoundMissNumberAddress:  {10, 20, time.Hour},
}

const day = 24 * time.Hour

// DefaultSize is how many buckets of a bound there are at most: a few megabytes for each bound.
const DefaultSize = 1 << 15

// Options change what is usual. The zero value is ready for use.
type Options struct {
	// Clock tells the time; nil means time.Now.
	Clock func() time.Time
	// Limits are the limits; nil means Limits. A bound that is not named has none.
	Limits map[workflow.Bound]Limit
	// Size is how many buckets of a bound there are at most; 0 means DefaultSize.
	Size int
}

// Throttle keeps the buckets. It is safe for concurrent use.
type Throttle struct {
	clock  func() time.Time
	limits map[workflow.Bound]Limit

	// mu makes looking into several buckets and taking from all of them one step.
	mu      sync.Mutex
	buckets map[workflow.Bound]*simplelru.LRU[string, *rate.Limiter]
}

var _ workflow.Throttle = (*Throttle)(nil)

// New makes a Throttle whose buckets are all full.
func New(o Options) *Throttle {
	t := &Throttle{clock: o.Clock, limits: o.Limits, buckets: map[workflow.Bound]*simplelru.LRU[string, *rate.Limiter]{}}
	if t.clock == nil {
		t.clock = time.Now
	}
	if t.limits == nil {
		t.limits = Limits
	}
	if o.Size == 0 {
		o.Size = DefaultSize
	}
	for bound := range t.limits {
		lru, err := simplelru.NewLRU[string, *rate.Limiter](o.Size, nil)
		if err != nil {
			panic("throttle: " + err.Error()) // the size is not positive
		}
		t.buckets[bound] = lru
	}
	return t
}

// Take takes one from each bucket when each has one, else from none, and answers how long it takes until each will have one.
func (t *Throttle) Take(buckets ...workflow.Bucket) time.Duration {
	t.mu.Lock()
	defer t.mu.Unlock()
	now := t.clock()
	wait, limiters := t.look(now, buckets)
	if wait > 0 {
		return wait
	}
	for _, l := range limiters {
		l.AllowN(now, 1)
	}
	return 0
}

// Wait answers how long it takes until each bucket has one; 0 when they have.
func (t *Throttle) Wait(buckets ...workflow.Bucket) time.Duration {
	t.mu.Lock()
	defer t.mu.Unlock()
	wait, _ := t.look(t.clock(), buckets)
	return wait
}

// look finds the buckets and the longest wait for one of them.
func (t *Throttle) look(now time.Time, buckets []workflow.Bucket) (wait time.Duration, found []*rate.Limiter) {
	for _, b := range buckets {
		limit, bounded := t.limits[b.Bound]
		if !bounded {
			continue
		}
		lru := t.buckets[b.Bound]
		l, ok := lru.Get(b.Key)
		if !ok {
			l = rate.NewLimiter(rate.Every(limit.every()), limit.Burst)
			lru.Add(b.Key, l)
		}
		found = append(found, l)
		if missing := 1 - l.TokensAt(now); missing > 0 {
			wait = max(wait, time.Duration(missing*float64(limit.every())), 1)
		}
	}
	return wait, found
}
