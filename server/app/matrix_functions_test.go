package app_test

import (
	"context"
	"database/sql"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/lib/pq"

	"github.com/lianluo/lianluo/ent/viewer"
	"github.com/lianluo/lianluo/server/app/apitest"
	"github.com/lianluo/lianluo/server/app/oracle"
)

// functionProbe tries a function that reaches beyond the viewer's rows. The query names each subject of a list of ids or codes with
// what the function answers for it as text; want is that text, empty for none.
type functionProbe struct {
	query    string
	subjects func(m *matrix) []string
	want     func(m *matrix, v oracle.Viewer, subject string) string
	place    func(m *matrix, subject string) string
	// callers are the kinds of viewers that may call it; nil for viewers of an area.
	callers []viewer.Kind
}

// mayCall tells whether a viewer may call the function at all.
func (p functionProbe) mayCall(a asker) bool {
	if p.callers == nil {
		return a.viewer().Kind == viewer.Area
	}
	return slices.Contains(p.callers, a.viewer().Kind)
}

// everyone are the kinds of viewers.
var everyone = []viewer.Kind{viewer.Area, viewer.Organ, viewer.Self, viewer.Receipt, viewer.Public}

// functionProbes is how every function of the definer's is tried; one that is not here fails the matrix.
var functionProbes = map[string]functionProbe{
	"division_chain": {
		query: `SELECT c, string_agg(link::text || ' ' || name || ' ' || level, ',' ORDER BY link)
			FROM unnest($1::text[]) c LEFT JOIN LATERAL division_chain(ARRAY[c::bigint]) d ON true GROUP BY c`,
		subjects: func(m *matrix) []string {
			return collect(m.world.Places, func(p *oracle.Place) string { return p.Code }, func(*oracle.Place) bool { return true })
		},
		want: func(m *matrix, v oracle.Viewer, code string) string {
			if !oracle.Reaches(v, code) || m.world.Place(code).Placeholder {
				return ""
			}
			var links []string
			for _, p := range append(m.world.Above(code), m.world.Place(code)) {
				links = append(links, strings.TrimLeft(p.Code, "0")+" "+p.Name+" "+p.Level)
			}
			links[0] = "0" + links[0]
			return strings.Join(links, ",")
		},
		place:   func(_ *matrix, code string) string { return code },
		callers: everyone,
	},
	"seats_of_deputy": {
		query: `SELECT d, array_to_string(seats_of_deputy(d::uuid), ',') FROM unnest($1::text[]) d`,
		subjects: func(m *matrix) []string {
			return collect(m.world.Deputies, func(d *oracle.Deputy) string { return d.ID }, func(*oracle.Deputy) bool { return true })
		},
		want: func(m *matrix, v oracle.Viewer, id string) string {
			var seats []string
			for _, x := range m.world.Mandates {
				if x.Deputy == id && x.OnRoll() && oracle.Reaches(v, m.world.At(id)) {
					seats = append(seats, x.Seat)
				}
			}
			slices.Sort(seats)
			for i, s := range seats {
				seats[i] = strings.TrimLeft(s, "0")
				if seats[i] == "" {
					seats[i] = "0"
				}
			}
			return strings.Join(seats, ",")
		},
		place: func(m *matrix, id string) string { return m.world.At(id) },
	},
	"deputy_twin": {
		query: `SELECT d, nullif(deputy_twin(split_part(d, ' ', 1)::bigint, split_part(d, ' ', 2), 'FEMALE', '1980-03-01', NULL), false)::text
			FROM unnest($1::text[]) d`,
		subjects: func(m *matrix) []string {
			return collect(m.world.Deputies, func(d *oracle.Deputy) string { return d.Home + " " + d.Name }, func(*oracle.Deputy) bool { return true })
		},
		want: func(m *matrix, v oracle.Viewer, subject string) string {
			home, name, _ := strings.Cut(subject, " ")
			onRoll := func(d *oracle.Deputy) bool {
				return d.Home == home && d.Name == name && slices.ContainsFunc(m.world.Mandates, func(x *oracle.Mandate) bool {
					return x.Deputy == d.ID && x.OnRoll()
				})
			}
			if oracle.Reaches(v, home) && slices.ContainsFunc(m.world.Deputies, onRoll) {
				return "true"
			}
			return ""
		},
		place: func(_ *matrix, subject string) string { return subject[:12] },
	},
	"end_postings_of_mandate": {
		query: `SELECT m, nullif(end_postings_of_mandate(m::uuid, '2025-01-01', 'x'), 0)::text FROM unnest($1::text[]) m`,
		subjects: func(m *matrix) []string {
			return collect(m.world.Mandates, func(x *oracle.Mandate) string { return x.ID }, func(*oracle.Mandate) bool { return true })
		},
		want: func(m *matrix, v oracle.Viewer, id string) string {
			n := 0
			for _, p := range m.world.Postings {
				if p.Mandate == id && p.Current() && oracle.Reaches(v, oracle.Get[*oracle.Mandate](&m.world.World, id).Seat) {
					n++
				}
			}
			return strings.TrimPrefix(fmt.Sprint(n), "0")
		},
		place: func(m *matrix, id string) string { return oracle.Get[*oracle.Mandate](&m.world.World, id).Seat },
	},
	"station_has_branches": {
		query: `SELECT s, nullif(station_has_branches(s::uuid), false)::text FROM unnest($1::text[]) s`,
		subjects: func(m *matrix) []string {
			return collect(m.world.Stations, func(s *oracle.Station) string { return s.ID }, func(*oracle.Station) bool { return true })
		},
		want: func(m *matrix, v oracle.Viewer, id string) string {
			open := slices.ContainsFunc(m.world.Stations, func(s *oracle.Station) bool { return s.Parent == id && s.ClosedOn == "" })
			if open && oracle.Reaches(v, m.world.At(id)) {
				return "true"
			}
			return ""
		},
		place: func(m *matrix, id string) string { return m.world.At(id) },
	},
	"station_below": {
		query: fmt.Sprintf(`SELECT s, nullif(station_below(s::uuid, '%s'), false)::text FROM unnest($1::text[]) s`, apitest.Online("4301")),
		subjects: func(m *matrix) []string {
			return collect(m.world.Stations, func(s *oracle.Station) string { return s.ID }, (*oracle.Station).Online)
		},
		want: func(m *matrix, v oracle.Viewer, id string) string {
			if at := m.world.At(id); oracle.Reaches(v, at) && oracle.Holds(apitest.Full("4301"), at) {
				return "true"
			}
			return ""
		},
		place: func(m *matrix, id string) string { return m.world.At(id) },
	},
}

