package audit_test

import (
	"errors"
	"slices"
	"testing"

	"github.com/lib/pq"

	"github.com/lianluo/lianluo/ent/viewer"
)

// roles are all but superusers and the cluster's own, which may be given to others: those of the platform, and whoever signs in.
func (h *house) roles() (out []string) {
	h.Helper()
	rows, err := h.owner.QueryContext(h.Context(), `SELECT rolname FROM pg_roles WHERE NOT rolsuper AND rolname !~ '^pg_' ORDER BY 1`)
	if err != nil {
		h.Fatal(err)
	}
	defer func() { _ = rows.Close() }()
	for rows.Next() {
		var role string
		if err := rows.Scan(&role); err != nil {
			h.Fatal(err)
		}
		out = append(out, role)
	}
	if err := rows.Err(); err != nil {
		h.Fatal(err)
	}
	return out
}

// Of all roles that are no superuser none may change or remove a line or a seal, by grant of a table or of a column; but that lines follow their division.
func TestOnlyAppended(t *testing.T) {
	h := newHouse(t)
	h.rounds(1, 2)
	roles := h.roles()
	if !slices.Contains(roles, "lianluo_app") || !slices.Contains(roles, viewer.System.DatabaseRole()) || len(roles) < len(viewer.Kinds) {
		t.Fatal(roles)
	}
	follows := []string{"city_code", "code", "county_code", "province_code", "township_code"}
	for _, role := range roles {
		var writes bool
		if err := h.owner.QueryRowContext(t.Context(), `SELECT pg_has_role($1, 'pg_write_all_data', 'MEMBER')`, role).Scan(&writes); err != nil || writes {
			t.Errorf("%s may become one that writes everything (%v)", role, err)
		}
		for _, table := range []string{"audit_entry", "audit_seal"} {
			for _, privilege := range []string{"UPDATE", "DELETE", "TRUNCATE", "REFERENCES", "TRIGGER"} {
				var has bool
				if err := h.owner.QueryRowContext(t.Context(), `SELECT has_table_privilege($1, $2, $3)`, role, table, privilege).Scan(&has); err != nil || has {
					t.Errorf("%s has %s on %s (%v)", role, privilege, table, err)
				}
			}
			var columns []string
			err := h.owner.QueryRowContext(t.Context(), `
				SELECT coalesce(array_agg(a.attname::text ORDER BY a.attname), '{}') FROM pg_attribute a
				WHERE a.attrelid = $2::regclass AND a.attnum > 0 AND NOT a.attisdropped AND has_column_privilege($1, a.attrelid, a.attnum, 'UPDATE')`,
				role, table).Scan(pq.Array(&columns))
			want := []string{}
			if role == "lianluo_definer" && table == "audit_entry" {
				want = follows
			}
			if err != nil || !slices.Equal(columns, want) {
				t.Errorf("%s may change %v of %s (%v)", role, columns, table, err)
			}
		}
		var seals, dequeues bool
		err := h.owner.QueryRowContext(t.Context(), `SELECT has_any_column_privilege($1, 'audit_seal', 'INSERT'), has_table_privilege($1, 'audit_unsealed', 'DELETE')`, role).
			Scan(&seals, &dequeues)
		if want := role == viewer.System.DatabaseRole(); err != nil || seals != want || dequeues != want {
			t.Errorf("%s seals %v and dequeues %v (%v)", role, seals, dequeues, err)
		}
		h.refused(role)
	}
	h.whole(2)
}

// refused tries what no role may.
func (h *house) refused(role string) {
	h.Helper()
	for _, statement := range []string{
		`UPDATE audit_entry SET subject = 'x'`, `DELETE FROM audit_entry`, `TRUNCATE audit_entry`,
		`UPDATE audit_seal SET hash = ''`, `DELETE FROM audit_seal`, `TRUNCATE audit_seal`, `UPDATE audit_unsealed SET entry_id = gen_random_uuid()`,
		`TRUNCATE audit_unsealed`, `ALTER TABLE audit_entry DISABLE TRIGGER queue_to_seal`, `SET LOCAL session_replication_role = replica`,
	} {
		tx, err := h.owner.BeginTx(h.Context(), nil)
		if err != nil {
			h.Fatal(err)
		}
		if _, err := tx.ExecContext(h.Context(), `SET LOCAL ROLE `+pq.QuoteIdentifier(role)); err != nil {
			h.Fatal(err)
		}
		_, err = tx.ExecContext(h.Context(), statement)
		var refusal *pq.Error
		if !errors.As(err, &refusal) || refusal.Code != "42501" {
			h.Errorf("%s: %s: %v", role, statement, err)
		}
		if err := tx.Rollback(); err != nil {
			h.Fatal(err)
		}
	}
}
