package postgres_test

import (
	"context"
	"testing"

	"github.com/lianluo/lianluo/server/postgres"
)

// The connector's cost, as a point query under row-level security on one connection, against plain lib/pq whose
// session stays one viewer's for good. Measured: 0.7 × with the same viewer, 1.1 × with another area each time,
// 1.2 × with another kind each time; setting the viewer in a transaction per query took 2 ×.

const pointQuery = `SELECT id FROM note WHERE id = $1`

func BenchmarkPlainDriver(b *testing.B) {
	f := newFixture(b, 1)
	url := withParameters(f.appURL, "role=lianluo_area", "app.lo=430121000000", "app.hi=430122000000")
	db := open(b, postgres.OpenOwner, url, postgres.Options{MaxOpen: 1})
	benchPoint(b, db, b.Context())
}

func BenchmarkSameViewer(b *testing.B) {
	f := newFixture(b, 1)
	benchPoint(b, f.db, county(b.Context(), changsha))
}

func BenchmarkAlternatingArea(b *testing.B) {
	f := newFixture(b, 1)
	benchPoint(b, f.db, county(b.Context(), changsha), county(b.Context(), beihu))
}

func BenchmarkAlternatingKind(b *testing.B) {
	f := newFixture(b, 1)
	benchPoint(b, f.db, county(b.Context(), changsha), deputy(b.Context(), firstDeputy))
}

func benchPoint(b *testing.B, db querier, as ...context.Context) {
	b.Helper()
	ask := func(i int) {
		if _, err := ids(db.QueryContext(as[i%len(as)], pointQuery, 1)); err != nil {
			b.Fatal(err)
		}
	}
	for i := range 20 {
		ask(i)
	}
	for i := 0; b.Loop(); i++ {
		ask(i)
	}
}
