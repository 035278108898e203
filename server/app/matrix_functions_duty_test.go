package app_test

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/lianluo/lianluo/ent/viewer"
	"github.com/lianluo/lianluo/server/app/apitest"
	"github.com/lianluo/lianluo/server/app/oracle"
)

// The functions of deputies' work.

// dutyPlainFunctions are policies' and migrations' own; see plainFunctions.
var dutyPlainFunctions = []string{
	"rule_above", "rule_of_own", "visit_day_in_sight", "on_duty", "appointment_in_sight", "activity_joined", "activity_in_sight", "activity_attended",
	"activity_at", "station_at", "own_mandate", "mandate_at", "contact_of", "training_in_sight", "campaign_within", "evaluation_in_sight", "review_of",
	"duty_record_in_sight", "claim_in_sight", "attached_in_sight", "serves_on",
}

var (
	areaAndSelf = []viewer.Kind{viewer.Area, viewer.Self}
	atCounter   = []viewer.Kind{viewer.Area, viewer.Receipt}
	deputiesBy  = []viewer.Kind{viewer.Self}
)

func deputyIDs(m *matrix) []string {
	return collect(m.world.Deputies, func(d *oracle.Deputy) string { return d.ID }, func(*oracle.Deputy) bool { return true })
}

func organIDs(m *matrix) []string {
	return collect(m.world.Organs, func(o *oracle.Organ) string { return o.ID }, func(*oracle.Organ) bool { return true })
}

// named is what the owner reads of a table's names.
func (m *matrix) named(table, id string) string {
	for _, r := range m.parents[table] {
		if r.id() == id {
			return r.text("name")
		}
	}
	return ""
}

// firstPart is the place of a subject that begins with an id.
func firstPart(m *matrix, subject string) string {
	id, _, _ := strings.Cut(subject, " ")
	return m.world.At(id)
}

