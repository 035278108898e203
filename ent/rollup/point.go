package rollup

import (
	"context"
	"database/sql"
	_ "embed"
	"fmt"
	"time"

	"github.com/google/uuid"
	"github.com/lib/pq"

	"github.com/lianluo/lianluo/ent/gen"
	"github.com/lianluo/lianluo/ent/gen/mandate"
	"github.com/lianluo/lianluo/ent/kind"
	"github.com/lianluo/lianluo/ent/tally"
	"github.com/lianluo/lianluo/ent/viewer"
)

// Ranked is a mandate's place in a ranking by points (积分排名).
type Ranked struct {
	Mandate *gen.Mandate
	// Rank is shared by those with equal points; the ranks after them are left out.
	Rank int
	// Points are in tenths.
	Points int
}

// Ranking is a part of a ranking.
type Ranking struct {
	Rows []*Ranked
	// Total counts everyone ranked, More tells that there are rows after these.
	Total int
	More  bool
}

// Beyond is the row before a page of a ranking.
type Beyond struct {
	Points  int
	Mandate uuid.UUID
}

//go:embed sql/point_ranking.sql
var pointRankingSQL string

// PointRanking ranks the deputies of a level who are grouped in a division or below it by their points of a year, those without any too. Ranked are those
// on the roll today, or at the end of a past year. A division that the viewer does not see ranks nobody.
//
// It is a fault.ErrForbidden for all but committees and keepers of stations.
func PointRanking(ctx context.Context, c *gen.Client, of Place, level kind.CongressLevel, year int, today time.Time, first int, after *Beyond) (*Ranking, error) {
	v, err := sees(ctx, "当前角色不能查看积分排名", viewer.Area, viewer.System)
	if err != nil {
		return nil, err
	}
	groups, err := byLevel(v, []Place{of})
	if err != nil || len(groups) == 0 {
		return &Ranking{}, err
	}
	span := tally.Year(year)
	on := span.To
	if today.Before(on) {
		on = today
	}
	var points sql.NullInt64
	var id uuid.NullUUID
	if after != nil {
		points, id = sql.NullInt64{Int64: int64(after.Points), Valid: true}, uuid.NullUUID{UUID: after.Mandate, Valid: true}
	}
	out := &Ranking{}
	rowOf := map[uuid.UUID]*Ranked{}
	args := append(groups[0].areaArgs(), string(level), on, span.From, span.To, points, id, first+1)
	err = each(ctx, c, groups[0].statement(pointRankingSQL), args, func(rows *sql.Rows) error {
		var key uuid.NullUUID
		var points, rank sql.NullInt64
		if err := rows.Scan(&key, &points, &rank, &out.Total); err != nil {
			return err
		}
		switch {
		case !key.Valid: // nobody on this page
		case len(out.Rows) == first:
			out.More = true
		default:
			r := &Ranked{Rank: int(rank.Int64), Points: int(points.Int64)}
			out.Rows, rowOf[key.UUID] = append(out.Rows, r), r
		}
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("ranking: %w", err)
	}
	ids := make([]uuid.UUID, 0, len(rowOf))
	for key := range rowOf {
		ids = append(ids, key)
	}
	found, err := c.Mandate.Query().Where(mandate.IDIn(ids...)).All(ctx)
	if err != nil {
		return nil, err
	}
	for _, m := range found {
		rowOf[m.ID].Mandate = m
	}
	return out, nil
}

// MandatePoints are a mandate's points of a year (积分).
type MandatePoints struct {
	Mandate uuid.UUID
	Year    int
	// Sum and the sums of the items are in tenths.
	Sum   int
	Items []*ItemPoints
}

// ItemPoints are what one item of a scheme brought.
type ItemPoints struct {
	Scheme uuid.UUID
	Key    string
	// Sum is in tenths.
	Sum int
	// Deeds counts what brought them.
	Deeds int
}

// PointsOf adds up the points of mandates in a year, each with an entry. Mandates of which the viewer does not see everything should not be asked.
func PointsOf(ctx context.Context, db database, mandates []uuid.UUID, year int) (map[uuid.UUID]*MandatePoints, error) {
	out := make(map[uuid.UUID]*MandatePoints, len(mandates))
	for _, id := range mandates {
		out[id] = &MandatePoints{Mandate: id, Year: year, Items: []*ItemPoints{}}
	}
	span := tally.Year(year)
	err := each(ctx, db, `SELECT mandate_id, scheme_id, item, sum(points), count(DISTINCT deed_id) FROM point_entry
		WHERE mandate_id = ANY ($1) AND day BETWEEN $2 AND $3 GROUP BY mandate_id, scheme_id, item ORDER BY min(id::text)`,
		[]any{pq.Array(mandates), span.From, span.To}, func(rows *sql.Rows) error {
			var of uuid.UUID
			p := &ItemPoints{}
			if err := rows.Scan(&of, &p.Scheme, &p.Key, &p.Sum, &p.Deeds); err != nil {
				return err
			}
			m := out[of]
			m.Sum, m.Items = m.Sum+p.Sum, append(m.Items, p)
			return nil
		})
	if err != nil {
		return nil, fmt.Errorf("points: %w", err)
	}
	return out, nil
}
