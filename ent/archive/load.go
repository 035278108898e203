package archive

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"time"

	"github.com/google/uuid"

	"github.com/lianluo/lianluo/ent/calendar"
	"github.com/lianluo/lianluo/ent/duty"
	"github.com/lianluo/lianluo/ent/fault"
	"github.com/lianluo/lianluo/ent/gen"
	"github.com/lianluo/lianluo/ent/gen/activity"
	"github.com/lianluo/lianluo/ent/gen/attendance"
	"github.com/lianluo/lianluo/ent/gen/congress"
	"github.com/lianluo/lianluo/ent/gen/division"
	"github.com/lianluo/lianluo/ent/gen/dutyrecord"
	"github.com/lianluo/lianluo/ent/gen/evaluation"
	"github.com/lianluo/lianluo/ent/gen/mandate"
	"github.com/lianluo/lianluo/ent/gen/opinion"
	"github.com/lianluo/lianluo/ent/gen/pairing"
	"github.com/lianluo/lianluo/ent/gen/pairingcontact"
	"github.com/lianluo/lianluo/ent/gen/pointcheck"
	"github.com/lianluo/lianluo/ent/gen/pointclaim"
	"github.com/lianluo/lianluo/ent/gen/pointentry"
	"github.com/lianluo/lianluo/ent/gen/station"
	"github.com/lianluo/lianluo/ent/gen/suggestion"
	"github.com/lianluo/lianluo/ent/gen/trainingattendance"
	"github.com/lianluo/lianluo/ent/gen/visitday"
	"github.com/lianluo/lianluo/ent/gen/visitduty"
	"github.com/lianluo/lianluo/ent/state"
	"github.com/lianluo/lianluo/ent/tally"
	"github.com/lianluo/lianluo/ent/viewer"
)

// reader reads the rows of an archive; assemble makes the archive of them.
type reader struct {
	client *gen.Client
	today  time.Time

	mandate  *gen.Mandate
	from, to time.Time
	place    *gen.Division

	mandates    []*gen.Mandate
	congresses  map[uuid.UUID]string
	attended    []*gen.Attendance // of activities in any state
	duties      []*gen.VisitDuty
	held        []*gen.Activity  // those of the visit days of the duties
	relieving   []*gen.VisitDuty // what others took over of the duties
	opinions    []*gen.Opinion
	suggestions []*gen.Suggestion
	trainings   []*gen.TrainingAttendance
	records     []*gen.DutyRecord
	entries     []*gen.PointEntry
	claims      []*gen.PointClaim
	checks      []*gen.PointCheck
	pairings    []*gen.Pairing
	contacts    []*gen.PairingContact
	evaluations []*gen.Evaluation
	deeds       []duty.Deed // wherever they were done
	norms       []duty.Edition[duty.NormItem]
	stations    map[uuid.UUID]*gen.Station
}

// find reads the mandate, if its archive is for the viewer, and settles the days.
func (r *reader) find(ctx context.Context, id uuid.UUID, v *viewer.Viewer) error {
	m, err := r.client.Mandate.Query().Where(mandate.ID(id)).WithDeputy().Only(ctx)
	switch {
	case gen.IsNotFound(err), err == nil && (!tally.Counted(v, m) || m.Edges.Deputy == nil):
		return missing()
	case err != nil:
		return fmt.Errorf("archive: %w", err)
	}
	r.mandate, r.from, r.to = m, m.ElectedOn, r.today
	if last := lastDay(m); last != nil {
		r.to = *last
	}
	return nil
}

// all reads everything, one sort after the other: a transaction has one connection.
func (r *reader) all(ctx context.Context) error {
	for _, read := range []func(context.Context) error{
		r.person, r.activities, r.visits, r.opinionRows, r.work, r.points, r.pairs, r.outcomes, r.known, r.places,
	} {
		if err := read(ctx); err != nil {
			return err
		}
	}
	return nil
}

// bounded puts rows into their place, unless there are more than an archive tells of.
func bounded[T any](into *[]T, rows []T, err error) error {
	if err == nil && len(rows) > most {
		err = fault.Invalid("TOO_LARGE", "档案内容过多,无法一次生成", "mandate")
	}
	*into = rows
	return err
}

