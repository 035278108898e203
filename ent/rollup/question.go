package rollup

import (
	"cmp"
	"context"
	"database/sql"
	_ "embed"
	"fmt"
	"slices"
	"time"

	"github.com/google/uuid"

	"github.com/lianluo/lianluo/ent/fault"
	"github.com/lianluo/lianluo/ent/gen"
	"github.com/lianluo/lianluo/ent/place"
	"github.com/lianluo/lianluo/ent/viewer"
)

// By is what the rows of sums are (汇总分组).
type By string

// The groupings.
const (
	// BySelf: one row, the division with everything below it.
	BySelf By = "SELF"
	// ByChildren: the divisions directly below, preceded by what stands at the division itself if anything does. Together they are the whole: all measures
	// but the counts of persons add up.
	ByChildren By = "CHILDREN"
	// ByProvinces … ByTownships: the divisions of that level below the division, or the division itself when it is of that level.
	ByProvinces By = "PROVINCES"
	ByCities    By = "CITIES"
	ByCounties  By = "COUNTIES"
	ByTownships By = "TOWNSHIPS"
	// ByStations: the stations that have something to tell; ByZones the zones (功能区) of which they are.
	ByStations By = "STATIONS"
	ByZones    By = "ZONES"
	// ByDepartments: the departments in the lead of opinions, at present or in the end, and one row for opinions without any.
	ByDepartments By = "DEPARTMENTS"
	// ByCategories: the uppermost categories of opinions with their branches, and one row for opinions not analysed yet.
	ByCategories By = "CATEGORIES"
)

// Bys lists the groupings.
var Bys = []By{
	BySelf, ByChildren, ByProvinces, ByCities, ByCounties, ByTownships, ByStations, ByDepartments, ByCategories, ByZones,
}

// levels are those of the divisions of a grouping.
var levels = map[By]place.Level{
	ByProvinces: place.LevelProvince, ByCities: place.LevelCity, ByCounties: place.LevelCounty, ByTownships: place.LevelTownship,
}

// ofDivisions tells whether the rows are divisions.
func (b By) ofDivisions() bool { return b == BySelf || b == ByChildren || levels[b] != "" }

// tells refuses measures that the records cannot tell apart by the grouping.
func (b By) tells(want Set) error {
	if b.ofDivisions() {
		return nil
	}
	for c := range columnCount {
		if _, ok := reports[tallies[c].source].keys[b]; want.of[c] && !ok {
			return fault.Invalid("NOT_TOLD_APART", "所选指标不能按此方式分组", "by")
		}
	}
	return nil
}

// Order ranks rows by a measure (排名).
type Order struct {
	Measure Measure
	// Ascending puts the smallest first.
	Ascending bool
}

// Question is what is summed, and how the rows are shown.
type Question struct {
	Division Place
	By       By
	// Tree is that of the rows and of the records' places; the zero value is TreeNow. By TreeThen the division may be one that is no more.
	Tree Tree
	// Period must be valid.
	Period Period
	// Compare adds to each row the sums of another period.
	Compare Comparison
	// Interval adds to each row the sums of the parts of the period, and of what each is compared with.
	Interval Interval
	Want     Set
	// OrderBy ranks the rows. Without it divisions come in the order of codes, all else by its first measure wanted, the largest first.
	OrderBy *Order
	// First is how many rows there are at most; at least 1.
	First int
	// Today decides what is overdue.
	Today time.Time
}

// Row is the sums of one part of a division.
type Row struct {
	// Code, Level and Name are the division's, by divisions.
	Code  place.Code
	Level place.Level
	Name  string
	// Own is set on the row of what stands at the division asked about, without what lies below.
	Own bool
	// ID is that of the station, department, category or zone, by those; it is not valid for what has none.
	ID uuid.NullUUID

	lost bool

	Sums *Sums
	// Compared are the sums of the period compared with; nil without a comparison.
	Compared *Sums
	// Trend are the parts of the period in order; none without an interval.
	Trend []Point
}

// Point is the sums of a part of a period.
type Point struct {
	Period
	Sums, Compared *Sums
}

