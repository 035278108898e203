package apitest

import "github.com/lianluo/lianluo/server/app/oracle"

// ChangeOf is the id of the change of the tree within a place, FormerOf that of what a place was until a change.
func ChangeOf(at string) string { return id("change " + Full(at)) }

// FormerOf is the id of a place, by its present code, as it was before the change within another.
func FormerOf(at, change string) string { return id("former " + Full(at) + ChangeOf(change)) }

// The changes of the tree: each within the lowest place that holds all it concerned, and what of it was called, or lay, otherwise before.
var changes = []struct {
	within, kind string
	was          []struct{ code, name, parent, now string }
}{
	{"0", "TRANSFER", []struct{ code, name, parent, now string }{{"429104100", "郑场镇", "429104", "429004100"}}},
	{"43", "RENAME", []struct{ code, name, parent, now string }{{"430121", "星沙县", "4301", "430121"}}},
	{"44", "MERGE", []struct{ code, name, parent, now string }{{"440304", "南头县", "4404", "440305"}, {"440305", "南山区", "4403", "440305"}}},
	{"4301", "TRANSFER", []struct{ code, name, parent, now string }{{"430102107", "果园镇", "430102", "430121107"}}},
	{"430121", "SPLIT", []struct{ code, name, parent, now string }{{"430121100", "黄兴果园镇", "430121", "430121107"}}},
	{"430102", "ABOLISH", []struct{ code, name, parent, now string }{{"430102003", "东湖街道", "430102", "430102001"}}},
	{"431002001", "RENAME", []struct{ code, name, parent, now string }{{"431002001", "人民东路街道", "431002", "431002001"}}},
	{"430121107", "RECODE", []struct{ code, name, parent, now string }{{"430121107209", "果园镇一村", "430121107", "430121107201"}}},
}

// FormerCode is the code of a place before a change of the world's under which records of it were written: all of 440305, and a visit day of 430121107.
var FormerCode = map[string]string{Full("440305"): Full("440304"), Of("day held", "430121107"): Full("430102107")}

// written is the code under which a record of a place was written.
func (w *World) written(key, at string) any {
	for _, of := range []string{key, at} {
		if code, ok := FormerCode[of]; ok {
			if w.Then == nil {
				w.Then = map[string]string{}
			}
			w.Then[key], at = code, code
			break
		}
	}
	return number(at)
}

// addChanges adds what became of the tree.
func (w *World) addChanges() {
	for _, c := range changes {
		x := &oracle.Change{ID: ChangeOf(c.within), At: Full(c.within)}
		w.Changes = append(w.Changes, x)
		before, after, moved := []row{}, []row{}, row{}
		for _, was := range c.was {
			now := w.Place(Full(was.now))
			f := &oracle.Former{
				ID: FormerOf(was.now, c.within), At: now.Code, Change: x.ID,
				Code: Full(was.code), Name: was.name, Level: now.Level, Parent: Full(was.parent), Until: opened,
			}
			if was.code != was.now {
				f.ID = id("former " + was.code)
				moved = row{"opinion": 3}
			}
			w.Formers = append(w.Formers, f)
			before = append(before, row{"code": Full(was.code), "name": was.name, "level": now.Level})
			if c.kind != "ABOLISH" {
				after = append(after, row{"code": now.Code, "name": now.Name, "level": now.Level})
			}
			w.add("former_division", f.ID, now.Code, row{
				"code_then": number(Full(was.code)), "name": was.name, "level": now.Level, "parent_code_then": number(Full(was.parent)),
				"valid_from": founded, "valid_to": opened, "division_id": now.ID, "event_id": x.ID,
			})
		}
		w.add("division_event", x.ID, x.At, row{
			"kind": c.kind, "day": opened, "document": "民函〔2022〕15号", "predecessors": before, "successors": after, "moved": moved,
		})
		w.Index()
	}
}
