package workflow

import (
	"context"
	"fmt"
	"time"

	"github.com/google/uuid"
	"github.com/lib/pq"

	"github.com/lianluo/lianluo/ent/fault"
	"github.com/lianluo/lianluo/ent/gen"
	"github.com/lianluo/lianluo/ent/gen/division"
	"github.com/lianluo/lianluo/ent/place"
)

// surveyed is a division as it stands before a change.
type surveyed struct {
	ID          uuid.UUID
	Level       place.Level
	Name        string
	Placeholder bool
	Parent      *place.Code
	Area        area
	ValidFrom   time.Time
	ValidTo     *time.Time
}

func (s *surveyed) code() place.Code { return s.Area.Code }

func (s *surveyed) named() place.Named {
	return place.Named{Code: s.Area.Code, Name: s.Name, Level: s.Level}
}

// survey finds divisions with all that lies in them, headings and divisions that ended too, in the order of their codes.
func (t *task) survey(ctx context.Context, roots ...place.Code) (found []*surveyed, err error) {
	rows, err := t.tx.QueryContext(ctx, `SELECT id, code, level, name, placeholder, parent_code,
		province_code, city_code, county_code, township_code, valid_from, valid_to FROM division_subtree($1)`, codeArray(roots))
	if err != nil {
		return nil, fmt.Errorf("survey: %w", err)
	}
	defer func() {
		if closed := rows.Close(); err == nil {
			err = closed
		}
	}()
	for rows.Next() {
		var s surveyed
		a := &s.Area
		if err := rows.Scan(&s.ID, &a.Code, &s.Level, &s.Name, &s.Placeholder, &s.Parent,
			&a.Province, &a.City, &a.County, &a.Township, &s.ValidFrom, &s.ValidTo); err != nil {
			return nil, fmt.Errorf("survey: %w", err)
		}
		found = append(found, &s)
	}
	return found, rows.Err()
}

func codeArray(codes []place.Code) any {
	out := make(pq.Int64Array, len(codes))
	for i, c := range codes {
		out[i] = int64(c)
	}
	return out
}

// changing finds a division that is to be changed, with all that lies in it. It must be below the viewer's own.
func (t *task) changing(ctx context.Context, code place.Code, path ...string) ([]*surveyed, error) {
	if code == t.viewer.Division && t.viewer.Sees(code) {
		return nil, forbidden("不能调整本级区划,请由上级办理", path...)
	}
	found, err := t.survey(ctx, code)
	if err != nil {
		return nil, err
	}
	if len(found) == 0 || found[0].code() != code || found[0].Placeholder {
		return nil, fault.NotFound("区划不存在或不在辖区内", path...)
	}
	if found[0].ValidTo != nil {
		return nil, fault.Conflict("CLOSED", "该区划已撤销", path...)
	}
	return found, nil
}

// enclosing finds the division that a code lies in directly, in the tree as it stands, and sees to it that the code lies below the viewer's own division.
func (t *task) enclosing(ctx context.Context, code place.Code, path ...string) (*gen.Division, error) {
	if code == t.viewer.Division || !t.viewer.Sees(code) {
		return nil, fault.NotFound("新代码不在辖区内", path...)
	}
	var up []place.Code
	for _, level := range place.Levels[:code.Shape().Depth()] {
		up = append(up, code.At(level))
	}
	return t.tx.Division.Query().
		Where(division.CodeIn(up...), division.CodeNEQ(code), division.ValidToIsNil()).
		Order(gen.Desc(division.FieldCode)).First(ctx)
}

// taken tells which divisions have some codes. One that ended keeps its own.
func (t *task) taken(ctx context.Context, codes []place.Code) (map[place.Code]*surveyed, error) {
	rows, err := t.survey(ctx, codes...)
	if err != nil {
		return nil, err
	}
	asked := make(map[place.Code]bool, len(codes))
	for _, c := range codes {
		asked[c] = true
	}
	out := map[place.Code]*surveyed{}
	for _, row := range rows {
		if asked[row.code()] {
			out[row.code()] = row
		}
	}
	return out, nil
}

// below is the place of a division of a level under another place.
func (a area) below(code place.Code, level place.Level) area {
	a.Code = code
	switch level {
	case place.LevelProvince:
		a.Province = &code
	case place.LevelCity:
		a.City = &code
	case place.LevelCounty:
		a.County = &code
	case place.LevelTownship:
		a.Township = &code
	case place.LevelNation, place.LevelVillage:
	}
	return a
}
