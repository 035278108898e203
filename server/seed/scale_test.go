package seed

import (
	"math/rand/v2"
	"slices"
	"sync"
	"testing"

	"github.com/lianluo/lianluo/ent/kind"
	"github.com/lianluo/lianluo/ent/place"
	"github.com/lianluo/lianluo/server/seed/divisions"
)

// wholeTree is the national table as it comes from the database. No one changes it.
func wholeTree(t *testing.T) tree {
	t.Helper()
	whole, err := planted()
	if err != nil {
		t.Fatal(err)
	}
	return whole
}

var planted = sync.OnceValues(func() (tree, error) {
	all, err := divisions.All()
	if err != nil {
		return nil, err
	}
	whole := tree{}
	code := func(c *place.Code) place.Code {
		if c == nil {
			return place.Nation
		}
		return *c
	}
	for _, r := range all {
		if r.Placeholder {
			continue
		}
		d := &division{
			id: r.ID, code: r.Code, level: r.Level, name: r.Name,
			province: code(r.Province), city: code(r.City), county: code(r.County), township: code(r.Township),
		}
		if r.Parent != nil {
			d.parent = whole[*r.Parent]
			d.parent.children = append(d.parent.children, d)
		}
		whole[d.code] = d
	}
	return whole, nil
})

// The shares of all units are the nation's numbers, exactly.
func TestQuotasOfTheNation(t *testing.T) {
	whole := wholeTree(t)
	list := unitsOf(whole[place.Nation])
	if len(list) != units {
		t.Errorf("%d units, want %d", len(list), units)
	}
	if !slices.IsSortedFunc(list, func(a, b *division) int { return int(a.code - b.code) }) {
		t.Error("the units are not in the order of the tree")
	}
	q := newQuotas()
	var got seats
	var done workload
	stations, villages := 0, 0
	for _, u := range list {
		p, w := q.plan(u)
		done.activities += w.activities
		done.attendances += w.attendances
		done.opinions += w.opinions
		got.national += p.national
		got.provincial += p.provincial
		got.city += p.city
		got.county += p.county
		got.townships += p.townships
		villages += p.villages
		stations += 1 + len(u.below(place.LevelTownship)) + p.villages
		if p.villages > len(u.below(place.LevelVillage)) {
			t.Errorf("%s has more stations than villages", u.name)
		}
	}
	if want := (seats{nationalSeats, provincialSeats, citySeats, countySeats, townshipSeats}); got != want {
		t.Errorf("seats %+v, want %+v", got, want)
	}
	if want := (workload{activitiesHeld, attendancesRecorded, opinionsSubmitted}); done != want {
		t.Errorf("work %+v, want %+v", done, want)
	}
	if villages != villageStations || stations < 289_000 || stations > 291_000 {
		t.Errorf("%d stations, %d of them in villages", stations, villages)
	}
	for name, q := range map[string]quota{
		"national": q.national, "provincial": q.provincial, "city": q.city, "county": q.county, "township": q.township, "villages": q.villages,
		"activities": q.activities, "attendances": q.attendances, "opinions": q.opinions,
	} {
		if q.dealt != q.weight {
			t.Errorf("%s: the units weigh %d, not %d", name, q.dealt, q.weight)
		}
	}
}

// Gaps in the tree are filled too: a county without a city, a city without counties, a county without townships.
func TestFillOfGaps(t *testing.T) {
	whole := wholeTree(t)
	for name, c := range map[string]struct {
		code   string
		levels []kind.CongressLevel
	}{
		"天门市, a county of a province":  {"429006", []kind.CongressLevel{kind.Provincial, kind.County, kind.Township}},
		"东莞市, a city without counties": {"4419", []kind.CongressLevel{kind.Provincial, kind.City, kind.Township}},
		"东城区, a district of 北京":        {"110101", []kind.CongressLevel{kind.National, kind.Provincial, kind.County}},
		"金门县, without townships":       {"350527", []kind.CongressLevel{kind.County}},
	} {
		t.Run(name, func(t *testing.T) {
			w := newWorld(whole, loadMark)
			b := w.fill(whole[place.MustParse(c.code)], plan{
				own: true, parks: true, villages: 10, seats: seats{national: 2, provincial: 3, city: 40, county: 50, townships: 60},
			})
			b.employAll()
			seen := map[kind.CongressLevel]int{}
			for _, m := range b.mandates {
				if m.status.OnRoll() {
					seen[m.term.congress.level]++
				}
				if m.in.above(b.root.level) != b.root {
					t.Errorf("a mandate is grouped in %s", m.in.name)
				}
			}
			for _, l := range c.levels {
				if seen[l] == 0 {
					t.Errorf("no deputies of level %s", l)
				}
			}
		})
	}
}

func TestQuotaDealsExactly(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	for range 200 {
		weights := make([]int, 1+r.IntN(40))
		sum := 0
		for i := range weights {
			weights[i] = 1 + r.IntN(50)
			sum += weights[i]
		}
		q := quota{total: r.IntN(1000), weight: sum}
		dealt := 0
		for _, w := range weights {
			n := q.next(w)
			if exact := float64(q.total) * float64(w) / float64(sum); float64(n) < exact-1 || float64(n) > exact+1 {
				t.Errorf("%d of %d by %d of %d", n, q.total, w, sum)
			}
			dealt += n
		}
		if dealt != q.total {
			t.Errorf("%d dealt of %d", dealt, q.total)
		}
	}
}
