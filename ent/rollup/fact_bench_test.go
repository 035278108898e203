package rollup_test

import (
	"context"
	"database/sql"
	"fmt"
	"math/rand/v2"
	"os"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"

	"github.com/lianluo/lianluo/ent/rollup"
	"github.com/lianluo/lianluo/ent/viewer"
	"github.com/lianluo/lianluo/server/postgres"
	"github.com/lianluo/lianluo/server/postgres/pgtest"
)

// foldedEach is after how many rounds the benchmark folds: what a second holds under load.
const foldedEach = 200

// BenchmarkWrite is what it costs to keep sums: an activity with three who came, recorded and confirmed, and an opinion from the first word to the last,
// six transactions in all, with sums and without. It reports the processor's time that the database takes for a round, with its share of the folding.
//
//	go test ./ent/rollup -run '^$' -bench Write -benchtime 2000x
func BenchmarkWrite(b *testing.B) {
	for _, with := range []struct{ name, triggers string }{{"sums", "ENABLE"}, {"none", "DISABLE"}} {
		b.Run(with.name, func(b *testing.B) {
			w := newWork(b)
			for _, table := range []string{"activity", "attendance", "opinion"} {
				w.exec(fmt.Sprintf(`ALTER TABLE %s %s TRIGGER USER`, table, with.triggers))
			}
			for range 50 { // plans are made once
				w.round()
			}
			before := w.processor()
			for i := 0; b.Loop(); i++ {
				w.round()
				if i%foldedEach == foldedEach-1 {
					if _, err := rollup.Fold(w.job, w.pool); err != nil {
						b.Fatal(err)
					}
				}
			}
			if spent := w.processor() - before; spent > 0 {
				b.ReportMetric(float64(spent.Microseconds())/float64(b.N), "database-µs/op")
			}
		})
	}
}

// benchWork is a database with people and stations, and one connection to it.
type benchWork struct {
	*testing.B
	*rand.Rand
	owner *sql.DB
	pool  *sql.DB
	job   context.Context //nolint:containedctx // of the benchmark, as b.Context is

	stations, deputies, mandates []uuid.UUID
	places                       []*spot
}

func newWork(b *testing.B) *benchWork {
	b.Helper()
	database := pgtest.New(b)
	w := &benchWork{B: b, Rand: rand.New(rand.NewPCG(7, 7)), owner: database.Owner(b), job: viewer.NewContext(b.Context(), viewer.SystemJob("bench"))}
	var err error
	if w.pool, err = postgres.Open(database.AppURL, postgres.Options{MaxOpen: 1}); err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() { _ = w.pool.Close() })
	// Places of several provinces, so that deputies have other places to be compared with.
	tree := &world{}
	tree.grow(w.Rand)
	w.places = tree.real()
	tx, err := w.owner.BeginTx(b.Context(), nil)
	if err != nil {
		b.Fatal(err)
	}
	do := func(query string, args ...any) {
		b.Helper()
		if _, err := tx.ExecContext(b.Context(), query, args...); err != nil {
			b.Fatalf("%s: %v", query, err)
		}
	}
	do(`SET LOCAL session_replication_role = replica`)
	for i := range 400 {
		deputy, station, mandate := randomID(w.Rand), randomID(w.Rand), randomID(w.Rand)
		w.deputies, w.stations, w.mandates = append(w.deputies, deputy), append(w.stations, station), append(w.mandates, mandate)
		at := codes(w.at(i))
		do(`INSERT INTO deputy (id, created_at, updated_at, code, name, gender, birth_month) VALUES ($1, now(), now(), 0, '钱乙', 'FEMALE', '1980-03-01')`, deputy)
		do(`INSERT INTO station (id, created_at, updated_at, code, province_code, city_code, county_code, township_code, kind, name, name_uniform, opened_on, division_id)
			VALUES ($6, now(), now(), $1, $2, $3, $4, $5, 'STATION', '联络站', true, '2020-01-01', $6)`, append(at, station)...)
		do(`INSERT INTO mandate (id, created_at, updated_at, code, province_code, city_code, county_code, township_code, level, seat_code, term_number, election, status,
			elected_on, deputy_id, congress_id, term_id) VALUES ($6, now(), now(), $1, $2, $3, $4, $5, 'COUNTY', $1, 18, 'GENERAL', 'CONFIRMED', '2021-11-20', $7, $6, $6)`,
			append(at, mandate, deputy)...)
	}
	if err := tx.Commit(); err != nil {
		b.Fatal(err)
	}
	w.exec(`VACUUM ANALYZE`)
	return w
}

