package oracle

import (
	"fmt"
	"slices"
)

// forever is later than any day.
const forever = "9999-12-31"

// SeesDeeds tells until which day a viewer is told what a deputy did, wherever it was: those in whose area the deputy is grouped, or was until
// then, and the deputy. It is empty for everyone else.
func (w *World) SeesDeeds(v Viewer, deputy string) string {
	until := ""
	for _, m := range w.Mandates {
		if m.Deputy != deputy || v.Role == "DEPUTY" && v.Person != deputy || v.Role != "DEPUTY" && !reaches(v, m.At) {
			continue
		}
		if m.EndedOn == "" {
			return forever
		}
		until = max(until, m.EndedOn)
	}
	return until
}

// Deeds lists what a deputy did that counts, as kind and id, up to a day: attendances of what is confirmed, opinions brought that were not declined,
// suggestions, courses, confirmed records, contacts of both of a pairing, claims granted.
func (w *World) Deeds(deputy, until string) []string {
	var out []string
	deed := func(kind, id, day string) {
		if day <= until {
			out = append(out, kind+" "+id)
		}
	}
	for _, a := range w.Attendances {
		if a.Deputy == deputy && Get[*Activity](w, a.Activity).State == "CONFIRMED" {
			deed("ATTENDANCE", a.ID, a.Day)
		}
	}
	for _, o := range w.Opinions {
		if o.Deputy == deputy && o.State != "DECLINED" {
			deed("OPINION", o.ID, "") // all came in before anyone left
		}
	}
	for _, s := range w.Suggestions {
		if s.Deputy == deputy {
			deed("SUGGESTION", s.ID, "")
		}
	}
	for _, x := range w.Works {
		switch {
		case x.Deputy != deputy:
		case x.Of == "training_attendance":
			deed("TRAINING", x.ID, x.Day)
		case x.Of == "duty_record" && x.State == "CONFIRMED":
			deed("RECORD", x.ID, x.Day)
		case x.Of == "point_claim" && x.State == "APPROVED":
			deed("CLAIM", x.ID, x.Day)
		}
	}
	for _, c := range w.Contacts {
		if p := Get[*Pairing](w, c.Pairing); p.Leader == deputy || p.Deputy == deputy {
			deed("CONTACT", c.ID, c.Day)
		}
	}
	slices.Sort(out)
	return out
}

// Rank is the highest mandate of a deputy on a day and its level, for those in whose area the deputy is grouped or was posted on that day, and the deputy.
func (w *World) Rank(v Viewer, deputy, day string) string {
	then := func(from, to string) bool { return from <= day && (to == "" || to > day) }
	knows := v.Role == "DEPUTY" && v.Person == deputy || v.Role != "DEPUTY" && (w.SeesDeeds(v, deputy) != "" ||
		slices.ContainsFunc(w.Postings, func(p *Posting) bool {
			return p.Deputy == deputy && reaches(v, w.At(p.ID)) && then(p.StartedOn, p.EndedOn)
		}))
	if !knows {
		return ""
	}
	var best *Mandate
	rank := func(m *Mandate) string { return fmt.Sprint(slices.Index(Levels, m.Level), m.ElectedOn, m.ID) }
	for _, m := range w.Mandates {
		if m.Deputy != deputy || !then(m.ElectedOn, m.EndedOn) || m.Status == "SUSPENDED" {
			continue
		}
		if best == nil || rank(m) < rank(best) {
			best = m
		}
	}
	if best == nil {
		return ""
	}
	return best.ID + " " + best.Level
}

// MayAnnounce tells whether a viewer has others told of a thing: whoever sees the area it lies in, the deputy or the department that it is of, whoever has the
// appointment's receipt.
func (w *World) MayAnnounce(v Viewer, id string) bool {
	switch ways[v.Role] {
	case area, narrow:
		return reaches(v, w.At(id))
	case self:
		switch x := w.byID[id].(type) {
		case *Appointment:
			return x.Deputy != "" && x.Deputy == v.Person
		case *Work:
			return x.Deputy == v.Person
		}
	case organ:
		x, ok := w.byID[id].(*Appointment)
		return ok && x.Organ != "" && x.Organ == v.Organ
	case citizen:
		return id == v.Receipt
	}
	return false
}
