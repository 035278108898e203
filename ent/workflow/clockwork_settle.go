package workflow

import (
	"bytes"
	"cmp"
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"time"

	"github.com/google/uuid"

	"github.com/lianluo/lianluo/ent/calendar"
	"github.com/lianluo/lianluo/ent/duty"
	"github.com/lianluo/lianluo/ent/gen"
	"github.com/lianluo/lianluo/ent/gen/mandate"
	"github.com/lianluo/lianluo/ent/gen/pointclaim"
	"github.com/lianluo/lianluo/ent/gen/pointentry"
	"github.com/lianluo/lianluo/ent/gen/suggestion"
	"github.com/lianluo/lianluo/ent/kind"
	"github.com/lianluo/lianluo/ent/place"
	"github.com/lianluo/lianluo/ent/state"
	"github.com/lianluo/lianluo/ent/tally"
)

// VerbSettle is the platform's own: it brings a ledger of points up to its evidence.
const VerbSettle Verb = "settlePoints"

// ever is a span that all deeds lie in.
var ever = duty.Span{From: calendar.Founding, To: time.Date(2999, time.December, 31, 0, 0, 0, 0, time.UTC)}

// Settle brings the ledger of a deputy's points, and the standings with norms, up to the evidence: it works out what the deeds come to under the schemes in force on their days, for
// each mandate and year, compares that with what the stored lines add up to, and appends the difference. What is settled already is not touched, so
// settling as often as one likes, or twice at once, changes nothing.
func (c *Clockwork) Settle(ctx context.Context, deputy uuid.UUID) error {
	ctx, v := c.as(ctx, "points")
	return c.work(ctx, VerbSettle, v, func(t *task) error { return t.settleDeputy(ctx, deputy) })
}

// SettleAll settles every deputy who is under a scheme, or has a ledger. It answers how many.
func (c *Clockwork) SettleAll(ctx context.Context) (int, error) {
	ctx, v := c.as(ctx, "points")
	deputies, err := c.scored(ctx)
	if err != nil {
		return 0, fmt.Errorf("find whose points to settle: %w", err)
	}
	var errs []error
	for _, id := range deputies {
		if ctx.Err() != nil {
			return 0, ctx.Err()
		}
		errs = append(errs, c.work(ctx, VerbSettle, v, func(t *task) error { return t.settleDeputy(ctx, id) }))
	}
	return len(deputies), errors.Join(errs...)
}

// scored lists the deputies whose points there is a scheme for, or who have lines from when there was.
func (c *Clockwork) scored(ctx context.Context) ([]uuid.UUID, error) {
	return ids(ctx, c.desk.client, `SELECT m.deputy_id FROM mandate m WHERE EXISTS (
			SELECT FROM point_scheme s WHERE s.level = m.level AND s.code IN (0, m.code, m.code - m.code % 1000, m.code - m.code % 1000000,
				m.code - m.code % 100000000, m.code - m.code % 10000000000))
		UNION SELECT deputy_id FROM point_entry ORDER BY 1`)
}

// part is a part of the ledger that is settled by itself: a mandate's lines of one year under one scheme, at one place.
type part struct {
	scheme uuid.UUID
	year   int
	code   place.Code
}

func (t *task) settleDeputy(ctx context.Context, deputy uuid.UUID) error {
	if err := t.lock(ctx, pointsOf(deputy)); err != nil {
		return err
	}
	mandates, err := t.tx.Mandate.Query().Where(mandate.DeputyID(deputy)).Order(mandate.ByID()).All(ctx)
	if err != nil || len(mandates) == 0 {
		return err
	}
	schemes, err := tally.Schemes(ctx, t.tx, mandates)
	if err != nil {
		return err
	}
	deeds, err := tally.Deeds(ctx, t.tx, []uuid.UUID{deputy}, ever)
	if err != nil {
		return err
	}
	claims, err := t.tx.PointClaim.Query().Where(pointclaim.DeputyID(deputy), pointclaim.StateEQ(state.ClaimApproved)).All(ctx)
	if err != nil {
		return err
	}
	claimedFor := make(map[uuid.UUID]uuid.UUID, len(claims))
	for _, c := range claims {
		claimedFor[c.ID] = c.MandateID
	}
	entries, err := t.tx.PointEntry.Query().Where(pointentry.DeputyID(deputy)).Order(pointentry.ByID()).All(ctx)
	if err != nil {
		return err
	}
	for _, m := range mandates {
		own := slices.DeleteFunc(slices.Clone(deeds[deputy]), func(d duty.Deed) bool {
			return d.Kind == kind.DeedClaim && claimedFor[d.ID] != m.ID
		})
		of := slices.DeleteFunc(slices.Clone(entries), func(e *gen.PointEntry) bool { return e.MandateID != m.ID })
		if err := t.settleMandate(ctx, m, due(m, schemes[m.ID], own), of); err != nil {
			return err
		}
	}
	return t.restand(ctx, mandates)
}

