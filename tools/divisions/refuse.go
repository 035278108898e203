package main

import (
	"fmt"
	"slices"
	"time"

	"github.com/lianluo/lianluo/ent/place"
)

// ended is a division that is no more and keeps its code.
type ended struct {
	name string
	on   time.Time
	// abolished: nothing took over, so it may come into being again.
	abolished bool
}

// refused is a step that cannot be made, and why.
type refused struct {
	step
	why string
}

func (refused) title() string { return titleRefused }

func (s refused) String() string {
	return fmt.Sprintf("不能办理 (cannot be made):%s:%s", s.step, s.why)
}

// relevel is a division that stands at another level in the table.
type relevel struct {
	from, to place.Code
	name     string
}

func (relevel) title() string { return titleRefused }

func (s relevel) String() string {
	return fmt.Sprintf("层级变动 %s → %s %s", s.from, s.to, s.name)
}

// refusal sorts out the steps that cannot be made, with those that rest on them.
type refusal struct {
	ended map[place.Code]ended
	// never are codes that divisions would have if their steps were made; stay are those of divisions that would have left.
	never, stay []place.Code
}

// refuse marks the steps that cannot be made: another level, a code that was another division's, and what lies in a division of which either is true.
func refuse(steps []step, gone map[place.Code]ended) []step {
	r := refusal{ended: gone}
	var out []step
	for _, s := range relevelled(steps) {
		switch s := s.(type) {
		case recode:
			out = append(out, r.recode(s)...)
		default:
			out = append(out, r.check(s))
		}
	}
	return out
}

// relevelled finds, among what is new and what is gone, divisions of one name at two levels.
func relevelled(steps []step) []step {
	fresh, lost := map[string][]add{}, map[string][]abolish{}
	for _, s := range steps {
		switch s := s.(type) {
		case add:
			fresh[s.row.Name] = append(fresh[s.row.Name], s)
		case abolish:
			lost[s.name] = append(lost[s.name], s)
		}
	}
	pair := func(name string) (relevel, bool) {
		if len(fresh[name]) != 1 || len(lost[name]) != 1 {
			return relevel{}, false
		}
		from, to := lost[name][0].code, fresh[name][0].row.Code
		depth := min(from.Shape().Depth(), to.Shape().Depth())
		within := place.Levels[max(1, depth-1)] // of the higher one's parent
		return relevel{from, to, name}, from.Shape() != to.Shape() && from.At(within) == to.At(within)
	}
	var out []step
	for _, s := range steps {
		switch s := s.(type) {
		case add:
			if p, ok := pair(s.row.Name); ok {
				out = append(out, p)
				continue
			}
		case abolish:
			if _, ok := pair(s.name); ok {
				continue
			}
		}
		out = append(out, s)
	}
	return out
}

// check refuses a step of one division, if it cannot be made.
func (r *refusal) check(s step) step {
	switch s := s.(type) {
	case relevel:
		return r.not(s, s.from, s.to, "区划不能改变层级,请先以区划调整(分设、合并、划转)办理其下级")
	case rename:
		return r.not(s, s.code, s.code, r.within(s.code))
	case transfer:
		why := r.within(s.from, s.parent)
		if why == "" {
			why = r.used(s.to, false)
		}
		return r.not(s, s.from, s.to, why)
	case add:
		why := r.within(*s.row.Parent)
		if why == "" {
			why = r.used(s.row.Code, true)
		}
		if before, ok := r.ended[s.row.Code]; ok && why == "" {
			s.again = before.on
		}
		return r.not(s, s.row.Code, s.row.Code, why)
	case abolish:
		why := r.within(s.code)
		if why == "" && slices.ContainsFunc(r.stay, s.code.Contains) {
			why = "其下级区划未能办理"
		}
		return r.not(s, s.code, s.code, why)
	}
	return s
}

// not refuses a step for a reason, if there is one.
func (r *refusal) not(s step, from, to place.Code, why string) step {
	if why == "" {
		return s
	}
	r.stay, r.never = append(r.stay, from), append(r.never, to)
	return refused{s, why}
}

// within tells why a step cannot be made that is about divisions in, or goes into, one of which another step cannot be made.
func (r *refusal) within(codes ...place.Code) string {
	for _, code := range codes {
		for _, up := range slices.Concat(r.never, r.stay) {
			if up.Contains(code) {
				return fmt.Sprintf("所在区划 %s 未能办理", up)
			}
		}
	}
	return ""
}

// used tells why a code cannot be given: a division had it that is no more. One that was abolished may have it again.
func (r *refusal) used(code place.Code, again bool) string {
	before, ok := r.ended[code]
	switch {
	case !ok, again && before.abolished:
		return ""
	case before.abolished:
		return fmt.Sprintf("代码 %s 曾为%s所用(%s 撤销),只能原样重新设立", code, before.name, before.on.Format(time.DateOnly))
	}
	return fmt.Sprintf("代码 %s 曾为%s所用(%s 并入其他区划),不能再次启用", code, before.name, before.on.Format(time.DateOnly))
}

// recode refuses those of a step's divisions whose new codes cannot be given, and those that wait for a code that one of these keeps.
func (r *refusal) recode(s recode) []step {
	why := map[place.Code]string{}
	kept := map[place.Code]bool{}
	for more := true; more; {
		more = false
		for _, c := range s.children {
			reason := r.within(c.from)
			switch {
			case why[c.from] != "":
				continue
			case reason != "":
			case kept[c.to]:
				reason = fmt.Sprintf("代码 %s 尚未空出", c.to)
			default:
				reason = r.used(c.to, false)
			}
			if reason != "" {
				why[c.from], kept[c.from], more = reason, true, true
			}
		}
	}
	made := recode{parent: s.parent}
	var out []step
	for _, c := range s.children {
		if why[c.from] == "" {
			made.children = append(made.children, c)
			continue
		}
		out = append(out, r.not(recode{s.parent, []recoded{c}}, c.from, c.to, why[c.from]))
	}
	if len(made.children) > 0 {
		out = append([]step{made}, out...)
	}
	return out
}
