package main

import (
	"cmp"
	"fmt"
	"slices"
	"time"

	"github.com/lianluo/lianluo/ent/place"
	"github.com/lianluo/lianluo/server/seed/divisions"
)

// stored is a division as the database has it now.
type stored struct {
	code, parent place.Code
	level        place.Level
	name         string
}

// The kinds of steps.
const (
	titleRename   = "更名"
	titleRecode   = "变更代码"
	titleTransfer = "划转"
	titleAdd      = "新增"
	titleAbolish  = "撤销"
	titleRefused  = "不能办理"
)

var titles = []string{titleRename, titleRecode, titleTransfer, titleAdd, titleAbolish, titleRefused}

// step is one change on the way from the tree as it is to that of the table.
type step interface {
	fmt.Stringer
	title() string
}

type (
	rename struct {
		code     place.Code
		from, to string
	}
	// recode gives divisions directly in one other codes, all at once, since they may change codes among themselves.
	recode struct {
		parent   place.Code
		children []recoded
	}
	recoded struct {
		from, to place.Code
		name     string
	}
	transfer struct {
		from, to, parent place.Code
		name             string
	}
	add struct {
		row divisions.Row
		// again is the day on which a division of the code was abolished, which is there again then; zero for one that is new.
		again time.Time
	}
	abolish struct {
		code place.Code
		name string
	}
)

func (rename) title() string   { return titleRename }
func (recode) title() string   { return titleRecode }
func (transfer) title() string { return titleTransfer }
func (add) title() string      { return titleAdd }
func (abolish) title() string  { return titleAbolish }

func (s rename) String() string {
	return fmt.Sprintf("%s %s %s → %s", titleRename, s.code, s.from, s.to)
}

func (s recode) String() (text string) {
	for i, c := range s.children {
		if i > 0 {
			text += "\n"
		}
		text += fmt.Sprintf("%s %s → %s %s", titleRecode, c.from, c.to, c.name)
	}
	return text
}

func (s transfer) String() string {
	return fmt.Sprintf("%s %s → %s %s", titleTransfer, s.from, s.to, s.name)
}

func (s add) String() string {
	text := fmt.Sprintf("%s %s %s", titleAdd, s.row.Code, s.row.Name)
	if !s.again.IsZero() {
		text += fmt.Sprintf("(%s 撤销,重新设立)", s.again.Format(time.DateOnly))
	}
	return text
}

func (s abolish) String() string { return fmt.Sprintf("%s %s %s", titleAbolish, s.code, s.name) }

// comparison walks down both trees at once, and changes the stored one in mind as the steps will.
type comparison struct {
	stored map[place.Level][]*stored
	rows   map[place.Level][]divisions.Row
	steps  []step
}

// compare finds the steps from the tree as stored to that of the table: level by level from above, so that what lies in a division that gets another
// code is compared by the code that it has then. What is gone ends last, from below.
func compare(tree []*stored, rows []divisions.Row) []step {
	c := comparison{stored: map[place.Level][]*stored{}, rows: map[place.Level][]divisions.Row{}}
	for _, s := range tree {
		c.stored[s.level] = append(c.stored[s.level], s)
	}
	for _, r := range rows {
		if !r.Placeholder && r.Parent != nil {
			c.rows[r.Level] = append(c.rows[r.Level], r)
		}
	}
	var gone []*stored
	for _, level := range place.Levels[1:] {
		gone = append(gone, c.level(level)...)
	}
	for _, s := range slices.Backward(gone) {
		c.steps = append(c.steps, abolish{s.code, s.name})
	}
	return c.steps
}

