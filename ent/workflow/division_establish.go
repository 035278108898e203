package workflow

import (
	"context"
	"encoding/json"
	"fmt"
	"time"

	"github.com/google/uuid"

	"github.com/lianluo/lianluo/ent/calendar"
	"github.com/lianluo/lianluo/ent/fault"
	"github.com/lianluo/lianluo/ent/gen"
	"github.com/lianluo/lianluo/ent/gen/division"
	"github.com/lianluo/lianluo/ent/place"
)

// EstablishDivision is a division that comes into being with nothing in it (新设), as the national table has it.
type EstablishDivision struct {
	// ID is that of the division that first has the code; another is made when the one of the code lives on under another code.
	ID   uuid.UUID
	Code place.Code
	Name string
	// Parent is the division that it lies in directly.
	Parent place.Code
	// Day is the first day on which it is there.
	Day time.Time
}

func (in *EstablishDivision) check(today time.Time) error {
	var c checker
	in.Name = c.text(divisionName, in.Name, 2, longestDivision)
	in.Day = c.day(decreeDay, in.Day, calendar.Founding, today)
	return c.list.Err()
}

// EstablishDivision makes a division below the viewer's own. One that was abolished comes into being again: it keeps its id, and what it was before is a former
// division. A code that a division had which went into another is not given again.
func (d *Desk) EstablishDivision(ctx context.Context, in EstablishDivision) (*gen.Division, error) {
	v, err := d.admit(ctx, VerbEstablishDivision)
	if err != nil {
		return nil, err
	}
	if err := in.check(d.today()); err != nil {
		return nil, err
	}
	return transact(ctx, d, VerbEstablishDivision, v, func(t *task) (*gen.Division, error) { return t.establish(ctx, in) })
}

func (t *task) establish(ctx context.Context, in EstablishDivision) (*gen.Division, error) {
	if err := t.lock(ctx, reformsLock); err != nil {
		return nil, err
	}
	path := []string{"input", "code"}
	under, err := t.enclosing(ctx, in.Code, path...)
	if err != nil {
		return nil, err
	}
	if under.Code != in.Parent {
		return nil, fault.Invalid("NOT_UNDER_PARENT", "代码不直接在上级区划之内", path...)
	}
	taken, err := t.taken(ctx, []place.Code{in.Code})
	if err != nil {
		return nil, err
	}
	before := taken[in.Code]
	if before != nil && (before.ValidTo == nil || before.Level != in.Code.Shape()) {
		return nil, codeTaken(before, path...)
	}
	id := in.ID
	if before == nil {
		if known, err := t.survives(ctx, id); err != nil {
			return nil, err
		} else if known {
			id = uuid.Must(uuid.NewV7())
		}
	}
	to := areaOfDivision(under).below(in.Code, in.Code.Shape())
	made := line{
		ID: id, New: int64(in.Code), Parent: int64(in.Parent), Name: in.Name,
		Province: number(to.Province), City: number(to.City), County: number(to.County), Township: number(to.Township),
	}
	text, err := json.Marshal(made)
	if err != nil {
		return nil, err
	}
	var established bool
	err = scalar(ctx, t.tx, &established, `SELECT establish_division(jsonb_populate_record(NULL::division_move, $1), $2)`, string(text), in.Day)
	if err != nil {
		return nil, fmt.Errorf("establish a division: %w", err)
	}
	if !established {
		return nil, codeTaken(before, path...)
	}
	if err := t.nameDivision(ctx, in.Code, in.Name); err != nil {
		return nil, err
	}
	d, err := t.tx.Division.Query().Where(division.Code(in.Code)).Only(ctx)
	if err != nil {
		return nil, err
	}
	return d, t.audit(ctx, gen.TypeDivision, d.ID, areaOfDivision(d), map[string]any{
		"code": d.Code, "name": d.Name, "day": in.Day.Format(time.DateOnly), "again": before != nil,
	})
}

// survives tells whether a division has an id, in the viewer's area.
func (t *task) survives(ctx context.Context, id uuid.UUID) (bool, error) {
	return t.tx.Division.Query().Where(division.ID(id)).Exist(ctx)
}

// codeTaken refuses a code that another division has, or had.
func codeTaken(by *surveyed, path ...string) error {
	switch {
	case by == nil:
		return fault.Conflict("CODE_TAKEN", "该代码已被其他区划使用", path...)
	case by.ValidTo != nil:
		return fault.Conflict("CODE_TAKEN", fmt.Sprintf("代码 %s 曾为%s所用(%s 撤销或并入其他区划),不能再次启用",
			by.code(), by.Name, by.ValidTo.Format(time.DateOnly)), path...)
	}
	return fault.Conflict("CODE_TAKEN", fmt.Sprintf("代码 %s 已被%s使用", by.code(), by.Name), path...)
}
