package graph

import (
	"context"
	"strconv"

	"github.com/99designs/gqlgen/graphql"

	"github.com/lianluo/lianluo/ent/gen"
	"github.com/lianluo/lianluo/ent/workflow"
	"github.com/lianluo/lianluo/graph/model"
)

// arrange reads the input of a verb on an activity, does the verb, and answers the activity after it.
func arrange[I, V any](
	ctx context.Context, input I, read func(I) (V, error), do func(context.Context, V) (*gen.Activity, error),
) (*model.ActivityPayload, error) {
	in, err := read(input)
	if err != nil {
		return nil, err
	}
	a, err := do(ctx, in)
	if err != nil {
		return nil, err
	}
	return &model.ActivityPayload{Activity: a}, nil
}

// figured does a verb on a key figure and answers the figure after it.
func figured[I, V any](
	ctx context.Context, input I, read func(I) (V, error), do func(context.Context, V) (*gen.KeyFigure, error),
) (*model.KeyFigurePayload, error) {
	in, err := read(input)
	if err != nil {
		return nil, err
	}
	f, err := do(ctx, in)
	if err != nil {
		return nil, err
	}
	return &model.KeyFigurePayload{Figure: f}, nil
}

// activity reads which activity a verb is about.
func (r *reader) activity(id string, expected graphql.Omittable[*int]) workflow.ActivityRef {
	return workflow.ActivityRef{ID: r.id(id, gen.TypeActivity, "id"), ExpectedVersion: expected.Value()}
}

func planActivity(in model.PlanActivityInput) (workflow.PlanActivity, error) {
	var r reader
	out := workflow.PlanActivity{
		IdempotencyKey: in.IdempotencyKey.Value(),
		Station:        r.id(in.Station, gen.TypeStation, "station"),
		VisitDay:       r.optional(in.VisitDay, gen.TypeVisitDay, "visitDay"),
		Title:          in.Title,
		Way:            in.Way,
		Setting:        in.Setting,
		Mode:           in.Mode.Value(),
		Theme:          in.Theme.Value(),
		Campaign:       in.Campaign.Value(),
		BeginsAt:       in.BeginsAt.Value(),
		EndsAt:         in.EndsAt.Value(),
		Location:       in.Location.Value(),
		Longitude:      in.Longitude.Value(),
		Latitude:       in.Latitude.Value(),
		Partners:       r.ids(in.Partners, gen.TypeStation, "partners"),
	}
	return out, r.faults.Err()
}

func changeActivity(in model.ChangeActivityInput) (workflow.ChangeActivity, error) {
	var r reader
	out := workflow.ChangeActivity{
		ActivityRef: r.activity(in.ID, in.ExpectedVersion),
		Title:       change(in.Title),
		Way:         change(in.Way),
		Setting:     change(in.Setting),
		Mode:        change(in.Mode),
		Theme:       change(in.Theme),
		Campaign:    change(in.Campaign),
		BeginsAt:    change(in.BeginsAt),
		EndsAt:      change(in.EndsAt),
		Location:    change(in.Location),
		Longitude:   change(in.Longitude),
		Latitude:    change(in.Latitude),
	}
	return out, r.faults.Err()
}

func joinActivity(in model.JoinActivityInput) (workflow.JoinActivity, error) {
	var r reader
	out := workflow.JoinActivity{
		ActivityRef: r.activity(in.ID, in.ExpectedVersion),
		Add:         r.ids(in.Add, gen.TypeStation, "add"),
		Remove:      r.ids(in.Remove, gen.TypeStation, "remove"),
	}
	return out, r.faults.Err()
}

func openActivity(in model.OpenActivityInput) (workflow.OpenActivity, error) {
	var r reader
	out := workflow.OpenActivity{ActivityRef: r.activity(in.ID, in.ExpectedVersion)}
	return out, r.faults.Err()
}

func checkIn(in model.CheckInInput) (workflow.CheckIn, error) {
	var r reader
	out := workflow.CheckIn{
		IdempotencyKey: in.IdempotencyKey.Value(),
		Code:           in.Code,
		Activity:       r.optional(in.Activity, gen.TypeActivity, "activity"),
		Longitude:      in.Longitude.Value(),
		Latitude:       in.Latitude.Value(),
	}
	return out, r.faults.Err()
}

