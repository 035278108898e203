package app_test

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"testing"

	"github.com/lib/pq"

	"github.com/lianluo/lianluo/ent/viewer"
	"github.com/lianluo/lianluo/server/app/apitest"
	"github.com/lianluo/lianluo/server/app/oracle"
)

// The database itself, as each viewer's role finds it: what a resolver or a workflow that forgot everything could
// read and write.

// record is a row of a table as its owner sees it.
type record struct {
	table string
	row   map[string]any
}

func (r record) text(column string) string {
	text, _ := r.row[column].(string)
	return text
}

// id is what the row is known by: its id, or what tableKeys says.
func (r record) id() string {
	switch r.table {
	case "division_key":
		return fmt.Sprintf("%s %.0f", r.row["key"], r.row["code"])
	case "station_key":
		return r.text("key") + " " + r.text("station_id")
	case "deputy_key":
		return r.text("key") + " " + r.text("deputy_id")
	case "opinion_text":
		return r.text("opinion_id")
	case "fact", "fact_delta": // one of several that go together
		return fmt.Sprintf("%.0f %s %s", r.row["code"], r.text("span"), r.text("starts"))
	case "category_fact":
		return fmt.Sprintf("%.0f %s %s", r.row["code"], r.text("starts"), r.text("category_id"))
	case "norm_standing":
		return r.text("mandate_id") + " " + r.text("ended_on")
	case "river_job", "river_notification":
		return fmt.Sprintf("%.0f", r.row["id"])
	case "audit_seal":
		return fmt.Sprintf("%.0f", r.row["position"])
	case "audit_unsealed":
		return fmt.Sprintf("%.0f", r.row["n"])
	case "river_leader", "river_queue":
		return r.text("name")
	case "river_migration":
		return fmt.Sprintf("%s %.0f", r.row["line"], r.row["version"])
	}
	return r.text("id")
}

// at is the row's place; empty for a table without.
func (r record) at() string {
	if code, ok := r.row["code"].(float64); ok {
		return codeOfNumber(code)
	}
	return ""
}

// codeOfNumber is a code as people write it.
func codeOfNumber(code float64) string { return fmt.Sprintf("%012.0f", code) }

// setPlace is how rows without a time of change are tried to be changed: to the viewer's own place.
const setPlace = "code"

// tableKeys is how each table's rows are read by what they are known by, and a column that an update may try, where that
// is not the id and updated_at.
var tableKeys = map[string]struct{ key, set string }{
	"division_key":       {"key || ' ' || code", setPlace},
	"station_key":        {"key || ' ' || station_id", setPlace},
	"deputy_key":         {"key || ' ' || deputy_id", setPlace},
	"opinion_text":       {"opinion_id::text", "body = ''"},
	"norm_standing":      {"mandate_id || ' ' || ended_on", "met = 0"},
	"category_fact":      {"code || ' ' || starts || ' ' || coalesce(category_id::text, '')", setPlace},
	"fact":               {"code || ' ' || span || ' ' || starts", setPlace},
	"fact_delta":         {"code || ' ' || span || ' ' || starts", setPlace},
	"audit_seal":         {"position::text", "suite = ''"},
	"audit_unsealed":     {"n::text", "entry_id = gen_random_uuid()"},
	"river_job":          {"id::text", "priority = 1"},
	"river_notification": {"id::text", "topic = ''"},
	"river_leader":       {"name", "expires_at = now()"},
	"river_queue":        {"name", "updated_at = now()"},
	"river_migration":    {"line || ' ' || version", "created_at = now()"},
}

// seesRow is what the oracle says of a row.
func (m *matrix) seesRow(v oracle.Viewer, r record) bool {
	switch r.table {
	case "division_key":
		return m.world.Sees(v, m.world.Place(r.at()).ID)
	case "station_key":
		return m.world.Sees(v, r.text("station_id"))
	case "deputy_key": // guests are not searched for
		return m.world.Sees(v, r.text("deputy_id")) && (v.Role == string(viewer.Deputy) || oracle.Reaches(v, r.at()))
	case "deputy_contact":
		return m.world.SeesPhone(v, oracle.Get[*oracle.Deputy](&m.world.World, r.text("deputy_id")))
	case "grid_assignment":
		return m.world.Sees(v, r.text("grid_id"))
	case "opinion_text": // to search by, for those who search an area
		return oracle.SeesRollup(v) && m.world.Sees(v, r.text("opinion_id"))
	case "fact", "category_fact", "fact_delta":
		return oracle.SeesFacts(v, r.at())
	case "account", "refresh_token", "audit_entry", "idempotency_key", "opinion_receipt", "appointment_receipt", "message", "upload",
		"river_job", "river_leader", "river_queue", "river_notification", "river_migration", "audit_seal", "audit_unsealed":
		return false
	}
	return m.world.Sees(v, r.id())
}

