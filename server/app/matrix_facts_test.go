package app_test

import (
	"context"
	"database/sql"
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/lianluo/lianluo/ent/viewer"
	"github.com/lianluo/lianluo/server/app/apitest"
	"github.com/lianluo/lianluo/server/app/oracle"
)

// The sums that are kept, and what keeps them: viewers read the sums of what they see all of, and have no other part in them than that what they
// write is counted.

// factPlainFunctions tell what a record given to them counts for, or reckon with codes and days; they read nothing.
var factPlainFunctions = []string{
	"fact_place", "area_end", "day_of", "month_of", "spans_of", "place_fits", "division_end", "division_column", "placed_table", "opinion_counts", "hangs_on",
}

// counted are the tables whose rows are counted, each by a trigger of its own.
var counted = []string{
	"division", "station", "mandate", "posting", "visit_day", "activity", "activity_figure", "attendance", "point_entry", "norm_standing", "opinion", "suggestion",
}

// triggers are the functions of all triggers that write beyond the viewer, by table.
func triggers() map[string]string {
	out := map[string]string{"mandate_regrouped": "mandate", "queue_to_seal": "audit_entry"}
	for _, table := range counted {
		out[table+"_counted"] = table
	}
	return out
}

// counts tells whether a function says what a record counts for, which reads nothing, or is a trigger, for which see checkTriggers.
func counts(function string) bool {
	table, measures := strings.CutSuffix(function, "_measures")
	if !measures {
		table = strings.TrimSuffix(function, "_counted")
	}
	return table != function && slices.Contains(counted, table) || triggers()[function] != ""
}

// platformFunctions are no viewer's to call: what keeps the sums, and the parts of reorganise.
var platformFunctions = []string{
	"append_presence", "append_deputies", "append_deputies_posted", "append_townships_covered", "append_villages_covered", "turn",
	"fold_facts", "rebuild_facts", "recount_category_facts", "kept_category_facts", "recount_facts", "kept_facts", "fact_differences",
	"moves_in_sight", "move_rows", "take_over", "end_rules", "make_divisions", "change_divisions", "gather_strays",
	"hand_over", "to_be_told", "gone_into",
}

// checkPlatform tries to call the platform's functions.
func (m *matrix) checkPlatform(t *testing.T) {
	for _, name := range platformFunctions {
		var call string
		err := m.server.Owner.QueryRowContext(t.Context(), `SELECT format('SELECT FROM %I(%s)', proname, array_to_string(ARRAY(
				SELECT 'NULL::' || format_type(a, NULL) FROM unnest(proargtypes) AS a), ', '))
			FROM pg_proc WHERE pronamespace = 'public'::regnamespace AND proname = $1`, name).Scan(&call)
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		for _, a := range slices.Concat(m.askers, m.citizens) {
			c := cell{matrix: m, asker: a, id: m.world.Place(a.At).ID, what: name}
			c.count(false)
			if _, err := m.attemptRow(viewer.NewContext(t.Context(), a.viewer()), call); codeOf(err) != denied {
				c.leak(fmt.Sprint(name, " runs: ", err))
			}
		}
	}
}

// checkTriggers tries to have the triggers, which write beyond the viewer, count rows of the viewer's own making: called by name, and on a table of the
// viewer's own whose rows they would take for records.
func (m *matrix) checkTriggers(t *testing.T) {
	for _, a := range slices.Concat(m.askers, m.citizens) {
		ctx := viewer.NewContext(t.Context(), a.viewer())
		for function, table := range triggers() {
			c := cell{matrix: m, asker: a, id: m.world.Place(a.At).ID, what: function}
			forged := fmt.Sprintf(`CREATE TEMP TABLE forged (LIKE %s);
				CREATE TRIGGER counted AFTER INSERT ON forged REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION %s()`, table, function)
			for _, query := range []string{forged, fmt.Sprintf(`SELECT %s()`, function)} {
				c.count(false)
				if _, err := m.attemptRow(ctx, query); codeOf(err) != denied {
					c.leak(err)
				}
			}
		}
	}
}

// checkAstray tries to add a row of the viewer's own place that names places above it which are not, so that it counts for the sums of others.
func (m *matrix) checkAstray(a asker, r record, changes map[string]any, try func(string, bool, record, map[string]any)) {
	for column, code := range astray {
		mine := maps.Clone(changes)
		mine[column] = plainNumber(apitest.Full(code))
		if a.Receipt != "" {
			mine["id"] = r.id()
		}
		try("add to the sums of others by "+column+" in", false, r, mine)
	}
}

