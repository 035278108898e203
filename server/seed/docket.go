package seed

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/google/uuid"

	"github.com/lianluo/lianluo/ent/calendar"
	"github.com/lianluo/lianluo/ent/kind"
	"github.com/lianluo/lianluo/ent/place"
	"github.com/lianluo/lianluo/ent/state"
	"github.com/lianluo/lianluo/ent/viewer"
)

// present is when the timelines of the demonstration break off. What is open then is for those who try it.
var present = clockTime(date(2026, time.February, 13), 18, 0)

// clockTime is a moment of a day in Asia/Shanghai.
func clockTime(day time.Time, hour, minute int) time.Time {
	return day.Add(time.Duration(hour-8)*time.Hour + time.Duration(minute)*time.Minute)
}

// almanac is what all opinions go by: the working calendar and the categories, as the database has them.
type almanac struct {
	calendar.Workdays
	categories map[string]category // by number
}

// category is what opinions are about (问题分类).
type category struct {
	id   uuid.UUID
	name string
}

func readAlmanac(ctx context.Context, q querier) (*almanac, error) {
	a := &almanac{categories: map[string]category{}}
	var off, worked []time.Time
	err := each(ctx, q, `SELECT day, kind FROM calendar_day`, func(scan func(...any) error) error {
		var day time.Time
		var is kind.CalendarDay
		if err := scan(&day, &is); err != nil {
			return err
		}
		if is == kind.DayWork {
			worked = append(worked, day)
		} else {
			off = append(off, day)
		}
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("read the calendar: %w", err)
	}
	a.Workdays = calendar.NewWorkdays(off, worked)
	err = each(ctx, q, `SELECT number, id, name FROM category`, func(scan func(...any) error) error {
		var number string
		var c category
		if err := scan(&number, &c.id, &c.name); err != nil {
			return err
		}
		a.categories[number] = c
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("read the categories: %w", err)
	}
	return a, nil
}

// each calls read for every row.
func each(ctx context.Context, q querier, query string, read func(scan func(...any) error) error) (err error) {
	rows, err := q.QueryContext(ctx, query)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, rows.Close()) }()
	for rows.Next() {
		if err := read(rows.Scan); err != nil {
			return err
		}
	}
	return rows.Err()
}

// docket makes the opinions of a county, and what became of them.
type docket struct {
	scribe
	rows
	*almanac
	names  *nameParts
	county *division
	// stations are those of the county, posted the postings at each.
	stations []*station
	posted   map[*station][]*posting
	codesAt  map[*station][]*code
	// offices are the departments of the county and of the city above it, by the end of their names; overseer is who supervises.
	offices  map[*division]map[string]*organ
	overseer *organ
	staffed  *cast
	numbers  map[string]bool
	// visitDay is the one day on which all come in, if it is so.
	visitDay time.Time
	// met are the ways things were told, so that no two are told in the same words.
	met map[string]bool
	err error // the first
}

// docket begins the opinions of a county.
func (w *world) docket(at place.Code, all *rows, accounts []*account, a *almanac) (*docket, error) {
	county, err := w.tree.find(at)
	if err != nil {
		return nil, err
	}
	d := &docket{
		scribe: w.scribe(at, forOpinions), almanac: a, names: w.parts, county: county,
		posted: map[*station][]*posting{}, codesAt: map[*station][]*code{}, offices: map[*division]map[string]*organ{},
		staffed: newCast(accounts), numbers: map[string]bool{}, met: map[string]bool{},
	}
	for _, s := range all.stations {
		if s.in.above(place.LevelCounty) == county {
			d.stations = append(d.stations, s)
		}
	}
	for _, p := range all.postings {
		if p.station.in.above(place.LevelCounty) == county {
			d.posted[p.station] = append(d.posted[p.station], p)
		}
	}
	for _, c := range all.codes {
		if c.in.above(place.LevelCounty) == county {
			d.codesAt[c.station] = append(d.codesAt[c.station], c)
		}
	}
	for _, o := range all.organs {
		switch {
		case o.in != county && o.in != county.parent:
		case o.kind == kind.OrganDepartment:
			if d.offices[o.in] == nil {
				d.offices[o.in] = map[string]*organ{}
			}
			d.offices[o.in][strings.TrimPrefix(o.name, o.in.name)] = o
		case o.in == county && strings.HasSuffix(o.name, overseer):
			d.overseer = o
		}
	}
	return d, nil
}

