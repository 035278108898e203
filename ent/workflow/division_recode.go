package workflow

import (
	"context"
	"strconv"
	"time"

	"github.com/lianluo/lianluo/ent/fault"
	"github.com/lianluo/lianluo/ent/gen"
	"github.com/lianluo/lianluo/ent/gen/division"
	"github.com/lianluo/lianluo/ent/kind"
	"github.com/lianluo/lianluo/ent/place"
)

// RenameDivision is another name of a division (更名).
type RenameDivision struct {
	Decree
	Division place.Code
	Name     string
}

var divisionName = at("名称", "name")

// longestDivision is the length of a division's name in characters.
const longestDivision = 60

func (in *RenameDivision) check(today time.Time) error {
	var c checker
	in.Decree.check(&c, today)
	in.Name = c.text(divisionName, in.Name, 2, longestDivision)
	return c.list.Err()
}

// RenameDivision gives a division below the viewer's own another name. It is still found by the former one.
func (d *Desk) RenameDivision(ctx context.Context, in RenameDivision) (*Reorganisation, error) {
	return reorganise(ctx, d, VerbRenameDivision, &in)
}

func (in *RenameDivision) plan(ctx context.Context, t *task) (*reform, error) {
	r := newReform(kind.ChangeRename)
	rows, err := t.changing(ctx, in.Division, "input", "division")
	if err != nil {
		return nil, err
	}
	r.add(rows)
	if rows[0].Name == in.Name {
		return nil, fault.Conflict("NO_CHANGE", "该区划已是这一名称", divisionName.path...)
	}
	r.goals[in.Division] = &goal{code: in.Division, name: in.Name, path: []string{"input", "division"}}
	r.before = []place.Named{rows[0].named()}
	r.after = []place.Named{{Code: in.Division, Name: in.Name, Level: rows[0].Level}}
	return r, nil
}

// NewCode is the code that a division gets which lies in one that changes.
type NewCode struct{ Division, Code place.Code }

// RecodeDivision is another code of a division under the same parent, with all that lies in it (变更代码).
type RecodeDivision struct {
	Decree
	Division, Code place.Code
	Name           *string // nil: as before
	// Children are divisions directly in it whose last digits change too; the others keep theirs.
	Children []NewCode
}

func (in *RecodeDivision) check(today time.Time) error {
	var c checker
	in.Decree.check(&c, today)
	in.Name = c.optional(divisionName, in.Name, longestDivision)
	c.children(in.Children)
	return c.list.Err()
}

// children checks a list of new codes by itself.
func (c *checker) children(children []NewCode) {
	const most = 1000
	if len(children) > most {
		c.add(at("下级区划", "children"), "TOO_LONG", "最多 1000 个")
		return
	}
	seen := map[place.Code]bool{}
	for i, child := range children {
		if seen[child.Division] {
			c.add(at("下级区划", "children", strconv.Itoa(i), "division"), "REPEATED", "重复")
		}
		seen[child.Division] = true
	}
}

// RecodeDivision gives a division below the viewer's own, and all that lies in it, other codes. With the code as it is, divisions in it get other
// codes among themselves.
func (d *Desk) RecodeDivision(ctx context.Context, in RecodeDivision) (*Reorganisation, error) {
	return reorganise(ctx, d, VerbRecodeDivision, &in)
}

func (in *RecodeDivision) plan(ctx context.Context, t *task) (*reform, error) {
	r := newReform(kind.ChangeRecode)
	rows, err := t.changing(ctx, in.Division, "input", "division")
	if err != nil {
		return nil, err
	}
	r.add(rows)
	root := rows[0]
	path := []string{"input", "code"}
	if in.Code.Shape() != root.Level {
		return nil, fault.Invalid("LEVEL_MISMATCH", "新代码与该区划的层级不符", path...)
	}
	if in.Code != in.Division {
		under, err := t.enclosing(ctx, in.Code, path...)
		if err != nil {
			return nil, err
		}
		if root.Parent == nil || under.Code != *root.Parent {
			return nil, fault.Invalid("NOT_UNDER_PARENT", "新代码不在原上级区划之内;划归其他上级请办理划转", path...)
		}
	}
	return r, in.aim(r, root, path)
}