// dutyFunctionProbes is how the functions of deputies' work are tried; see functionProbes.
var dutyFunctionProbes = map[string]functionProbe{
	"deeds": {
		query: `SELECT d, (SELECT string_agg(x.deed || ' ' || x.id, ',' ORDER BY x.deed COLLATE "C", x.id) FROM deeds(ARRAY[d::uuid], '2020-01-01', '2030-12-31') x)
			FROM unnest($1::text[]) d`,
		subjects: deputyIDs,
		want: func(m *matrix, v oracle.Viewer, id string) string {
			if until := m.world.SeesDeeds(v, id); until != "" {
				return strings.Join(m.world.Deeds(id, until), ",")
			}
			return ""
		},
		place: atPlaceOf, callers: areaAndSelf,
	},
	"deputy_rank": {
		query: `SELECT d, (SELECT mandate || ' ' || level FROM deputy_rank(split_part(d, ' ', 1)::uuid, split_part(d, ' ', 2)::date)) FROM unnest($1::text[]) d`,
		subjects: func(m *matrix) []string {
			var out []string
			for _, d := range deputyIDs(m) {
				out = append(out, d+" 2024-05-15", d+" 2025-05-15")
			}
			return out
		},
		want: func(m *matrix, v oracle.Viewer, subject string) string {
			id, day, _ := strings.Cut(subject, " ")
			return m.world.Rank(v, id, day)
		},
		place: firstPart, callers: areaAndSelf,
	},
	// The code on the wall is the permission.
	"scanned_activities": {
		query: `SELECT c, (SELECT string_agg(coalesce(x.activity::text, '-'), ',' ORDER BY x.activity) FROM scanned_activities('QR' || c, '2031-05-15', '2031-05-15') x)
			FROM unnest($1::text[]) c`,
		subjects: func(m *matrix) []string {
			return collect(m.world.Codes, func(c *oracle.Code) string { return c.ID }, func(*oracle.Code) bool { return true })
		},
		want: func(m *matrix, v oracle.Viewer, id string) string {
			c := oracle.Get[*oracle.Code](&m.world.World, id)
			if v.Person == "" || c.Posting != "" || c.Revoked || oracle.Get[*oracle.Station](&m.world.World, c.Station).ClosedOn != "" {
				return ""
			}
			var out []string
			for _, x := range m.world.Activities {
				if x.Open() && m.world.TakesPart(x, c.Station) {
					out = append(out, x.ID)
				}
			}
			if out == nil {
				return "-"
			}
			slices.Sort(out)
			return strings.Join(out, ",")
		},
		place: atPlaceOf, callers: deputiesBy,
	},
	"may_check_in": {
		query: `SELECT c, nullif(may_check_in(split_part(c, ' ', 1)::uuid, split_part(c, ' ', 2)::uuid, split_part(c, ' ', 3)::bigint), false)::text
			FROM unnest($1::text[]) c`,
		subjects: func(m *matrix) []string {
			var out []string
			for _, x := range m.world.Activities {
				for _, at := range []string{"430121107", "430102", "430121107201"} {
					s := m.world.Spot(at).Station
					out = append(out, x.ID+" "+s+" "+apitest.Full(at), x.ID+" "+s+" "+apitest.Full("43"))
				}
			}
			return out
		},
		want: func(m *matrix, _ oracle.Viewer, subject string) string {
			part := strings.Fields(subject)
			x := oracle.Get[*oracle.Activity](&m.world.World, part[0])
			return trueIf(x.Open() && m.world.TakesPart(x, part[1]) && m.world.At(part[1]) == part[2])
		},
		place: firstPart, callers: deputiesBy,
	},
	"publish_evaluation": {
		query: `SELECT c, nullif(publish_evaluation(c::uuid), 0)::text FROM unnest($1::text[]) c`,
		subjects: func(m *matrix) []string {
			return collect(m.world.Rules, func(r *oracle.Rule) string { return r.ID }, func(r *oracle.Rule) bool { return r.Of == "evaluation_campaign" })
		},
		want: func(m *matrix, v oracle.Viewer, id string) string {
			if id == apitest.CampaignOf("431002") && oracle.Reaches(v, m.world.At(id)) {
				return "1" // whose review was late
			}
			return ""
		},
		place: atPlaceOf,
	},
	// What departments there are is no secret, nor what organs and stations are called.
	"departments_over": {
		query:    `SELECT c, (SELECT string_agg(id::text, ',' ORDER BY id) FROM departments_over(c::bigint)) FROM unnest($1::text[]) c`,
		subjects: realPlaces,
		want: func(m *matrix, _ oracle.Viewer, code string) string {
			var out []string
			for _, p := range m.world.Places {
				if !p.Placeholder && p.Level != "VILLAGE" && oracle.Holds(p.Code, code) {
					out = append(out, m.world.Spot(p.Code).Department, m.world.Spot(p.Code).Bureau)
				}
			}
			slices.Sort(out)
			return strings.Join(out, ",")
		},
		place: firstCode, callers: atCounter,
	},
	"asked_day": {
		query: `SELECT c, (SELECT state || ' ' || published || ' ' || on_duty FROM asked_day(split_part(c, ' ', 1)::uuid, split_part(c, ' ', 2)::uuid, NULL))
			FROM unnest($1::text[]) c`,
		subjects: func(m *matrix) []string {
			var out []string
			for _, d := range m.world.VisitDays {
				for _, name := range []string{apitest.Left, apitest.Double, apitest.Crossing} {
					out = append(out, d.ID+" "+apitest.Who(name))
				}
			}
			return out
		},
		want: func(m *matrix, v oracle.Viewer, subject string) string {
			id, deputy, _ := strings.Cut(subject, " ")
			d := oracle.Get[*oracle.VisitDay](&m.world.World, id)
			if v.Receipt == "" && !oracle.Reaches(v, m.world.At(id)) {
				return ""
			}
			return fmt.Sprint(d.State, " ", d.Published, " ", slices.ContainsFunc(m.world.Duties, func(x *oracle.Duty) bool {
				return x.Day == id && x.Deputy == deputy && !x.Replaced
			}))
		},
		place: firstPart, callers: atCounter,
	},
	"organ_names": {
		query:    `SELECT c, (SELECT name FROM organ_names(ARRAY[c::uuid])) FROM unnest($1::text[]) c`,
		subjects: organIDs,
		want:     func(m *matrix, _ oracle.Viewer, id string) string { return m.named("organ", id) },
		place:    atPlaceOf, callers: takers,
	},
	"station_names": {
		query: `SELECT c, (SELECT name FROM station_names(ARRAY[c::uuid])) FROM unnest($1::text[]) c`,
		subjects: func(m *matrix) []string {
			return collect(m.world.Stations, func(s *oracle.Station) string { return s.ID }, func(*oracle.Station) bool { return true })
		},
		want:  func(m *matrix, _ oracle.Viewer, id string) string { return m.named("station", id) },
		place: atPlaceOf, callers: takers,
	},
	"organ_over": {
		query:    fmt.Sprintf(`SELECT c, nullif(organ_over(c::uuid, %s), false)::text FROM unnest($1::text[]) c`, plainNumber(apitest.Full("430121107"))),
		subjects: organIDs,
		want: func(m *matrix, _ oracle.Viewer, id string) string {
			return trueIf(oracle.Holds(m.world.At(id), apitest.Full("430121107")))
		},
		place: atPlaceOf,
	},
	// Asked by enqueue_notice alone.
	"may_announce": {
		query:    `SELECT c, nullif(may_announce('VisitDay', c::uuid), false)::text FROM unnest($1::text[]) c`,
		subjects: func(*matrix) []string { return []string{apitest.Of("day", "430121")} },
		want:     func(*matrix, oracle.Viewer, string) string { return "" },
		place:    atPlaceOf, callers: []viewer.Kind{},
	},
}

