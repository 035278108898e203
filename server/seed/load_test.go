package seed_test

import (
	"database/sql"
	"errors"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/lianluo/lianluo/ent/kind"
	"github.com/lianluo/lianluo/ent/place"
	"github.com/lianluo/lianluo/server/seed"
)

func stationKind(s string) kind.Station { return kind.Station(s) }

func deputyKeys(t *testing.T, db *sql.DB) map[string][]string {
	t.Helper()
	rows, err := db.QueryContext(t.Context(), `SELECT d.name, k.key FROM deputy d LEFT JOIN deputy_key k ON k.deputy_id = d.id AND k.code = d.code`)
	if err != nil {
		t.Fatal(err)
	}
	defer rows.Close()
	out := map[string][]string{}
	for rows.Next() {
		var name string
		var key sql.NullString
		if err := rows.Scan(&name, &key); err != nil {
			t.Fatal(err)
		}
		out[name] = append(out[name], key.String)
	}
	if err := rows.Err(); err != nil {
		t.Fatal(err)
	}
	return out
}

func TestLoadCounty(t *testing.T) {
	db := database(t, place.MustParse("430121"))
	before := schema(t, db)
	steps := map[string]int{}
	o := options()
	o.Progress = func(step string, done, total int) {
		if done <= steps[step] || done > total {
			t.Errorf("%s: %d of %d after %d", step, done, total, steps[step])
		}
		steps[step] = done
	}
	if err := seed.Load(t.Context(), db, seed.ScaleCounty, o); err != nil {
		t.Fatal(err)
	}
	if len(steps) != 2 {
		t.Errorf("progress was told of %v", steps)
	}
	if diff := cmp.Diff(before, schema(t, db)); diff != "" {
		t.Errorf("indexes and constraints (-before +after):\n%s", diff)
	}
	consistent(t, db)
	got := figuresOf(t, db, 430121000000, 430121999999)
	// The shares of a county of 225 villages, 13 towns among its 18 townships; two villages in five have a station.
	want := figures{
		Station: 1 + 18 + 89, National: 1, Provincial: 7, City: 44, County: 212, Township: got.Township, Mandates: 264 + got.Township,
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	for table, want := range map[string]int64{"activity": 1_061, "attendance": 3_538, "opinion": 1_769} {
		if n := number(t, db, `SELECT count(*) FROM `+table); n != want {
			t.Errorf("%d rows of %s, want %d", n, table, want)
		}
	}
	t.Run("what is done", func(t *testing.T) { labourFits(t, db); shares(t, db) })
	if got.Township < 600 || got.Township > 700 {
		t.Errorf("%d deputies in 13 towns", got.Township)
	}

	t.Run("not over other data", func(t *testing.T) {
		for name, err := range map[string]error{
			"a load": seed.Load(t.Context(), db, seed.ScaleCounty, options()), "the demonstration": seed.Reload(t.Context(), db, options()),
		} {
			if !errors.Is(err, seed.ErrOccupied) {
				t.Errorf("%s: %v", name, err)
			}
		}
		loaded := content(t, db)
		if err := seed.Demo(t.Context(), db, options()); err != nil {
			t.Errorf("a start of the server: %v", err)
		}
		if diff := cmp.Diff(loaded, content(t, db)); diff != "" {
			t.Errorf("(-before +after):\n%s", diff)
		}
		if is, err := seed.Present(t.Context(), db); is || err != nil {
			t.Errorf("Present = %t, %v", is, err)
		}
	})
	t.Run("unless it may be replaced", func(t *testing.T) {
		loaded := content(t, db)
		o := options()
		o.Replace = true
		if err := seed.Load(t.Context(), db, seed.ScaleCounty, o); err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(loaded, content(t, db)); diff != "" {
			t.Errorf("(-first +second):\n%s", diff)
		}
		summed(t, db)
	})
}

func TestLoadRefuses(t *testing.T) {
	db := database(t, place.MustParse("431002"))
	if err := seed.Load(t.Context(), db, "planet", options()); !errors.Is(err, seed.ErrUnknownScale) {
		t.Errorf("an unknown scale: %v", err)
	}
	if err := seed.Load(t.Context(), db, seed.ScaleCounty, options()); !errors.Is(err, seed.ErrNoDivisions) {
		t.Errorf("without the county: %v", err)
	}
	none(t, db, "rows", `SELECT name FROM congress`)
}
