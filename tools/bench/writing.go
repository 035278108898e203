package main

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"time"

	"github.com/google/uuid"
)

// writing is what keeping the sums costs a writer, in microseconds of the database's processor time for one unit of work.
type writing struct {
	About   string  `json:"about"`
	With    float64 `json:"with"`
	Without float64 `json:"without"`
	// Folding is the part of With that the job takes, later.
	Folding float64 `json:"folding"`
	Ratio   float64 `json:"ratio"`
}

// work is a unit of work, in bare SQL: an activity at a station with three deputies, confirmed, and an opinion from its submission to its end.
// The parameters are the keys of the activity, of three attendances, of the opinion, the station and three pairs of a deputy and a mandate.
var work = []struct {
	text string
	args []int
}{
	{`INSERT INTO activity (id, created_at, updated_at, code, province_code, city_code, county_code, township_code, code_then, title, way, setting, day,
			begins_at, ends_at, state, station_id)
		SELECT $1, now(), now(), code, province_code, city_code, county_code, township_code, code, '接待选民', 'RECEPTION', 'IN_STATION', day_of(now()),
			now(), now() + interval '2 hours', 'RECORDED', id FROM station WHERE id = $2`, []int{0, 5}},
	{attend, []int{1, 0, 5, 6, 7}},
	{attend, []int{2, 0, 5, 8, 9}},
	{attend, []int{3, 0, 5, 10, 11}},
	{`UPDATE activity SET state = 'CONFIRMED', version = version + 1, updated_at = now() WHERE id = $1`, []int{0}},
	{`INSERT INTO opinion (id, created_at, updated_at, code, province_code, city_code, county_code, township_code, code_then, number, channel, content,
			submitted_at, state, waits_on, open, state_since, events, holder_code, level, station_id)
		SELECT $1::uuid, now(), now(), code, province_code, city_code, county_code, township_code, code, $1::uuid::text, 'IN_PERSON', '村口的路灯坏了两盏,请尽快修好。',
			now(), 'SUBMITTED', 'STATION', true, now(), 1, code, 'TOWNSHIP', id FROM station WHERE id = $2`, []int{4, 5}},
	{`UPDATE opinion SET state = 'ACCEPTED', waits_on = 'ORGAN', state_since = now(), accepted_at = now(), version = version + 1 WHERE id = $1`, []int{4}},
	{`UPDATE opinion SET state = 'CLOSED', waits_on = 'NONE', open = false, state_since = now(), closed_at = now(), replied_at = now(), outcome = 'SOLVED',
			rating = 'SATISFIED', version = version + 1 WHERE id = $1`, []int{4}},
}

const attend = `INSERT INTO attendance (id, created_at, updated_at, code, province_code, city_code, county_code, township_code, code_then, level, guest,
		day, source, activity_id, station_id, deputy_id, mandate_id)
	SELECT $1, now(), now(), code, province_code, city_code, county_code, township_code, code, 'TOWNSHIP', true, day_of(now()), 'RECORDED', $2, id, $4, $5
	FROM station WHERE id = $3`

// The unit is done so often in a block, after a few that are not measured, and blocks with and without sums take turns. Each block is rolled back.
const (
	unitsOfPlans = 5
	unitsOfBlock = 100
	blocks       = 6
)

// counted are the tables of the unit whose changes the sums follow.
var counted = []string{"activity", "attendance", "opinion"}

