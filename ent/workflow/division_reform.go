package workflow

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/google/uuid"

	"github.com/lianluo/lianluo/ent/calendar"
	"github.com/lianluo/lianluo/ent/fault"
	"github.com/lianluo/lianluo/ent/gen/division"
	"github.com/lianluo/lianluo/ent/kind"
	"github.com/lianluo/lianluo/ent/place"
)

// reform is a change of the tree in the making: first where some divisions go (goals), then where all in them go (moves).
type reform struct {
	kind          kind.DivisionChange
	before, after []place.Named
	// surveyed are the divisions that the change is about and all in them.
	surveyed []*surveyed
	goals    map[place.Code]*goal
	made     []*moving
	moves    []*moving
	byCode   map[place.Code]*moving
	// within is the place within which everything happens.
	within area
}

// goal is where a division goes with all that lies in it, as far as that has no goal of its own.
type goal struct {
	code place.Code
	name string // empty: as before
	// under is the place it lies in afterwards; nil: that of what it lies in now.
	under *area
	// ends tells that the division itself ends and hands over to the one at the code, which lies at heir.
	ends bool
	heir area
	// path leads to what asked for it.
	path []string
}

// moving is a division on its way.
type moving struct {
	from   *surveyed // nil for one that is new
	id     uuid.UUID
	level  place.Level
	to     area
	parent place.Code
	name   string
	ends   bool
	one    int
}

func newReform(k kind.DivisionChange) *reform {
	return &reform{kind: k, goals: map[place.Code]*goal{}}
}

// add takes divisions into the survey.
func (r *reform) add(rows []*surveyed) { r.surveyed = append(r.surveyed, rows...) }

// child finds a division among those surveyed that is directly in another.
func (r *reform) child(code, parent place.Code) *surveyed {
	for _, s := range r.surveyed {
		if s.code() == code && s.Parent != nil && *s.Parent == parent && s.ValidTo == nil && !s.Placeholder {
			return s
		}
	}
	return nil
}

// make adds a new division.
func (r *reform) make(code place.Code, level place.Level, name string, under area, parent place.Code) area {
	m := &moving{id: uuid.Must(uuid.NewV7()), level: level, to: under.below(code, level), parent: parent, name: name}
	r.made = append(r.made, m)
	return m.to
}

// goalOf is the goal that decides where a division goes: its own, or that of the next above it.
func (r *reform) goalOf(code place.Code) (place.Code, *goal) {
	for depth := code.Shape().Depth(); depth > 0; depth-- {
		up := code.At(place.Levels[depth])
		if g := r.goals[up]; g != nil {
			return up, g
		}
	}
	return 0, nil
}

// settle works out where every division goes, and checks that it can.
func (r *reform) settle(ctx context.Context, t *task, day time.Time) error {
	slices.SortFunc(r.surveyed, func(a, b *surveyed) int {
		return cmp.Or(cmp.Compare(a.Level.Depth(), b.Level.Depth()), cmp.Compare(a.code(), b.code()))
	})
	r.byCode = map[place.Code]*moving{}
	for _, s := range r.surveyed {
		from, g := r.goalOf(s.code())
		if g == nil || g.ends && from != s.code() && s.ValidTo != nil { // what ended in a division that ends stays with it
			continue
		}
		m := &moving{from: s, id: s.ID, level: s.Level, name: s.Name, one: len(r.moves)}
		m.place(g, from, r.byCode)
		if m.to.Code == s.code() && m.name == s.Name && !m.ends {
			continue
		}
		if err := checkMove(t, m, g, day); err != nil {
			return err
		}
		r.byCode[s.code()] = m
		r.moves = append(r.moves, m)
	}
	if err := r.checkCodes(ctx, t); err != nil {
		return err
	}
	return r.locate(ctx, t)
}

// place says where a division goes that follows a goal, once what it lies in has been placed.
func (m *moving) place(g *goal, from place.Code, placed map[place.Code]*moving) {
	s := m.from
	code := g.code + s.code() - from
	if from == s.code() && g.ends {
		m.ends, m.to, m.parent = true, g.heir, 0
		return
	}
	if from == s.code() && g.name != "" {
		m.name = g.name
	}
	var under area
	switch up := s.upper(placed); {
	case from == s.code() && g.under != nil:
		under = *g.under
	case up != nil:
		under = up.to
	default:
		under = s.outside()
	}
	m.parent, m.to = under.Code, under.below(code, s.Level)
	if s.Placeholder { // a heading is no one's ancestor
		m.to = under
		m.to.Code = code
	}
}

