package oracle

import "slices"

// Reaches tells whether what belongs to a place is within a viewer's reach at all: for those who see an area every place of it,
// for everyone else the own place alone.
func Reaches(v Viewer, code string) bool { return reaches(v, code) }

// reaches tells whether a viewer's own rule extends to a place.
func reaches(v Viewer, code string) bool {
	switch ways[v.Role] {
	case area, published:
		return Holds(v.At, code)
	case narrow, self, organ:
		return code == v.At
	default:
		return false
	}
}

// Sees tells whether a viewer sees a thing.
func (w *World) Sees(v Viewer, id string) bool {
	if p, ok := w.byID[id].(*Place); ok {
		// No one sees what is no place; everyone sees the own division.
		return !p.Placeholder && reaches(v, p.Code)
	}
	if f, ok := w.byID[id].(*Former); ok {
		return reaches(v, f.At) // as the place itself
	}
	if sees, decided := w.personal(v, id); decided {
		return sees
	}
	switch ways[v.Role] {
	case area, narrow:
		return w.areaSees(v, id)
	case self:
		return w.deputySees(v, id)
	case organ:
		return w.organSees(v, id)
	case citizen:
		return w.citizenSees(v, id)
	case published:
		return w.portalSees(v, id)
	default:
		return false
	}
}

// areaSees: all that belongs to the area, and whoever of elsewhere is posted to a station of it now, with the mandate
// that the posting rests on.
func (w *World) areaSees(v Viewer, id string) bool {
	at := w.At(id)
	if at == "" {
		return false
	}
	return reaches(v, at) || w.guest(v, id) || w.areaSeesDuty(v, id)
}

// guest tells whether a deputy or mandate of elsewhere is at work at a station within the viewer's reach.
func (w *World) guest(v Viewer, id string) bool {
	return slices.ContainsFunc(w.Postings, func(p *Posting) bool {
		return p.Current() && reaches(v, w.At(p.ID)) && (p.Deputy == id || p.Mandate == id)
	})
}

// deputySees: the own record, mandates and postings; the congress, term and constituency of these mandates; the stations
// posted to now and who works there.
func (w *World) deputySees(v Viewer, id string) bool {
	if v.Person == "" {
		return false
	}
	switch x := w.byID[id].(type) {
	case *Deputy:
		return x.ID == v.Person
	case *Mandate:
		return x.Deputy == v.Person
	case *Posting:
		return x.Deputy == v.Person
	case *Congress, *Term, *Constituency:
		return slices.ContainsFunc(w.Mandates, func(m *Mandate) bool {
			return m.Deputy == v.Person && (m.Congress == id || m.Term == id || m.Constituency == id)
		})
	case *Station:
		return w.postedTo(v.Person, x.ID)
	case *Staff:
		return w.postedTo(v.Person, x.Station)
	}
	return w.deputySeesOpinion(v, id)
}

func (w *World) postedTo(deputy, station string) bool {
	return slices.ContainsFunc(w.Postings, func(p *Posting) bool {
		return p.Current() && p.Deputy == deputy && p.Station == station
	})
}

// portalSees: what is published of the area. Who sits in a congress is public while it lasts, where someone is posted
// too; the codes on the walls; and the cases that were told to the public. Who works at a station, money, grids and
// organs are not, nor any opinion itself. Of deputies' work see portalSeesDuty.
func (w *World) portalSees(v Viewer, id string) bool {
	switch x := w.byID[id].(type) {
	case *Congress, *Term, *Constituency, *Zone, *Station, *Change:
		return reaches(v, w.At(id))
	case *Posting:
		return x.Current() && reaches(v, w.At(id))
	case *Mandate:
		return x.OnRoll() && reaches(v, x.At) || w.guest(v, id)
	case *Deputy:
		seated := slices.ContainsFunc(w.Mandates, func(m *Mandate) bool {
			return m.Deputy == id && w.portalSees(v, m.ID)
		})
		return seated && reaches(v, x.Home) || w.guest(v, id)
	case *Code:
		return !x.Revoked && reaches(v, w.At(id))
	case *Case:
		return !x.Withdrawn && reaches(v, w.At(id))
	}
	return w.portalSeesDuty(v, id)
}

// Phone is what a viewer who sees a deputy is shown as the telephone number: the whole number for the organs of the county and
// the township where the deputy is at home, for the keeper of a station the deputy is posted to and for the deputy, none for
// portals, masked for everyone else.
func (w *World) Phone(v Viewer, deputy string) string {
	d := Get[*Deputy](w, deputy)
	if v.Role == "PORTAL" {
		return ""
	}
	if w.SeesPhone(v, d) {
		return d.Phone
	}
	return d.Masked
}

// SeesPhone tells whether a viewer may know a deputy's whole number.
func (w *World) SeesPhone(v Viewer, d *Deputy) bool {
	switch ways[v.Role] {
	case self:
		return d.ID == v.Person
	case narrow:
		return v.Role == "STATION_KEEPER" && slices.ContainsFunc(w.Postings, func(p *Posting) bool {
			return p.Deputy == d.ID && p.Station == v.Station && p.Current()
		})
	case area:
		p := w.places[v.At]
		return p != nil && slices.Contains([]string{"COUNTY", "TOWNSHIP"}, p.Level) && reaches(v, d.Home)
	default:
		return false
	}
}

// SeesName tells whether a viewer may know code, name and level of a place: of those in sight and of those
// above the own division.
func (w *World) SeesName(v Viewer, code string) bool {
	p := w.places[code]
	return p != nil && !p.Placeholder && (Holds(code, v.At) || w.Sees(v, p.ID))
}
