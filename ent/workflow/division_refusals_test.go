package workflow_test

import (
	"context"
	"testing"

	"github.com/lianluo/lianluo/ent/place"
	"github.com/lianluo/lianluo/ent/viewer"
	"github.com/lianluo/lianluo/ent/workflow"
)

// What cannot be, or may not be by whoever asks, is refused with all that is wrong, and changes nothing.
func TestReorganiseRefusals(t *testing.T) {
	l := newLand(t)
	base := decree()
	future := base
	future.Day = today.AddDate(0, 0, 1)
	code := place.MustParse
	recode := func(division, to place.Code) workflow.RecodeDivision {
		return workflow.RecodeDivision{Decree: base, Division: division, Code: to}
	}
	transfer := func(division, parent, to place.Code) workflow.TransferDivision {
		return workflow.TransferDivision{RecodeDivision: recode(division, to), Parent: parent}
	}
	split := func(ends bool, parts ...workflow.DivisionPart) workflow.SplitDivision {
		return workflow.SplitDivision{Decree: base, Division: guoyuan, Ends: ends, Parts: parts}
	}
	part := func(to string, children ...place.Code) workflow.DivisionPart {
		p := workflow.DivisionPart{Code: code(to), Name: "新镇"}
		for _, c := range children {
			p.Children = append(p.Children, workflow.PartChild{Division: c})
		}
		return p
	}
	merge := func(into place.Code, all ...place.Code) workflow.MergeDivisions {
		return workflow.MergeDivisions{Decree: base, Divisions: all, Into: into}
	}
	beside := l.as(viewer.CountyAdmin, beihu)
	for name, c := range map[string]struct {
		as   context.Context
		in   any
		want refusal
	}{
		"nothing given":            {l.county(), workflow.RenameDivision{Division: guoyuan}, invalid("input.day IMPOSSIBLE_DATE", "input.name REQUIRED")},
		"the day to come":          {l.county(), workflow.RenameDivision{Decree: future, Division: guoyuan, Name: "果园街道"}, invalid("input.day IMPOSSIBLE_DATE")},
		"the own division":         {l.county(), workflow.RenameDivision{Decree: base, Division: county, Name: "星沙县"}, denied("input.division")},
		"one above":                {l.county(), workflow.RenameDivision{Decree: base, Division: changsha, Name: "星城市"}, notFound("input.division")},
		"one beside":               {beside, workflow.RenameDivision{Decree: base, Division: guoyuan, Name: "果园街道"}, notFound("input.division")},
		"one that is not":          {l.county(), workflow.RenameDivision{Decree: base, Division: guoyuan + 999, Name: "某村"}, notFound("input.division")},
		"a heading":                {l.nation(), workflow.RenameDivision{Decree: base, Division: code("4290"), Name: "某市"}, notFound("input.division")},
		"the nation":               {l.nation(), workflow.RenameDivision{Decree: base, Division: 0, Name: "某国"}, denied("input.division")},
		"the same code":            {l.county(), recode(guoyuan, guoyuan), conflict("input.code NO_CHANGE")},
		"a code of another":        {l.county(), recode(guoyuan, huangxin), conflict("input.code CODE_TAKEN")},
		"a code of another level":  {l.county(), recode(guoyuan, huaguo), invalid("input.code LEVEL_MISMATCH")},
		"a code beyond":            {l.county(), recode(guoyuan, code("430102117")), notFound("input.code")},
		"a code of another parent": {l.city(), recode(guoyuan, code("430102117")), invalid("input.code NOT_UNDER_PARENT")},
		"a child of another": {
			l.county(),
			workflow.RecodeDivision{Decree: base, Division: guoyuan, Code: guoyuan, Children: []workflow.NewCode{{huangxin + 201, guoyuan + 301}}},
			invalid("input.children.0.division NOT_INSIDE"),
		},
		"a child out of it": {
			l.county(),
			workflow.RecodeDivision{Decree: base, Division: guoyuan, Code: guoyuan, Children: []workflow.NewCode{{huaguo, huangxin + 301}}},
			invalid("input.children.0.code NOT_UNDER_PARENT"),
		},
		"a child twice": {
			l.county(),
			workflow.RecodeDivision{Decree: base, Division: guoyuan, Code: guoyuan, Children: []workflow.NewCode{{huaguo, guoyuan + 301}, {huaguo, guoyuan + 302}}},
			invalid("input.children.1.division REPEATED"),
		},
		"children of one code": {
			l.county(),
			workflow.RecodeDivision{Decree: base, Division: guoyuan, Code: guoyuan, Children: []workflow.NewCode{{huaguo, guoyuan + 301}, {guoyuan + 201, guoyuan + 301}}},
			conflict("input.children.0.code CODE_TAKEN"),
		},
		"under itself":            {l.province(), transfer(county, guoyuan, code("431099")), invalid("input.parent CYCLE")},
		"where it is":             {l.province(), transfer(county, changsha, code("430199")), conflict("input.parent NO_CHANGE")},
		"under nothing":           {l.province(), transfer(county, code("4399"), code("439921")), notFound("input.parent")},
		"a code elsewhere":        {l.province(), transfer(county, chenzhou, code("430221")), invalid("input.code NOT_UNDER_PARENT")},
		"under a lower one":       {l.province(), transfer(county, code("431002001"), code("431099")), invalid("input.code LEVEL_MISMATCH")},
		"out of the area":         {l.city(), transfer(county, chenzhou, code("431099")), notFound("input.parent")},
		"split into one":          {l.county(), split(true, part("430121118", huaguo)), invalid("input.parts OUT_OF_RANGE")},
		"split into none":         {l.county(), split(false), invalid("input.parts OUT_OF_RANGE")},
		"not all covered":         {l.county(), split(true, part("430121118", huaguo), part("430121119", guoyuan+201)), invalid("input.parts NOT_COVERED")},
		"a part of nothing":       {l.county(), split(false, part("430121118")), invalid("input.parts.0.children REQUIRED")},
		"a part of another's":     {l.county(), split(false, part("430121118", huangxin+201)), invalid("input.parts.0.children.0.division NOT_INSIDE")},
		"a part of one's code":    {l.county(), split(false, part("430121102", huaguo)), conflict("input.parts.0.code CODE_TAKEN")},
		"a part of the own code":  {l.county(), split(false, part("430121107", huaguo)), conflict("input.parts.0.code CODE_TAKEN")},
		"a part of another level": {l.county(), split(false, part("430121118001", huaguo)), invalid("input.parts.0.code LEVEL_MISMATCH")},
		"two parts of one code":   {l.county(), split(false, part("430121118", huaguo), part("430121118", guoyuan+201)), conflict("input.children CODE_TAKEN")},
		"a child in two parts": {
			l.county(), split(false, part("430121118", huaguo), part("430121119", huaguo)), invalid("input.parts.1.children.0.division REPEATED"),
		},
		"merged with none":        {l.county(), merge(guoyuan, guoyuan), invalid("input.divisions OUT_OF_RANGE")},
		"merged across levels":    {l.county(), merge(guoyuan, guoyuan, huaguo), invalid("input.divisions.1 LEVEL_MISMATCH")},
		"merged into another":     {l.county(), merge(huaguo, guoyuan, huangxin), invalid("input.into LEVEL_MISMATCH")},
		"merged into a new one":   {l.county(), merge(code("430121118"), guoyuan, huangxin), invalid("input.name REQUIRED")},
		"merged twice":            {l.county(), merge(huangxin, guoyuan, guoyuan), invalid("input.divisions.1 REPEATED")},
		"merged out of the area":  {l.county(), merge(code("430102117"), guoyuan, huangxin), notFound("input.into")},
		"abolished with the rest": {l.county(), workflow.AbolishDivision{Decree: base, Division: huaguo}, conflict("input.division NOT_EMPTY")},
	} {
		t.Run(name, func(t *testing.T) {
			l.sub(t).refused(c.want, func() error { return l.change(c.as, c.in) })
		})
	}
}