// attending reads a list of who came, which stands at a path below the input.
func (r *reader) attending(station graphql.Omittable[*string], deputies graphql.Omittable[[]*model.AttendingDeputyInput],
	officials graphql.Omittable[[]*model.AttendingOfficialInput], path ...string,
) workflow.Attendances {
	below := func(rest ...string) []string { return append(append([]string(nil), path...), rest...) }
	out := workflow.Attendances{Station: r.optional(station, gen.TypeStation, below("station")...)}
	for i, d := range deputies.Value() {
		out.Deputies = append(out.Deputies, workflow.AttendingDeputy{
			Deputy: r.id(d.Deputy, gen.TypeDeputy, below("deputies", strconv.Itoa(i), "deputy")...), Guest: d.Guest, Note: d.Note.Value(),
		})
	}
	for i, o := range officials.Value() {
		out.Officials = append(out.Officials, workflow.AttendingOfficial{
			Organ: r.id(o.Organ, gen.TypeOrgan, below("officials", strconv.Itoa(i), "organ")...), Name: o.Name, Title: o.Title.Value(),
		})
	}
	return out
}

func recordAttendance(in model.RecordAttendanceInput) (workflow.RecordAttendance, error) {
	var r reader
	out := workflow.RecordAttendance{
		ActivityRef: r.activity(in.ID, in.ExpectedVersion), Attendances: r.attending(in.Station, in.Deputies, in.Officials),
		Reason: in.Reason.Value(),
	}
	return out, r.faults.Err()
}

func removeAttendance(in model.RemoveAttendanceInput) (workflow.RemoveAttendance, error) {
	var r reader
	out := workflow.RemoveAttendance{
		ActivityRef: r.activity(in.ID, in.ExpectedVersion),
		Attendance:  r.id(in.Attendance, gen.TypeAttendance, "attendance"),
		Reason:      in.Reason,
	}
	return out, r.faults.Err()
}

func recordActivity(in model.RecordActivityInput) (workflow.RecordActivity, error) {
	var r reader
	out := workflow.RecordActivity{
		ActivityRef: r.activity(in.ID, in.ExpectedVersion),
		Summary:     change(in.Summary),
		Photos:      in.Photos.Value(),
		Reason:      in.Reason.Value(),
	}
	for i, f := range in.Figures.Value() {
		out.Figures = append(out.Figures, workflow.FigureValue{
			Key: f.Key.Value(), Figure: r.optional(f.Figure, gen.TypeKeyFigure, "figures", strconv.Itoa(i), "figure"), Value: f.Value.Value(),
		})
	}
	if came := in.Attendances.Value(); came != nil {
		list := r.attending(came.Station, came.Deputies, came.Officials, "attendances")
		out.Attendances = &list
	}
	return out, r.faults.Err()
}

func confirmActivity(in model.ConfirmActivityInput) (workflow.ConfirmActivity, error) {
	var r reader
	out := workflow.ConfirmActivity{ActivityRef: r.activity(in.ID, in.ExpectedVersion)}
	return out, r.faults.Err()
}

func returnActivity(in model.ReturnActivityInput) (workflow.ReviewActivity, error) {
	return reviewActivity(in.ID, in.ExpectedVersion, in.Reason)
}

func amendActivity(in model.AmendActivityInput) (workflow.ReviewActivity, error) {
	return reviewActivity(in.ID, in.ExpectedVersion, in.Reason)
}

func cancelActivity(in model.CancelActivityInput) (workflow.ReviewActivity, error) {
	return reviewActivity(in.ID, in.ExpectedVersion, in.Reason)
}

func reviewActivity(id string, expected graphql.Omittable[*int], reason string) (workflow.ReviewActivity, error) {
	var r reader
	out := workflow.ReviewActivity{ActivityRef: r.activity(id, expected), Reason: reason}
	return out, r.faults.Err()
}

func defineFigure(in model.DefineFigureInput) (workflow.DefineFigure, error) {
	return workflow.DefineFigure{
		IdempotencyKey: in.IdempotencyKey.Value(), Key: in.Key, Name: in.Name, Unit: in.Unit, Type: in.Type,
		Campaign: in.Campaign.Value(), FromOn: in.FromOn, UntilOn: in.UntilOn.Value(),
	}, nil
}

func changeFigure(in model.ChangeFigureInput) (workflow.ChangeFigure, error) {
	var r reader
	out := workflow.ChangeFigure{
		ID: r.id(in.ID, gen.TypeKeyFigure, "id"), ExpectedVersion: in.ExpectedVersion.Value(),
		Name: change(in.Name), Unit: change(in.Unit), Campaign: change(in.Campaign), UntilOn: change(in.UntilOn),
	}
	return out, r.faults.Err()
}