// due is what the deeds of a mandate come to, by part.
func due(m *gen.Mandate, schemes []duty.Edition[duty.PointItem], deeds []duty.Deed) map[part][]duty.Line {
	service := tally.ServiceOf(m)
	items := map[uuid.UUID][]duty.PointItem{}
	counted := map[part][]duty.Deed{}
	for _, d := range deeds {
		scheme := duty.InForce(schemes, d.Day)
		if scheme == nil || !service.Counts(d.Day) {
			continue
		}
		at := part{scheme.ID, d.Day.Year(), m.Code}
		items[scheme.ID], counted[at] = scheme.Items, append(counted[at], d)
	}
	out := make(map[part][]duty.Line, len(counted))
	for at, deeds := range counted {
		out[at] = duty.Ledger(items[at.scheme], deeds)
	}
	return out
}

// settleMandate appends what the stored lines of a mandate lack, part by part. Lines at a place where the mandate is no longer grouped are taken back
// there, and stand at the new one.
func (t *task) settleMandate(ctx context.Context, m *gen.Mandate, should map[part][]duty.Line, entries []*gen.PointEntry) error {
	stored := map[part][]duty.Line{}
	places := map[place.Code]area{m.Code: areaOfMandate(m)}
	seen := map[uuid.UUID]bool{}
	for _, e := range entries {
		day := calendar.Day(e.Day)
		at := part{e.SchemeID, day.Year(), e.Code}
		stored[at] = append(stored[at], duty.Line{Item: e.Item, Deed: e.Deed, ID: e.DeedID, Day: day, Points: e.Points})
		places[e.Code] = area{e.Code, e.ProvinceCode, e.CityCode, e.CountyCode, e.TownshipCode}
		seen[e.DeedID] = true
	}
	all := maps.Clone(stored)
	maps.Copy(all, should)
	for _, at := range slices.SortedFunc(maps.Keys(all), compareParts) {
		for _, l := range duty.Differences(should[at], stored[at]) {
			create := t.tx.PointEntry.Create().
				SetSchemeID(at.scheme).SetMandateID(m.ID).SetDeputyID(m.DeputyID).SetItem(l.Item).SetDeed(l.Deed).SetDeedID(l.ID).
				SetDay(l.Day).SetPoints(l.Points).SetCorrection(seen[l.ID]).SetCreatedAt(t.desk.clock()).SetUpdatedAt(t.desk.clock())
			places[at.code].put(create.Mutation())
			if err := create.Exec(ctx); err != nil {
				return fmt.Errorf("append to the ledger: %w", err)
			}
		}
	}
	return nil
}

func compareParts(a, b part) int {
	return cmp.Or(cmp.Compare(a.year, b.year), bytes.Compare(a.scheme[:], b.scheme[:]), cmp.Compare(a.code, b.code))
}

// settleOpinion has the ledgers brought up to a step by which an opinion, or a suggestion made of it, begins or ceases to count.
func (t *task) settleOpinion(ctx context.Context, what *incident) error {
	var deputies []uuid.UUID
	switch what.event.Step {
	case state.StepSubmit, state.StepDecline:
		if of := what.opinion.DeputyID; of != nil {
			deputies = append(deputies, *of)
		}
	case state.StepConvert:
		by, err := t.tx.Suggestion.Query().Where(suggestion.OpinionID(what.opinion.ID)).All(ctx)
		if err != nil {
			return err
		}
		for _, s := range by {
			deputies = append(deputies, s.DeputyID)
		}
	default:
		return nil
	}
	return t.settle(ctx, deputies...)
}