// records reads the tables as their owner.
func (m *matrix) records(t *testing.T) map[string][]record {
	t.Helper()
	out := map[string][]record{}
	for _, table := range apitest.Tables() {
		var text string
		query := fmt.Sprintf(`SELECT coalesce(jsonb_agg(to_jsonb(t)), '[]') FROM %s t`, table)
		if err := m.server.Owner.QueryRowContext(t.Context(), query).Scan(&text); err != nil {
			t.Fatal(err)
		}
		var rows []map[string]any
		if err := json.Unmarshal([]byte(text), &rows); err != nil {
			t.Fatal(err)
		}
		for _, row := range rows {
			out[table] = append(out[table], record{table, row})
		}
	}
	return out
}

// checkRows lets every viewer read and write every table.
func (m *matrix) checkRows(t *testing.T) {
	m.checkTables(t)
	records := m.records(t)
	before := m.snapshot(t)
	t.Run("viewers", func(t *testing.T) {
		for _, a := range slices.Concat(m.askers, m.citizens) {
			t.Run(a.name, func(t *testing.T) {
				t.Parallel()
				for _, table := range apitest.Tables() {
					m.checkTable(t.Context(), a, table, records)
				}
			})
		}
	})
	if after := m.snapshot(t); before != after {
		t.Errorf("what was rolled back has changed something:\nbefore %s\nafter  %s", before, after)
	}
}

// checkTables fails for a table that the world does not fill, which nobody then tries.
func (m *matrix) checkTables(t *testing.T) {
	rows, err := m.server.Owner.QueryContext(t.Context(), `SELECT tablename FROM pg_tables WHERE schemaname = 'public'`)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = rows.Close() }()
	for rows.Next() {
		var table string
		if err := rows.Scan(&table); err != nil {
			t.Fatal(err)
		}
		if table != "schema_migration" && !slices.Contains(apitest.Tables(), table) {
			t.Errorf("the matrix does not try the table %s", table)
		}
	}
	if err := rows.Err(); err != nil {
		t.Fatal(err)
	}
}

// checkTable counts one cell for each row of a table that is read, and one for each way to write.
func (m *matrix) checkTable(ctx context.Context, a asker, table string, records map[string][]record) {
	ctx = viewer.NewContext(ctx, a.viewer())
	seen, err := m.readable(ctx, table)
	if err != nil && codeOf(err) != denied {
		m.tally.mismatch("%s reads %s: %v", a, table, err)
		return
	}
	for _, r := range records[table] {
		c := cell{matrix: m, asker: a, id: r.id(), what: "a row of " + table, at: r.at()}
		sees := m.seesRow(a.Viewer, r)
		c.count(sees)
		switch got := seen[r.id()]; {
		case got && !sees:
			c.leak(r.row)
		case !got && sees:
			c.loss(r.row)
		}
	}
	m.checkWrites(ctx, a, table, records[table])
}

func (m *matrix) readable(ctx context.Context, table string) (map[string]bool, error) {
	key := tableKeys[table].key
	if key == "" {
		key = "id::text"
	}
	rows, err := m.server.Serving.QueryContext(ctx, fmt.Sprintf(`SELECT %s FROM %s`, key, table))
	if err != nil {
		return nil, err
	}
	defer func() { _ = rows.Close() }()
	out := map[string]bool{}
	for rows.Next() {
		var id string
		if err := rows.Scan(&id); err != nil {
			return nil, err
		}
		out[id] = true
	}
	return out, rows.Err()
}

// denied is PostgreSQL's code for what privileges or policies refuse.
const denied = "42501"

func codeOf(err error) string {
	if e, ok := errors.AsType[*pq.Error](err); ok {
		return string(e.Code)
	}
	return ""
}

// attemptRow runs one statement as the viewer and takes it back; it answers how many rows it would have changed.
func (m *matrix) attemptRow(ctx context.Context, query string, args ...any) (n int64, err error) {
	tx, err := m.server.Serving.BeginTx(ctx, nil)
	if err != nil {
		return 0, err
	}
	defer func() { _ = tx.Rollback() }()
	var result sql.Result
	if result, err = tx.ExecContext(ctx, query, args...); err != nil {
		return 0, err
	}
	return result.RowsAffected()
}