// upper is the division that one lies in, if it moves too.
func (s *surveyed) upper(placed map[place.Code]*moving) *moving {
	if s.Parent == nil {
		return nil
	}
	return placed[*s.Parent]
}

// outside is the place that a division lies in.
func (s *surveyed) outside() area {
	a := s.Area
	a.Code = *s.Parent
	switch s.Level {
	case place.LevelProvince:
		a.Province = nil
	case place.LevelCity:
		a.City = nil
	case place.LevelCounty:
		a.County = nil
	case place.LevelTownship:
		a.Township = nil
	case place.LevelNation, place.LevelVillage:
	}
	return a
}

// checkMove sees to it that a division can go where it is to go.
func checkMove(t *task, m *moving, g *goal, day time.Time) error {
	s := m.from
	if m.to.Code == t.viewer.Division || !t.viewer.Sees(m.to.Code) {
		return fault.NotFound("新代码不在辖区内", g.path...)
	}
	if m.to.Code.Shape() != s.Level {
		return fault.Invalid("LEVEL_MISMATCH", fmt.Sprintf("%s的新代码 %s 与其层级不符", s.Name, m.to.Code), g.path...)
	}
	if !m.ends && (!m.parent.Contains(m.to.Code) || m.parent == m.to.Code) {
		return fault.Invalid("NOT_UNDER_PARENT", fmt.Sprintf("%s的新代码 %s 不在上级区划 %s 之内", s.Name, m.to.Code, m.parent), g.path...)
	}
	if s.ValidTo == nil && day.Before(calendar.Day(s.ValidFrom)) {
		return fault.Invalid(impossibleDate, fmt.Sprintf("调整日期不能早于%s现状的生效日期 %s", s.Name, s.ValidFrom.Format(time.DateOnly)), decreeDay.path...)
	}
	return nil
}

// checkCodes sees to it that no code is given twice.
func (r *reform) checkCodes(ctx context.Context, t *task) error {
	leaving, coming := map[place.Code]bool{}, map[place.Code]*moving{}
	var codes []place.Code
	for _, m := range r.moves {
		if !m.ends {
			leaving[m.from.code()] = true
		}
	}
	for _, m := range append(slices.Clone(r.made), r.moves...) {
		if m.ends {
			continue
		}
		if other := coming[m.to.Code]; other != nil {
			return fault.Conflict("CODE_TAKEN", fmt.Sprintf("%s 与 %s 的新代码同为 %s,请逐一指定", other.name, m.name, m.to.Code), r.pathTo(m)...)
		}
		coming[m.to.Code] = m
		codes = append(codes, m.to.Code)
	}
	taken, err := t.taken(ctx, codes)
	if err != nil {
		return err
	}
	for _, code := range codes {
		if taken[code] != nil && !leaving[code] {
			return codeTaken(taken[code], r.pathTo(coming[code])...)
		}
	}
	return nil
}

// pathTo leads to what asked for a division's new code: itself, or what it lies in.
func (r *reform) pathTo(m *moving) []string {
	if m.from != nil {
		if own := r.goals[m.from.code()]; own != nil {
			return own.path
		}
	}
	return []string{"input", "children"}
}

// locate finds the division within which everything happens: the deepest that holds all sides and does not change itself.
func (r *reform) locate(ctx context.Context, t *task) error {
	var sides []place.Code
	for _, n := range append(slices.Clone(r.before), r.after...) {
		sides = append(sides, n.Code)
	}
	holds := func(code place.Code) bool {
		return !slices.ContainsFunc(sides, func(side place.Code) bool {
			return !code.Contains(side) || code == side && r.kind != kind.ChangeRename
		})
	}
	var up []place.Code
	for _, level := range place.Levels {
		if code := sides[0].At(level); holds(code) {
			up = append(up, code)
		}
	}
	d, err := t.tx.Division.Query().Where(division.CodeIn(up...), division.ValidToIsNil()).Order(division.ByCode()).All(ctx)
	if err != nil {
		return err
	}
	if len(d) == 0 {
		return fault.NotFound("区划不存在或不在辖区内", "input")
	}
	r.within = areaOfDivision(d[len(d)-1])
	return nil
}

