package app_test

import (
	"database/sql"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/google/uuid"

	"github.com/lianluo/lianluo/ent/viewer"
	"github.com/lianluo/lianluo/server/app/apitest"
	"github.com/lianluo/lianluo/server/app/oracle"
)

// The functions by which the tree is changed. They are for viewers of an area, about what lies below their own place: that one they leave alone.

// beneath tells whether a place lies within a viewer's reach, and is not the viewer's own.
func beneath(v oracle.Viewer, code string) bool { return oracle.Reaches(v, code) && v.At != code }

func allPlaces(m *matrix) []string {
	return collect(m.world.Places, func(p *oracle.Place) string { return p.Code }, func(*oracle.Place) bool { return true })
}

// move is a division_move as text: of a place, to a code, below those that the code is within.
func (m *matrix) move(old, to string, ancestors ...string) string {
	fields := []string{m.world.Place(old).ID, plainNumber(old), plainNumber(to)}
	for i := range 4 {
		if i < len(ancestors) {
			fields = append(fields, plainNumber(apitest.Full(ancestors[i])))
		} else {
			fields = append(fields, "")
		}
	}
	return "(" + strings.Join(append(fields, "0", "新名", "f", "1"), ",") + ")"
}

// established is a division_move as text of a village that is new, with an id of its own.
func (m *matrix) established(code string) string {
	_, rest, _ := strings.Cut(m.move(apitest.Full("430121107202"), code, code[:2], code[:4], code[:6], code[:9]), ",")
	return "(" + uuid.NewSHA1(uuid.NameSpaceOID, []byte(code)).String() + "," + rest
}

// reorganised are ways to ask for a reorganisation: what is made and what moves, and whether a viewer may; where it lies.
func (m *matrix) reorganised() map[string]struct {
	made, moves string
	may         func(v oracle.Viewer) bool
	at          string
} {
	type ask = struct {
		made, moves string
		may         func(v oracle.Viewer) bool
		at          string
	}
	out := map[string]ask{}
	for _, code := range []string{"43", "4301", "430121", "430102", "430121107", "430121107201", "431002001", "440305", "441900003", "429004100"} {
		code := apitest.Full(code)
		out["rename "+code] = ask{moves: m.move(code, code), at: code, may: func(v oracle.Viewer) bool { return beneath(v, code) }}
	}
	village := apitest.Full("430121107202")
	for _, to := range []string{"430121107209", "430121102209", "430102001209", "431002001209", "440305001209"} {
		full := apitest.Full(to)
		out["move to "+full] = ask{
			moves: m.move(village, full, to[:2], to[:4], to[:6], to[:9]), at: full,
			may: func(v oracle.Viewer) bool { return beneath(v, village) && beneath(v, full) },
		}
		out["make "+full] = ask{
			made: m.move(village, full, to[:2], to[:4], to[:6], to[:9]), at: full, may: func(v oracle.Viewer) bool { return beneath(v, full) },
		}
	}
	never := func(oracle.Viewer) bool { return false }
	astray := apitest.Full("430121107209")
	// Places above that are not: the sums of others would count it.
	out["move astray"] = ask{moves: m.move(village, astray, "43", "4301", "430102", "430121107"), at: astray, may: never}
	// What lies in a township would be left behind.
	out["leave behind"] = ask{moves: m.move(apitest.Full("430121107"), apitest.Full("430121109"), "43", "4301", "430121", "430121109"), at: astray, may: never}
	return out
}

// checkMade tries to make a division that names places above it which are not.
func (m *matrix) checkMade(t *testing.T) {
	code := apitest.Full("430121107209")
	made := m.move(apitest.Full("430121107202"), code, "43", "4301", "430102", "430121107")
	for _, a := range slices.Concat(m.askers, m.citizens) {
		ctx := viewer.NewContext(t.Context(), a.viewer())
		c := cell{matrix: m, asker: a, id: m.world.Place(apitest.Full("430121107")).ID, what: "reorganise"}
		c.count(false)
		tx, err := m.server.Serving.BeginTx(ctx, nil)
		if err != nil {
			t.Fatal(err)
		}
		var moved sql.NullString
		err = tx.QueryRowContext(ctx, `SELECT reorganise($1::division_move[], '{}', '2030-01-01', false)`, arrayOf(made)).Scan(&moved)
		if moved.Valid || err != nil && codeOf(err) != denied {
			c.leak(fmt.Sprint(code, " is made: ", moved.String, " ", err))
		}
		_ = tx.Rollback()
	}
}