// writing measures what keeping the sums costs, on one connection as the owner; nil where the database's processor time cannot be told, and where the
// data has no one to do the work.
func (s *sample) writing(ctx context.Context) (_ *writing, err error) {
	doors, err := s.doors(ctx)
	if errors.Is(err, errNothing) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	people, err := s.comers(ctx, doors)
	if errors.Is(err, errNothing) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	conn, err := s.bed.owner.Conn(ctx)
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, conn.Close()) }()
	// As in the pools that serve.
	if _, err := conn.ExecContext(ctx, `SET plan_cache_mode = force_custom_plan; SET jit = off`); err != nil {
		return nil, err
	}
	var self backends
	self.pids = make([]int, 1)
	if err := conn.QueryRowContext(ctx, `SELECT pg_backend_pid()`).Scan(&self.pids[0]); err != nil {
		return nil, err
	}
	if _, ok := self.cpu(); !ok {
		return nil, nil
	}
	b := &block{conn: conn, self: self, doors: doors, people: people}
	var with, folding, without time.Duration
	for n := range blocks + 1 {
		took, folded, err := b.run(ctx, true)
		if err != nil {
			return nil, err
		}
		bare, _, err := b.run(ctx, false)
		if err != nil {
			return nil, err
		}
		if n > 0 { // the first fills caches
			with, folding, without = with+took, folding+folded, without+bare
		}
	}
	const units = blocks * unitsOfBlock
	w := &writing{
		About: "an activity with three deputies, confirmed, and an opinion, closed", With: micros(with, units), Folding: micros(folding, units), Without: micros(without, units),
	}
	w.Ratio = w.With / w.Without
	return w, nil
}

// block does units of work on one connection.
type block struct {
	conn   *sql.Conn
	self   backends
	doors  []door
	people []comer
	turn   int
}

// run does a block of work, with or without the sums, and rolls it back. It answers the processor time of all and of the folding in it.
func (b *block) run(ctx context.Context, sums bool) (all, folding time.Duration, err error) {
	tx, err := b.conn.BeginTx(ctx, nil)
	if err != nil {
		return 0, 0, err
	}
	defer tx.Rollback()
	if !sums {
		for _, t := range counted {
			for _, what := range []string{"insert", "update", "delete"} {
				if _, err := tx.ExecContext(ctx, fmt.Sprintf(`ALTER TABLE %s DISABLE TRIGGER counted_%s`, t, what)); err != nil {
					return 0, 0, err
				}
			}
		}
	}
	statements, err := prepare(ctx, tx)
	defer func() {
		for _, st := range statements {
			_ = st.Close()
		}
	}()
	if err != nil {
		return 0, 0, err
	}
	// Whether the triggers are on is a change of the tables, after which plans are made anew: a connection that serves makes them once.
	for range unitsOfPlans {
		if err := b.unit(ctx, statements); err != nil {
			return 0, 0, err
		}
	}
	if _, err := tx.ExecContext(ctx, `SELECT fold_facts($1)`, foldMost); err != nil {
		return 0, 0, err
	}
	begin, _ := b.self.cpu()
	for range unitsOfBlock {
		if err := b.unit(ctx, statements); err != nil {
			return 0, 0, err
		}
	}
	worked, _ := b.self.cpu()
	if sums {
		if _, err := tx.ExecContext(ctx, `SELECT fold_facts($1)`, foldMost); err != nil {
			return 0, 0, err
		}
	}
	end, _ := b.self.cpu()
	return end - begin, end - worked, nil
}

// prepare prepares the statements of the unit; those that were are answered in any case.
func prepare(ctx context.Context, tx *sql.Tx) (out []*sql.Stmt, err error) {
	for _, w := range work {
		st, err := tx.PrepareContext(ctx, w.text) //nolint:sqlclosecheck // the caller closes them
		if err != nil {
			return out, err
		}
		out = append(out, st)
	}
	return out, nil
}

func (b *block) unit(ctx context.Context, statements []*sql.Stmt) error {
	keys := make([]any, 12)
	for i := range 5 {
		keys[i] = uuid.Must(uuid.NewV7())
	}
	keys[5] = b.doors[b.turn%len(b.doors)].station
	for i := range 3 {
		p := b.people[(3*b.turn+i)%len(b.people)]
		keys[6+2*i], keys[7+2*i] = p.deputy, p.mandate
	}
	b.turn++
	for i, w := range work {
		args := make([]any, len(w.args))
		for j, k := range w.args {
			args[j] = keys[k]
		}
		if _, err := statements[i].ExecContext(ctx, args...); err != nil {
			return fmt.Errorf("a unit of work: %w", err)
		}
	}
	return nil
}
