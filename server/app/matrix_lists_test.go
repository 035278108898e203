package app_test

import (
	"fmt"
	"slices"
	"strings"

	"github.com/lianluo/lianluo/server/app/oracle"
)

// variant is one way to ask for a list below a division: its arguments and which rows must come, in order.
type variant struct {
	args string
	rows func(c cell, root string) []string
}

func contains(ids []string, id string) bool { return slices.Contains(ids, id) }

// inTree sorts ids by the code of their place, then by id, as lists in the order of the tree are.
func (m *matrix) inTree(ids []string) []string {
	slices.SortFunc(ids, func(a, b string) int {
		if byCode := strings.Compare(m.world.At(a), m.world.At(b)); byCode != 0 {
			return byCode
		}
		return strings.Compare(a, b)
	})
	return ids
}

// newestFirst sorts ids falling: they are keys in the order of entry.
func (m *matrix) newestFirst(ids []string) []string {
	slices.Sort(ids)
	slices.Reverse(ids)
	return ids
}

func (m *matrix) stationsInTree(keep func(*oracle.Station) bool) []string {
	return m.inTree(collect(m.world.Stations, func(s *oracle.Station) string { return s.ID }, keep))
}

// posted tells whether the viewer sees a posting in force of a station, a deputy or a mandate.
func (c cell) posted(of func(*oracle.Posting) bool) bool {
	return slices.ContainsFunc(c.world.Postings, func(p *oracle.Posting) bool {
		return p.Current() && of(p) && c.world.Sees(c.Viewer, p.ID)
	})
}

// stationVariants are the ways to ask for stations below a division. The first one is the plainest that shows all.
func stationVariants(w *world) []variant {
	const all = "kinds: [HOME, STATION, POINT, POST, BASE, ONLINE], status: ANY"
	zone := w.Spot("430121").Zone
	in := func(filter string, keep func(c cell, s *oracle.Station) bool) variant {
		return variant{filter, func(c cell, root string) []string {
			return c.stationsInTree(func(s *oracle.Station) bool { return oracle.Holds(root, s.At) && keep(c, s) })
		}}
	}
	usual := func(s *oracle.Station) bool { return s.ClosedOn == "" && !s.Online() }
	closed := in("first: 100, orderBy: NEWEST, filter: {status: CLOSED}", func(_ cell, s *oracle.Station) bool { return s.ClosedOn != "" })
	inTree := closed.rows
	closed.rows = func(c cell, root string) []string { return c.newestFirst(inTree(c, root)) }
	return []variant{
		in("first: 100, filter: {"+all+"}", func(cell, *oracle.Station) bool { return true }),
		in("last: 100, filter: {"+all+"}", func(cell, *oracle.Station) bool { return true }),
		in("first: 100", func(_ cell, s *oracle.Station) bool { return usual(s) }),
		closed,
		in("first: 100, filter: {kinds: [ONLINE]}", func(_ cell, s *oracle.Station) bool { return s.ClosedOn == "" && s.Online() }),
		in(`first: 100, filter: {search: "z"}`, func(_ cell, s *oracle.Station) bool { return usual(s) }),
		in("first: 100, filter: {nameUniform: true}", func(_ cell, s *oracle.Station) bool { return usual(s) && s.NameUniform }),
		in("first: 100, filter: {hasPostings: true}", func(c cell, s *oracle.Station) bool {
			return usual(s) && c.posted(func(p *oracle.Posting) bool { return p.Station == s.ID })
		}),
		in("first: 100, filter: {hasPostings: false}", func(c cell, s *oracle.Station) bool {
			return usual(s) && !c.posted(func(p *oracle.Posting) bool { return p.Station == s.ID })
		}),
		in("first: 100, filter: {offTree: true}", func(_ cell, s *oracle.Station) bool { return usual(s) && s.Zone != "" }),
		in(fmt.Sprintf("first: 100, filter: {zone: %q}", globalID("Zone", zone)),
			func(_ cell, s *oracle.Station) bool { return usual(s) && s.Zone == zone }),
		in("first: 100, filter: {hasBrand: true}", func(_ cell, s *oracle.Station) bool { return usual(s) && s.Brand != "" }),
		{"first: 100, filter: {ownOnly: true}", func(c cell, root string) []string {
			return c.stationsInTree(func(s *oracle.Station) bool { return usual(s) && s.At == root })
		}},
	}
}