// maxParts bounds the parts of a period, maxCounted the areas whose records are counted one by one for one question, maxCells the areas times the periods.
const (
	maxParts   = 120
	maxCounted = 5000
	maxCells   = 60_000
)

// Rows sums the parts of a division. A division that the viewer does not see has no rows; of one whose children the viewer does not see, the row of its own
// holds everything that is seen.
//
// It is a fault.ErrForbidden for all but committees and keepers of stations, and a fault.ErrInvalid naming by, interval or orderBy when the grouping cannot tell a
// measure, or too much is asked.
func Rows(ctx context.Context, c *gen.Client, q Question) ([]*Row, error) {
	v, err := sees(ctx, "当前角色不能查看汇总", viewer.Area, viewer.System)
	if err != nil {
		return nil, err
	}
	if q.OrderBy != nil {
		q.Want = q.Want.With(q.OrderBy.Measure)
	}
	if err := q.By.tells(q.Want); err != nil {
		return nil, err
	}
	if err := q.Tree.tells(q.By); err != nil {
		return nil, err
	}
	parts := q.Period.parts(q.Interval)
	if len(parts) > maxParts {
		return nil, fault.Invalid("TOO_MANY", fmt.Sprintf("时段最多分为 %d 段,请缩短时段或加大间隔", maxParts), "interval")
	}
	rows, groups, err := q.divisions(ctx, c, v)
	if err != nil || len(groups) == 0 {
		return nil, err
	}
	frame := newFrame(q, parts)
	if err := q.affordable(groups, len(frame.all)); err != nil {
		return nil, err
	}
	sums := sheet{}
	if err := sumAll(ctx, v, c, groups, q.Tree, question{spans: frame.all, want: q.Want, by: q.By, today: q.Today}, sums); err != nil {
		return nil, err
	}
	if !q.By.ofDivisions() {
		rows = told(sums)
	}
	for _, r := range rows {
		frame.fill(r, sums)
	}
	rows = slices.DeleteFunc(rows, func(r *Row) bool {
		return (r.Own || r.lost) && r.Sums.empty() && (r.Compared == nil || r.Compared.empty())
	})
	q.rank(rows)
	return rows[:min(len(rows), q.First)], nil
}

// affordable refuses what would fill the memory: too many areas in too many periods, and the stations, departments or zones of the whole nation.
func (q Question) affordable(groups []areas, spans int) error {
	if !q.By.ofDivisions() && q.By != ByCategories && q.Division.Code == place.Nation {
		return fault.Invalid("TOO_MANY", "按站点、单位或功能区分组时,请选择省级或以下区划", "by")
	}
	cells := 0
	for _, g := range groups {
		cells += len(g.codes) * spans
	}
	if cells > maxCells {
		return fault.Invalid("TOO_MANY", "区划和时段过多,请缩短时段、加大间隔或选择下级区划", "interval")
	}
	return nil
}

// divisions are the rows by divisions, and the areas that are summed.
func (q Question) divisions(ctx context.Context, c *gen.Client, v *viewer.Viewer) (rows []*Row, groups []areas, err error) {
	if !v.Sees(q.Division.Code) {
		return nil, nil, nil
	}
	found, err := q.list(ctx, c)
	if err != nil || found == nil {
		return nil, nil, err
	}
	if q.By == ByChildren {
		groups, err = partsOf(v, found)
	} else {
		places := make([]Place, len(found))
		for i, d := range found {
			places[i] = d.Place
		}
		groups, err = byLevel(v, places)
	}
	if err != nil {
		return nil, nil, err
	}
	if q.By.ofDivisions() && q.OrderBy == nil {
		found, groups = firstOf(found, groups, q.First)
	}
	counted := 0
	for _, g := range groups {
		if !g.keeps(v) {
			counted += len(g.codes)
		}
	}
	if counted > maxCounted {
		return nil, nil, fault.Invalid("TOO_MANY", fmt.Sprintf("一次最多汇总 %d 个区划,请选择下级区划", maxCounted), "by")
	}
	for _, d := range found {
		rows = append(rows, &Row{Code: d.Code, Level: d.Level, Name: d.name, Own: d.own, lost: d.lost})
	}
	return rows, groups, nil
}

