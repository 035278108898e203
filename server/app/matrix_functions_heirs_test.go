package app_test

import (
	"slices"
	"testing"

	"github.com/lib/pq"

	"github.com/lianluo/lianluo/ent/viewer"
	"github.com/lianluo/lianluo/server/app/apitest"
	"github.com/lianluo/lianluo/server/app/oracle"
)

// absorb has a township that is made for it go into another at the end of 2023, and takes both back when the test goes on.
func (m *matrix) absorb(t *testing.T, heir string) (forget func()) {
	t.Helper()
	gone := m.clone(t, "division", m.world.Place(heir).ID, map[string]any{
		"code": plainNumber(m.free(heir, 998)), "township_code": plainNumber(m.free(heir, 998)), "name": "并入镇", "valid_to": "2024-01-01",
	})
	_, err := m.server.Owner.ExecContext(t.Context(), `
		INSERT INTO former_division (id, created_at, updated_at, code, province_code, city_code, county_code, township_code, code_then, name, level,
			parent_code_then, valid_from, valid_to, division_id, event_id)
		SELECT gen_random_uuid(), now(), now(), h.code, h.province_code, h.city_code, h.county_code, h.township_code, g.code, g.name, g.level,
			g.parent_code, '2023-01-01', g.valid_to, h.id, $3
		FROM division h, division g WHERE h.id = $1 AND g.id = $2`, m.world.Place(heir).ID, gone, m.world.Changes[0].ID)
	if err != nil {
		t.Fatal(err)
	}
	return func() {
		for _, text := range []string{`DELETE FROM former_division WHERE name = '并入镇'`, `DELETE FROM division WHERE name = '并入镇'`} {
			if _, err := m.server.Owner.ExecContext(t.Context(), text); err != nil {
				t.Fatal(err)
			}
		}
	}
}

// checkHeirs asks which places others have gone into, and for whom the rules of those hold.
func (m *matrix) checkHeirs(t *testing.T) {
	heir := apitest.Full("430121107")
	defer m.absorb(t, heir)()
	var mandates []string
	for _, x := range m.world.Mandates {
		mandates = append(mandates, x.ID)
	}
	for _, a := range slices.Concat(m.askers, m.citizens) {
		v, kind := a.Viewer, a.viewer().Kind
		mayCall := kind == viewer.Area || kind == viewer.Organ || kind == viewer.Self
		own, rules := false, false // whether a mandate that lies there is the viewer's own, and whether one is in sight
		for _, x := range m.world.Mandates {
			if oracle.Holds(heir, x.At) {
				own = own || x.Deputy == v.Person && v.Person != ""
				rules = rules || own || oracle.Reaches(v, x.At) || slices.ContainsFunc(m.world.Postings, func(p *oracle.Posting) bool {
					return p.Mandate == x.ID && p.Current() && oracle.Reaches(v, m.world.At(p.Station))
				})
			}
		}
		for name, probe := range map[string]struct {
			query string
			args  []any
			want  bool
		}{
			"took_over": {`SELECT took_over($1)`, []any{plainNumber(heir)}, oracle.Reaches(v, heir) || oracle.Holds(heir, v.At) || own},
			"past_rules": {
				`SELECT count(*) > 0 FROM past_rules(ARRAY[$1::bigint], $2::uuid[])`, []any{plainNumber(heir), pq.Array(mandates)}, rules,
			},
		} {
			c := cell{matrix: m, asker: a, id: m.world.Place(heir).ID, what: name, at: heir}
			want := mayCall && probe.want
			c.count(want)
			var got bool
			err := m.server.Serving.QueryRowContext(viewer.NewContext(t.Context(), a.viewer()), probe.query, probe.args...).Scan(&got)
			switch {
			case err != nil && (mayCall || codeOf(err) != denied):
				c.mismatch(err, want)
			case got && !want:
				c.leak("told of")
			case !got && want:
				c.loss("told of")
			}
		}
	}
}
