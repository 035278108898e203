package seed

import (
	"fmt"
	"slices"

	"github.com/lianluo/lianluo/ent/kind"
	"github.com/lianluo/lianluo/ent/place"
	"github.com/lianluo/lianluo/ent/state"
	"github.com/lianluo/lianluo/ent/viewer"
)

// Clerks are the accounts of those who deal with opinions in the demonstration and are not for trying: townships, keepers, departments,
// supervisors and deputies whose names stand in timelines. They have no password, so that no one can sign in as one of them.

// docketed are the counties that have opinions.
var docketed = []place.Code{changshaCounty, heshun, yanling}

// clerks makes the clerks that the accounts do not make needless.
func clerks(s *scribe, all *rows, accounts []*account) []*account {
	c := clerkship{scribe: s, all: all, made: accounts}
	for _, county := range docketed {
		c.offices(county)
		c.stations(county)
	}
	return c.made[len(accounts):]
}

type clerkship struct {
	*scribe
	all  *rows
	made []*account
}

// add makes a clerk, unless some account is the same already.
func (c *clerkship) add(in *division, username, display string, role viewer.Role, same func(*account) bool) *account {
	if slices.ContainsFunc(c.made, func(a *account) bool { return a.role == role && same(a) }) {
		return nil
	}
	a := &account{record: c.record(in), username: username, display: display, role: role, clerk: true}
	c.made = append(c.made, a)
	return a
}

// offices makes the clerks of departments, of the county and of the city above it, and the county's supervisor.
func (c *clerkship) offices(county place.Code) {
	number := map[*division]int{}
	for _, o := range c.all.organs {
		if o.in.code != county && (o.in.level != place.LevelCity || o.in.code != county.At(place.LevelCity)) {
			continue
		}
		switch {
		case o.kind == kind.OrganDepartment:
			number[o.in]++
			name := fmt.Sprintf("office-%s-%d", short(o.in.code), number[o.in])
			if a := c.add(o.in, name, o.name, viewer.Department, func(a *account) bool { return a.organ == o }); a != nil {
				a.organ = o
			}
		case o.name == o.in.name+"人大"+overseer && o.in.code == county:
			c.add(o.in, "overseer-"+short(o.in.code), o.name, viewer.Supervisor, func(a *account) bool { return a.in == o.in })
		}
	}
}

// stations makes the clerks of townships that have a station, and the keeper of each of their main stations and a deputy there.
func (c *clerkship) stations(county place.Code) {
	posted := map[*station]*deputy{}
	for _, p := range c.all.postings {
		m := p.mandate
		if p.open() && m.status == state.MandateConfirmed && m.term.congress.level == kind.County && posted[p.station] == nil {
			posted[p.station] = m.deputy
		}
	}
	for _, s := range c.all.stations {
		town := s.in.group()
		if s.in.county != county || town.level != place.LevelTownship {
			continue
		}
		c.add(town, "town-"+short(town.code), town.name+viewer.TownshipAdmin.Title(), viewer.TownshipAdmin,
			func(a *account) bool { return a.in == town })
		if s.kind != kind.StationStation || s.in != town && s.brand == "" {
			continue
		}
		if a := c.add(s.in, "keeper-"+short(s.in.code), s.name, viewer.StationKeeper, func(a *account) bool { return a.station == s }); a != nil {
			a.station = s
		}
		if d := posted[s]; d != nil {
			if a := c.add(d.in, "deputy-"+short(s.in.code), d.name, viewer.Deputy, func(a *account) bool { return a.deputy == d }); a != nil {
				a.deputy = d
			}
		}
	}
}

// short is a code without the zeroes that fill it up.
func short(c place.Code) string { return c.String()[:[]int{0, 2, 4, 6, 9, 12}[c.Shape().Depth()]] }
