package seed

import (
	"time"

	"github.com/google/uuid"

	"github.com/lianluo/lianluo/ent/kind"
	"github.com/lianluo/lianluo/ent/state"
	"github.com/lianluo/lianluo/ent/viewer"
)

// record is what every row has: its key, when it was entered, and the division whose codes are its place.
type record struct {
	id uuid.UUID
	at time.Time
	in *division
	// changed is when the row was changed, once, after it was entered; zero: never.
	changed time.Time
}

// version is that of the row.
func (r *record) version() int {
	if r.changed.IsZero() {
		return 1
	}
	return 2
}

type organ struct {
	record
	kind   kind.Organ
	name   string
	former string // the name it bore before, if any
	until  time.Time
	since  time.Time
}

type congress struct {
	record
	level             kind.CongressLevel
	name              string
	previous, current *term
	// units are the electing units of an indirectly elected congress, by division.
	units map[*division]*constituency
	// last is the number of the last constituency.
	last int
}

type term struct {
	record
	congress     *congress
	number       int
	starts, ends time.Time
}

type constituency struct {
	record
	congress *congress
	number   int
	name     string
	basis    kind.Constituency
	seats    int
	since    time.Time
}

type zone struct {
	record
	kind kind.Zone
	name string
}

type station struct {
	record
	kind         kind.Station
	name         string
	uniform      bool
	address      string
	lon, lat     float64 // both zero: unknown
	floor        int     // zero: unknown
	area         float64 // square metres; zero: unknown
	rule         string
	brand        string
	phone        string
	opened       time.Time
	parent       *station
	organ        *organ
	zone         *zone
	constituency *constituency
}

type budget struct {
	record
	station *station
	year    int
	purpose string
	fen     int64
}

type deputy struct {
	record
	name      string
	gender    kind.Gender
	born      time.Time // first day of the month
	ethnicity string
	workUnit  string
	jobTitle  string
	phone     string // empty: unknown
	// seats are the mandates on the roll, for the rule of one chain.
	seats []*mandate
}

// contact is a deputy's private number.
type contact struct {
	record
	deputy *deputy
}

type mandate struct {
	record
	deputy       *deputy
	term         *term
	constituency *constituency
	election     kind.Election
	status       state.Mandate
	elected      time.Time
	ended        time.Time
	reason       kind.EndReason
	note         string
	// home is the posting that groups the mandate; nil for one of a past term that was posted nowhere.
	home *posting
}

type posting struct {
	record
	station *station
	mandate *mandate
	basis   kind.Posting
	started time.Time
	ended   time.Time
	reason  string
}

// code is the QR code of a station, or with a posting that of a deputy there.
type code struct {
	record
	station *station
	posting *posting
	text    string
}

type staff struct {
	record
	station *station
	name    string
	office  kind.Staff
	origin  kind.StaffOrigin
	deputy  *deputy
	started time.Time
}

type grid struct {
	record
	station *station
	number  int
	name    string
}

// assignment gives a grid to a posting or to a member of staff.
type assignment struct {
	record
	grid    *grid
	posting *posting
	staff   *staff
}

type account struct {
	record
	username string
	hash     string
	display  string
	role     viewer.Role
	deputy   *deputy
	organ    *organ
	station  *station
	clerk    bool // never has a password
}

// rows are rows to be stored.
type rows struct {
	organs         []*organ
	congresses     []*congress
	terms          []*term
	constituencies []*constituency
	zones          []*zone
	stations       []*station
	budgets        []*budget
	deputies       []*deputy
	contacts       []*contact
	mandates       []*mandate
	postings       []*posting
	codes          []*code
	staff          []*staff
	grids          []*grid
	assignments    []*assignment
	accounts       []*account

	opinions    []*opinion
	told        []*opinion // those that can be found by their words
	submitters  []*submitter
	events      []*event
	parts       []*part
	published   []*published
	suggestions []*suggestion

	toil
}

// add appends other rows.
func (r *rows) add(o *rows) {
	r.organs = append(r.organs, o.organs...)
	r.congresses = append(r.congresses, o.congresses...)
	r.terms = append(r.terms, o.terms...)
	r.constituencies = append(r.constituencies, o.constituencies...)
	r.zones = append(r.zones, o.zones...)
	r.stations = append(r.stations, o.stations...)
	r.budgets = append(r.budgets, o.budgets...)
	r.deputies = append(r.deputies, o.deputies...)
	r.contacts = append(r.contacts, o.contacts...)
	r.mandates = append(r.mandates, o.mandates...)
	r.postings = append(r.postings, o.postings...)
	r.codes = append(r.codes, o.codes...)
	r.staff = append(r.staff, o.staff...)
	r.grids = append(r.grids, o.grids...)
	r.assignments = append(r.assignments, o.assignments...)
	r.accounts = append(r.accounts, o.accounts...)
	r.opinions = append(r.opinions, o.opinions...)
	r.told = append(r.told, o.told...)
	r.submitters = append(r.submitters, o.submitters...)
	r.events = append(r.events, o.events...)
	r.parts = append(r.parts, o.parts...)
	r.published = append(r.published, o.published...)
	r.suggestions = append(r.suggestions, o.suggestions...)
	r.toil.add(&o.toil)
}

// len counts the rows of a load, search keys not included.
func (r *rows) len() int {
	return len(r.organs) + len(r.congresses) + len(r.terms) + len(r.constituencies) + len(r.zones) + len(r.stations) +
		len(r.budgets) + len(r.deputies) + len(r.contacts) + len(r.mandates) + len(r.postings) + len(r.codes) + len(r.staff) +
		len(r.grids) + len(r.assignments) + len(r.accounts) +
		len(r.opinions) + len(r.parts) + len(r.activities) + len(r.attendances) + len(r.activityFigures)
}