// change does whatever an input asks for.
func (l *land) change(ctx context.Context, in any) (err error) {
	switch in := in.(type) {
	case workflow.RenameDivision:
		_, err = l.desk.RenameDivision(ctx, in)
	case workflow.RecodeDivision:
		_, err = l.desk.RecodeDivision(ctx, in)
	case workflow.TransferDivision:
		_, err = l.desk.TransferDivision(ctx, in)
	case workflow.SplitDivision:
		_, err = l.desk.SplitDivision(ctx, in)
	case workflow.MergeDivisions:
		_, err = l.desk.MergeDivisions(ctx, in)
	case workflow.AbolishDivision:
		_, err = l.desk.AbolishDivision(ctx, in)
	}
	return err
}

// Stations of one name cannot come to stand in one division, and what is merged is told.
func TestMergeStationsOfOneName(t *testing.T) {
	l := newLand(t)
	l.station(huangxin, "代表之家")
	l.station(guoyuan, "代表之家")
	l.refused(conflict("input.divisions DUPLICATE"), func() error {
		_, err := l.desk.MergeDivisions(l.county(), workflow.MergeDivisions{
			Decree: decree(), Divisions: []place.Code{guoyuan}, Into: huangxin, Children: l.renumbered(guoyuan, huangxin),
		})
		return err
	})
}

