package jobs_test

import (
	"bytes"
	"context"
	"database/sql"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/uuid"

	"github.com/lianluo/lianluo/ent/gen"
	"github.com/lianluo/lianluo/ent/kind"
	"github.com/lianluo/lianluo/ent/place"
	"github.com/lianluo/lianluo/ent/viewer"
	"github.com/lianluo/lianluo/ent/workflow"
	"github.com/lianluo/lianluo/server/gateway"
	"github.com/lianluo/lianluo/server/jobs"
	"github.com/lianluo/lianluo/server/postgres"
	"github.com/lianluo/lianluo/server/postgres/pgtest"
)

// serverEnv makes the test binary a server that works the queue of a database, until it is killed.
const serverEnv = "LIANLUO_TEST_JOBS_URL"

func TestMain(m *testing.M) {
	url := os.Getenv(serverEnv)
	if url == "" {
		os.Exit(m.Run())
	}
	if err := serve(url); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	select {}
}

func serve(url string) error {
	pool, err := postgres.Open(url, postgres.Options{MaxOpen: jobs.Connections})
	if err != nil {
		return err
	}
	runner, err := jobs.New(pool, options(pool, slog.New(slog.NewTextHandler(os.Stderr, nil)), &outbox{}))
	if err != nil {
		return err
	}
	return runner.Start(context.Background())
}

// The opinions of the tests come in on Monday, 15 June 2026, and are overdue on the Monday after.
var (
	monday     = time.Date(2026, time.June, 15, 4, 0, 0, 0, time.UTC)
	mondayNext = monday.AddDate(0, 0, 7)
)

// options are those of a quick runner in the second week, with messages to a gateway.
func options(pool *sql.DB, log *slog.Logger, g gateway.Gateway) jobs.Options {
	return jobs.Options{
		Log: log, Gateway: g,
		Clockwork: workflow.NewClockwork(postgres.Client(pool), workflow.ClockworkOptions{
			Clock: func() time.Time { return mondayNext }, Messages: true,
		}),
		SweepEvery: time.Second, PollEvery: 20 * time.Millisecond, RescueAfter: 20 * time.Second,
	}.Quick(15 * time.Second)
}

// outbox is a gateway that keeps what it is given, and does something before that when told to.
type outbox struct {
	mu    sync.Mutex
	taken []gateway.Message
	first func(context.Context, gateway.Message) error
}

func (o *outbox) Send(ctx context.Context, m gateway.Message) error {
	if o.first != nil {
		if err := o.first(ctx, m); err != nil {
			return err
		}
	}
	o.mu.Lock()
	defer o.mu.Unlock()
	o.taken = append(o.taken, m)
	return nil
}

func (o *outbox) count() int {
	o.mu.Lock()
	defer o.mu.Unlock()
	return len(o.taken)
}

// journal is a log that can be read while it is written.
type journal struct {
	mu  sync.Mutex
	buf bytes.Buffer
}

func (j *journal) Write(p []byte) (int, error) {
	j.mu.Lock()
	defer j.mu.Unlock()
	return j.buf.Write(p)
}

func (j *journal) String() string {
	j.mu.Lock()
	defer j.mu.Unlock()
	return j.buf.String()
}

// station is a database with a station, its keeper's account, and a desk at which opinions come in.
type station struct {
	*testing.T
	database *pgtest.Database
	owner    *sql.DB
	pool     *sql.DB
	desk     *workflow.Desk
	log      *journal
	id       uuid.UUID
	keeper   uuid.UUID
}

var huaguo = place.MustParse("430121107204")

func newStation(t *testing.T) *station {
	t.Helper()
	s := &station{T: t, database: pgtest.New(t), log: &journal{}}
	s.owner = s.database.Owner(t)
	s.pool = s.open()
	s.desk = workflow.NewDesk(postgres.Client(s.pool), workflow.Options{Clock: func() time.Time { return monday }})
	admin, err := viewer.For("admin", viewer.NationAdmin, place.Nation)
	if err != nil {
		t.Fatal(err)
	}
	made, err := s.desk.CreateStation(viewer.NewContext(t.Context(), admin), workflow.CreateStation{
		Division: huaguo, Kind: kind.StationStation, Name: "果园镇花果村人大代表联络站", OpenedOn: monday.AddDate(-1, 0, 0),
	})
	if err != nil {
		t.Fatal(err)
	}
	s.id, s.keeper = made.ID, uuid.New()
	s.exec(`INSERT INTO account (id, created_at, updated_at, code, username, password_hash, display_name, role, division_id, status, station_id)
		SELECT $1, now(), now(), code, 'keeper', '', '联络员', 'STATION_KEEPER', id, 'ACTIVE', $2 FROM division WHERE code = $3`,
		s.keeper, s.id, int64(huaguo))
	return s
}

