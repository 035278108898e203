package main

import (
	"context"
	"database/sql"
	"encoding/json"
	"log/slog"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/lianluo/lianluo/ent/viewer"
	"github.com/lianluo/lianluo/server/auth"
	"github.com/lianluo/lianluo/server/postgres/pgtest"
	"github.com/lianluo/lianluo/server/seed"
)

// county is a bed on the data of a county.
func county(t *testing.T) (*bed, *sample) {
	t.Helper()
	db := pgtest.New(t)
	owner := db.Owner(t)
	none := func(string) (string, error) { return "!", nil }
	if err := seed.Load(t.Context(), owner, seed.ScaleCounty, seed.Options{Passwords: none}); err != nil {
		t.Fatal(err)
	}
	if _, err := owner.ExecContext(t.Context(), `ANALYZE`); err != nil {
		t.Fatal(err)
	}
	b, err := newBed(t.Context(), bedOptions{
		ownerURL: db.OwnerURL, appURL: db.AppURL, dataDir: t.TempDir(), connections: 4,
		passwords: auth.PasswordParams{MemoryKiB: 64, Passes: 1, Threads: 1}, log: slog.New(slog.DiscardHandler),
	})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := b.close(); err != nil {
			t.Error(err)
		}
	})
	if err := b.catchUp(t.Context()); err != nil {
		t.Fatal(err)
	}
	s, err := newSample(t.Context(), b)
	if err != nil {
		t.Fatal(err)
	}
	return b, s
}

// golden are the statements that the API sends for each case. One that needs more has become dearer for everyone; one that needs fewer should be noted
// here.
var golden = map[string]int{
	"node":          1,
	"newest-nation": 4, "newest-province": 4, "newest-city": 4, "newest-county": 4, "newest-township": 4, "newest-village": 4,
	"filtered": 4, "roster": 5, "station": 4,
	"rollup-self": 3, "rollup-cities": 4, "rollup-months": 4, "rollup-provinces": 4,
	"submit": 14, "check-in": 8, "sign-in": 4,
}

// TestCheck holds each case to the number of its statements, to the answer of the handler written by hand, and its statements to plans that do not grow
// with the tables.
func TestCheck(t *testing.T) {
	b, s := county(t)
	m := &measurer{bed: b}
	sent := map[string]int{}
	absent, err := s.each(t.Context(), nil, func(c *benchCase) error {
		p, err := b.dial(t.Context())
		if err != nil {
			return err
		}
		defer p.close()
		if err := b.verify(p, c); err != nil {
			t.Errorf("%s: %v", c.name, err)
			return nil
		}
		var r caseResult
		statements, err := m.look(p, c, &r)
		if err != nil {
			return err
		}
		sent[c.name] = len(statements)
		faults, err := b.strictly(t.Context(), statements)
		if err != nil {
			return err
		}
		for _, f := range faults {
			if c.name != "newest-township" { // a township's rows are few: they are found by their range of codes, and sorted
				t.Errorf("%s: %s", c.name, f)
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	if absent > 0 {
		t.Errorf("the data has nothing for %d cases", absent)
	}
	if diff := cmp.Diff(golden, sent); diff != "" {
		t.Errorf("statements (-golden +sent):\n%s", diff)
	}
}

// TestCheckNotices takes away what statements are found by, and sees that the check tells.
func TestCheckNotices(t *testing.T) {
	b, s := county(t)
	for name, drop := range map[string]string{
		"newest-county": `DROP INDEX opinion_county_code_id`,
		"newest-nation": `ALTER TABLE opinion DROP CONSTRAINT opinion_pkey CASCADE`,
		"roster":        `DROP INDEX mandate_code_id`,
		"rollup-cities": `ALTER TABLE fact DROP CONSTRAINT fact_pkey`,
	} {
		t.Run(name, func(t *testing.T) {
			tx, err := b.owner.BeginTx(t.Context(), nil)
			if err != nil {
				t.Fatal(err)
			}
			defer tx.Rollback()
			var found []string
			_, err = s.each(t.Context(), []string{name}, func(made *benchCase) error {
				p, err := b.dial(t.Context())
				if err != nil {
					return err
				}
				defer p.close()
				a, err := made.next(0)
				if err != nil {
					return err
				}
				got, err := b.askAPI(p, made, a)
				if err != nil {
					return err
				}
				if _, err := tx.ExecContext(t.Context(), drop); err != nil {
					return err
				}
				for _, st := range got.sent {
					plan, err := planned(t.Context(), tx, st)
					if err != nil {
						return err
					}
					found = append(found, plan.faults(false, st.whole())...)
				}
				return nil
			})
			if err != nil {
				t.Fatal(err)
			}
			if len(found) == 0 {
				t.Errorf("without the index nothing is found: %s", drop)
			}
		})
	}
}

// strictly plans what was sent as if reading a table through, or sorting, were dear: so the plans tell what the indexes allow, however small the tables are.
func (b *bed) strictly(ctx context.Context, sent []statement) ([]string, error) {
	var out []string
	for _, st := range sent {
		if !st.reads() {
			continue
		}
		ctx := viewer.NewContext(ctx, st.viewer)
		tx, err := b.single.BeginTx(ctx, nil)
		if err != nil {
			return nil, err
		}
		plan, err := planned(ctx, tx, st)
		if err := tx.Rollback(); err != nil {
			return nil, err
		}
		if err != nil {
			return nil, err
		}
		for _, f := range plan.faults(false, st.whole()) {
			out = append(out, f+": "+strings.Join(strings.Fields(st.text), " "))
		}
	}
	return slices.Compact(out), nil
}

func planned(ctx context.Context, tx *sql.Tx, st statement) (node, error) {
	dear := []string{"enable_seqscan"}
	if strings.Contains(st.text, "LIMIT") { // what has no end may well be sorted
		dear = append(dear, "enable_sort")
	}
	for _, dear := range dear {
		if _, err := tx.ExecContext(ctx, "SET LOCAL "+dear+" = off"); err != nil {
			return node{}, err
		}
	}
	var text string
	if err := tx.QueryRowContext(ctx, "EXPLAIN (FORMAT JSON) "+st.text, st.args...).Scan(&text); err != nil {
		return node{}, err
	}
	var tree explained
	err := json.Unmarshal([]byte(text), &tree)
	return tree[0].Plan, err
}
