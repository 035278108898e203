package seed

import (
	"time"

	"github.com/google/uuid"

	"github.com/lianluo/lianluo/ent/duty"
	"github.com/lianluo/lianluo/ent/kind"
	"github.com/lianluo/lianluo/ent/rota"
	"github.com/lianluo/lianluo/ent/state"
)

type visitRule struct {
	record
	station *station // nil: all stations of the kinds in the division
	kinds   []kind.Station
	name    string
	rota.Rule
	begins, ends int // minutes after midnight
	perDay       int
	theme        string
}

type visitDay struct {
	record
	station   *station
	rule      *visitRule
	ruleOn    time.Time
	day       time.Time
	location  string
	theme     string
	state     state.VisitDay
	published time.Time
	reason    string
}

type visitDuty struct {
	record
	of       *visitDay
	mandate  *mandate
	instead  *visitDuty // whom the deputy stands in for
	replaced bool
	reason   string
}

type activity struct {
	record
	station     *station
	visitDay    *visitDay
	title       string
	way         kind.Way
	setting     kind.Setting
	mode        kind.Mode
	theme       string
	campaign    string
	day         time.Time
	begins      int // minutes after midnight
	ends        int
	summary     string
	late        bool
	state       state.Activity
	events      int
	recordedAt  time.Time
	confirmedAt time.Time
}

// activityStep is one line of an activity's history.
type activityStep struct {
	record
	activity *activity
	sequence int
	verb     string
	from, to state.Activity
	by       actor
	text     string
}

type keyFigure struct {
	record
	key, name, unit string
	is              kind.Figure
	campaign        string
	from            time.Time
}

type activityFigure struct {
	record
	activity *activity
	figure   uuid.UUID
	value    int64
}

// attendance is a deputy's, or of an organ an official's.
type attendance struct {
	record
	activity *activity
	mandate  *mandate
	organ    *organ
	official string
	title    string
	guest    bool
}

// edition is a set of norms, a point scheme or a checklist that a congress has set.
type edition[I any] struct {
	record
	congress *congress
	level    kind.CongressLevel // of the deputies it is for
	subject  kind.Evaluated     // of a checklist
	name     string
	items    []I
	stars    []duty.Star
	from     time.Time
}

type dutyRecord struct {
	record
	mandate        *mandate
	kind           kind.Record
	day            time.Time
	title, content string
	state          state.Record
	review         string
}

type pointEntry struct {
	record
	scheme  *edition[duty.PointItem]
	mandate *mandate
	duty.Line
}

type pointClaim struct {
	record
	scheme         *edition[duty.PointItem]
	mandate        *mandate
	item           string
	day            time.Time
	text, decision string
	state          state.Claim
	points         int
}

type pairingRule struct {
	record
	congress    *congress
	kind        kind.Pairing
	least, most int
	times       int
	period      kind.Period
	from        time.Time
}

// pairing ties a leader, who is a deputy or an organ's official, to a deputy or a township.
type pairing struct {
	record
	congress    *congress
	kind        kind.Pairing
	leader      *deputy
	organ       *organ
	name, title string
	deputy      *deputy
	division    *division
	started     time.Time
}

type pairingContact struct {
	record
	pairing *pairing
	day     time.Time
	way     kind.ContactWay
	note    string
}

type training struct {
	record
	organ                    *organ
	title, teacher, location string
	day                      time.Time
	hours                    int // tenths of an hour
}

type trainee struct {
	record
	training *training
	mandate  *mandate
}

type campaign struct {
	record
	standard            *edition[duty.StandardItem]
	name                string
	from, to, selfUntil time.Time
	published           time.Time
}

// evaluation is that of a station, with what the organ gave it.
type evaluation struct {
	record
	campaign     *campaign
	station      *station
	self, scores []duty.Score
	selfAt       time.Time
}

// review is what the organ gave, as it stands apart from what is published.
type review struct {
	record
	of   *evaluation
	note string
}

// toil is the rows of what deputies do.
type toil struct {
	visitRules      []*visitRule
	visitDays       []*visitDay
	visitDuties     []*visitDuty
	activities      []*activity
	activitySteps   []*activityStep
	keyFigures      []*keyFigure
	activityFigures []*activityFigure
	attendances     []*attendance
	norms           []*edition[duty.NormItem]
	dutyRecords     []*dutyRecord
	schemes         []*edition[duty.PointItem]
	pointEntries    []*pointEntry
	pointClaims     []*pointClaim
	pairingRules    []*pairingRule
	pairings        []*pairing
	pairingContacts []*pairingContact
	trainings       []*training
	trainees        []*trainee
	standards       []*edition[duty.StandardItem]
	campaigns       []*campaign
	evaluations     []*evaluation
	reviews         []*review
}

func (t *toil) add(o *toil) {
	t.visitRules = append(t.visitRules, o.visitRules...)
	t.visitDays = append(t.visitDays, o.visitDays...)
	t.visitDuties = append(t.visitDuties, o.visitDuties...)
	t.activities = append(t.activities, o.activities...)
	t.activitySteps = append(t.activitySteps, o.activitySteps...)
	t.keyFigures = append(t.keyFigures, o.keyFigures...)
	t.activityFigures = append(t.activityFigures, o.activityFigures...)
	t.attendances = append(t.attendances, o.attendances...)
	t.norms = append(t.norms, o.norms...)
	t.dutyRecords = append(t.dutyRecords, o.dutyRecords...)
	t.schemes = append(t.schemes, o.schemes...)
	t.pointEntries = append(t.pointEntries, o.pointEntries...)
	t.pointClaims = append(t.pointClaims, o.pointClaims...)
	t.pairingRules = append(t.pairingRules, o.pairingRules...)
	t.pairings = append(t.pairings, o.pairings...)
	t.pairingContacts = append(t.pairingContacts, o.pairingContacts...)
	t.trainings = append(t.trainings, o.trainings...)
	t.trainees = append(t.trainees, o.trainees...)
	t.standards = append(t.standards, o.standards...)
	t.campaigns = append(t.campaigns, o.campaigns...)
	t.evaluations = append(t.evaluations, o.evaluations...)
	t.reviews = append(t.reviews, o.reviews...)
}

// writeDuties stores the rows, the ones that others refer to first.
func (t *toil) writeDuties(w *writer) {
	put(w, visitRuleTable, t.visitRules)
	put(w, visitDayTable, t.visitDays)
	put(w, visitDutyTable, t.visitDuties)
	put(w, activityTable, t.activities)
	put(w, activityStepTable, t.activitySteps)
	put(w, keyFigureTable, t.keyFigures)
	put(w, activityFigureTable, t.activityFigures)
	put(w, attendanceTable, t.attendances)
	put(w, normTable, t.norms)
	put(w, dutyRecordTable, t.dutyRecords)
	put(w, schemeTable, t.schemes)
	put(w, pointEntryTable, t.pointEntries)
	put(w, pointClaimTable, t.pointClaims)
	put(w, pairingRuleTable, t.pairingRules)
	put(w, pairingTable, t.pairings)
	put(w, pairingContactTable, t.pairingContacts)
	put(w, trainingTable, t.trainings)
	put(w, traineeTable, t.trainees)
	put(w, standardTable, t.standards)
	put(w, campaignTable, t.campaigns)
	put(w, evaluationTable, t.evaluations)
	put(w, reviewTable, t.reviews)
}