func zoneVariants() []variant {
	zones := func(keep func(*oracle.Zone) bool) func(cell, string) []string {
		return func(c cell, root string) []string {
			return c.inTree(collect(c.world.Zones, func(z *oracle.Zone) string { return z.ID },
				func(z *oracle.Zone) bool { return oracle.Holds(root, z.At) && keep(z) }))
		}
	}
	return []variant{
		{"first: 100", zones(func(*oracle.Zone) bool { return true })},
		{"first: 100, kinds: [MARKET]", zones(func(z *oracle.Zone) bool { return z.Kind == "MARKET" })},
	}
}

func childVariants() []variant {
	children := func(keep func(cell, *oracle.Place) bool) func(cell, string) []string {
		return func(c cell, root string) []string {
			return c.inTree(collect(c.world.Places, func(p *oracle.Place) string { return p.ID },
				func(p *oracle.Place) bool { return p.Parent == root && !p.Placeholder && keep(c, p) }))
		}
	}
	return []variant{
		{"first: 100", children(func(cell, *oracle.Place) bool { return true })},
		{"first: 100, levels: [COUNTY, TOWNSHIP]", children(func(_ cell, p *oracle.Place) bool {
			return p.Level == "COUNTY" || p.Level == "TOWNSHIP"
		})},
		{`first: 100, search: "p43"`, children(func(_ cell, p *oracle.Place) bool { return strings.HasPrefix(p.Code, "43") })},
	}
}

// deputyVariants are the ways to ask for deputies below a division: those at home there with a mandate that the
// viewer sees and that fulfils the filter.
func deputyVariants() []variant {
	in := func(filter string, seat func(*oracle.Mandate) bool, keep func(c cell, d *oracle.Deputy) bool) variant {
		return variant{filter, func(c cell, root string) []string {
			return c.inTree(collect(c.world.Deputies, func(d *oracle.Deputy) string { return d.ID }, func(d *oracle.Deputy) bool {
				return oracle.Holds(root, d.Home) && keep(c, d) && slices.ContainsFunc(c.world.Mandates, func(m *oracle.Mandate) bool {
					return m.Deputy == d.ID && seat(m) && c.world.Sees(c.Viewer, m.ID)
				})
			}))
		}}
	}
	onRoll := func(m *oracle.Mandate) bool { return m.OnRoll() }
	anyone := func(cell, *oracle.Deputy) bool { return true }
	here := func(c cell, d *oracle.Deputy) bool {
		return c.posted(func(p *oracle.Posting) bool { return p.Deputy == d.ID })
	}
	return []variant{
		in("first: 100, filter: {statuses: [ELECTED, CONFIRMED, SUSPENDED, ENDED]}", func(*oracle.Mandate) bool { return true }, anyone),
		in("first: 100", onRoll, anyone),
		in("first: 100, filter: {levels: [COUNTY, NATIONAL]}", func(m *oracle.Mandate) bool {
			return onRoll(m) && (m.Level == "COUNTY" || m.Level == "NATIONAL")
		}, anyone),
		in("first: 100, filter: {posted: true}", onRoll, here),
		in("first: 100, filter: {posted: false}", onRoll, func(c cell, d *oracle.Deputy) bool { return !here(c, d) }),
		in(`first: 100, filter: {search: "d"}`, onRoll, anyone),
	}
}

