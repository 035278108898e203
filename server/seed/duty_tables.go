package seed

import (
	"encoding/json"
	"fmt"
	"time"

	"github.com/google/uuid"

	"github.com/lianluo/lianluo/ent/duty"
	"github.com/lianluo/lianluo/ent/kind"
	"github.com/lianluo/lianluo/ent/place"
	"github.com/lianluo/lianluo/ent/state"
	"github.com/lianluo/lianluo/ent/viewer"
)

// list writes a list as JSON, an empty one as null.
func list[T, I any](name string, of func(T) []I) column[T] {
	return column[T]{name, func(l *lines, t T) {
		items := of(t)
		if len(items) == 0 {
			l.null()
			return
		}
		text, err := json.Marshal(items)
		if err != nil {
			panic(fmt.Sprintf("lists are of plain values: %v", err))
		}
		l.str(string(text))
	}}
}

// numberOrNull writes nothing where known is false.
func numberOrNull[T any](name string, of func(T) (n int64, known bool)) column[T] {
	return column[T]{name, func(l *lines, t T) {
		if n, known := of(t); known {
			l.number(n)
		} else {
			l.null()
		}
	}}
}

// then is the place at the time, which is the present one.
func then[T recorded]() column[T] {
	return number("code_then", func(t T) place.Code { return t.rec().in.code })
}

// version is the row's.
func version[T recorded]() column[T] {
	return number("version", func(t T) int { return t.rec().version() })
}

func levelOf(m *mandate) kind.CongressLevel { return m.term.congress.level }

