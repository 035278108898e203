package pgtest

import (
	"context"
	"database/sql"
	"strings"

	"github.com/lianluo/lianluo/ent/place"
	"github.com/lianluo/lianluo/server/seed/divisions"
)

// subtrees are the parts of the national table that every test database holds, with the places above them: counties of two
// cities and two provinces, the demonstration's among them, and places where the tree has a gap.
var subtrees = []string{
	"430121",    // 长沙县
	"430102",    // 芙蓉区, beside it
	"430202",    // 荷塘区
	"430225",    // 炎陵县
	"431002",    // 北湖区
	"140723",    // 和顺县, of another province
	"441900003", // 东莞市东城街道: a township under a city
	"429021",    // 神农架林区: a county under a province
}

func fingerprintDivisions() (string, error) { return "2023 " + strings.Join(subtrees, " "), nil }

func loadDivisions(ctx context.Context, owner *sql.DB) error {
	rows, err := divisions.All()
	if err != nil {
		return err
	}
	roots := make([]place.Code, len(subtrees))
	for i, code := range subtrees {
		roots[i] = place.MustParse(code)
	}
	return divisions.Load(ctx, owner, divisions.Subset(rows, roots...), nil)
}
