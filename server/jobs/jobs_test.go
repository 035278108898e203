package jobs_test

import (
	"context"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/uuid"
	"go.uber.org/goleak"

	"github.com/lianluo/lianluo/server/gateway"
	"github.com/lianluo/lianluo/server/jobs"
)

// From a submitted opinion to the keeper's notification and the citizen's message.
func TestStepIsTold(t *testing.T) {
	s := newStation(t)
	folder := t.TempDir()
	outbox, err := gateway.OpenFile(folder, func() time.Time { return mondayNext })
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = outbox.Close() })
	s.runner(to(outbox))
	o := s.submitted()
	s.until("a notification", func() bool {
		return s.count(`notification WHERE opinion_id = $1 AND subject = $2 AND read_at IS NULL`, o.ID, s.keeper.String()) == 2 // submitted, overdue
	})
	s.until("a message that was sent", func() bool { return s.count(`message WHERE status = 'SENT' AND attempts = 1`) == 1 })
	text, err := os.ReadFile(filepath.Join(folder, "2026-06-22.jsonl"))
	if err != nil || strings.Count(string(text), "\n") != 1 || !strings.Contains(string(text), o.Number) || !strings.Contains(string(text), `"to":"13800001234"`) {
		t.Errorf("%s %v", text, err)
	}
	s.until("all jobs done", func() bool { return s.count(`river_job WHERE state <> 'completed'`) == 0 })
	if n := s.count(`river_job WHERE kind IN ('opinion_step', 'message')`); n != 3 {
		t.Errorf("%d jobs", n)
	}
	if n := s.count(`river_job j WHERE j::text ~ '13800001234|138 0000|赵甲|桥面' OR kind = 'opinion_step' AND args - 'event' <> '{}'
		OR kind = 'message' AND args - 'message' <> '{}'`); n != 0 {
		t.Errorf("%d jobs tell more than ids", n)
	}
	s.wellBehaved()
}

// A case that someone is at work on leaves no job behind; the next sweep comes back to it.
func TestSweepComesBack(t *testing.T) {
	s := newStation(t)
	o := s.submitted()
	tx, err := s.owner.BeginTx(t.Context(), nil)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = tx.Rollback() }()
	if _, err := tx.ExecContext(t.Context(), `SELECT FROM opinion WHERE id = $1 FOR UPDATE`, o.ID); err != nil {
		t.Fatal(err)
	}
	s.runner(nil) // the sweep passes the opinion by
	s.until("a sweep", func() bool { return s.count(`river_job WHERE kind = 'deadlines' AND state = 'completed'`) > 0 })
	if n := s.count(`river_job WHERE kind = 'opinion_step'`); n != 1 {
		t.Errorf("%d jobs, want that of the entry", n)
	}
	if err := tx.Rollback(); err != nil {
		t.Fatal(err)
	}
	s.until("the mark", func() bool { return s.count(`opinion_event WHERE step = 'OVERDUE'`) == 1 })
	s.until("its job", func() bool { return s.count(`river_job WHERE kind = 'opinion_step' AND state = 'completed'`) == 2 })
}

// A server is killed while it sweeps; two others do the rest. Each case is marked once, each account told once, each citizen sent one message.
func TestTwoServersAndAKill(t *testing.T) {
	if testing.Short() {
		t.Skip("waits for a lead to run out")
	}
	s := newStation(t)
	const cases = 150
	for range cases {
		s.submitted()
	}
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	server := exec.CommandContext(t.Context(), self)
	server.Env = append(os.Environ(), serverEnv+"="+s.database.AppURL)
	server.Stderr = os.Stderr
	if err := server.Start(); err != nil {
		t.Fatal(err)
	}
	s.until("a part of the work", func() bool { return s.count(`opinion_event WHERE step = 'OVERDUE'`) >= 10 })
	if err := server.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	_ = server.Wait() // killed
	left := cases - s.count(`opinion_event WHERE step = 'OVERDUE'`)
	t.Logf("killed with %d cases to go, %d jobs at work", left, s.count(`river_job WHERE state = 'running'`))
	if left == 0 {
		t.Fatal("killed too late to show anything")
	}

	g := &outbox{}
	s.runner(to(g))
	s.runner(to(g))
	s.until("all marked", func() bool { return s.count(`opinion_event WHERE step = 'OVERDUE'`) >= cases })
	s.until("all told", func() bool {
		return s.count(`river_job WHERE kind IN ('opinion_step', 'message') AND state <> 'completed'`) == 0
	})
	for what, n := range map[string]int{
		`(SELECT DISTINCT opinion_id FROM opinion_event WHERE step = 'OVERDUE') d`: cases,
		`opinion_event WHERE step = 'OVERDUE'`:                                     cases,
		`opinion WHERE overdue AND version = 2 AND events = 2`:                     cases,
		`notification`:                  2 * cases, // submitted, overdue
		`message WHERE status = 'SENT'`: cases,
	} {
		if got := s.count(what); got != n {
			t.Errorf("%d %s, want %d", got, what, n)
		}
	}
	// What the killed one sent it alone knows: never the same twice here.
	seen := map[uuid.UUID]bool{}
	for _, m := range g.taken {
		if seen[m.ID] {
			t.Errorf("%s went out twice", m)
		}
		seen[m.ID] = true
	}
	s.wellBehaved()
}