// What deputies do at stations.
var (
	visitRuleTable = tableOf("visit_rule",
		divisionID[*visitRule](),
		ref("station_id", func(r *visitRule) uuid.UUID { return idOf(r.station) }),
		list("kinds", func(r *visitRule) []kind.Station { return r.kinds }),
		text("name", func(r *visitRule) string { return r.name }),
		text("recurrence", func(r *visitRule) kind.Recurrence { return r.Recurrence }),
		list("days", func(r *visitRule) []int { return r.Days }),
		text("shift", func(r *visitRule) kind.Shift { return r.Shift }),
		day("from_on", func(r *visitRule) time.Time { return r.From }),
		day("until_on", func(r *visitRule) time.Time { return r.Until }),
		number("begins_minute", func(r *visitRule) int { return r.begins }),
		number("ends_minute", func(r *visitRule) int { return r.ends }),
		number("per_day", func(r *visitRule) int { return r.perDay }),
		textOrNull("theme", func(r *visitRule) string { return r.theme }),
	)
	visitDayTable = tableOf("visit_day",
		version[*visitDay](), then[*visitDay](),
		ref("station_id", func(d *visitDay) uuid.UUID { return d.station.id }),
		ref("rule_id", func(d *visitDay) uuid.UUID { return d.rule.id }),
		day("rule_on", func(d *visitDay) time.Time { return d.ruleOn }),
		day("day", func(d *visitDay) time.Time { return d.day }),
		moment("begins_at", func(d *visitDay) time.Time { return clockTime(d.day, 0, d.rule.begins) }),
		moment("ends_at", func(d *visitDay) time.Time { return clockTime(d.day, 0, d.rule.ends) }),
		textOrNull("location", func(d *visitDay) string { return d.location }),
		textOrNull("theme", func(d *visitDay) string { return d.theme }),
		text("state", func(d *visitDay) state.VisitDay { return d.state }),
		moment("published_at", func(d *visitDay) time.Time { return d.published }),
		textOrNull("reason", func(d *visitDay) string { return d.reason }),
	)
	visitDutyTable = tableOf("visit_duty",
		version[*visitDuty](),
		ref("visit_day_id", func(d *visitDuty) uuid.UUID { return d.of.id }),
		ref("station_id", func(d *visitDuty) uuid.UUID { return d.of.station.id }),
		ref("deputy_id", func(d *visitDuty) uuid.UUID { return d.mandate.deputy.id }),
		ref("mandate_id", func(d *visitDuty) uuid.UUID { return d.mandate.id }),
		ref("substitute_for", func(d *visitDuty) uuid.UUID { return idOf(d.instead) }),
		boolean("replaced", func(d *visitDuty) bool { return d.replaced }),
		textOrNull("reason", func(d *visitDuty) string { return d.reason }),
	)
	activityTable = tableOf("activity",
		number("version", func(a *activity) int { return max(a.events, 1) }), then[*activity](),
		ref("station_id", func(a *activity) uuid.UUID { return a.station.id }),
		ref("visit_day_id", func(a *activity) uuid.UUID { return idOf(a.visitDay) }),
		text("title", func(a *activity) string { return a.title }),
		text("way", func(a *activity) kind.Way { return a.way }),
		text("setting", func(a *activity) kind.Setting { return a.setting }),
		textOrNull("mode", func(a *activity) kind.Mode { return a.mode }),
		textOrNull("theme", func(a *activity) string { return a.theme }),
		textOrNull("campaign", func(a *activity) string { return a.campaign }),
		day("day", func(a *activity) time.Time { return a.day }),
		moment("begins_at", func(a *activity) time.Time { return clockTime(a.day, 0, a.begins) }),
		moment("ends_at", func(a *activity) time.Time { return clockTime(a.day, 0, a.ends) }),
		textOrNull("summary", func(a *activity) string { return a.summary }),
		text("state", func(a *activity) state.Activity { return a.state }),
		boolean("late", func(a *activity) bool { return a.late }),
		number("events", func(a *activity) int { return a.events }),
		moment("recorded_at", func(a *activity) time.Time { return a.recordedAt }),
		moment("confirmed_at", func(a *activity) time.Time { return a.confirmedAt }),
	)
	activityStepTable = tableOf("activity_event",
		ref("activity_id", func(s *activityStep) uuid.UUID { return s.activity.id }),
		number("sequence", func(s *activityStep) int { return s.sequence }),
		text("verb", func(s *activityStep) string { return s.verb }),
		textOrNull("from_state", func(s *activityStep) state.Activity { return s.from }),
		text("to_state", func(s *activityStep) state.Activity { return s.to }),
		moment("occurred_at", func(s *activityStep) time.Time { return s.at }),
		text("subject", func(s *activityStep) string { return s.by.subject }),
		text("role", func(s *activityStep) viewer.Role { return s.by.role }),
		number("actor_code", func(s *activityStep) place.Code { return s.by.code }),
		textOrNull("text", func(s *activityStep) string { return s.text }),
	)
	keyFigureTable = tableOf("key_figure",
		text("key", func(f *keyFigure) string { return f.key }),
		text("name", func(f *keyFigure) string { return f.name }),
		text("unit", func(f *keyFigure) string { return f.unit }),
		text("type", func(f *keyFigure) kind.Figure { return f.is }),
		textOrNull("campaign", func(f *keyFigure) string { return f.campaign }),
		day("from_on", func(f *keyFigure) time.Time { return f.from }),
	)
	activityFigureTable = tableOf("activity_figure",
		ref("activity_id", func(f *activityFigure) uuid.UUID { return f.activity.id }),
		ref("figure_id", func(f *activityFigure) uuid.UUID { return f.figure }),
		number("value", func(f *activityFigure) int64 { return f.value }),
	)
	attendanceTable = tableOf("attendance",
		then[*attendance](),
		ref("activity_id", func(a *attendance) uuid.UUID { return a.activity.id }),
		ref("station_id", func(a *attendance) uuid.UUID { return a.activity.station.id }),
		ref("deputy_id", func(a *attendance) uuid.UUID {
			if a.mandate == nil {
				return uuid.Nil
			}
			return a.mandate.deputy.id
		}),
		ref("mandate_id", func(a *attendance) uuid.UUID { return idOf(a.mandate) }),
		textOrNull("level", func(a *attendance) kind.CongressLevel {
			if a.mandate == nil {
				return ""
			}
			return levelOf(a.mandate)
		}),
		ref("organ_id", func(a *attendance) uuid.UUID { return idOf(a.organ) }),
		textOrNull("official_name", func(a *attendance) string { return a.official }),
		textOrNull("official_title", func(a *attendance) string { return a.title }),
		boolean("guest", func(a *attendance) bool { return a.guest }),
		day("day", func(a *attendance) time.Time { return a.activity.day }),
		text("source", func(*attendance) kind.AttendanceSource { return kind.AttendanceRecorded }),
	)
)

// editionColumns are those that norms and schemes share, and checklists but for the level.
func editionColumns[I any](own ...column[*edition[I]]) []column[*edition[I]] {
	return append(own,
		ref("congress_id", func(e *edition[I]) uuid.UUID { return e.congress.id }),
		text("name", func(e *edition[I]) string { return e.name }),
		number("edition", func(*edition[I]) int { return 1 }),
		list("items", func(e *edition[I]) []I { return e.items }),
		day("from_on", func(e *edition[I]) time.Time { return e.from }),
	)
}

func forLevel[I any]() column[*edition[I]] {
	return text("level", func(e *edition[I]) kind.CongressLevel { return e.level })
}