func (r *reader) person(ctx context.Context) error {
	rows, err := r.client.Mandate.Query().Where(mandate.DeputyID(r.mandate.DeputyID)).
		Order(mandate.ByElectedOn(), mandate.ByID()).Limit(most + 1).All(ctx)
	if err := bounded(&r.mandates, rows, err); err != nil {
		return err
	}
	seats := make([]uuid.UUID, len(rows))
	for i, m := range rows {
		seats[i] = m.CongressID
	}
	named, err := r.client.Congress.Query().Where(congress.IDIn(seats...)).All(ctx)
	if err != nil {
		return err
	}
	r.congresses = make(map[uuid.UUID]string, len(named))
	for _, c := range named {
		r.congresses[c.ID] = c.Name
	}
	r.place, err = r.client.Division.Query().Where(division.CodeEQ(r.mandate.Code)).First(ctx)
	if gen.IsNotFound(err) {
		return nil
	}
	return err
}

func (r *reader) activities(ctx context.Context) error {
	rows, err := r.client.Attendance.Query().
		Where(attendance.DeputyID(r.mandate.DeputyID), attendance.DayGTE(r.from), attendance.DayLTE(r.to)).
		WithActivity().Order(attendance.ByDay(), attendance.ByID()).Limit(most + 1).All(ctx)
	return bounded(&r.attended, rows, err)
}

func (r *reader) visits(ctx context.Context) error {
	rows, err := r.client.VisitDuty.Query().
		Where(visitduty.DeputyID(r.mandate.DeputyID), visitduty.HasVisitDayWith(visitday.DayGTE(r.from), visitday.DayLTE(r.to))).
		WithVisitDay().Order(visitduty.ByID()).Limit(most + 1).All(ctx)
	if err := bounded(&r.duties, rows, err); err != nil {
		return err
	}
	days, replaced := make([]uuid.UUID, 0, len(rows)), make([]uuid.UUID, 0, len(rows))
	for _, d := range rows {
		days = append(days, d.VisitDayID)
		if d.Replaced {
			replaced = append(replaced, d.ID)
		}
		if d.SubstituteFor != nil {
			replaced = append(replaced, *d.SubstituteFor)
		}
	}
	r.held, err = r.client.Activity.Query().
		Where(activity.VisitDayIDIn(days...), activity.StateNEQ(state.ActivityCancelled)).All(ctx)
	if err != nil {
		return err
	}
	// The other side of each substitution: who took a duty over, and whose duty was taken over.
	r.relieving, err = r.client.VisitDuty.Query().
		Where(visitduty.Or(visitduty.SubstituteForIn(replaced...), visitduty.IDIn(replaced...)), visitduty.DeputyIDNEQ(r.mandate.DeputyID)).
		WithDeputy().All(ctx)
	return err
}

func (r *reader) opinionRows(ctx context.Context) error {
	rows, err := r.client.Opinion.Query().
		Where(opinion.DeputyID(r.mandate.DeputyID), opinion.SubmittedAtGTE(calendar.Begin(r.from)), opinion.SubmittedAtLT(calendar.Begin(r.after()))).
		WithCategory().Order(opinion.BySubmittedAt(), opinion.ByID()).Limit(most + 1).All(ctx)
	if err := bounded(&r.opinions, rows, err); err != nil {
		return err
	}
	made, err := r.client.Suggestion.Query().
		Where(suggestion.DeputyID(r.mandate.DeputyID), suggestion.CreatedAtGTE(calendar.Begin(r.from)), suggestion.CreatedAtLT(calendar.Begin(r.after()))).
		Order(suggestion.ByCreatedAt(), suggestion.ByID()).Limit(most + 1).All(ctx)
	return bounded(&r.suggestions, made, err)
}

// after is the first day that is no longer told of.
func (r *reader) after() time.Time { return r.to.AddDate(0, 0, 1) }