func (s *station) open() *sql.DB {
	s.Helper()
	pool, err := postgres.Open(s.database.AppURL, postgres.Options{MaxOpen: jobs.Connections})
	if err != nil {
		s.Fatal(err)
	}
	s.Cleanup(func() { _ = pool.Close() })
	return pool
}

func (s *station) exec(query string, args ...any) {
	s.Helper()
	if _, err := s.owner.ExecContext(s.Context(), query, args...); err != nil {
		s.Fatal(err)
	}
}

// changed is how many rows a statement changes.
func (s *station) changed(query string) int64 {
	s.Helper()
	done, err := s.owner.ExecContext(s.Context(), query)
	if err != nil {
		s.Fatal(err)
	}
	n, err := done.RowsAffected()
	if err != nil {
		s.Fatal(err)
	}
	return n
}

// count is the number that a query answers, as the owner.
func (s *station) count(from string, args ...any) int {
	s.Helper()
	var n int
	if err := s.owner.QueryRowContext(s.Context(), `SELECT count(*) FROM `+from, args...).Scan(&n); err != nil {
		s.Fatal(err)
	}
	return n
}

// submitted is a new opinion of a citizen with a number.
func (s *station) submitted() *gen.Opinion {
	s.Helper()
	v, err := viewer.For("officer", viewer.StationKeeper, huaguo)
	if err != nil {
		s.Fatal(err)
	}
	v.Station = s.id
	phone, name := "138 0000 1234", "赵甲"
	b, err := s.desk.RecordOpinion(viewer.NewContext(s.Context(), v), workflow.RecordOpinion{
		Station: s.id, Channel: kind.ChannelInPerson,
		OpinionContent: workflow.OpinionContent{Content: "村口的桥面破损,雨天积水", Phone: &phone, Name: &name, Consent: "2026-1"},
	})
	if err != nil {
		s.Fatal(err)
	}
	return b.Opinion
}

// runner is a started runner with a pool of its own, stopped when the test ends.
func (s *station) runner(change func(*jobs.Options)) *jobs.Runner {
	s.Helper()
	pool := s.open()
	o := options(pool, slog.New(slog.NewTextHandler(s.log, &slog.HandlerOptions{Level: slog.LevelDebug})), nil)
	if change != nil {
		change(&o)
	}
	r, err := jobs.New(pool, o)
	if err != nil {
		s.Fatal(err)
	}
	if err := r.Start(s.Context()); err != nil {
		s.Fatal(err)
	}
	s.Cleanup(func() {
		ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
		defer cancel()
		if err := r.Stop(ctx); err != nil {
			s.Error(err)
		}
	})
	return r
}

// to sends messages to a gateway.
func to(g gateway.Gateway) func(*jobs.Options) { return func(o *jobs.Options) { o.Gateway = g } }

// patience bounds how long a test waits for the queue: a lead that a killed server had is given to another after some 15 seconds.
const patience = 3 * time.Minute

// until waits for something to come true.
func (s *station) until(what string, is func() bool) {
	s.Helper()
	for start := time.Now(); !is(); time.Sleep(10 * time.Millisecond) {
		if time.Since(start) > patience {
			s.Fatalf("never: %s\n%s", what, s.log)
		}
	}
}

// wellBehaved checks that the log tells nothing personal, and nothing of statements without a viewer.
func (s *station) wellBehaved() {
	s.Helper()
	log := s.log.String()
	for _, never := range []string{"13800001234", "138 0000 1234", "赵甲", "桥面", postgres.ErrNoViewer.Error()} {
		if strings.Contains(log, never) {
			s.Errorf("the log tells %q:\n%s", never, log)
		}
	}
}

var errDown = errors.New("the line to 13800001234 is down")

func testLog(s *station) *slog.Logger { return slog.New(slog.NewTextHandler(s.log, nil)) }