// Two servers put the jobs that come again and again into the queue once a period.
func TestPeriodicJobsOnce(t *testing.T) {
	s := newStation(t)
	var mu sync.Mutex
	removed := map[string]int{}
	s.exec(`INSERT INTO upload (id, created_at, updated_at, storage_key, media_type, size, sha256, secret_hash)
		VALUES (gen_random_uuid(), $1, $1, 'old', 'image/png', 1, 'x', 'x'), (gen_random_uuid(), $2, $2, 'new', 'image/png', 1, 'y', 'y')`,
		monday, mondayNext)
	clean := func(o *jobs.Options) {
		o.Remove = func(_ context.Context, key string) error {
			mu.Lock()
			defer mu.Unlock()
			removed[key]++
			return nil
		}
	}
	first := s.runner(clean)
	s.runner(clean)
	s.until("three sweeps", func() bool { return s.count(`river_job WHERE kind = 'deadlines' AND state = 'completed'`) >= 3 })
	if n := s.count(`river_leader`); n != 1 {
		t.Errorf("%d leaders", n)
	}
	if err := first.Stop(t.Context()); err != nil { // whichever leads goes on
		t.Fatal(err)
	}
	before := s.count(`river_job WHERE kind = 'deadlines'`)
	s.until("a sweep of the other", func() bool { return s.count(`river_job WHERE kind = 'deadlines'`) > before })
	if n := s.count(`(SELECT FROM river_job WHERE kind = 'deadlines' GROUP BY unique_key HAVING count(*) > 1) d`); n != 0 {
		t.Errorf("%d periods with two sweeps", n)
	}
	// A day may begin in the midst of the test, and with it another period.
	days := s.count(`(SELECT FROM river_job WHERE kind = 'clean' GROUP BY unique_key) d`)
	if n := s.count(`river_job WHERE kind = 'clean'`); n == 0 || n != days {
		t.Errorf("%d cleanings in %d periods", n, days)
	}
	mu.Lock()
	defer mu.Unlock()
	if removed["old"] != 1 || len(removed) != 1 {
		t.Errorf("removed %v", removed)
	}
	s.wellBehaved()
}

// Stop lets jobs at work finish, gives up the lead and leaves nothing running.
func TestStopWaits(t *testing.T) {
	s := newStation(t)
	before := goleak.IgnoreCurrent()
	began, goOn := make(chan struct{}), make(chan struct{})
	g := &outbox{first: func(context.Context, gateway.Message) error { close(began); <-goOn; return nil }}
	r := s.runner(to(g))
	s.submitted()
	<-began
	stopped := make(chan error)
	go func() { stopped <- r.Stop(context.Background()) }()
	select {
	case err := <-stopped:
		t.Fatal("stopped with a job at work:", err)
	case <-time.After(300 * time.Millisecond):
	}
	close(goOn)
	if err := <-stopped; err != nil {
		t.Error(err)
	}
	if n := s.count(`message WHERE status = 'SENT'`); n != 1 || g.count() != 1 {
		t.Errorf("%d sent, %d taken", n, g.count())
	}
	if n := s.count(`river_job WHERE state = 'running'`) + s.count(`river_leader`); n != 0 {
		t.Errorf("%d jobs or leaders are left", n)
	}
	goleak.VerifyNone(t, before, goleak.IgnoreAnyFunction("database/sql.(*DB).connectionOpener"),
		goleak.IgnoreAnyFunction("database/sql.(*DB).connectionCleaner"))
	s.wellBehaved()
}