// What is asked of deputies, what it brings, and who looks after whom.
var (
	normTable     = tableOf("norm_set", editionColumns(forLevel[duty.NormItem]())...)
	schemeTable   = tableOf("point_scheme", editionColumns(forLevel[duty.PointItem]())...)
	standardTable = tableOf("standard", editionColumns(
		text("subject", func(e *edition[duty.StandardItem]) kind.Evaluated { return e.subject }),
		list("stars", func(e *edition[duty.StandardItem]) []duty.Star { return e.stars }),
	)...)
	dutyRecordTable = tableOf("duty_record",
		version[*dutyRecord](),
		ref("deputy_id", func(r *dutyRecord) uuid.UUID { return r.mandate.deputy.id }),
		ref("mandate_id", func(r *dutyRecord) uuid.UUID { return r.mandate.id }),
		text("kind", func(r *dutyRecord) kind.Record { return r.kind }),
		day("day", func(r *dutyRecord) time.Time { return r.day }),
		text("title", func(r *dutyRecord) string { return r.title }),
		text("content", func(r *dutyRecord) string { return r.content }),
		text("state", func(r *dutyRecord) state.Record { return r.state }),
		textOrNull("review", func(r *dutyRecord) string { return r.review }),
		moment("reviewed_at", func(r *dutyRecord) time.Time { return r.changed }),
	)
	pointEntryTable = tableOf("point_entry",
		ref("scheme_id", func(e *pointEntry) uuid.UUID { return e.scheme.id }),
		ref("mandate_id", func(e *pointEntry) uuid.UUID { return e.mandate.id }),
		ref("deputy_id", func(e *pointEntry) uuid.UUID { return e.mandate.deputy.id }),
		text("item", func(e *pointEntry) string { return e.Item }),
		text("deed", func(e *pointEntry) kind.Deed { return e.Deed }),
		ref("deed_id", func(e *pointEntry) uuid.UUID { return e.ID }),
		day("day", func(e *pointEntry) time.Time { return e.Day }),
		number("points", func(e *pointEntry) int { return e.Points }),
		boolean("correction", func(*pointEntry) bool { return false }),
	)
	pointClaimTable = tableOf("point_claim",
		version[*pointClaim](),
		ref("scheme_id", func(c *pointClaim) uuid.UUID { return c.scheme.id }),
		ref("mandate_id", func(c *pointClaim) uuid.UUID { return c.mandate.id }),
		ref("deputy_id", func(c *pointClaim) uuid.UUID { return c.mandate.deputy.id }),
		text("kind", func(*pointClaim) kind.Claim { return kind.ClaimAward }),
		text("item", func(c *pointClaim) string { return c.item }),
		day("day", func(c *pointClaim) time.Time { return c.day }),
		text("text", func(c *pointClaim) string { return c.text }),
		text("state", func(c *pointClaim) state.Claim { return c.state }),
		numberOrNull("points", func(c *pointClaim) (int64, bool) { return int64(c.points), c.state == state.ClaimApproved }),
		textOrNull("decision", func(c *pointClaim) string { return c.decision }),
		moment("decided_at", func(c *pointClaim) time.Time { return c.changed }),
	)
	pairingRuleTable = tableOf("pairing_rule",
		ref("congress_id", func(r *pairingRule) uuid.UUID { return r.congress.id }),
		text("kind", func(r *pairingRule) kind.Pairing { return r.kind }),
		number("least", func(r *pairingRule) int { return r.least }),
		number("most", func(r *pairingRule) int { return r.most }),
		number("times", func(r *pairingRule) int { return r.times }),
		text("period", func(r *pairingRule) kind.Period { return r.period }),
		day("from_on", func(r *pairingRule) time.Time { return r.from }),
	)
	pairingTable = tableOf("pairing",
		ref("congress_id", func(p *pairing) uuid.UUID { return p.congress.id }),
		text("kind", func(p *pairing) kind.Pairing { return p.kind }),
		ref("leader_deputy_id", func(p *pairing) uuid.UUID { return idOf(p.leader) }),
		ref("leader_organ_id", func(p *pairing) uuid.UUID { return idOf(p.organ) }),
		text("leader_name", func(p *pairing) string { return p.name }),
		textOrNull("leader_title", func(p *pairing) string { return p.title }),
		ref("deputy_id", func(p *pairing) uuid.UUID { return idOf(p.deputy) }),
		ref("division_id", func(p *pairing) uuid.UUID {
			if p.division == nil {
				return uuid.Nil
			}
			return p.division.id
		}),
		day("started_on", func(p *pairing) time.Time { return p.started }),
	)
	pairingContactTable = tableOf("pairing_contact",
		ref("pairing_id", func(c *pairingContact) uuid.UUID { return c.pairing.id }),
		ref("leader_deputy_id", func(c *pairingContact) uuid.UUID { return idOf(c.pairing.leader) }),
		ref("deputy_id", func(c *pairingContact) uuid.UUID { return idOf(c.pairing.deputy) }),
		day("day", func(c *pairingContact) time.Time { return c.day }),
		text("way", func(c *pairingContact) kind.ContactWay { return c.way }),
		text("note", func(c *pairingContact) string { return c.note }),
	)
	trainingTable = tableOf("training",
		ref("organ_id", func(t *training) uuid.UUID { return t.organ.id }),
		text("title", func(t *training) string { return t.title }),
		textOrNull("teacher", func(t *training) string { return t.teacher }),
		textOrNull("location", func(t *training) string { return t.location }),
		day("from_on", func(t *training) time.Time { return t.day }),
		day("to_on", func(t *training) time.Time { return t.day }),
		number("hours", func(t *training) int { return t.hours }),
	)
	traineeTable = tableOf("training_attendance",
		ref("training_id", func(t *trainee) uuid.UUID { return t.training.id }),
		ref("deputy_id", func(t *trainee) uuid.UUID { return t.mandate.deputy.id }),
		ref("mandate_id", func(t *trainee) uuid.UUID { return t.mandate.id }),
		day("day", func(t *trainee) time.Time { return t.training.day }),
		number("hours", func(t *trainee) int { return t.training.hours }),
	)
	campaignTable = tableOf("evaluation_campaign",
		number("version", func(*campaign) int { return 3 }), // opened, reviewed, published
		ref("congress_id", func(c *campaign) uuid.UUID { return c.standard.congress.id }),
		ref("standard_id", func(c *campaign) uuid.UUID { return c.standard.id }),
		text("name", func(c *campaign) string { return c.name }),
		day("from_on", func(c *campaign) time.Time { return c.from }),
		day("to_on", func(c *campaign) time.Time { return c.to }),
		day("self_until", func(c *campaign) time.Time { return c.selfUntil }),
		text("state", func(*campaign) state.Campaign { return state.CampaignPublished }),
		moment("published_at", func(c *campaign) time.Time { return c.published }),
	)
	evaluationTable = tableOf("evaluation",
		number("version", func(*evaluation) int { return 4 }), // opened, by itself, reviewed, published
		ref("campaign_id", func(e *evaluation) uuid.UUID { return e.campaign.id }),
		ref("station_id", func(e *evaluation) uuid.UUID { return e.station.id }),
		text("state", func(*evaluation) state.Evaluation { return state.EvaluationReviewed }),
		list("self_scores", func(e *evaluation) []duty.Score { return e.self }),
		number("self_total", func(e *evaluation) int { return duty.Total(e.self) }),
		moment("self_at", func(e *evaluation) time.Time { return e.selfAt }),
		list("scores", func(e *evaluation) []duty.Score { return e.scores }),
		number("total", func(e *evaluation) int { return duty.Total(e.scores) }),
		numberOrNull("stars", (*evaluation).stars),
		moment("published_at", func(e *evaluation) time.Time { return e.campaign.published }),
	)
	reviewTable = tableOf("evaluation_review",
		ref("evaluation_id", func(r *review) uuid.UUID { return r.of.id }),
		ref("campaign_id", func(r *review) uuid.UUID { return r.of.campaign.id }),
		list("scores", func(r *review) []duty.Score { return r.of.scores }),
		number("total", func(r *review) int { return duty.Total(r.of.scores) }),
		numberOrNull("stars", func(r *review) (int64, bool) { return r.of.stars() }),
		textOrNull("note", func(r *review) string { return r.note }),
	)
)

// stars are those of the organ's score, if the checklist gives any.
func (e *evaluation) stars() (int64, bool) {
	stars := duty.Stars(e.campaign.standard.stars, duty.Total(e.scores))
	if stars == nil {
		return 0, false
	}
	return int64(*stars), true
}

// toilTables are the tables of what deputies do, in an order in which each refers only to those before it.
var toilTables = []string{
	visitRuleTable.name, visitDayTable.name, visitDutyTable.name, activityTable.name, activityStepTable.name, keyFigureTable.name,
	activityFigureTable.name, attendanceTable.name, normTable.name, dutyRecordTable.name, schemeTable.name, pointEntryTable.name,
	pointClaimTable.name, pairingRuleTable.name, pairingTable.name, pairingContactTable.name, trainingTable.name, traineeTable.name,
	standardTable.name, campaignTable.name, evaluationTable.name, reviewTable.name,
}
