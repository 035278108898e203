package workflow

import (
	"context"
	"slices"
	"time"

	"github.com/google/uuid"

	"github.com/lianluo/lianluo/ent/calendar"
	"github.com/lianluo/lianluo/ent/fault"
	"github.com/lianluo/lianluo/ent/gen"
	"github.com/lianluo/lianluo/ent/gen/division"
	"github.com/lianluo/lianluo/ent/gen/mandate"
	"github.com/lianluo/lianluo/ent/gen/pairing"
	"github.com/lianluo/lianluo/ent/gen/predicate"
	"github.com/lianluo/lianluo/ent/kind"
	"github.com/lianluo/lianluo/ent/place"
)

// couple is who leads and who or what is led, found and fit for each other.
type couple struct {
	// leader is the leader's name, leads finds the leader's pairings.
	leader string
	leads  predicate.Pairing
	// place is that of who or what is led, is finds the pairings with the same, division is the township's id.
	place    area
	is       predicate.Pairing
	division *uuid.UUID
}

// couple finds both sides of a new pairing of a congress.
func (t *task) couple(ctx context.Context, congress *gen.Congress, in Pair) (*couple, error) {
	out := &couple{}
	if err := t.leadWhat(ctx, in, out); err != nil {
		return nil, err
	}
	var persons []uuid.UUID
	for _, id := range []*uuid.UUID{in.Leader.Deputy, in.Deputy} {
		if id != nil {
			persons = append(persons, *id)
		}
	}
	if err := t.lockPersons(ctx, persons...); err != nil {
		return nil, err
	}
	var lower *member
	if in.Deputy != nil {
		var err error
		if lower, err = t.ledMember(ctx, congress, in); err != nil {
			return nil, err
		}
		out.place, out.is = areaOfMandate(lower.grouped), pairing.DeputyID(lower.ID)
	}
	if in.Leader.Organ != nil {
		out.leader = *in.Leader.Name
		out.leads = pairing.And(pairing.LeaderOrganID(*in.Leader.Organ), pairing.LeaderName(out.leader))
		return out, t.checkLeadingOrgan(ctx, in)
	}
	leader, err := t.leadingMember(ctx, congress, in, lower)
	if err != nil {
		return nil, err
	}
	out.leader, out.leads = leader.Name, pairing.LeaderDeputyID(leader.ID)
	return out, nil
}

// leadWhat finds the station or township that is led.
func (t *task) leadWhat(ctx context.Context, in Pair, out *couple) error {
	switch {
	case in.Station != nil:
		s, err := t.lockOpenStation(ctx, *in.Station, ledStation.path...)
		if err != nil {
			return err
		}
		out.place, out.is = areaOfStation(s), pairing.StationID(s.ID)
		return oneDay(pairedOn, in.StartedOn, calendar.Day(s.OpenedOn), in.StartedOn)
	case in.Township != nil:
		d, err := t.tx.Division.Query().Where(division.Code(*in.Township)).Only(ctx)
		if gen.IsNotFound(err) {
			return fault.NotFound("乡镇(街道)不存在或不在辖区内", ledTownship.path...)
		}
		if err != nil {
			return err
		}
		if d.Level != place.LevelTownship {
			return fault.Invalid("MISMATCH", "应为乡镇(街道)", ledTownship.path...)
		}
		if ended(d.ValidTo, in.StartedOn) {
			return fault.Conflict("CLOSED", "该乡镇(街道)已撤销", ledTownship.path...)
		}
		out.place, out.is, out.division = areaOfDivision(d), pairing.DivisionID(d.ID), &d.ID
	}
	return nil
}

// member is a deputy with the mandates that are in sight, all of them and those served under on a day.
type member struct {
	*gen.Deputy
	all, serving []*gen.Mandate
	// grouped is, of who is led, the mandate that gives the place.
	grouped *gen.Mandate
}

// member finds a deputy and the mandates.
func (t *task) member(ctx context.Context, id uuid.UUID, on time.Time, path []string) (*member, error) {
	d, err := t.tx.Deputy.Get(ctx, id)
	if gen.IsNotFound(err) {
		return nil, fault.NotFound("代表不存在或不在辖区内", path...)
	}
	if err != nil {
		return nil, err
	}
	m := &member{Deputy: d}
	if m.all, err = t.tx.Mandate.Query().Where(mandate.DeputyID(id)).Order(mandate.ByElectedOn(), mandate.ByID()).All(ctx); err != nil {
		return nil, err
	}
	for _, one := range m.all {
		if serves(one.Status) && !calendar.Day(one.ElectedOn).After(on) {
			m.serving = append(m.serving, one)
		}
	}
	// The highest first.
	slices.SortStableFunc(m.serving, func(a, b *gen.Mandate) int { return rank(a.Level) - rank(b.Level) })
	return m, nil
}

