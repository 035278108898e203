package seed

import (
	"cmp"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/lianluo/lianluo/ent/kind"
	"github.com/lianluo/lianluo/ent/place"
	"github.com/lianluo/lianluo/ent/workflow"
)

// builder fills one county, or a city that has none, with the rows of its own.
type builder struct {
	w *world
	scribe
	rows
	style

	root  *division
	towns []*division // its townships and streets
	own   map[*division]*congress

	// post are the stations to which deputies are posted, by place; main are those of the townships.
	post map[*division]*station
	main []*station

	organOf map[*division]*organ // the organ of a township, at the root the committee for deputies
	known   map[person]bool
	counter int // of the mandates of the present terms
	// takers are deputies of the county's congress who may get another seat, by township and all.
	takers map[*division][]*deputy
}

// person is what two people of one county may not share.
type person struct {
	name   string
	gender kind.Gender
	born   time.Time
}

// style is how a county does things.
type style struct {
	// The first and the last day on which its stations were opened.
	first, last time.Time
	rule        string // when village stations receive
	townRule    string // when those of townships do
	areaCode    string // of the telephones of its offices; empty: none are known
	lon, lat    float64
	spread      float64 // in degrees around the middle
	// basis, when not empty, is why deputies are posted, instead of the usual.
	basis kind.Posting
	// past makes every so many deputies ones who were re-elected, with a mandate of the term before; 0: none.
	past int
	// pastAbove gives all deputies of the provincial and national congress a past.
	pastAbove bool
}

// builder begins a county.
func (w *world) builder(code place.Code, s style) (*builder, error) {
	root, err := w.tree.find(code)
	if err != nil {
		return nil, err
	}
	return w.builderOf(root, s), nil
}

func (w *world) builderOf(root *division, s style) *builder {
	return &builder{
		w: w, scribe: w.scribe(root.code, forRoster), style: s, root: root, towns: root.below(place.LevelTownship),
		own: map[*division]*congress{}, post: map[*division]*station{}, organOf: map[*division]*organ{},
		known: map[person]bool{}, takers: map[*division][]*deputy{},
	}
}

// villages lists the villages and communities of some townships. Estates of farms and the like (虚拟生活区) are none.
func villages(towns []*division) []*division {
	var out []*division
	for _, t := range towns {
		for _, v := range t.below(place.LevelVillage) {
			if !strings.HasSuffix(v.name, "虚拟生活区") {
				out = append(out, v)
			}
		}
	}
	return out
}

// spreadOver chooses n of a list, evenly over it; all of a shorter list.
func spreadOver[T any](list []T, n int) []T {
	if n >= len(list) {
		return slices.Clone(list)
	}
	out := make([]T, 0, n)
	for i := range n {
		out = append(out, list[(2*i+1)*len(list)/(2*n)])
	}
	return out
}

// share answers the ith of n nearly equal parts of a whole.
func share(whole, n, i int) int { return whole*(i+1)/n - whole*i/n }

// uniformName is the name by the uniform rule.
func uniformName(d *division) string {
	if d.level == place.LevelVillage && d.parent != nil {
		return d.parent.short() + d.short() + "人大代表联络站"
	}
	return d.short() + "人大代表联络站"
}

// station opens a station. What the style does not say the caller changes afterwards, but for the name, the kind and the place.
func (b *builder) station(k kind.Station, d *division, name string) *station {
	township := ""
	if d.level == place.LevelVillage && d.parent != nil {
		township = d.parent.name
	}
	s := &station{
		record: b.record(d), kind: k, name: name, uniform: workflow.NameUniform(k, name, d.name, township),
		rule: b.rule, opened: b.between(b.first, b.last), organ: b.organOf[d.group()],
	}
	if d.level != place.LevelVillage {
		s.rule = cmp.Or(b.townRule, b.rule)
	}
	if s.organ == nil {
		s.organ = b.organOf[b.root]
	}
	if b.areaCode != "" {
		s.phone = officePhone(b.random, b.areaCode)
	}
	if k != kind.StationOnline {
		b.place(s)
	}
	b.stations = append(b.stations, s)
	b.codes = append(b.codes, &code{record: b.record(d), station: s, text: b.code()})
	return s
}

// place gives a station rooms. Where in its county it stands is made up, but always the same for a place.
func (b *builder) place(s *station) {
	s.floor = 1 + b.random.IntN(2)
	s.area = float64(20 + 5*b.random.IntN(17))
	house := "政务服务中心"
	if s.in.level == place.LevelVillage {
		house = "党群服务中心"
	}
	address := b.root.name
	if t := s.in.group(); t != b.root {
		address += t.short()
	}
	if s.in.level == place.LevelVillage {
		address += s.in.short()
	}
	s.address = address + house + strconv.Itoa(s.floor) + "楼"
	if b.spread > 0 {
		s.lon = degrees(b.lon, b.spread, int(s.in.group().code/1000)*37)
		s.lat = degrees(b.lat, b.spread, int(s.in.group().code/1000)*61)
		s.lon = degrees(s.lon, b.spread/10, int(s.in.code)*41)
		s.lat = degrees(s.lat, b.spread/10, int(s.in.code)*53)
	}
}

// degrees moves a coordinate by at most spread, by a key, to five decimals (a metre).
func degrees(middle, spread float64, key int) float64 {
	shift := float64(key%1999)/999.5 - 1
	return float64(int((middle+shift*spread)*100_000)) / 100_000
}

// townStations opens a station in each of some townships, to which deputies are posted.
func (b *builder) townStations(towns []*division) {
	for _, t := range towns {
		s := b.station(kind.StationStation, t, uniformName(t))
		b.post[t] = s
		b.main = append(b.main, s)
	}
}

// villageStations opens a station in each of some villages, to which deputies are posted.
func (b *builder) villageStations(places []*division) {
	for _, v := range places {
		b.post[v] = b.station(kind.StationStation, v, uniformName(v))
	}
}

// stationOf is the station that serves a place: its own, else its township's, else the county's own, else the one of the
// township next to it in the order of the tree.
func (b *builder) stationOf(d *division) *station {
	for at := d; at != nil && at != b.root; at = at.parent {
		if s := b.post[at]; s != nil {
			return s
		}
	}
	if s := b.post[b.root]; s != nil {
		return s
	}
	next := b.main[0]
	for _, s := range b.main {
		if s.in.code < d.code {
			next = s
		}
	}
	return next
}
