package app_test

import (
	"maps"
	"strings"
	"time"

	"github.com/lianluo/lianluo/server/app/apitest"
	"github.com/lianluo/lianluo/server/app/oracle"
)

// nodeProbes is how every field of every type that is a Node is tried. A field that is not here fails the matrix.
func nodeProbes(w *world) map[string][]probe {
	out := map[string][]probe{
		"Division":     divisionProbes(w),
		"Station":      stationProbes(),
		"StationStaff": staffProbes(),
		"Grid":         gridProbes(),
		"Zone":         zoneProbes(),
		"Organ":        organProbes(),
		"Deputy":       deputyProbes(),
		"Mandate":      mandateProbes(),
		"Posting":      postingProbes(),
		"Congress":     congressProbes(),
		"Term":         termProbes(),
		"Constituency": constituencyProbes(),

		"Opinion":       opinionProbes(),
		"OpinionEvent":  eventProbes(),
		"Attachment":    attachmentProbes(),
		"Category":      categoryProbes(),
		"QrCode":        codeProbes(),
		"Suggestion":    suggestionProbes(),
		"PublishedCase": caseProbes(),
		"Notification":  notificationProbes(),
	}
	maps.Copy(out, dutyNodes())
	maps.Copy(out, changeNodes())
	out["Division"] = append(out["Division"], changesOfDivision()...)
	for typ, more := range map[string][]probe{
		"Division": dutyOfDivision(), "Station": dutyOfStation(), "Deputy": dutyOfDeputy(), "Congress": dutyOfCongress(), "Mandate": dutyOfMandate(),
	} {
		out[typ] = append(out[typ], more...)
	}
	return out
}

// own is the id of the thing itself.
func own() probe {
	return value("id", "", "", 1, func(c cell) any { return c.globalID(c.id) })
}

// moment is a field with a time, which may be written with any offset, or with none.
func moment(field, column string) probe {
	return probe{field: field, cost: 1, judge: func(c cell, got any) { c.same(utc(got), utc(c.stored(c.id)[column])) }}
}

// utc writes a time in the one way in which it can be compared.
func utc(v any) any {
	text, _ := v.(string)
	if at, err := time.Parse(time.RFC3339Nano, text); err == nil {
		return at.UTC().Format(time.RFC3339Nano)
	}
	return v
}

// the is the thing of a cell.
func the[T any](c cell) T { return oracle.Get[T](&c.world.World, c.id) }

// collect lists the ids of the things that fulfil a condition, in the order of the facts.
func collect[T any](things []T, id func(T) string, keep func(T) bool) []string {
	out := []string{}
	for _, x := range things {
		if keep(x) {
			out = append(out, id(x))
		}
	}
	return out
}

func divisionAt(c cell) string { return c.world.Place(c.world.At(c.id)).ID }

func stationProbes() []probe {
	probes := []probe{
		own(), scalar("version", "version"), scalar("kind", "kind"), scalar("name", "name"), scalar("nameUniform", "name_uniform"),
		edge("division", divisionAt),
		scalar("address", "address"), scalar("longitude", "longitude"), scalar("latitude", "latitude"), scalar("floor", "floor"),
		scalar("areaM2", "area_m2"), scalar("openingRule", "opening_rule"), scalar("brand", "brand"), scalar("phone", "phone"),
		scalar("openedOn", "opened_on"), scalar("closedOn", "closed_on"), scalar("closeReason", "close_reason"),
		edge("qrCode", func(c cell) string {
			if the[*oracle.Station](c).ClosedOn != "" {
				return "" // no one is told of what leads nowhere
			}
			return apitest.CodeOf(c.id)
		}), moment("createdAt", "created_at"), moment("updatedAt", "updated_at"),
		edge("parent", func(c cell) string { return the[*oracle.Station](c).Parent }),
		edge("organ", func(c cell) string { return the[*oracle.Station](c).Organ }),
		edge("zone", func(c cell) string { return the[*oracle.Station](c).Zone }),
		edge("constituency", func(c cell) string { return the[*oracle.Station](c).Constituency }),
		connection("branches", "first: 100", func(c cell) []string {
			return c.stationsInTree(func(s *oracle.Station) bool { return s.Parent == c.id && s.ClosedOn == "" })
		}),
		list("staff", "", func(c cell) []string {
			return collect(c.world.Staff, func(s *oracle.Staff) string { return s.ID },
				func(s *oracle.Staff) bool { return s.Station == c.id && s.EndedOn == "" })
		}),
		list("grids", "", func(c cell) []string {
			return collect(c.world.Grids, func(g *oracle.Grid) string { return g.ID }, func(g *oracle.Grid) bool { return g.Station == c.id })
		}),
		value("budgets", "", selectionOf("StationBudget"), 50, func(c cell) any {
			lines := []any{}
			for _, b := range c.world.Budgets {
				if b.Station == c.id && c.world.Sees(c.Viewer, b.ID) {
					lines = append(lines, map[string]any{"year": b.Year, "purpose": b.Purpose, "amountYuan": float64(b.Fen) / 100})
				}
			}
			return lines
		}),
	}
	for _, current := range []string{"", "current: false, "} {
		probes = append(probes, connection("postings", current+"first: 100", func(c cell) []string {
			return c.newestFirst(collect(c.world.Postings, func(p *oracle.Posting) string { return p.ID }, func(p *oracle.Posting) bool {
				return p.Station == c.id && (p.Current() || current != "")
			}))
		}))
	}
	return append(probes, opinionsOf(func(c cell, o *oracle.Opinion) bool { return o.Station == c.id })...)
}