// aim says where a division goes, and those in it that get codes of their own.
func (in *RecodeDivision) aim(r *reform, root *surveyed, path []string) error {
	g := &goal{code: in.Code, path: path}
	if in.Name != nil {
		g.name = *in.Name
	}
	r.goals[in.Division] = g
	renamed := g.name != "" && g.name != root.Name
	if in.Code != in.Division || renamed {
		to := place.Named{Code: in.Code, Name: root.Name, Level: root.Level}
		if renamed {
			to.Name = g.name
		}
		r.before, r.after = append(r.before, root.named()), append(r.after, to)
	}
	for i, child := range in.Children {
		path := []string{"input", "children", strconv.Itoa(i), "division"}
		s := r.child(child.Division, in.Division)
		if s == nil {
			return fault.Invalid("NOT_INSIDE", "该区划不直接隶属于所调整的区划", path...)
		}
		r.goals[child.Division] = &goal{code: child.Code, path: []string{"input", "children", strconv.Itoa(i), "code"}}
		if in.Code == in.Division && child.Code != child.Division {
			r.before = append(r.before, s.named())
			r.after = append(r.after, place.Named{Code: child.Code, Name: s.Name, Level: s.Level})
		}
	}
	if len(r.before) == 0 {
		return fault.Conflict("NO_CHANGE", "该区划已是这一代码", path...)
	}
	return nil
}

// TransferDivision is a division's going to another parent, with all that lies in it (划转).
type TransferDivision struct {
	RecodeDivision
	Parent place.Code
}

// TransferDivision moves a division and all that lies in it to another parent. The viewer's own division is above both.
func (d *Desk) TransferDivision(ctx context.Context, in TransferDivision) (*Reorganisation, error) {
	return reorganise(ctx, d, VerbTransferDivision, &in)
}

func (in *TransferDivision) plan(ctx context.Context, t *task) (*reform, error) {
	r := newReform(kind.ChangeTransfer)
	rows, err := t.changing(ctx, in.Division, "input", "division")
	if err != nil {
		return nil, err
	}
	r.add(rows)
	root := rows[0]
	if in.Division.Contains(in.Parent) {
		return nil, fault.Invalid("CYCLE", "不能划归本区划或其下级", "input", "parent")
	}
	parent, err := t.livingDivision(ctx, in.Parent, "input", "parent")
	if err != nil {
		return nil, err
	}
	if root.Parent != nil && *root.Parent == in.Parent {
		return nil, fault.Conflict("NO_CHANGE", "该区划已隶属于这一上级", "input", "parent")
	}
	path := []string{"input", "code"}
	if in.Code.Shape() != root.Level || parent.Level.Depth() >= root.Level.Depth() {
		return nil, fault.Invalid("LEVEL_MISMATCH", "新代码或新上级与该区划的层级不符", path...)
	}
	under, err := t.enclosing(ctx, in.Code, path...)
	if err != nil {
		return nil, err
	}
	if under.Code != in.Parent {
		return nil, fault.Invalid("NOT_UNDER_PARENT", "新代码不直接在新上级区划之内", path...)
	}
	if err := in.aim(r, root, path); err != nil {
		return nil, err
	}
	there := areaOfDivision(parent)
	r.goals[in.Division].under = &there
	return r, nil
}

// livingDivision finds a division in the viewer's area that is in being.
func (t *task) livingDivision(ctx context.Context, code place.Code, path ...string) (*gen.Division, error) {
	d, err := t.tx.Division.Query().Where(division.Code(code)).Only(ctx)
	if gen.IsNotFound(err) {
		return nil, fault.NotFound("区划不存在或不在辖区内", path...)
	}
	if err != nil {
		return nil, err
	}
	if d.ValidTo != nil {
		return nil, fault.Conflict("CLOSED", "该区划已撤销", path...)
	}
	return d, nil
}