func mandateVariants() []variant {
	in := func(args string, keep func(c cell, m *oracle.Mandate) bool) variant {
		return variant{args, func(c cell, root string) []string {
			return c.inTree(collect(c.world.Mandates, func(m *oracle.Mandate) string { return m.ID },
				func(m *oracle.Mandate) bool { return oracle.Holds(root, m.At) && keep(c, m) }))
		}}
	}
	here := func(c cell, m *oracle.Mandate) bool {
		return c.posted(func(p *oracle.Posting) bool { return p.Mandate == m.ID })
	}
	return []variant{
		in("first: 100, statuses: [ELECTED, CONFIRMED, SUSPENDED, ENDED]", func(cell, *oracle.Mandate) bool { return true }),
		in("first: 100", func(_ cell, m *oracle.Mandate) bool { return m.OnRoll() }),
		in("first: 100, levels: [COUNTY, PROVINCIAL]", func(_ cell, m *oracle.Mandate) bool {
			return m.OnRoll() && (m.Level == "COUNTY" || m.Level == "PROVINCIAL")
		}),
		in("first: 100, posted: true", func(c cell, m *oracle.Mandate) bool { return m.OnRoll() && here(c, m) }),
		in("first: 100, posted: false", func(c cell, m *oracle.Mandate) bool { return m.OnRoll() && !here(c, m) }),
	}
}

// below makes the probes of a Division's list of its variants.
func below(field string, variants []variant) []probe {
	out := make([]probe, len(variants))
	for i, v := range variants {
		out[i] = connection(field, v.args, func(c cell) []string { return v.rows(c, c.world.At(c.id)) })
	}
	return out
}

func divisionProbes(w *world) []probe {
	probes := []probe{
		own(), scalar("name", "name"), scalar("level", "level"), scalar("validFrom", "valid_from"), scalar("validTo", "valid_to"),
		value("code", "", "", 1, func(c cell) any { return c.world.At(c.id) }),
		value("fullName", "", "", 8, fullName),
		value("parent", "", selectionOf("DivisionRef"), 12, func(c cell) any { return c.ref(the[*oracle.Place](c).Parent) }),
		value("ancestors", "", selectionOf("DivisionRef"), 50, func(c cell) any {
			refs := []any{}
			for _, p := range c.world.Above(c.world.At(c.id)) {
				refs = append(refs, c.ref(p.Code))
			}
			return refs
		}),
		edge("congress", func(c cell) string { return c.world.Spot(c.world.At(c.id)).Congress }),
		list("organs", "", func(c cell) []string {
			return collect(c.world.Organs, func(o *oracle.Organ) string { return o.ID }, func(o *oracle.Organ) bool { return o.At == c.world.At(c.id) })
		}),
		value("roster", "", selectionOf("RosterLevel"), 50, func(c cell) any { return rosterAnswer(c, c.world.At(c.id)) }),
	}
	for _, p := range append(periods, oddDays.period) {
		probes = append(probes, value("rollup", p.args(), selectionOf("Rollup"), 220, func(c cell) any {
			return c.sumsOf(c.world.At(c.id), false, p, rollupFields)
		}))
	}
	probes = append(probes, value("rollup", may.args()+", tree: THEN", selectionOf("Rollup"), 440, func(c cell) any {
		return sumsAnswer(c.counts(oracle.Part{Root: c.world.At(c.id), ByThen: true}, "", may), rollupFields)
	}))
	probes = append(probes, value("opinionMeasures", measured[0].args(), selectionOf("OpinionMeasures"), 180, func(c cell) any {
		return c.measures(measured[0], c.below(c.world.At(c.id)))
	}))
	probes = append(probes, below("children", childVariants())...)
	probes = append(probes, below("stations", stationVariants(w))...)
	probes = append(probes, below("zones", zoneVariants())...)
	probes = append(probes, below("deputies", deputyVariants())...)
	probes = append(probes, below("opinions", opinionVariants(w))...)
	return append(probes, below("mandates", mandateVariants())...)
}
