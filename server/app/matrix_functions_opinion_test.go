package app_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/lianluo/lianluo/ent/place"
	"github.com/lianluo/lianluo/ent/viewer"
	"github.com/lianluo/lianluo/server/app/apitest"
	"github.com/lianluo/lianluo/server/app/oracle"
)

// The functions of opinions.

// takers are the kinds of viewers that do something to a case.
var takers = []viewer.Kind{viewer.Area, viewer.Organ, viewer.Self, viewer.Receipt}

func opinionIDs(m *matrix) []string {
	return collect(m.world.Opinions, func(o *oracle.Opinion) string { return o.ID }, func(*oracle.Opinion) bool { return true })
}

func realPlaces(m *matrix) []string {
	return collect(m.world.Places, func(p *oracle.Place) string { return p.Code }, func(p *oracle.Place) bool { return !p.Placeholder })
}

func atPlaceOf(m *matrix, id string) string { return m.world.At(id) }

func firstCode(_ *matrix, subject string) string { return subject[:12] }

// plainNumber is a code as a number.
func plainNumber(code string) string {
	if n := strings.TrimLeft(code, "0"); n != "" {
		return n
	}
	return "0"
}

// opinionFunctionProbes is how the functions of opinions are tried; see functionProbes.
var opinionFunctionProbes = map[string]functionProbe{
	// Asked of every place: what comes must be the viewer's all the same.
	"search_opinions": {
		query: `SELECT c, (SELECT string_agg(o::text, ',' ORDER BY o) FROM search_opinions(split_part(c, ' ', 1)::bigint, split_part(c, ' ', 2)::bigint,
			$q$'路面' & '面积' & '积水'$q$, '路面积水', 10000) o) FROM unnest($1::text[]) c`,
		subjects: func(m *matrix) []string {
			var out []string
			for _, code := range realPlaces(m) {
				lo, hi := place.MustParse(code).Range()
				out = append(out, fmt.Sprintf("%012d %012d", lo, hi))
			}
			return out
		},
		want: func(m *matrix, v oracle.Viewer, subject string) string {
			out := collect(m.world.Opinions, func(o *oracle.Opinion) string { return o.ID },
				func(o *oracle.Opinion) bool { return oracle.Holds(subject[:12], o.At) && oracle.Reaches(v, o.At) })
			slices.Sort(out)
			return strings.Join(out, ",")
		},
		place: firstCode,
	},
	// Limits are public rules.
	"opinion_clock": {
		query: `SELECT c, (SELECT days || ' ' || amber_days FROM opinion_clock(split_part(c, ' ', 1)::bigint, split_part(c, ' ', 2)))
			FROM unnest($1::text[]) c`,
		subjects: func(m *matrix) []string {
			var out []string
			for _, code := range realPlaces(m) {
				out = append(out, code+" HANDLING", code+" ACCEPTED", code+" REWORK")
			}
			return out
		},
		want: func(m *matrix, _ oracle.Viewer, subject string) string {
			code, state, _ := strings.Cut(subject, " ")
			for p := m.world.Place(code); p != nil; p = m.world.Place(p.Parent) {
				for _, l := range m.world.Limits {
					if m.world.At(l.ID) == p.Code && l.State == state {
						return fmt.Sprint(l.Days, " ", l.Amber)
					}
				}
			}
			return ""
		},
		place: firstCode, callers: takers,
	},
	// So is the tree.
	"holder_above": {
		query:    `SELECT c, (SELECT code || ' ' || level FROM holder_above(c::bigint)) FROM unnest($1::text[]) c`,
		subjects: realPlaces,
		want: func(m *matrix, _ oracle.Viewer, code string) string {
			if p := m.world.Place(m.world.Place(code).Parent); p != nil {
				return plainNumber(p.Code) + " " + p.Level
			}
			return ""
		},
		place: firstCode, callers: takers,
	},
	// A secret is all the permission there is, while it is fresh.
	"claim_upload": {
		query: `SELECT s, (SELECT storage_key FROM claim_upload(sha256(s::bytea))) FROM unnest($1::text[]) s`,
		subjects: func(*matrix) []string {
			return []string{apitest.FreshUpload, apitest.StaleUpload, "no-such-upload"}
		},
		want: func(_ *matrix, _ oracle.Viewer, secret string) string {
			if secret == apitest.FreshUpload {
				return "world/" + secret
			}
			return ""
		},
		place: func(*matrix, string) string { return nation }, callers: takers,
	},
	// It is for every level above; the verb narrows it to administrators and the database puts it in the audit.
	"reveal_submitter": {
		query: `SELECT o, (SELECT name || ' ' || phone || ' ' || call_back FROM reveal_submitter(o::uuid, '回访', 'COUNTY_ADMIN', 0))
			FROM unnest($1::text[]) o`,
		subjects: opinionIDs,
		want: func(m *matrix, v oracle.Viewer, id string) string {
			for _, s := range m.world.Submitters {
				if s.Opinion == id && oracle.Reaches(v, m.world.At(id)) {
					return s.Name + " " + s.Phone + " true"
				}
			}
			return ""
		},
		place: atPlaceOf,
	},
	"opinion_assigned": {
		query:    `SELECT o, nullif(opinion_assigned(o::uuid), false)::text FROM unnest($1::text[]) o`,
		subjects: opinionIDs,
		want: func(m *matrix, v oracle.Viewer, id string) string {
			return trueIf(v.Organ != "" && m.world.Sees(v, id))
		},
		place: atPlaceOf, callers: everyone,
	},
	"opinion_assigned_now": {
		query:    `SELECT o, nullif(opinion_assigned_now(o::uuid), false)::text FROM unnest($1::text[]) o`,
		subjects: opinionIDs,
		want:     func(m *matrix, v oracle.Viewer, id string) string { return trueIf(m.world.AssignedNow(v, id)) },
		place:    atPlaceOf, callers: everyone,
	},
	"opinion_in_sight": {
		query:    `SELECT o, nullif(opinion_in_sight(o::uuid), false)::text FROM unnest($1::text[]) o`,
		subjects: opinionIDs,
		want:     func(m *matrix, v oracle.Viewer, id string) string { return trueIf(m.world.Sees(v, id)) },
		place:    atPlaceOf, callers: everyone,
	},
	"viewer_receipt": {
		query:    `SELECT o, nullif(viewer_receipt() = o::uuid, false)::text FROM unnest($1::text[]) o`,
		subjects: opinionIDs,
		want:     func(_ *matrix, v oracle.Viewer, id string) string { return trueIf(v.Receipt == id) },
		place:    atPlaceOf, callers: everyone,
	},
}

