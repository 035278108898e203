package seed

import (
	"slices"
	"time"

	"github.com/google/uuid"

	"github.com/lianluo/lianluo/ent/duty"
	"github.com/lianluo/lianluo/ent/kind"
	"github.com/lianluo/lianluo/ent/place"
	"github.com/lianluo/lianluo/ent/state"
	"github.com/lianluo/lianluo/ent/viewer"
)

// The tables that are filled.
var (
	organTable = tableOf("organ",
		divisionID[*organ](),
		text("kind", func(o *organ) kind.Organ { return o.kind }),
		text("name", func(o *organ) string { return o.name }),
		day("valid_from", func(o *organ) time.Time { return o.since }),
		column[*organ]{"former_names", func(l *lines, o *organ) {
			if o.former == "" {
				l.null()
				return
			}
			l.str(`[{"name": "` + o.former + `", "until": "` + o.until.Format(time.DateOnly) + `"}]`)
		}},
	)
	congressTable = tableOf("congress",
		divisionID[*congress](),
		text("level", func(c *congress) kind.CongressLevel { return c.level }),
		text("name", func(c *congress) string { return c.name }),
	)
	termTable = tableOf("term",
		ref("congress_id", func(t *term) uuid.UUID { return t.congress.id }),
		number("number", func(t *term) int { return t.number }),
		day("starts_on", func(t *term) time.Time { return t.starts }),
		day("ends_on", func(t *term) time.Time { return t.ends }),
	)
	constituencyTable = tableOf("constituency",
		ref("congress_id", func(c *constituency) uuid.UUID { return c.congress.id }),
		number("number", func(c *constituency) int { return c.number }),
		text("name", func(c *constituency) string { return c.name }),
		text("basis", func(c *constituency) kind.Constituency { return c.basis }),
		number("seats", func(c *constituency) int { return c.seats }),
		day("valid_from", func(c *constituency) time.Time { return c.since }),
	)
	zoneTable = tableOf("zone",
		divisionID[*zone](),
		text("kind", func(z *zone) kind.Zone { return z.kind }),
		text("name", func(z *zone) string { return z.name }),
	)
	stationTable = tableOf("station",
		divisionID[*station](),
		text("kind", func(s *station) kind.Station { return s.kind }),
		text("name", func(s *station) string { return s.name }),
		column[*station]{"name_uniform", func(l *lines, s *station) { l.boolean(s.uniform) }},
		textOrNull("address", func(s *station) string { return s.address }),
		floatOrNull("longitude", func(s *station) (float64, bool) { return s.lon, s.lon != 0 }),
		floatOrNull("latitude", func(s *station) (float64, bool) { return s.lat, s.lon != 0 }),
		column[*station]{"floor", func(l *lines, s *station) {
			if s.floor == 0 {
				l.null()
				return
			}
			l.number(int64(s.floor))
		}},
		floatOrNull("area_m2", func(s *station) (float64, bool) { return s.area, s.area != 0 }),
		textOrNull("opening_rule", func(s *station) string { return s.rule }),
		textOrNull("brand", func(s *station) string { return s.brand }),
		textOrNull("phone", func(s *station) string { return s.phone }),
		day("opened_on", func(s *station) time.Time { return s.opened }),
		ref("parent_id", func(s *station) uuid.UUID { return idOf(s.parent) }),
		ref("organ_id", func(s *station) uuid.UUID { return idOf(s.organ) }),
		ref("zone_id", func(s *station) uuid.UUID { return idOf(s.zone) }),
		ref("constituency_id", func(s *station) uuid.UUID { return idOf(s.constituency) }),
	)
	stationKeyTable = keyTable("station_key", "station_id")
	budgetTable     = tableOf("station_budget",
		ref("station_id", func(b *budget) uuid.UUID { return b.station.id }),
		number("year", func(b *budget) int { return b.year }),
		text("purpose", func(b *budget) string { return b.purpose }),
		number("amount_fen", func(b *budget) int64 { return b.fen }),
	)
	deputyTable = tableOf("deputy",
		text("name", func(d *deputy) string { return d.name }),
		text("gender", func(d *deputy) kind.Gender { return d.gender }),
		day("birth_month", func(d *deputy) time.Time { return d.born }),
		text("ethnicity", func(d *deputy) string { return d.ethnicity }),
		textOrNull("work_unit", func(d *deputy) string { return d.workUnit }),
		textOrNull("job_title", func(d *deputy) string { return d.jobTitle }),
		textOrNull("phone_masked", maskedPhone),
	)
	deputyKeyTable = keyTable("deputy_key", "deputy_id")
	contactTable   = tableOf("deputy_contact",
		ref("deputy_id", func(c *contact) uuid.UUID { return c.deputy.id }),
		text("phone", func(c *contact) string { return c.deputy.phone }),
	)
	mandateTable = tableOf("mandate",
		ref("deputy_id", func(m *mandate) uuid.UUID { return m.deputy.id }),
		ref("congress_id", func(m *mandate) uuid.UUID { return m.term.congress.id }),
		ref("term_id", func(m *mandate) uuid.UUID { return m.term.id }),
		ref("constituency_id", func(m *mandate) uuid.UUID { return idOf(m.constituency) }),
		text("level", func(m *mandate) kind.CongressLevel { return m.term.congress.level }),
		number("seat_code", func(m *mandate) place.Code { return m.term.congress.in.code }),
		number("term_number", func(m *mandate) int { return m.term.number }),
		text("election", func(m *mandate) kind.Election { return m.election }),
		text("status", func(m *mandate) state.Mandate { return m.status }),
		day("elected_on", func(m *mandate) time.Time { return m.elected }),
		day("ended_on", func(m *mandate) time.Time { return m.ended }),
		textOrNull("end_reason", func(m *mandate) kind.EndReason { return m.reason }),
		textOrNull("end_note", func(m *mandate) string { return m.note }),
		list("suspensions", func(m *mandate) []duty.Suspension {
			if from := m.suspended(); !from.IsZero() {
				return []duty.Suspension{{From: from.Format(time.DateOnly)}}
			}
			return nil
		}),
	)
	postingTable = tableOf("posting",
		ref("station_id", func(p *posting) uuid.UUID { return p.station.id }),
		ref("deputy_id", func(p *posting) uuid.UUID { return p.mandate.deputy.id }),
		ref("mandate_id", func(p *posting) uuid.UUID { return p.mandate.id }),
		text("basis", func(p *posting) kind.Posting { return p.basis }),
		day("started_on", func(p *posting) time.Time { return p.started }),
		day("ended_on", func(p *posting) time.Time { return p.ended }),
		textOrNull("end_reason", func(p *posting) string { return p.reason }),
	)
	codeTable = tableOf("qr_code",
		text("text", func(c *code) string { return c.text }),
		ref("station_id", func(c *code) uuid.UUID { return c.station.id }),
		ref("posting_id", func(c *code) uuid.UUID { return idOf(c.posting) }),
	)
	staffTable = tableOf("station_staff",
		ref("station_id", func(s *staff) uuid.UUID { return s.station.id }),
		ref("deputy_id", func(s *staff) uuid.UUID { return idOf(s.deputy) }),
		text("name", func(s *staff) string { return s.name }),
		text("office", func(s *staff) kind.Staff { return s.office }),
		text("origin", func(s *staff) kind.StaffOrigin { return s.origin }),
		day("started_on", func(s *staff) time.Time { return s.started }),
	)
	gridTable = tableOf("grid",
		ref("station_id", func(g *grid) uuid.UUID { return g.station.id }),
		number("number", func(g *grid) int { return g.number }),
		text("name", func(g *grid) string { return g.name }),
	)
	assignmentTable = tableOf("grid_assignment",
		ref("grid_id", func(a *assignment) uuid.UUID { return a.grid.id }),
		ref("posting_id", func(a *assignment) uuid.UUID { return idOf(a.posting) }),
		ref("staff_id", func(a *assignment) uuid.UUID { return idOf(a.staff) }),
	)
	accountTable = tableOf("account",
		divisionID[*account](),
		text("username", func(a *account) string { return a.username }),
		text("password_hash", func(a *account) string { return a.hash }),
		text("display_name", func(a *account) string { return a.display }),
		text("role", func(a *account) viewer.Role { return a.role }),
		ref("deputy_id", func(a *account) uuid.UUID { return idOf(a.deputy) }),
		ref("organ_id", func(a *account) uuid.UUID { return idOf(a.organ) }),
		ref("station_id", func(a *account) uuid.UUID { return idOf(a.station) }),
	)
)

// filled are the tables that are filled, in an order in which each refers only to those before it.
var filled = append([]string{
	organTable.name, congressTable.name, termTable.name, constituencyTable.name, zoneTable.name, stationTable.name,
	stationKeyTable.name, budgetTable.name, deputyTable.name, deputyKeyTable.name, contactTable.name, mandateTable.name,
	postingTable.name, codeTable.name, staffTable.name, gridTable.name, assignmentTable.name, accountTable.name,
	opinionTable.name, submitterTable.name, opinionTextTable.name, eventTable.name, partTable.name, publishedTable.name, suggestionTable.name,
}, toilTables...)

// emptied are the tables that lose all rows before they are filled. Of the key figures the nation's stay, which are the platform's own.
var emptied = slices.DeleteFunc(slices.Concat(filled, dependent), func(t string) bool { return t == keyFigureTable.name })

// dependent are the tables that refer to what is filled, and have no meaning without it, as have the jobs that are to be done about it.
var dependent = []string{
	"refresh_token", "idempotency_key", "opinion_limit", "opinion_receipt", "attachment", "notification", "message", "river_job",
	"appointment", "appointment_contact", "appointment_receipt", "activity_station", "point_check", "norm_standing",
}