func (w *benchWork) at(i int) *spot { return w.places[i%len(w.places)] }

func (w *benchWork) exec(query string) {
	w.Helper()
	if _, err := w.owner.ExecContext(w.Context(), query); err != nil {
		w.Fatalf("%s: %v", query, err)
	}
}

// processor is the time that the connection's process has taken, where the system tells.
func (w *benchWork) processor() time.Duration {
	w.Helper()
	var pid int
	if err := w.pool.QueryRowContext(w.job, `SELECT pg_backend_pid()`).Scan(&pid); err != nil {
		w.Fatal(err)
	}
	text, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", pid))
	if err != nil {
		return 0
	}
	var ticks int
	for _, field := range strings.Fields(string(text[strings.LastIndexByte(string(text), ')')+1:]))[11:13] {
		n, err := strconv.Atoi(field)
		if err != nil {
			w.Fatal(err)
		}
		ticks += n
	}
	return time.Duration(ticks) * 10 * time.Millisecond
}

// round is the six transactions.
func (w *benchWork) round() {
	w.Helper()
	i := w.IntN(len(w.stations))
	activity, opinion := randomID(w.Rand), randomID(w.Rand)
	d := day("2025-01-01").AddDate(0, 0, w.IntN(365))
	begins, ends := hours(d)
	at := codes(w.at(i))
	people := []any{}
	for n := range 3 {
		who := (i + n) % len(w.deputies)
		people = append(people, randomID(w.Rand), w.deputies[who], w.mandates[who])
	}
	w.write(func(do func(string, ...any)) {
		do(`INSERT INTO activity (created_at, updated_at, code, province_code, city_code, county_code, township_code, code_then, title, way, setting, state, id, station_id,
			day, begins_at, ends_at) VALUES (now(), now(), $1, $2, $3, $4, $5, $1, '代表接待日', 'RECEPTION', 'IN_STATION', 'HELD', $6, $7, $8, $9, $10)`,
			append(at, activity, w.stations[i], d, begins, ends)...)
	})
	w.write(func(do func(string, ...any)) {
		const row = `(now(), now(), $1, $2, $3, $4, $5, $1, 'COUNTY', false, 'RECORDED', $6, $7, $8, `
		do(`INSERT INTO attendance (created_at, updated_at, code, province_code, city_code, county_code, township_code, code_then, level, guest, source, activity_id,
			station_id, day, id, deputy_id, mandate_id) VALUES `+row+`$9, $10, $11), `+row+`$12, $13, $14), `+row+`$15, $16, $17)`,
			append(append(at, activity, w.stations[i], d), people...)...)
		do(`UPDATE activity SET state = 'RECORDED', version = version + 1, recorded_at = now() WHERE id = $1`, activity)
	})
	w.write(func(do func(string, ...any)) {
		do(`UPDATE activity SET state = 'CONFIRMED', version = version + 1, confirmed_at = now() WHERE id = $1`, activity)
	})
	w.write(func(do func(string, ...any)) {
		do(`INSERT INTO opinion (created_at, updated_at, code, province_code, city_code, county_code, township_code, code_then, number, channel, content, submitted_at,
			state, waits_on, open, state_since, holder_code, level, id, station_id) VALUES (now(), now(), $1, $2, $3, $4, $5, $1, $6::text, 'IN_PERSON', '路灯不亮', $8,
			'SUBMITTED', 'STATION', true, $8, $1, 'VILLAGE', $6::uuid, $7)`, append(at, opinion, w.stations[i], begins)...)
	})
	w.write(func(do func(string, ...any)) {
		do(`UPDATE opinion SET state = 'ACCEPTED', accepted_at = $2, version = version + 1 WHERE id = $1`, opinion, begins)
	})
	w.write(func(do func(string, ...any)) {
		do(`UPDATE opinion SET state = 'CLOSED', open = false, waits_on = 'NONE', closed_at = $2, outcome = 'SOLVED', version = version + 1 WHERE id = $1`, opinion, ends)
	})
}

// write is one transaction.
func (w *benchWork) write(work func(do func(query string, args ...any))) {
	w.Helper()
	tx, err := w.pool.BeginTx(w.job, nil)
	if err != nil {
		w.Fatal(err)
	}
	work(func(query string, args ...any) {
		w.Helper()
		if _, err := tx.ExecContext(w.job, query, args...); err != nil {
			w.Fatalf("%s: %v", query, err)
		}
	})
	if err := tx.Commit(); err != nil {
		w.Fatal(err)
	}
}