// rank is the place of a level among the five, 0 being the highest.
func rank(l kind.CongressLevel) int { return slices.Index(kind.CongressLevels, l) }

// seat is the mandate of a congress that is served under; nil when there is none.
func (m *member) seat(congress uuid.UUID) *gen.Mandate {
	for _, one := range m.serving {
		if one.CongressID == congress {
			return one
		}
	}
	return nil
}

// before tells whether the deputy sat in a congress in an earlier term than that of a mandate.
func (m *member) before(now *gen.Mandate) bool {
	return slices.ContainsFunc(m.all, func(one *gen.Mandate) bool {
		return one.CongressID == now.CongressID && one.TermNumber < now.TermNumber
	})
}

// ledMember finds the deputy who is led, grouped in the viewer's area by the mandate of the congress or else by the highest one.
func (t *task) ledMember(ctx context.Context, congress *gen.Congress, in Pair) (*member, error) {
	m, err := t.member(ctx, *in.Deputy, in.StartedOn, ledDeputy.path)
	if err != nil {
		return nil, err
	}
	if len(m.serving) == 0 {
		return nil, fault.Conflict("NOT_ON_ROLL", "该代表在结对日期没有在册职务,或职务已暂停", ledDeputy.path...)
	}
	here := slices.DeleteFunc(slices.Clone(m.serving), func(one *gen.Mandate) bool { return !t.viewer.Sees(one.Code) })
	if len(here) == 0 {
		return nil, forbidden("该代表由其他地方编组,应由其所在地安排结对", ledDeputy.path...)
	}
	m.grouped = here[0]
	if own := m.seat(congress.ID); own != nil && t.viewer.Sees(own.Code) {
		m.grouped = own
	}
	if in.Kind != kind.PairingReelectedNew {
		return m, nil
	}
	if own := m.seat(congress.ID); own == nil || m.before(own) {
		return nil, fault.Invalid("MISMATCH", "新任代表应首次当选本级人民代表大会代表", ledDeputy.path...)
	}
	return m, nil
}

// leadingMember finds the deputy who leads and holds the kind's condition against both.
func (t *task) leadingMember(ctx context.Context, congress *gen.Congress, in Pair, lower *member) (*member, error) {
	m, err := t.member(ctx, *in.Leader.Deputy, in.StartedOn, leadingDeputy.path)
	if err != nil {
		return nil, err
	}
	own := m.seat(congress.ID)
	switch {
	case in.Kind == kind.PairingUpperLower:
		upper := slices.ContainsFunc(m.serving, func(one *gen.Mandate) bool {
			return one.SeatCode.Contains(congress.Code) && rank(one.Level) < rank(lower.serving[0].Level)
		})
		if !upper {
			return nil, fault.Invalid("MISMATCH", "上级代表的层级应高于被联系代表,且任职于本级或上级人民代表大会", leadingDeputy.path...)
		}
	case own == nil:
		return nil, fault.Invalid("MISMATCH", "联系代表在结对日期不是本级人民代表大会的在职代表", leadingDeputy.path...)
	case in.Kind == kind.PairingReelectedNew && !m.before(own):
		return nil, fault.Invalid("MISMATCH", "连任代表应任过本级人民代表大会的上届代表", leadingDeputy.path...)
	}
	return m, nil
}

// checkLeadingOrgan sees to it that an organ of the viewer's own division leads.
func (t *task) checkLeadingOrgan(ctx context.Context, in Pair) error {
	o, err := t.ownOrgan(ctx, *in.Leader.Organ, in.StartedOn, leadingOrgan)
	if err != nil {
		return err
	}
	if slices.Contains(committeesLead, in.Kind) && o.Kind == kind.OrganDepartment {
		return fault.Invalid("MISMATCH", "应为人大专门委员会或常委会工作机构", leadingOrgan.path...)
	}
	return nil
}

// ownOrgan finds an organ of the viewer's own division that stands on a day.
func (t *task) ownOrgan(ctx context.Context, id uuid.UUID, on time.Time, f field) (*gen.Organ, error) {
	o, err := t.tx.Organ.Get(ctx, id)
	switch {
	case gen.IsNotFound(err):
		return nil, fault.NotFound("机关不存在或不在辖区内", f.path...)
	case err != nil:
		return nil, err
	case o.Code != t.viewer.Division:
		return nil, forbidden("应为本级机关", f.path...)
	case ended(o.ValidTo, on):
		return nil, fault.Conflict("CLOSED", "该机关已撤销", f.path...)
	}
	return o, nil
}
