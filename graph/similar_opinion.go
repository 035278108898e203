package graph

import (
	"context"
	"errors"
	"strconv"
	"time"

	"entgo.io/ent/dialect/sql"
	"github.com/google/uuid"

	"github.com/lianluo/lianluo/ent/fault"
	"github.com/lianluo/lianluo/ent/gen"
	"github.com/lianluo/lianluo/ent/gen/opinion"
	"github.com/lianluo/lianluo/ent/state"
	"github.com/lianluo/lianluo/ent/viewer"
	"github.com/lianluo/lianluo/graph/batch"
	"github.com/lianluo/lianluo/graph/model"
)

// What counts as similar.
const (
	leastSimilarity = 0.15
	mostSimilar     = 50
	// similarFor is how long an opinion that is not open any more may lie back.
	similarFor = 180 * 24 * time.Hour
	// mostCompared bounds the texts that are compared: the latest of the area.
	mostCompared = 10000
)

// similar answers the opinions most like one, the most alike first: by the share of pairs of neighbouring characters that both texts have
// among those that either has (Jaccard).
func (r *Resolver) similar(ctx context.Context, id uuid.UUID, first int) ([]*model.SimilarOpinion, error) {
	v := viewer.FromContext(ctx)
	switch {
	case v.Kind != viewer.Area:
		return nil, fault.Forbidden("当前角色不能查找相似意见")
	case first < 1 || first > mostSimilar:
		return nil, fault.Invalid("OUT_OF_RANGE", "first 应为 1 至 "+strconv.Itoa(mostSimilar), "first")
	}
	o, err := r.client.Opinion.Get(ctx, id)
	if gen.IsNotFound(err) {
		return nil, fault.NotFound("意见不存在或不在查看范围内", "opinion")
	}
	if err != nil {
		return nil, err
	}
	found, err := r.client.Opinion.Query().Where(alike(v, o, r.clock().Add(-similarFor), first)).All(ctx)
	if err != nil {
		return nil, err
	}
	batch.Siblings(ctx, found)
	out := make([]*model.SimilarOpinion, len(found))
	for i, row := range found {
		score, err := row.Value("score")
		if err != nil {
			return nil, err
		}
		n, ok := score.(float64)
		if !ok {
			return nil, errors.New("an opinion without a score")
		}
		out[i] = &model.SimilarOpinion{Opinion: row, Score: n}
	}
	return out, nil
}

// alike selects the opinions most like one, with their scores. The pairs that two texts share are those that are gone when the one's are taken
// from the other's, which the database does without unfolding either.
func alike(v *viewer.Viewer, o *gen.Opinion, since time.Time, first int) where {
	return func(s *sql.Selector) {
		s.Prefix(sql.ExprFunc(func(b *sql.Builder) {
			b.WriteString(`WITH asked AS MATERIALIZED (SELECT grams, cardinality(grams) AS size FROM opinion_text WHERE opinion_id = `).
				Arg(o.ID).WriteString(`),
			candidate AS MATERIALIZED (SELECT o.id FROM opinion AS o WHERE `)
			nearby(b, o)
			b.WriteString(` AND o.code >= `).Arg(v.Lo).WriteString(` AND o.code < `).Arg(v.Hi).
				WriteString(` AND (o.open OR o.submitted_at >= `).Arg(since).WriteString(`) AND o.state <> `).Arg(state.OpinionMerged).
				WriteString(` AND o.id <> `).Arg(o.ID).WriteString(` ORDER BY o.id DESC LIMIT `).Arg(mostCompared).WriteString(`),
			shared AS MATERIALIZED (SELECT t.opinion_id, asked.size, length(t.words) AS own,
				length(t.words) - length(ts_delete(t.words, asked.grams)) AS common
				FROM asked, candidate JOIN opinion_text AS t ON t.opinion_id = candidate.id),
			best AS MATERIALIZED (SELECT opinion_id, common::double precision / (own + size - common) AS score FROM shared
				WHERE common > 0 AND common >= `).Arg(leastSimilarity).WriteString(`::double precision * (own + size - common)
				ORDER BY score DESC, opinion_id DESC LIMIT `).Arg(first).WriteString(`)`)
		}))
		best := sql.Table("best")
		s.Join(best).On(s.C(opinion.FieldID), best.C("opinion_id"))
		s.AppendSelect(best.C("score"))
		s.OrderBy(sql.Desc(best.C("score")), sql.Desc(s.C(opinion.FieldID)))
	}
}

// nearby writes the condition that an opinion o lies in another one's county, or on the next level where the tree has none.
func nearby(b *sql.Builder, of *gen.Opinion) {
	switch {
	case of.CountyCode != nil:
		b.WriteString("o.county_code = ").Arg(*of.CountyCode)
	case of.CityCode != nil:
		b.WriteString("o.city_code = ").Arg(*of.CityCode)
	case of.ProvinceCode != nil:
		b.WriteString("o.province_code = ").Arg(*of.ProvinceCode)
	default:
		b.WriteString("o.code = ").Arg(of.Code)
	}
}
