package app_test

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"testing"

	"github.com/google/uuid"
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

// id is what the row is known by: its id, or of a search key the key and what it leads to.
func (r record) id() string {
	switch r.table {
	case "division_key":
		return fmt.Sprintf("%s %.0f", r.row["key"], r.row["code"])
	case "station_key":
		return r.text("key") + " " + r.text("station_id")
	case "deputy_key":
		return r.text("key") + " " + r.text("deputy_id")
	}
	return r.text("id")
}

// at is the row's place; empty for a table without.
func (r record) at() string {
	if code, ok := r.row["code"].(float64); ok {
		return fmt.Sprintf("%012.0f", code)
	}
	return ""
}

// rowKeys is how each table's rows are read by what they are known by, where that is not the id.
var rowKeys = map[string]string{
	"division_key": "key || ' ' || code", "station_key": "key || ' ' || station_id", "deputy_key": "key || ' ' || deputy_id",
}

// Who may write what, past all verbs: viewers of an area their own area's rows of these tables.
var (
	writable = []string{
		"congress", "term", "constituency", "organ", "deputy", "mandate", "posting", "deputy_contact", "station", "station_staff",
		"station_budget", "zone", "grid", "grid_assignment",
	}
	insertable = append([]string{"station_key", "deputy_key"}, writable...)
	deletable  = []string{"station_key", "deputy_key", "deputy_contact"}
)

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
	case "account", "refresh_token", "audit_entry", "idempotency_key":
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
		for _, a := range m.askers {
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
	within := 0
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
		if r.at() != "" && oracle.Reaches(a.Viewer, r.at()) {
			within++
		}
	}
	m.checkWrites(ctx, a, table, records[table], within)
}

func (m *matrix) readable(ctx context.Context, table string) (map[string]bool, error) {
	key := rowKeys[table]
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

// uncounted is the number of rows of a statement that is only about whether the policy lets it pass: the row may be refused for
// other reasons, such as a unique name.
const uncounted = -1

// checkWrites tries to insert a row within the viewer's reach and one beyond, to change and to remove all there are, and to
// give rows away. within is how many rows of the table are within reach.
func (m *matrix) checkWrites(ctx context.Context, a asker, table string, records []record, within int) {
	v := a.Viewer
	ofArea := a.viewer().Kind == viewer.Area
	c := cell{matrix: m, asker: a, at: a.At}
	judge := func(what string, allowed bool, rows int, query string, args ...any) {
		c.what = what + " " + table
		c.count(allowed && rows != 0)
		n, err := m.attemptRow(ctx, query, args...)
		switch code := codeOf(err); {
		case code == denied && allowed && rows != 0:
			c.loss(err)
		case err == nil && !allowed && n > 0:
			c.leak(fmt.Sprintf("%d rows", n))
		case code != "" && code != denied && !allowed:
			c.leak(err) // something else was wrong with the row: the policy had let it pass
		case err == nil && allowed && rows >= 0 && n > int64(rows):
			c.leak(fmt.Sprintf("%d rows instead of %d", n, rows))
		case err == nil && allowed && rows >= 0 && n < int64(rows):
			c.loss(fmt.Sprintf("%d rows instead of %d", n, rows))
		case err != nil && code == "":
			c.mismatch(err, what)
		}
	}
	insert := fmt.Sprintf(`INSERT INTO %[1]s SELECT (jsonb_populate_record(null::%[1]s, $1)).*`, table)
	if i := slices.IndexFunc(records, func(x record) bool { return x.at() != "" && oracle.Reaches(v, x.at()) }); i >= 0 {
		judge("insert into", ofArea && slices.Contains(insertable, table), uncounted, insert, records[i].copy(nil))
	}
	if i := slices.IndexFunc(records, func(x record) bool { return x.at() != "" && !oracle.Reaches(v, x.at()) }); i >= 0 {
		judge("insert elsewhere into", false, uncounted, insert, records[i].copy(nil))
		if ofArea && within > 0 && slices.Contains(writable, table) {
			judge("give away", false, uncounted, fmt.Sprintf(`UPDATE %s SET code = $1`, table), records[i].row["code"])
		}
	}
	if rowKeys[table] == "" {
		judge("change all of", ofArea && slices.Contains(writable, table), within, fmt.Sprintf(`UPDATE %s SET updated_at = now()`, table))
	} else {
		judge("change all of", ofArea && slices.Contains(insertable, table), within, fmt.Sprintf(`UPDATE %s SET code = $1`, table), a.At)
	}
	judge("remove all of", ofArea && slices.Contains(deletable, table), within, fmt.Sprintf(`DELETE FROM %s`, table))
	if table == "audit_entry" || table == "idempotency_key" {
		judge("insert its own into", true, 1, insert, records[0].copy(map[string]any{"subject": a.subject(), "key": "k"}))
		judge("insert another's into", false, uncounted, insert, records[0].copy(map[string]any{"key": "k"}))
	}
}

// copy is the row as JSON with another id and other changes.
func (r record) copy(changes map[string]any) string {
	out := map[string]any{}
	for _, from := range []map[string]any{r.row, {"id": uuid.NewString()}, changes} {
		for k, v := range from {
			out[k] = v
		}
	}
	if _, isKey := r.row["key"]; isKey && changes == nil {
		out["key"] = "another key"
	}
	text, err := json.Marshal(out)
	if err != nil {
		panic(err)
	}
	return string(text)
}