// A job that does not end is cut off before the time to stop is over, and done by the next server.
func TestStopCutsOff(t *testing.T) {
	s := newStation(t)
	began := make(chan struct{}, 1)
	hangs := &outbox{first: func(ctx context.Context, _ gateway.Message) error {
		began <- struct{}{}
		<-ctx.Done()
		return ctx.Err()
	}}
	r := s.runner(func(o *jobs.Options) { *o = o.Quick(time.Minute); o.RescueAfter = time.Hour; o.Gateway = hangs })
	s.submitted()
	<-began
	ctx, cancel := context.WithTimeout(t.Context(), 4*time.Second)
	defer cancel()
	if err := r.Stop(ctx); err != nil {
		t.Error(err)
	}
	if n := s.count(`message WHERE status = 'PENDING'`); n != 1 {
		t.Errorf("%d messages wait", n)
	}
	g := &outbox{}
	s.runner(to(g))
	s.until("sent", func() bool { return s.count(`message WHERE status = 'SENT'`) == 1 })
	if g.count() != 1 {
		t.Errorf("%d taken", g.count())
	}
	s.wellBehaved()
}

// A gateway that refuses, or panics, is tried again; after the last attempt the message has failed. The log tells it without the number.
func TestAttemptsAreBounded(t *testing.T) {
	s := newStation(t)
	var calls atomic.Int32
	g := &outbox{first: func(_ context.Context, m gateway.Message) error {
		if calls.Add(1) == 2 {
			panic("a bug of the gateway, met with " + m.To)
		}
		return errDown
	}}
	s.runner(to(g))
	s.submitted()
	// The second attempt comes by itself; those after it would take long.
	s.until("a refusal and a panic", func() bool { return s.count(`message WHERE status = 'PENDING' AND attempts >= 2`) == 1 })
	s.until("the job waits", func() bool {
		return s.changed(`UPDATE river_job SET scheduled_at = now() - interval '1 second', state = 'available', attempt = 9
			WHERE kind = 'message' AND attempt >= 2 AND state IN ('retryable', 'available')`) == 1
	})
	s.until("given up", func() bool {
		return s.count(`river_job WHERE kind = 'message' AND state = 'discarded' AND attempt = 10`) == 1
	})
	if n := s.count(`message WHERE status = 'FAILED' AND attempts = $1`, calls.Load()); n != 1 {
		t.Errorf("%d messages have failed after %d attempts", n, calls.Load())
	}
	if n := s.count(`river_job j WHERE j::text LIKE '%13800001234%'`); n != 0 {
		t.Error("a job keeps the number")
	}
	for _, line := range []string{"the gateway panicked: a bug of the gateway, met with ***", `level=WARN msg="a job failed and is tried again" kind=message`, `level=ERROR msg="a job failed and is given up" kind=message`} {
		if !strings.Contains(s.log.String(), line) {
			t.Errorf("the log lacks %s:\n%s", line, s.log)
		}
	}
	s.wellBehaved()
}

func TestNoGateway(t *testing.T) {
	s := newStation(t)
	s.runner(nil)
	s.submitted()
	s.until("a failure", func() bool { return strings.Contains(s.log.String(), "there is no gateway") })
}

func TestNewRefusesNonsense(t *testing.T) {
	s := newStation(t)
	o := options(s.pool, nil, nil)
	o.Log = testLog(s)
	o.RescueAfter = time.Millisecond // shorter than a job
	if _, err := jobs.New(s.pool, o); err == nil {
		t.Error("a job is rescued while it runs")
	}
	o = options(s.pool, testLog(s), nil)
	gone := s.open()
	_ = gone.Close()
	r, err := jobs.New(gone, o)
	if err != nil {
		t.Fatal(err)
	}
	if err := r.Start(t.Context()); err == nil {
		t.Error("started without a database")
	}
}