// plainFunctions read no more than the viewer's own rows and settings, or nothing at all; the policies that use them are tried by rows. The first
// three are for migrations.
var plainFunctions = []string{
	"protect", "publish", "own", "viewer_lo", "viewer_hi", "viewer_person", "viewer_organ", "viewer_station", "viewer_subject",
	"deputy_posted_in_sight", "mandate_posted_in_sight", "posted_at_own_station", "river_job_state_in_bitmask",
}

// checkFunctions lets every viewer call every function of the database.
func (m *matrix) checkFunctions(t *testing.T) {
	rows, err := m.server.Owner.QueryContext(t.Context(), `SELECT proname FROM pg_proc
		WHERE pronamespace = 'public'::regnamespace ORDER BY proname`)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = rows.Close() }()
	for rows.Next() {
		var name string
		if err := rows.Scan(&name); err != nil {
			t.Fatal(err)
		}
		p, ok := functionProbes[name]
		if !ok {
			p, ok = opinionFunctionProbes[name]
		}
		if !ok {
			p, ok = dutyFunctionProbes[name]
		}
		if !ok {
			p, ok = changeFunctionProbes[name]
		}
		_, enqueues := enqueuers[name]
		switch {
		case ok:
			for _, a := range slices.Concat(m.askers, m.citizens) {
				m.checkFunction(t.Context(), a, name, p)
			}
		case name != "regroup_deputy" && name != "enqueue_step" && name != "took_over" && name != "past_rules" && !enqueues && !counts(name) &&
			!slices.Contains(slices.Concat(plainFunctions, dutyPlainFunctions, factPlainFunctions, platformFunctions), name):
			t.Errorf("the matrix does not try the function %s", name)
		}
	}
	if err := rows.Err(); err != nil {
		t.Fatal(err)
	}
	m.checkRegroup(t)
	m.checkEnqueue(t)
	m.checkEnqueuers(t)
	m.checkPlatform(t)
	m.checkMade(t)
	m.checkHeirs(t)
	m.checkTriggers(t)
	m.checkPresence(t)
}