// astray are places above that no place of the viewers has.
var astray = map[string]string{"province_code": "45", "city_code": "4402", "county_code": "440399"}

// presences are those who write down who came to the activity at a place, what that counts for, and a deputy who was elsewhere in the same month.
var presences = []struct{ asker, at, counts, elsewhere string }{
	{"COUNTY_ADMIN-430102", "430102", "430102", apitest.Far},
	{"COUNTY_ADMIN-431002", "431002", "431002", apitest.Crossing},
	{"CITY_ADMIN-4310", "431002", "431002", apitest.Crossing},
	{"TOWNSHIP_ADMIN-430121107", "430121107", "430121", apitest.Far},
	{"STATION_KEEPER-430121", "430121", "430121", apitest.Far},
	{"STATION_KEEPER-4301", "4301", "4301", apitest.Far},
}

// checkPresence sees to it that those who write down who came cannot tell by what is counted whether the person was elsewhere: to the sums that they see the
// person adds the same, wherever else the person was.
func (m *matrix) checkPresence(t *testing.T) {
	tried := 0
	for _, p := range presences {
		i := slices.IndexFunc(m.askers, func(a asker) bool { return a.name == p.asker })
		if i < 0 {
			continue // in a short run
		}
		a := m.askers[i]
		tried++
		var shown []string
		for _, name := range []string{p.elsewhere, apitest.Suspended} { // who was nowhere
			text, sees := m.counted(t, a, p.at, name), oracle.SeesFacts(a.Viewer, apitest.Full(p.counts))
			shown = append(shown, text)
			c := cell{matrix: m, asker: a, id: apitest.Who(name), what: "what an attendance counts for", at: apitest.Full(p.counts)}
			c.count(sees)
			switch {
			case text != "" && !sees:
				c.leak(text)
			case text == "" && sees:
				c.loss("what is counted")
			}
		}
		if shown[0] != shown[1] {
			m.tally.leak("%s learns who was elsewhere: %s, but %s", a, shown[0], shown[1])
		}
	}
	if tried == 0 {
		t.Error("nobody writes down who came")
	}
}

// counted is what a viewer is shown of what is appended when the viewer writes down that a deputy came to the activity at a place.
func (m *matrix) counted(t *testing.T, a asker, at, name string) string {
	t.Helper()
	ctx := viewer.NewContext(t.Context(), a.viewer())
	tx, err := m.server.Serving.BeginTx(ctx, nil)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = tx.Rollback() }()
	before := pending(ctx, t, tx)
	first := m.attendanceAt(at)
	if first == nil {
		t.Fatalf("nobody came to %s", at)
	}
	changes := map[string]any{"deputy_id": apitest.Who(name), "mandate_id": apitest.Who(name, "mandate"), "organ_id": nil, "level": "COUNTY"}
	if _, err := tx.ExecContext(ctx, `INSERT INTO attendance SELECT (jsonb_populate_record(null::attendance, $1)).*`, first.copy(changes)); err != nil {
		t.Fatalf("%s writes down who came to %s: %v", a, at, err)
	}
	fresh := slices.DeleteFunc(pending(ctx, t, tx), func(delta string) bool { return slices.Contains(before, delta) })
	return strings.Join(fresh, " ")
}

// pending is what a viewer is shown of what is not folded yet, with how often it is there.
func pending(ctx context.Context, t *testing.T, tx *sql.Tx) []string {
	t.Helper()
	rows, err := tx.QueryContext(ctx, `SELECT d || ' ' || count(*) FROM (SELECT to_jsonb(f)::text AS d FROM fact_delta f) x GROUP BY d ORDER BY d`)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = rows.Close() }()
	var out []string
	for rows.Next() {
		var text string
		if err := rows.Scan(&text); err != nil {
			t.Fatal(err)
		}
		out = append(out, text)
	}
	if err := rows.Err(); err != nil {
		t.Fatal(err)
	}
	return out
}

// attendanceAt is the row of a deputy who came to the activity at a place.
func (m *matrix) attendanceAt(at string) *record {
	for _, r := range m.parents["attendance"] {
		if r.text("activity_id") == apitest.Of("activity", at) && r.text("deputy_id") != "" {
			return &r
		}
	}
	return nil
}
