package divisions_test

import (
	"testing"

	"github.com/lianluo/lianluo/ent/place"
	"github.com/lianluo/lianluo/server/seed/divisions"
)

func TestEnsure(t *testing.T) {
	if testing.Short() {
		t.Skip("loads the whole table")
	}
	ctx := t.Context()
	_, db := database(t)
	// What stands there already, as in the databases of tests, is made whole.
	load(t, db, divisions.Subset(few(t), place.MustParse("4604")))
	for _, want := range []bool{true, false} {
		loaded, err := divisions.Ensure(ctx, db, nil)
		if err != nil {
			t.Fatal(err)
		}
		if loaded != want {
			t.Errorf("loaded %t, want %t", loaded, want)
		}
	}
	var count, named int
	if err := db.QueryRowContext(ctx, `
		SELECT count(*), count(*) FILTER (WHERE d.placeholder OR EXISTS (SELECT FROM division_key k WHERE k.code = d.code))
		FROM division d`).Scan(&count, &named); err != nil {
		t.Fatal(err)
	}
	if count != divisions.Size || named != count {
		t.Errorf("%d divisions are stored, %d can be found; want %d", count, named, divisions.Size)
	}
}