// list names the divisions that are rows, in the order of codes; none when what has children is no division.
func (q Question) list(ctx context.Context, db database) (found []listed, err error) {
	switch {
	case q.By == ByChildren:
		if found, err = family(ctx, db, q.Division.Code); found == nil && q.Tree == TreeThen {
			found = []listed{{Place: q.Division, own: true}}
		}
	case levels[q.By] != "":
		found, err = divisionsOf(ctx, db, q.Division, levels[q.By])
	default:
		found = []listed{{Place: q.Division}}
	}
	if err != nil || q.Tree != TreeThen {
		return found, err
	}
	return q.withFormers(ctx, db, found)
}

// firstOf leaves out what is not shown anyway, once there are enough that are rows whatever they tell.
func firstOf(found []listed, groups []areas, first int) ([]listed, []areas) {
	last := slices.IndexFunc(found, func(d listed) bool {
		if !d.own && !d.lost {
			first--
		}
		return first == 0
	})
	if last < 0 {
		return found, groups
	}
	found = found[:last+1]
	shown := map[place.Code]bool{}
	for _, d := range found {
		shown[d.Code] = true
	}
	for i := range groups {
		groups[i].codes = slices.DeleteFunc(groups[i].codes, func(code place.Code) bool { return !shown[code] })
	}
	return found, slices.DeleteFunc(groups, func(g areas) bool { return len(g.codes) == 0 })
}

//go:embed sql/level.sql
var levelSQL string

// divisionsOf reads the divisions of a level in a division, in the order of codes.
func divisionsOf(ctx context.Context, db database, division Place, level place.Level) (rows []listed, err error) {
	lo, hi := division.Code.Range()
	err = each(ctx, db, levelSQL, []any{int64(lo), int64(hi), string(level)}, func(r *sql.Rows) error {
		var d listed
		err := r.Scan(&d.Code, &d.Level, &d.name)
		rows = append(rows, d)
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("divisions of a level below %s: %w", division.Code, err)
	}
	return rows, nil
}

// told are the rows of what has something to tell.
func told(sums sheet) (rows []*Row) {
	seen := map[uuid.NullUUID]bool{}
	for k, s := range sums {
		if !seen[k.id] && !s.empty() {
			seen[k.id] = true
			rows = append(rows, &Row{Code: k.area, ID: k.id})
		}
	}
	return rows
}

// rank puts the rows in order.
func (q Question) rank(rows []*Row) {
	order := q.OrderBy
	if order == nil && !q.By.ofDivisions() {
		for _, m := range Measures {
			if q.Want.Has(m) {
				order = &Order{Measure: m}
				break
			}
		}
	}
	if order == nil {
		return
	}
	slices.SortFunc(rows, func(a, b *Row) int {
		by := cmp.Compare(b.Sums.Of(order.Measure), a.Sums.Of(order.Measure))
		if order.Ascending {
			by = -by
		}
		return cmp.Or(by, cmp.Compare(a.Code, b.Code), slices.Compare(a.ID.UUID[:], b.ID.UUID[:]))
	})
}

// frame is which spans are summed for a question, and where each goes.
type frame struct {
	all spans
	// places in all; -1 for none.
	compared        int
	parts, partners []int
}

func newFrame(q Question, parts []Period) *frame {
	f := &frame{all: spans{q.Period}, compared: -1}
	f.compared = f.against(q.Period, q.Compare)
	for _, p := range parts {
		f.parts = append(f.parts, len(f.all))
		f.all = append(f.all, p)
		f.partners = append(f.partners, f.against(p, q.Compare))
	}
	return f
}

// against adds what a period is compared with.
func (f *frame) against(p Period, c Comparison) int {
	other, ok := p.against(c)
	if !ok {
		return -1
	}
	f.all = append(f.all, other)
	return len(f.all) - 1
}

// fill puts the sums into a row.
func (f *frame) fill(r *Row, sums sheet) {
	of := func(span int) *Sums {
		if span < 0 {
			return nil
		}
		return sums.at(cellKey{r.Code, r.ID, span})
	}
	r.Sums, r.Compared = of(0), of(f.compared)
	for i, at := range f.parts {
		r.Trend = append(r.Trend, Point{f.all[at], of(at), of(f.partners[i])})
	}
}
