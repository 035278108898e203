package workflow

import (
	"context"
	"strconv"
	"time"

	"github.com/lianluo/lianluo/ent/fault"
	"github.com/lianluo/lianluo/ent/kind"
	"github.com/lianluo/lianluo/ent/place"
)

// SplitDivision is the making of new divisions of one (分设).
type SplitDivision struct {
	Decree
	Division place.Code
	// Ends tells that the division is no more: all that is directly in it goes to the parts, and what is its own to the first of them. Otherwise
	// it goes on with what it is left.
	Ends  bool
	Parts []DivisionPart
}

// DivisionPart is a new division made of one that is split.
type DivisionPart struct {
	Code place.Code
	Name string
	// Children are divisions directly in the one that is split. Without a code of its own each keeps its last digits.
	Children []PartChild
}

// PartChild is a division that goes to a part.
type PartChild struct {
	Division place.Code
	Code     *place.Code
}

func (in *SplitDivision) check(today time.Time) error {
	var c checker
	in.Decree.check(&c, today)
	least := 1
	if in.Ends {
		least = 2
	}
	const most = 50
	if len(in.Parts) < least || len(in.Parts) > most {
		c.add(at("新设区划", "parts"), "OUT_OF_RANGE", "应为 "+strconv.Itoa(least)+" 至 50 个")
	}
	seen := map[place.Code]bool{}
	for i := range in.Parts {
		part, n := &in.Parts[i], strconv.Itoa(i)
		part.Name = c.text(at("新设区划名称", "parts", n, "name"), part.Name, 2, longestDivision)
		for k, child := range part.Children {
			if seen[child.Division] {
				c.add(at("下级区划", "parts", n, "children", strconv.Itoa(k), "division"), "REPEATED", "重复")
			}
			seen[child.Division] = true
		}
	}
	return c.list.Err()
}

// SplitDivision makes new divisions under the same parent of a division below the viewer's own, and gives them some of the divisions in it, or all.
func (d *Desk) SplitDivision(ctx context.Context, in SplitDivision) (*Reorganisation, error) {
	return reorganise(ctx, d, VerbSplitDivision, &in)
}

func (in *SplitDivision) plan(ctx context.Context, t *task) (*reform, error) {
	r := newReform(kind.ChangeSplit)
	rows, err := t.changing(ctx, in.Division, "input", "division")
	if err != nil {
		return nil, err
	}
	r.add(rows)
	root := rows[0]
	r.before = []place.Named{root.named()}
	if !in.Ends {
		r.after = append(r.after, root.named())
	}
	for i, part := range in.Parts {
		if err := in.planPart(ctx, t, r, root, i, part); err != nil {
			return nil, err
		}
	}
	return r, in.checkRest(r, root)
}

func (in *SplitDivision) planPart(ctx context.Context, t *task, r *reform, root *surveyed, i int, part DivisionPart) error {
	path := []string{"input", "parts", strconv.Itoa(i)}
	if part.Code.Shape() != root.Level {
		return fault.Invalid("LEVEL_MISMATCH", "新设区划的代码与原区划的层级不符", append(path, "code")...)
	}
	if part.Code == in.Division {
		return codeTaken(root, append(path, "code")...)
	}
	parent, err := t.enclosing(ctx, part.Code, append(path, "code")...)
	if err != nil {
		return err
	}
	if root.Parent == nil || parent.Code != *root.Parent {
		return fault.Invalid("NOT_UNDER_PARENT", "新设区划的代码不在原上级区划之内", append(path, "code")...)
	}
	taken, err := t.taken(ctx, []place.Code{part.Code})
	if err != nil {
		return err
	}
	if taken[part.Code] != nil {
		return codeTaken(taken[part.Code], append(path, "code")...)
	}
	there := r.make(part.Code, root.Level, part.Name, areaOfDivision(parent), parent.Code)
	r.after = append(r.after, place.Named{Code: part.Code, Name: part.Name, Level: root.Level})
	if in.Ends && i == 0 {
		r.goals[in.Division] = &goal{code: part.Code, ends: true, heir: there, path: append(path, "code")}
	}
	if len(part.Children) == 0 && root.Level != place.LevelVillage {
		return fault.Invalid("REQUIRED", "新设区划须有下级区划划入", append(path, "children")...)
	}
	for k, child := range part.Children {
		path := append(path[:3:3], "children", strconv.Itoa(k))
		if r.child(child.Division, in.Division) == nil {
			return fault.Invalid("NOT_INSIDE", "该区划不直接隶属于所分设的区划", append(path, "division")...)
		}
		code := part.Code + child.Division - in.Division
		if child.Code != nil {
			code = *child.Code
		}
		r.goals[child.Division] = &goal{code: code, under: &there, path: append(path, "code")}
	}
	return nil
}

// checkRest sees to it that all goes to the parts when the division ends, and that something stays when it goes on.
func (in *SplitDivision) checkRest(r *reform, root *surveyed) error {
	var rest []string
	for _, s := range r.surveyed {
		if s.Parent != nil && *s.Parent == in.Division && s.ValidTo == nil && r.goals[s.code()] == nil {
			rest = append(rest, s.Name)
		}
	}
	switch {
	case in.Ends && len(rest) > 0:
		return fault.Invalid("NOT_COVERED", "尚未划入新设区划:"+listNames(rest), "input", "parts")
	case !in.Ends && len(rest) == 0 && root.Level != place.LevelVillage:
		return fault.Invalid("NOTHING_LEFT", "原区划须留有下级区划,否则应予撤销", "input", "parts")
	}
	return nil
}