// changeFunctionProbes is how these functions are tried; see functionProbes.
var changeFunctionProbes = map[string]functionProbe{
	"division_subtree": {
		query:    `SELECT c, (SELECT string_agg(code::text, ',' ORDER BY code) FROM division_subtree(ARRAY[c::bigint])) FROM unnest($1::text[]) c`,
		subjects: allPlaces,
		want: func(m *matrix, v oracle.Viewer, code string) string {
			var out []string
			for _, p := range m.world.Places {
				if oracle.Holds(code, p.Code) && oracle.Reaches(v, p.Code) {
					out = append(out, plainNumber(p.Code))
				}
			}
			slices.SortFunc(out, func(a, b string) int { return strings.Compare(fmt.Sprintf("%012s", a), fmt.Sprintf("%012s", b)) })
			return strings.Join(out, ",")
		},
		place: firstCode,
	},
	"division_rests": {
		query:    `SELECT c, (SELECT stations || ' ' || mandates || ' ' || opinions || ' ' || accounts FROM division_rests(c::bigint)) FROM unnest($1::text[]) c`,
		subjects: allPlaces,
		want: func(m *matrix, v oracle.Viewer, code string) string {
			if !beneath(v, code) {
				return ""
			}
			stations := collect(m.world.Stations, func(s *oracle.Station) string { return s.ID },
				func(s *oracle.Station) bool { return s.At == code && s.ClosedOn == "" })
			mandates := collect(m.world.Mandates, func(x *oracle.Mandate) string { return x.ID },
				func(x *oracle.Mandate) bool { return x.OnRoll() && (x.At == code || x.Seat == code) })
			opinions := collect(m.world.Opinions, func(o *oracle.Opinion) string { return o.ID },
				func(o *oracle.Opinion) bool { return o.Open() && (o.At == code || o.Holder == code) })
			return fmt.Sprint(len(stations), " ", len(mandates), " ", len(opinions), " 0")
		},
		place: firstCode,
	},
	"reorganise": {
		query: `SELECT c, nullif(reorganise(x.asked[2]::division_move[], x.asked[3]::division_move[], '2030-01-01', true) IS NOT NULL, false)::text
			FROM unnest($1::text[]) c, string_to_array(c, '|') AS x (asked)`,
		subjects: func(m *matrix) []string {
			var out []string
			for name, r := range m.reorganised() {
				out = append(out, name+"|"+arrayOf(r.made)+"|"+arrayOf(r.moves))
			}
			return out
		},
		want: func(m *matrix, v oracle.Viewer, subject string) string {
			name, _, _ := strings.Cut(subject, "|")
			return trueIf(m.reorganised()[name].may(v))
		},
		place: func(m *matrix, subject string) string {
			name, _, _ := strings.Cut(subject, "|")
			return m.reorganised()[name].at
		},
	},
	"establish_division": {
		query: `SELECT c, nullif(establish_division(split_part(c, '|', 2)::division_move, '2030-01-01'), false)::text FROM unnest($1::text[]) c`,
		subjects: func(m *matrix) []string {
			out := []string{
				// There already, and with places above it that are not.
				apitest.Full("430121107202") + "|" + m.move(apitest.Full("430121107202"), apitest.Full("430121107202"), "43", "4301", "430121", "430121107"),
				apitest.Full("430121107209") + "|" + m.move(apitest.Full("430121107202"), apitest.Full("430121107209"), "43", "4301", "430102", "430121107"),
			}
			for _, to := range []string{"430121107208", "430121102208", "430102001208", "431002001208", "440305001208"} {
				out = append(out, apitest.Full(to)+"|"+m.established(apitest.Full(to)))
			}
			return out
		},
		want: func(_ *matrix, v oracle.Viewer, subject string) string {
			code, _, _ := strings.Cut(subject, "|")
			return trueIf(strings.HasSuffix(code, "208") && beneath(v, code))
		},
		place: func(_ *matrix, subject string) string { code, _, _ := strings.Cut(subject, "|"); return code },
	},
	// The sums of the time: by how much they differ, and what of them lies outside the viewer's area.
	"sums_then": {
		query: `SELECT c, (SELECT string_agg(measure || ' ' || n || ' ' || beyond, ',') FROM (VALUES (false), (true)) AS b (beyond),
			sums_then(ARRAY[c::bigint], ARRAY[division_end(c::bigint)], ARRAY['2024-05-01'::date], ARRAY['2024-05-31'::date], ARRAY['visit_days'], '2024-06-01', beyond))
			FROM unnest($1::text[]) c`,
		subjects: allPlaces,
		want: func(m *matrix, v oracle.Viewer, code string) string {
			differs, away := 0, 0
			for _, d := range m.world.VisitDays {
				if d.State != "HELD" || !strings.HasPrefix(d.Day, "2024-05") {
					continue
				}
				// An area that is asked for reaches no further than the viewer's.
				in := func(at string) bool { return oracle.Holds(code, at) && oracle.Reaches(v, at) }
				now, then := in(m.world.At(d.ID)), in(m.world.WrittenAt(d.ID))
				switch {
				case then && !now:
					differs++
				case now && !then:
					differs--
				}
				if then && !oracle.Reaches(v, m.world.At(d.ID)) {
					away++
				}
			}
			var out []string
			if differs != 0 {
				out = append(out, fmt.Sprint("visit_days_held ", differs, " false"))
			}
			if away != 0 {
				out = append(out, fmt.Sprint("visit_days_held ", away, " true"))
			}
			if !oracle.Reaches(v, code) {
				return ""
			}
			return strings.Join(out, ",")
		},
		place: firstCode,
	},
	// What lay within a place, by the codes of the time.
	"former_then": {
		query: `SELECT c, (SELECT string_agg(code || name || stood, ',' ORDER BY code) FROM former_then(c::bigint, division_end(c::bigint), 'TOWNSHIP', NULL, '2022-01-01'))
			FROM unnest($1::text[]) c`,
		subjects: allPlaces,
		want: func(m *matrix, v oracle.Viewer, code string) string {
			var found []string
			for _, f := range m.world.Formers {
				if oracle.Holds(code, f.Code) && oracle.Reaches(v, f.Code) && (f.Level == "TOWNSHIP" || f.Code == code) {
					found = append(found, f.Code+f.Name+"true")
				}
			}
			slices.Sort(found)
			for i, f := range found {
				found[i] = plainNumber(f)
			}
			return strings.Join(found, ",")
		},
		place: firstCode,
	},
	"keep_former": {
		query: `SELECT c, nullif(keep_former(split_part(c, ' ', 1)::uuid, jsonb_build_array(jsonb_build_object('id', gen_random_uuid(), 'code', split_part(c, ' ', 2)::bigint,
			'code_then', split_part(c, ' ', 3)::bigint, 'name', '旧名', 'level', 'VILLAGE', 'valid_from', '2020-01-01'))), 0)::text FROM unnest($1::text[]) c`,
		subjects: func(m *matrix) []string {
			var out []string
			for _, c := range m.world.Changes {
				for _, at := range []string{"43", "430121", "430121107", "430121107201", "430102001", "440305"} {
					out = append(out, c.ID+" "+apitest.Full(at)+" "+apitest.Full(at))
				}
				// Not what has become of a place of others.
				out = append(out, c.ID+" "+apitest.Full("430121107")+" "+apitest.Full("440305001"))
			}
			return out
		},
		want: func(m *matrix, v oracle.Viewer, subject string) string {
			of := strings.Fields(subject) // the change, the place, and the place then
			if oracle.Reaches(v, m.world.At(of[0])) && beneath(v, of[1]) && beneath(v, of[2]) {
				return "1"
			}
			return ""
		},
		place: func(_ *matrix, subject string) string { return strings.Fields(subject)[1] },
	},
}

// arrayOf writes one move, or none, as an array.
func arrayOf(move string) string {
	if move == "" {
		return "{}"
	}
	return `{"` + move + `"}`
}