// enqueuers are functions that answer nothing, and write something or have the platform do so: a statement for a thing, and the kinds of viewers that may call it.
var enqueuers = map[string]struct {
	query   string
	things  func(m *matrix) []string
	may     func(m *matrix, v oracle.Viewer, id string) bool
	callers []viewer.Kind
}{
	"enqueue_notice": {
		query: `SELECT enqueue_notice('NORM_REMINDER', $2, $1)`,
		things: func(m *matrix) []string {
			var out []string
			for _, at := range []string{"430121107", "430102"} {
				out = append(out, apitest.Of("day", at), apitest.Of("appointment", at), apitest.Of("activity", at))
			}
			return append(out, apitest.Of("appointment with department", "430121"), apitest.CampaignOf("430102"), apitest.CampaignOf("431002"),
				apitest.Who(apitest.Crossing, "mandate"), apitest.WorkOf("duty_record", apitest.Who(apitest.Crossing, "mandate")),
				apitest.WorkOf("point_claim", apitest.Who(apitest.Moved, "mandate")))
		},
		may: func(m *matrix, v oracle.Viewer, id string) bool { return m.world.MayAnnounce(v, id) }, callers: takers,
	},
	// The ledger comes to the same however often it is settled.
	"enqueue_settlement": {
		query:  `SELECT enqueue_settlement(ARRAY[$1::uuid])`,
		things: func(*matrix) []string { return []string{apitest.Who(apitest.Crossing)} },
		may:    func(*matrix, oracle.Viewer, string) bool { return true }, callers: areaAndSelf,
	},
	// It names a place for the search.
	"name_division": {
		query: `SELECT name_division($1::bigint, ARRAY['another name'])`, things: realPlaces,
		may: func(_ *matrix, v oracle.Viewer, code string) bool { return beneath(v, code) }, callers: []viewer.Kind{viewer.Area},
	},
	"enqueue_settlement_of": {
		query:  `SELECT enqueue_settlement_of($1::uuid)`,
		things: func(*matrix) []string { return []string{apitest.Of("activity", "430121107")} },
		may:    func(*matrix, oracle.Viewer, string) bool { return true }, callers: []viewer.Kind{viewer.Area},
	},
}

// entityOf is what a thing is called in a notice.
func entityOf(m *matrix, id string) string {
	for table, name := range map[string]string{
		"visit_day": "VisitDay", "appointment": "Appointment", "activity": "Activity", "duty_record": "DutyRecord", "point_claim": "PointClaim",
		"mandate": "Mandate", "evaluation_campaign": "EvaluationCampaign",
	} {
		if slices.ContainsFunc(m.parents[table], func(r record) bool { return r.id() == id }) {
			return name
		}
	}
	return ""
}

// checkEnqueuers tries the functions that answer nothing.
func (m *matrix) checkEnqueuers(t *testing.T) {
	for _, a := range slices.Concat(m.askers, m.citizens) {
		ctx := viewer.NewContext(t.Context(), a.viewer())
		for name, f := range enqueuers {
			for _, id := range f.things(m) {
				may := slices.Contains(f.callers, a.viewer().Kind) && f.may(m, a.Viewer, id)
				c := cell{matrix: m, asker: a, id: id, what: name, at: cmp.Or(m.world.At(id), id)}
				c.count(may)
				args := []any{id}
				if name == "enqueue_notice" {
					args = append(args, entityOf(m, id))
				}
				tx, err := m.server.Serving.BeginTx(ctx, nil)
				if err != nil {
					t.Fatal(err)
				}
				var wrote bool // a transaction has a number once it has written
				if _, err = tx.ExecContext(ctx, f.query, args...); err == nil {
					err = tx.QueryRowContext(ctx, `SELECT pg_current_xact_id_if_assigned() IS NOT NULL`).Scan(&wrote)
				}
				switch {
				case err != nil && (may || codeOf(err) != denied):
					c.mismatch(err, may)
				case wrote && !may:
					c.leak("something for what is another's")
				case !wrote && may:
					c.loss("something written")
				}
				_ = tx.Rollback()
			}
		}
	}
}