func staffProbes() []probe {
	return []probe{
		own(), scalar("version", "version"), scalar("name", "name"), scalar("office", "office"), scalar("origin", "origin"),
		scalar("startedOn", "started_on"), scalar("endedOn", "ended_on"),
		edge("station", func(c cell) string { return the[*oracle.Staff](c).Station }),
		edge("deputy", func(c cell) string { return the[*oracle.Staff](c).Deputy }),
	}
}

func gridProbes() []probe {
	return []probe{
		own(), scalar("number", "number"), scalar("name", "name"),
		edge("station", func(c cell) string { return the[*oracle.Grid](c).Station }),
		list("postings", "", func(c cell) []string {
			return collect(c.world.Postings, func(p *oracle.Posting) string { return p.ID }, func(p *oracle.Posting) bool {
				return p.Current() && contains(the[*oracle.Grid](c).Postings, p.ID)
			})
		}),
		list("staff", "", func(c cell) []string { return the[*oracle.Grid](c).Staff }),
	}
}

func zoneProbes() []probe {
	return []probe{
		own(), scalar("kind", "kind"), scalar("name", "name"), edge("division", divisionAt),
		connection("stations", "first: 100", func(c cell) []string {
			return c.stationsInTree(func(s *oracle.Station) bool { return s.Zone == c.id && s.ClosedOn == "" })
		}),
	}
}

func organProbes() []probe {
	return []probe{
		own(), scalar("kind", "kind"), scalar("name", "name"), scalar("validFrom", "valid_from"), scalar("validTo", "valid_to"),
		value("formerNames", "", selectionOf("FormerName"), 40, func(c cell) any { return c.stored(c.id)["former_names"] }),
		edge("division", divisionAt),
	}
}

func deputyProbes() []probe {
	probes := []probe{
		own(), scalar("version", "version"), scalar("name", "name"), scalar("gender", "gender"), scalar("birthMonth", "birth_month"),
		scalar("ethnicity", "ethnicity"), scalar("workUnit", "work_unit"), scalar("jobTitle", "job_title"),
		edge("division", divisionAt),
		{field: "phone", cost: 8, judge: func(c cell, got any) {
			d := the[*oracle.Deputy](c)
			c.count(c.world.SeesPhone(c.Viewer, d))
			want := c.world.Phone(c.Viewer, c.id)
			if got == nil {
				got = ""
			}
			switch got {
			case want:
			case d.Phone:
				c.leak(got)
			case d.Masked:
				c.loss(want)
			default:
				c.mismatch(got, want)
			}
		}},
		list("mandates", "", func(c cell) []string {
			return collect(c.world.Mandates, func(m *oracle.Mandate) string { return m.ID }, func(m *oracle.Mandate) bool { return m.Deputy == c.id })
		}),
	}
	probes = append(probes, connection("suggestions", "first: 100", func(c cell) []string {
		return c.newestFirst(collect(c.world.Suggestions, func(s *oracle.Suggestion) string { return s.ID },
			func(s *oracle.Suggestion) bool { return s.Deputy == c.id }))
	}))
	probes = append(probes, opinionsOf(func(c cell, o *oracle.Opinion) bool { return o.Deputy == c.id })...)
	return append(probes, postingsOf(func(c cell, p *oracle.Posting) bool { return p.Deputy == c.id })...)
}