// level compares the divisions of a level and answers those that the table lacks.
func (c *comparison) level(level place.Level) (gone []*stored) {
	left := map[place.Code][]*stored{} // by the parent
	for _, s := range c.stored[level] {
		left[s.parent] = append(left[s.parent], s)
	}
	fresh := map[place.Code][]divisions.Row{}
	for _, r := range c.rows[level] {
		fresh[*r.Parent] = append(fresh[*r.Parent], r)
	}
	var parents []place.Code
	for parent := range left {
		parents = append(parents, parent)
	}
	slices.Sort(parents)
	for _, parent := range parents {
		left[parent], fresh[parent] = c.siblings(parent, left[parent], fresh[parent])
	}
	// What is in no place of its own any more may have gone to another one: told by the name, if only one has it on either side.
	lost, found := map[string][]*stored{}, map[string][]divisions.Row{}
	for _, s := range flat(left) {
		lost[s.name] = append(lost[s.name], s)
	}
	for _, r := range flat(fresh) {
		found[r.Name] = append(found[r.Name], r)
	}
	slices.SortFunc(gone, func(a, b *stored) int { return cmp.Compare(a.code, b.code) })
	for _, s := range sorted(flat(left), func(s *stored) place.Code { return s.code }) {
		if from, to := lost[s.name], found[s.name]; len(from) == 1 && len(to) == 1 && near(s.code, to[0].Code) {
			c.steps = append(c.steps, transfer{s.code, to[0].Code, *to[0].Parent, s.name})
			c.rebase(level, s.code, to[0].Code)
			s.parent = *to[0].Parent
			delete(found, s.name)
			continue
		}
		gone = append(gone, s)
	}
	for _, r := range sorted(flat(fresh), func(r divisions.Row) place.Code { return r.Code }) {
		if _, open := found[r.Name]; open {
			c.steps = append(c.steps, add{row: r})
		}
	}
	return gone
}

// near tells whether two places are in one province, and in one county if they are villages: names of villages are not rare.
func near(a, b place.Code) bool {
	if a.Shape() == place.LevelVillage {
		return a.At(place.LevelCounty) == b.At(place.LevelCounty)
	}
	return a.At(place.LevelProvince) == b.At(place.LevelProvince)
}

// siblings compares what lies directly in one division, and answers what is left of each side.
func (c *comparison) siblings(parent place.Code, left []*stored, fresh []divisions.Row) ([]*stored, []divisions.Row) {
	byCode, byName := map[place.Code]divisions.Row{}, map[string][]divisions.Row{}
	names := map[string]int{}
	for _, r := range fresh {
		byCode[r.Code] = r
		byName[r.Name] = append(byName[r.Name], r)
	}
	for _, s := range left {
		names[s.name]++
	}
	matched := map[place.Code]bool{} // codes of the table
	change := recode{parent: parent}
	var rest []*stored
	for _, s := range left {
		switch r, same := byCode[s.code]; {
		case same && r.Name == s.name:
			matched[s.code] = true
		case len(byName[s.name]) == 1 && names[s.name] == 1:
			to := byName[s.name][0].Code
			change.children = append(change.children, recoded{s.code, to, s.name})
			matched[to] = true
		default:
			rest = append(rest, s)
		}
	}
	var gone []*stored
	for _, s := range rest {
		r, same := byCode[s.code]
		if !same || matched[s.code] {
			gone = append(gone, s)
			continue
		}
		matched[s.code] = true
		c.steps = append(c.steps, rename{s.code, s.name, r.Name})
		s.name = r.Name
	}
	if len(change.children) > 0 {
		c.steps = append(c.steps, change)
		c.rebaseAll(place.Levels[change.children[0].from.Shape().Depth()], change.children)
	}
	return gone, slices.DeleteFunc(fresh, func(r divisions.Row) bool { return matched[r.Code] })
}

// rebase gives a division, and all in it, the codes that they have after a step.
func (c *comparison) rebase(level place.Level, from, to place.Code) {
	c.rebaseAll(level, []recoded{{from: from, to: to}})
}

func (c *comparison) rebaseAll(level place.Level, all []recoded) {
	to := make(map[place.Code]place.Code, len(all))
	for _, r := range all {
		to[r.from] = r.to
	}
	moved := func(code place.Code) place.Code {
		if rebased, ok := to[code.At(level)]; ok && code.Shape().Depth() >= level.Depth() {
			return rebased + code - code.At(level)
		}
		return code
	}
	for _, below := range place.Levels[level.Depth():] {
		for _, s := range c.stored[below] {
			if below != level {
				s.parent = moved(s.parent)
			}
			s.code = moved(s.code)
		}
	}
}

func flat[T any](by map[place.Code][]T) (out []T) {
	for _, some := range by {
		out = append(out, some...)
	}
	return out
}

func sorted[T any](rows []T, code func(T) place.Code) []T {
	slices.SortFunc(rows, func(a, b T) int { return cmp.Compare(code(a), code(b)) })
	return rows
}