// fail keeps the first error.
func (d *docket) fail(err error) {
	if d.err == nil {
		d.err = err
	}
}

// cast are the accounts that act on opinions, by what they stand for.
type cast struct {
	admins    map[*division]*account // of townships, counties and cities
	keepers   map[*station]*account
	offices   map[*organ]*account
	overseers map[*division]*account
	deputies  map[*deputy]*account
}

func newCast(accounts []*account) *cast {
	c := &cast{
		admins: map[*division]*account{}, keepers: map[*station]*account{}, offices: map[*organ]*account{},
		overseers: map[*division]*account{}, deputies: map[*deputy]*account{},
	}
	for _, a := range accounts {
		switch a.role {
		case viewer.CityAdmin, viewer.CountyAdmin, viewer.TownshipAdmin:
			c.admins[a.in] = a
		case viewer.StationKeeper:
			c.keepers[a.station] = a
		case viewer.Department:
			c.offices[a.organ] = a
		case viewer.Supervisor:
			c.overseers[a.in] = a
		case viewer.Deputy:
			c.deputies[a.deputy] = a
		}
	}
	return c
}

// What can be wrong with the demonstration's own plan.
var (
	errNoActor = errors.New("no one is there to do it")
	errTooFew  = errors.New("too few opinions come in")
)

// as makes an actor of an account.
func (d *docket) as(p state.Party, a *account) actor {
	if a == nil {
		d.fail(fmt.Errorf("%w: %s", errNoActor, p))
		return actor{party: p}
	}
	return actor{party: p, subject: a.id.String(), role: a.role, code: a.in.code, organ: idOf(a.organ), deputy: idOf(a.deputy)}
}

// officer is who does the work of a station: its keeper, elsewhere the township.
func (d *docket) officer(s *station) actor {
	if a := d.staffed.keepers[s]; a != nil && d.chance(80) {
		return d.as(state.PartyStation, a)
	}
	return d.as(state.PartyStation, d.staffed.admins[s.in.group()])
}

// deputyWith is a deputy with an account who is posted to a station now and was at a moment, if there is one.
func (d *docket) deputyWith(s *station, at time.Time) *deputy {
	for _, p := range d.posted[s] {
		if d.staffed.deputies[p.mandate.deputy] != nil && p.held(at) {
			return p.mandate.deputy
		}
	}
	return nil
}

// deputyAt draws a deputy who was posted to a station at a moment; nil when there was none.
func (d *docket) deputyAt(s *station, at time.Time) *deputy {
	there := slices.DeleteFunc(slices.Clone(d.posted[s]), func(p *posting) bool { return !p.held(at) })
	if len(there) == 0 {
		return nil
	}
	return pick(d.random, there).mandate.deputy
}

// held tells whether a posting is in force, and was at a moment.
func (p *posting) held(at time.Time) bool { return p.open() && !p.started.After(calendar.Today(at)) }

// crockford are the characters of receipt numbers.
const crockford = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"

// number draws a receipt number (受理编号) that no other opinion of the county has.
func (d *docket) number(at time.Time) string {
	for {
		text := []byte(calendar.Today(at).Format("060102") + "-")
		for range 8 {
			text = append(text, crockford[d.random.IntN(len(crockford))])
		}
		if n := string(text); !d.numbers[n] {
			d.numbers[n] = true
			return n
		}
	}
}

// office is a department of a division.
func (d *docket) office(of *division, name string) *organ {
	o := d.offices[of][name]
	if o == nil {
		d.fail(fmt.Errorf("%w: %s%s", errNoActor, of.name, name))
	}
	return o
}