func (r *reader) work(ctx context.Context) error {
	courses, err := r.client.TrainingAttendance.Query().
		Where(trainingattendance.DeputyID(r.mandate.DeputyID), trainingattendance.DayGTE(r.from), trainingattendance.DayLTE(r.to)).
		WithTraining().Order(trainingattendance.ByDay(), trainingattendance.ByID()).Limit(most + 1).All(ctx)
	if err := bounded(&r.trainings, courses, err); err != nil {
		return err
	}
	rows, err := r.client.DutyRecord.Query().
		Where(dutyrecord.DeputyID(r.mandate.DeputyID), dutyrecord.DayGTE(r.from), dutyrecord.DayLTE(r.to), dutyrecord.StateEQ(state.RecordConfirmed)).
		Order(dutyrecord.ByDay(), dutyrecord.ByID()).Limit(most + 1).All(ctx)
	return bounded(&r.records, rows, err)
}

func (r *reader) points(ctx context.Context) error {
	lines, err := r.client.PointEntry.Query().
		Where(pointentry.MandateID(r.mandate.ID), pointentry.DayGTE(r.from), pointentry.DayLTE(r.to)).
		WithScheme().Order(pointentry.ByDay(), pointentry.ByID()).Limit(most + 1).All(ctx)
	if err := bounded(&r.entries, lines, err); err != nil {
		return err
	}
	claims, err := r.client.PointClaim.Query().
		Where(pointclaim.MandateID(r.mandate.ID), pointclaim.StateEQ(state.ClaimApproved)).Limit(most + 1).All(ctx)
	if err := bounded(&r.claims, claims, err); err != nil {
		return err
	}
	checks, err := r.client.PointCheck.Query().
		Where(pointcheck.MandateID(r.mandate.ID)).Order(pointcheck.ByCreatedAt(), pointcheck.ByID()).Limit(most + 1).All(ctx)
	return bounded(&r.checks, checks, err)
}

func (r *reader) pairs(ctx context.Context) error {
	d := r.mandate.DeputyID
	rows, err := r.client.Pairing.Query().
		Where(pairing.Or(pairing.LeaderDeputyID(d), pairing.DeputyID(d)), pairing.StartedOnLTE(r.to),
			pairing.Or(pairing.EndedOnIsNil(), pairing.EndedOnGT(r.from))).
		WithDeputy().WithStation().WithDivision().Order(pairing.ByStartedOn(), pairing.ByID()).Limit(most + 1).All(ctx)
	if err := bounded(&r.pairings, rows, err); err != nil {
		return err
	}
	contacts, err := r.client.PairingContact.Query().
		Where(pairingcontact.Or(pairingcontact.LeaderDeputyID(d), pairingcontact.DeputyID(d)), pairingcontact.DayGTE(r.from), pairingcontact.DayLTE(r.to)).
		Order(pairingcontact.ByDay(), pairingcontact.ByID()).Limit(most + 1).All(ctx)
	return bounded(&r.contacts, contacts, err)
}

func (r *reader) outcomes(ctx context.Context) error {
	rows, err := r.client.Evaluation.Query().
		Where(evaluation.MandateID(r.mandate.ID), evaluation.PublishedAtNotNil()).
		WithCampaign().Order(evaluation.ByPublishedAt(), evaluation.ByID()).Limit(most + 1).All(ctx)
	return bounded(&r.evaluations, rows, err)
}

// known reads what counts of the deputy wherever it was done, and the norms that it is held against.
func (r *reader) known(ctx context.Context) error {
	deeds, err := tally.Deeds(ctx, r.client, []uuid.UUID{r.mandate.DeputyID}, duty.Span{From: r.from, To: r.to})
	if err != nil {
		return err
	}
	r.deeds = deeds[r.mandate.DeputyID]
	norms, err := tally.Norms(ctx, r.client, []*gen.Mandate{r.mandate})
	r.norms = norms[r.mandate.ID]
	return err
}

// places reads the stations that everything was at.
func (r *reader) places(ctx context.Context) error {
	r.stations = map[uuid.UUID]*gen.Station{}
	for _, a := range r.attended {
		r.stations[a.StationID] = nil
	}
	for _, d := range r.duties {
		r.stations[d.StationID] = nil
	}
	for _, o := range r.opinions {
		r.stations[o.StationID] = nil
	}
	rows, err := r.client.Station.Query().Where(station.IDIn(slices.Collect(maps.Keys(r.stations))...)).All(ctx)
	for _, row := range rows {
		r.stations[row.ID] = row.Unwrap()
	}
	return err
}