// postingsOf are the lists of postings of a deputy or a mandate: those in force, and with the past.
func postingsOf(belongs func(cell, *oracle.Posting) bool) []probe {
	var out []probe
	for _, args := range []string{"", "current: false"} {
		out = append(out, list("postings", args, func(c cell) []string {
			return collect(c.world.Postings, func(p *oracle.Posting) string { return p.ID }, func(p *oracle.Posting) bool {
				return belongs(c, p) && (p.Current() || args != "")
			})
		}))
	}
	return out
}

func mandateProbes() []probe {
	probes := []probe{
		own(), scalar("version", "version"), scalar("level", "level"), scalar("status", "status"), scalar("election", "election"),
		scalar("electedOn", "elected_on"), scalar("endedOn", "ended_on"), scalar("endReason", "end_reason"), scalar("endNote", "end_note"),
		scalar("termNumber", "term_number"),
		edge("deputy", func(c cell) string { return the[*oracle.Mandate](c).Deputy }),
		value("seat", "", selectionOf("DivisionRef"), 12, func(c cell) any { return c.ref(the[*oracle.Mandate](c).Seat) }),
		edge("congress", func(c cell) string { return the[*oracle.Mandate](c).Congress }),
		edge("term", func(c cell) string { return the[*oracle.Mandate](c).Term }),
		edge("constituency", func(c cell) string { return the[*oracle.Mandate](c).Constituency }),
		edge("division", divisionAt),
	}
	return append(probes, postingsOf(func(c cell, p *oracle.Posting) bool { return p.Mandate == c.id })...)
}

func postingProbes() []probe {
	return []probe{
		own(), scalar("version", "version"), scalar("basis", "basis"), scalar("startedOn", "started_on"), scalar("endedOn", "ended_on"),
		scalar("endReason", "end_reason"),
		edge("station", func(c cell) string { return the[*oracle.Posting](c).Station }),
		edge("deputy", func(c cell) string { return the[*oracle.Posting](c).Deputy }),
		edge("mandate", func(c cell) string { return the[*oracle.Posting](c).Mandate }),
		edge("qrCode", func(c cell) string {
			if !the[*oracle.Posting](c).Current() {
				return ""
			}
			return apitest.CodeOf(c.id)
		}),
	}
}

func congressProbes() []probe {
	return []probe{
		own(), scalar("level", "level"), scalar("name", "name"), edge("division", divisionAt),
		list("terms", "", func(c cell) []string {
			return collect(c.world.Terms, func(t *oracle.Term) string { return t.ID }, func(t *oracle.Term) bool { return t.Congress == c.id })
		}),
		connection("constituencies", "first: 100", func(c cell) []string {
			return collect(c.world.Constituencies, func(x *oracle.Constituency) string { return x.ID },
				func(x *oracle.Constituency) bool { return x.Congress == c.id })
		}),
	}
}

func termProbes() []probe {
	return []probe{
		own(), scalar("number", "number"), scalar("startsOn", "starts_on"), scalar("endsOn", "ends_on"),
		edge("congress", func(c cell) string { return the[*oracle.Term](c).Congress }),
	}
}

func constituencyProbes() []probe {
	return []probe{
		own(), scalar("number", "number"), scalar("name", "name"), scalar("basis", "basis"), scalar("seats", "seats"),
		edge("congress", func(c cell) string { return the[*oracle.Constituency](c).Congress }),
		edge("division", divisionAt),
		connection("stations", "first: 100", func(c cell) []string {
			return c.stationsInTree(func(s *oracle.Station) bool { return s.Constituency == c.id && s.ClosedOn == "" })
		}),
	}
}

// fullName is the names from the province down.
func fullName(c cell) any {
	var b strings.Builder
	code := c.world.At(c.id)
	for _, p := range c.world.Above(code) {
		if p.Level != "NATION" {
			b.WriteString(p.Name)
		}
	}
	return b.String() + c.world.Place(code).Name
}