// Every column that holds the code of a division is known: as a place, which follows, as another code that follows, or as history.
func TestEveryCodeIsDecided(t *testing.T) {
	l := newHouse(t)
	for what, query := range map[string]string{
		"a code that no one decided on": `information_schema.columns c WHERE c.table_schema = 'public' AND c.column_name LIKE '%\_code' AND c.data_type = 'bigint'
			AND c.column_name NOT IN ('province_code', 'city_code', 'county_code', 'township_code') AND (c.table_name, c.column_name) <> ('division', 'parent_code')
			AND (c.table_name, c.column_name) NOT IN (SELECT relation, attribute FROM division_column())`,
		"a place that does not follow": `information_schema.columns c WHERE c.table_schema = 'public' AND c.column_name = 'code'
			AND c.table_name NOT IN (SELECT placed_table()) AND (c.table_name, c.column_name) NOT IN (SELECT relation, attribute FROM division_column())
			-- the tree and its keys move by themselves, sums follow their records, and standings their mandates
			AND c.table_name NOT IN ('division', 'division_key', 'fact', 'fact_delta', 'category_fact', 'norm_standing')`,
		"a place that no index leads to": `placed_table() t (relation) WHERE relation NOT IN (SELECT relation FROM hangs_on() WHERE attribute = 'code')
			AND NOT EXISTS (SELECT FROM pg_index i JOIN pg_attribute a ON a.attrelid = i.indrelid AND a.attnum = i.indkey[0]
				WHERE i.indrelid = to_regclass(t.relation::text) AND a.attname = 'code' AND i.indpred IS NULL)`,
		"what hangs on a row, and no index leads to it": `hangs_on() h WHERE NOT EXISTS (SELECT FROM pg_index i JOIN pg_attribute a ON a.attrelid = i.indrelid AND a.attnum = i.indkey[0]
			WHERE i.indrelid = to_regclass(h.relation) AND a.attname = h.key AND i.indpred IS NULL)`,
		"a decision on what is not there": `division_column() d WHERE NOT EXISTS (SELECT FROM information_schema.columns c
			WHERE c.table_schema = 'public' AND (c.table_name, c.column_name) = (d.relation, d.attribute))`,
	} {
		if n := l.count(query); n != 0 {
			t.Errorf("%d times %s", n, what)
		}
	}
}