// line is a moving as the database reads it.
type line struct {
	ID       uuid.UUID `json:"id"`
	Old      *int64    `json:"old"`
	New      int64     `json:"new"`
	Province *int64    `json:"province"`
	City     *int64    `json:"city"`
	County   *int64    `json:"county"`
	Township *int64    `json:"township"`
	Parent   int64     `json:"parent"`
	Name     string    `json:"name"`
	Ends     bool      `json:"ends"`
	One      int       `json:"one"`
}

func lines(moves []*moving) (string, error) {
	out := make([]line, len(moves))
	for i, m := range moves {
		out[i] = line{
			ID: m.id, New: int64(m.to.Code), Parent: int64(m.parent), Name: m.name, Ends: m.ends, One: m.one,
			Province: number(m.to.Province), City: number(m.to.City), County: number(m.to.County), Township: number(m.to.Township),
		}
		if m.from != nil {
			out[i].Old = number(&m.from.Area.Code)
		}
	}
	text, err := json.Marshal(out)
	return string(text), err
}

func number(c *place.Code) *int64 { return (*int64)(c) }

// move has the database move everything, or count what would move.
func (r *reform) move(ctx context.Context, t *task, day time.Time, dry bool) (map[string]int, error) {
	made, err := lines(r.made)
	if err != nil {
		return nil, err
	}
	moves, err := lines(r.moves)
	if err != nil {
		return nil, err
	}
	var text *string
	err = scalar(ctx, t.tx, &text, `SELECT reorganise(ARRAY(SELECT m FROM jsonb_populate_recordset(NULL::division_move, $1) AS m),
		ARRAY(SELECT m FROM jsonb_populate_recordset(NULL::division_move, $2) AS m), $3, $4)`, made, moves, day, dry)
	if err != nil {
		return nil, fmt.Errorf("move divisions: %w", err)
	}
	if text == nil {
		return nil, fault.NotFound("区划不存在或不在辖区内", "input")
	}
	moved := map[string]int{}
	if err := json.Unmarshal([]byte(*text), &moved); err != nil {
		return nil, fmt.Errorf("move divisions: %w", err)
	}
	for _, m := range r.moves {
		if m.from.Area.Code != m.to.Code && !m.from.Placeholder && m.from.ValidTo == nil {
			moved["division"]++
		}
	}
	return moved, nil
}

// former is a division as it was, as the database reads it.
type former struct {
	ID         uuid.UUID   `json:"id"`
	Code       int64       `json:"code"`
	CodeThen   int64       `json:"code_then"`
	Name       string      `json:"name"`
	Level      place.Level `json:"level"`
	ParentThen *int64      `json:"parent_code_then"`
	ValidFrom  string      `json:"valid_from"`
}

// remember keeps what the divisions were that are not so any more.
func (r *reform) remember(ctx context.Context, t *task, event uuid.UUID) error {
	formers := []former{} // none when only something new is made
	for _, m := range r.moves {
		s := m.from
		if s.Placeholder || s.ValidTo != nil {
			continue
		}
		formers = append(formers, former{
			ID: uuid.Must(uuid.NewV7()), Code: int64(m.to.Code), CodeThen: int64(s.code()), Name: s.Name, Level: s.Level,
			ParentThen: number(s.Parent), ValidFrom: s.ValidFrom.Format(time.DateOnly),
		})
	}
	text, err := json.Marshal(formers)
	if err != nil {
		return err
	}
	var kept int
	if err := scalar(ctx, t.tx, &kept, `SELECT keep_former($1, $2)`, event, string(text)); err != nil {
		return fmt.Errorf("keep former divisions: %w", err)
	}
	if kept != len(formers) {
		return fmt.Errorf("%d of %d former divisions were kept", kept, len(formers))
	}
	return nil
}

// listNames joins names for a message, a few of them.
func listNames(names []string) string {
	const most = 5
	if len(names) > most {
		return strings.Join(names[:most], "、") + fmt.Sprintf("等 %d 个", len(names))
	}
	return strings.Join(names, "、")
}
