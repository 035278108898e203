package workflow

import (
	"context"
	"strconv"
	"time"

	"github.com/lianluo/lianluo/ent/fault"
	"github.com/lianluo/lianluo/ent/gen/division"
	"github.com/lianluo/lianluo/ent/gen/station"
	"github.com/lianluo/lianluo/ent/kind"
	"github.com/lianluo/lianluo/ent/place"
)

// MergeDivisions is the going of divisions into one of the same level (合并).
type MergeDivisions struct {
	Decree
	// Divisions are those that are merged. The one that they go into may be among them.
	Divisions []place.Code
	// Into is the code of the division that they go into: one that is there, or a new one.
	Into place.Code
	// Name is what it is called from then on; a new one must have it.
	Name *string
	// Children are divisions in those that end which get codes of their own; the others keep their last digits.
	Children []NewCode
}

var mergedDivisions = at("合并的区划", "divisions")

func (in *MergeDivisions) check(today time.Time) error {
	var c checker
	in.Decree.check(&c, today)
	const most = 50
	if len(in.Divisions) == 0 || len(in.Divisions) > most {
		c.add(mergedDivisions, "OUT_OF_RANGE", "应为 1 至 50 个")
	}
	seen := map[place.Code]bool{}
	for i, code := range in.Divisions {
		if seen[code] {
			c.add(at("合并的区划", "divisions", strconv.Itoa(i)), "REPEATED", "重复")
		}
		seen[code] = true
	}
	in.Name = c.optional(divisionName, in.Name, longestDivision)
	c.children(in.Children)
	return c.list.Err()
}

// MergeDivisions merges divisions below the viewer's own into one of their level, with all that lies in them. Those that end hand over what is their own.
func (d *Desk) MergeDivisions(ctx context.Context, in MergeDivisions) (*Reorganisation, error) {
	return reorganise(ctx, d, VerbMergeDivisions, &in)
}

func (in *MergeDivisions) plan(ctx context.Context, t *task) (*reform, error) {
	r := newReform(kind.ChangeMerge)
	var ending []*surveyed
	var level place.Level
	for i, code := range in.Divisions {
		path := []string{"input", "divisions", strconv.Itoa(i)}
		rows, err := t.changing(ctx, code, path...)
		if err != nil {
			return nil, err
		}
		if level != "" && rows[0].Level != level {
			return nil, fault.Invalid("LEVEL_MISMATCH", "只有同一层级的区划才能合并", path...)
		}
		level = rows[0].Level
		r.add(rows)
		r.before = append(r.before, rows[0].named())
		if code != in.Into {
			ending = append(ending, rows[0])
		}
	}
	if in.Into.Shape() != level {
		return nil, fault.Invalid("LEVEL_MISMATCH", "并入的区划与被合并的区划层级不同", "input", "into")
	}
	there, err := in.heir(ctx, t, r, level, len(ending))
	if err != nil {
		return nil, err
	}
	if len(ending) == 0 {
		return nil, fault.Invalid("OUT_OF_RANGE", "没有被合并的其他区划", mergedDivisions.path...)
	}
	for _, s := range ending {
		r.goals[s.code()] = &goal{code: in.Into, ends: true, heir: there, path: []string{"input", "divisions"}}
	}
	if err := in.aimChildren(r, ending); err != nil {
		return nil, err
	}
	return r, in.checkStations(ctx, t)
}

// heir finds or makes the division that the others go into, and answers its place.
func (in *MergeDivisions) heir(ctx context.Context, t *task, r *reform, level place.Level, ending int) (area, error) {
	path := []string{"input", "into"}
	under, err := t.enclosing(ctx, in.Into, path...)
	if err != nil {
		return area{}, err
	}
	taken, err := t.taken(ctx, []place.Code{in.Into})
	if err != nil {
		return area{}, err
	}
	if taken[in.Into] == nil {
		switch {
		case in.Name == nil:
			return area{}, fault.Invalid("REQUIRED", "新设区划须有名称", divisionName.path...)
		case ending < 2:
			return area{}, fault.Invalid("OUT_OF_RANGE", "合并为新区划须有两个以上区划", mergedDivisions.path...)
		}
		r.after = []place.Named{{Code: in.Into, Name: *in.Name, Level: level}}
		return r.make(in.Into, level, *in.Name, areaOfDivision(under), under.Code), nil
	}
	rows, err := t.changing(ctx, in.Into, path...)
	if err != nil {
		return area{}, err
	}
	root := rows[0]
	if !containsNamed(r.before, in.Into) {
		r.add(rows)
		r.before = append(r.before, root.named())
	}
	name := root.Name
	if in.Name != nil {
		name = *in.Name
		r.goals[in.Into] = &goal{code: in.Into, name: name, path: path}
	}
	r.after = []place.Named{{Code: in.Into, Name: name, Level: level}}
	return root.Area, nil
}

func containsNamed(all []place.Named, code place.Code) bool {
	for _, n := range all {
		if n.Code == code {
			return true
		}
	}
	return false
}

// aimChildren gives divisions in those that end codes of their own.
func (in *MergeDivisions) aimChildren(r *reform, ending []*surveyed) error {
	for i, child := range in.Children {
		found := false
		for _, s := range ending {
			found = found || r.child(child.Division, s.code()) != nil
		}
		if !found {
			return fault.Invalid("NOT_INSIDE", "该区划不直接隶属于被合并的区划", "input", "children", strconv.Itoa(i), "division")
		}
		r.goals[child.Division] = &goal{code: child.Code, path: []string{"input", "children", strconv.Itoa(i), "code"}}
	}
	return nil
}

// checkStations sees to it that no two open stations of one name come to stand in the same division.
func (in *MergeDivisions) checkStations(ctx context.Context, t *task) error {
	codes := append([]place.Code{in.Into}, in.Divisions...)
	found, err := t.tx.Station.Query().
		Where(station.HasDivisionWith(division.CodeIn(codes...)), station.ClosedOnIsNil()).Order(station.ByID()).All(ctx)
	if err != nil {
		return err
	}
	seen := map[string]bool{}
	var twice []string
	for _, s := range found {
		if seen[s.Name] {
			twice = append(twice, s.Name)
		}
		seen[s.Name] = true
	}
	if len(twice) > 0 {
		return fault.Conflict("DUPLICATE", "合并后站点重名,请先改名:"+listNames(twice), mergedDivisions.path...)
	}
	return nil
}