func trueIf(yes bool) string {
	if yes {
		return "true"
	}
	return ""
}

// checkEnqueue tries enqueue_step, which answers nothing: a viewer announces the own events and no one else's.
func (m *matrix) checkEnqueue(t *testing.T) {
	for _, a := range slices.Concat(m.askers, m.citizens) {
		tried := map[bool]bool{}
		for _, e := range m.world.Events {
			own := e.Subject == a.Subject
			if tried[own] {
				continue
			}
			tried[own] = true
			may := own && slices.Contains(takers, a.viewer().Kind)
			c := cell{matrix: m, asker: a, id: e.ID, what: "enqueue_step"}
			c.count(may)
			ctx := viewer.NewContext(t.Context(), a.viewer())
			tx, err := m.server.Serving.BeginTx(ctx, nil)
			if err != nil {
				t.Fatal(err)
			}
			var wrote bool // a transaction has a number once it has written
			if _, err = tx.ExecContext(ctx, `SELECT enqueue_step($1)`, e.ID); err == nil {
				err = tx.QueryRowContext(ctx, `SELECT pg_current_xact_id_if_assigned() IS NOT NULL`).Scan(&wrote)
			}
			switch {
			case err != nil && (may || codeOf(err) != denied):
				c.mismatch(err, may)
			case wrote && !may:
				c.leak("a job for another's event")
			case !wrote && may:
				c.loss("a job")
			}
			_ = tx.Rollback()
		}
	}
}