func (m *matrix) checkFunction(ctx context.Context, a asker, name string, p functionProbe) {
	subjects := p.subjects(m)
	ctx = viewer.NewContext(ctx, a.viewer())
	tx, err := m.server.Serving.BeginTx(ctx, nil)
	if err != nil {
		m.tally.mismatch("%s: %v", a, err)
		return
	}
	defer func() { _ = tx.Rollback() }()
	got, err := answers(ctx, tx, p.query, subjects)
	mayCall := p.mayCall(a)
	if err != nil && (mayCall || codeOf(err) != denied) {
		m.tally.mismatch("%s calls %s: %v", a, name, err)
		return
	}
	if err == nil && !mayCall {
		m.tally.leak("%s may call %s", a, name)
	}
	for _, subject := range subjects {
		want := ""
		if mayCall {
			want = p.want(m, a.Viewer, subject)
		}
		c := cell{matrix: m, asker: a, id: subject, what: name, at: p.place(m, subject)}
		c.count(want != "")
		switch {
		case got[subject] == want:
		case want == "":
			c.leak(got[subject])
		case got[subject] == "":
			c.loss(want)
		default:
			c.mismatch(got[subject], want)
		}
	}
}

func answers(ctx context.Context, tx *sql.Tx, query string, subjects []string) (map[string]string, error) {
	rows, err := tx.QueryContext(ctx, query, pq.Array(subjects))
	if err != nil {
		return nil, err
	}
	defer func() { _ = rows.Close() }()
	out := map[string]string{}
	for rows.Next() {
		var subject string
		var answer sql.NullString
		if err := rows.Scan(&subject, &answer); err != nil {
			return nil, err
		}
		out[subject] = answer.String
	}
	return out, rows.Err()
}

// checkRegroup tries regroup_deputy, which answers nothing: a deputy is put where the facts do not say, and only those whose area
// holds something of the deputy's put it right.
func (m *matrix) checkRegroup(t *testing.T) {
	home, astray := apitest.Full("430121"), apitest.Full("430121102")
	posting := m.sparePosting(t, home)
	var deputy string
	err := m.server.Owner.QueryRowContext(t.Context(), `UPDATE mandate m SET code = $2, township_code = $2
		FROM posting p WHERE p.id = $1 AND m.id = p.mandate_id RETURNING m.deputy_id`, posting, astray).Scan(&deputy)
	if err != nil {
		t.Fatal(err)
	}
	for _, a := range slices.Concat(m.askers, m.citizens) {
		ctx := viewer.NewContext(t.Context(), a.viewer())
		tx, err := m.server.Serving.BeginTx(ctx, nil)
		if err != nil {
			t.Fatal(err)
		}
		may := a.viewer().Kind == viewer.Area && (oracle.Reaches(a.Viewer, home) || oracle.Reaches(a.Viewer, astray))
		c := cell{matrix: m, asker: a, id: deputy, what: "regroup_deputy", at: home}
		c.count(may)
		var wrote bool // a transaction has a number once it has written
		if _, err = tx.ExecContext(ctx, `SELECT regroup_deputy($1)`, deputy); err == nil {
			err = tx.QueryRowContext(ctx, `SELECT pg_current_xact_id_if_assigned() IS NOT NULL`).Scan(&wrote)
		}
		switch {
		case err != nil && (may || codeOf(err) != denied):
			c.mismatch(err, may)
		case wrote && !may:
			c.leak("put right")
		case !wrote && may:
			c.loss("put right")
		}
		_ = tx.Rollback()
	}
	m.exec(t, `DELETE FROM posting WHERE id = '`+posting+`'`, `DELETE FROM mandate WHERE deputy_id = '`+deputy+`'`,
		`DELETE FROM deputy WHERE id = '`+deputy+`'`)
}
