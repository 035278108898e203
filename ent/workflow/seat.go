package workflow

import (
	"context"
	"time"

	"github.com/google/uuid"
	"github.com/lib/pq"

	"github.com/lianluo/lianluo/ent/calendar"
	"github.com/lianluo/lianluo/ent/fault"
	"github.com/lianluo/lianluo/ent/gen"
	"github.com/lianluo/lianluo/ent/gen/congress"
	"github.com/lianluo/lianluo/ent/gen/constituency"
	"github.com/lianluo/lianluo/ent/gen/term"
	"github.com/lianluo/lianluo/ent/kind"
	"github.com/lianluo/lianluo/ent/place"
	"github.com/lianluo/lianluo/ent/state"
)

// NewMandate is a first or further mandate of a deputy.
type NewMandate struct {
	Congress     uuid.UUID
	Term         int // its number (第几届)
	Constituency *uuid.UUID
	Election     kind.Election
	ElectedOn    time.Time
	Confirmed    bool // the credentials committee has confirmed it already
}

func (in *NewMandate) check(c *checker, today time.Time) {
	word(c, at("当选方式", "mandate", "election"), in.Election)
	if in.Term < 1 {
		c.add(at("届次", "mandate", "term"), "OUT_OF_RANGE", "应为正整数")
	}
	in.ElectedOn = c.day(electedOn, in.ElectedOn, calendar.Founding, today)
}

var electedOn = at("当选日期", "mandate", "electedOn")

// adult is the age in years from which one may be elected.
const adult = 18

// seat is what a new mandate rests on.
type seat struct {
	congress *gen.Congress
	term     *gen.Term
	// home is where the mandate is grouped before any posting.
	home area
}

// seatOf finds the congress, term and constituency of a new mandate, all of which must be in the viewer's area.
func (t *task) seatOf(ctx context.Context, in NewMandate) (*seat, error) {
	c, err := t.tx.Congress.Query().Where(congress.ID(in.Congress)).Only(ctx)
	if gen.IsNotFound(err) {
		return nil, fault.NotFound("人民代表大会不存在或不在辖区内", "input", "mandate", "congress")
	}
	if err != nil {
		return nil, err
	}
	n, err := t.tx.Term.Query().Where(term.CongressID(c.ID), term.Number(in.Term)).Only(ctx)
	if gen.IsNotFound(err) {
		return nil, fault.NotFound("该人民代表大会没有这一届", "input", "mandate", "term")
	}
	if err != nil {
		return nil, err
	}
	if !calendar.Day(n.EndsOn).After(t.desk.today()) {
		return nil, fault.Conflict("TERM_OVER", "该届人民代表大会任期已满", "input", "mandate", "term")
	}
	lastDay := calendar.Day(n.EndsOn).AddDate(0, 0, -1)
	if err := oneDay(electedOn, in.ElectedOn, calendar.Day(n.StartsOn).AddDate(-1, 0, 0), lastDay); err != nil {
		return nil, err
	}
	s := &seat{congress: c, term: n, home: areaOfCongress(c).grouped()}
	if in.Constituency == nil {
		return s, nil
	}
	path := []string{"input", "mandate", "constituency"}
	unit, err := t.tx.Constituency.Query().Where(constituency.ID(*in.Constituency)).Only(ctx)
	if gen.IsNotFound(err) {
		return nil, fault.NotFound("选区不存在或不在辖区内", path...)
	}
	if err != nil {
		return nil, err
	}
	if unit.CongressID != c.ID {
		return nil, fault.Invalid("MISMATCH", "该选区不属于这一人民代表大会", path...)
	}
	if in.ElectedOn.Before(calendar.Day(unit.ValidFrom)) {
		return nil, fault.Conflict("NOT_YET", "该选区在当选日期之后才划定", path...)
	}
	if ended(unit.ValidTo, in.ElectedOn) {
		return nil, fault.Conflict("CLOSED", "该选区在当选日期之前已撤销", path...)
	}
	s.home = areaOfConstituency(unit).grouped()
	return s, nil
}

// createMandate writes a new mandate of a deputy.
func (t *task) createMandate(ctx context.Context, deputy uuid.UUID, s *seat, in NewMandate) (*gen.Mandate, error) {
	status := state.MandateElected
	if in.Confirmed {
		status = state.MandateConfirmed
	}
	create := t.tx.Mandate.Create().
		SetDeputyID(deputy).
		SetCongressID(s.congress.ID).
		SetTermID(s.term.ID).
		SetNillableConstituencyID(in.Constituency).
		SetLevel(s.congress.Level).
		SetSeatCode(s.congress.Code).
		SetTermNumber(s.term.Number).
		SetElection(in.Election).
		SetStatus(status).
		SetElectedOn(in.ElectedOn)
	s.home.put(create.Mutation())
	return create.Save(ctx)
}

// onOneChain tells whether all seats lie on one chain of divisions: of any two, one's division contains the other's.
func onOneChain(seats []place.Code) bool {
	for i, a := range seats {
		for _, b := range seats[i+1:] {
			if !a.Contains(b) && !b.Contains(a) {
				return false
			}
		}
	}
	return true
}

// checkChain sees to it that a deputy, who is locked and at home in the viewer's area, may sit in one more congress. The other
// seats count also where they are out of the viewer's sight.
func (t *task) checkChain(ctx context.Context, deputy uuid.UUID, more place.Code) error {
	var codes pq.Int64Array
	if err := scalar(ctx, t.tx, &codes, `SELECT seats_of_deputy($1)`, deputy); err != nil {
		return err
	}
	seats := []place.Code{more}
	for _, code := range codes {
		seats = append(seats, place.Code(code))
	}
	if !onOneChain(seats) {
		return fault.Invalid("CHAIN", "同一代表的各级职务须在同一条区划隶属链上", "input", "mandate", "congress")
	}
	return nil
}

// checkAge sees to it that a person was of age on a day of election.
func checkAge(birthMonth, elected time.Time, f field) error {
	if calendar.Day(birthMonth).AddDate(adult, 0, 0).After(elected) {
		return fault.Invalid(impossibleDate, f.label+"与当选日期不符:当选时须年满 18 周岁", f.path...)
	}
	return nil
}
