package workflow_test

import (
	"context"

	"github.com/lianluo/lianluo/ent/viewer"
	"github.com/lianluo/lianluo/ent/workflow"
)

// activityRoles tells which roles may do a verb on activities and key figures at all.
var activityRoles = map[workflow.Verb][]viewer.Role{
	workflow.VerbPlanActivity:     stations,
	workflow.VerbChangeActivity:   stations,
	workflow.VerbOpenActivity:     stations,
	workflow.VerbJoinActivity:     organs,
	workflow.VerbCheckIn:          {viewer.Deputy},
	workflow.VerbRecordAttendance: stations,
	workflow.VerbRemoveAttendance: stations,
	workflow.VerbRecordActivity:   stations,
	workflow.VerbReturnActivity:   organs,
	workflow.VerbConfirmActivity:  organs,
	workflow.VerbAmendActivity:    organs,
	workflow.VerbCancelActivity:   stations,
	workflow.VerbDefineFigure:     organs,
	workflow.VerbChangeFigure:     organs,
}

// activityVerbs try the verbs on activities and key figures with inputs in which everything is wrong.
var activityVerbs = map[workflow.Verb]func(*workflow.Desk, context.Context) error{
	workflow.VerbPlanActivity:     attempt((*workflow.Desk).PlanActivity),
	workflow.VerbChangeActivity:   attempt((*workflow.Desk).ChangeActivity),
	workflow.VerbOpenActivity:     attempt((*workflow.Desk).OpenActivity),
	workflow.VerbJoinActivity:     attempt((*workflow.Desk).JoinActivity),
	workflow.VerbCheckIn:          attempt((*workflow.Desk).CheckIn),
	workflow.VerbRecordAttendance: attempt((*workflow.Desk).RecordAttendance),
	workflow.VerbRemoveAttendance: attempt((*workflow.Desk).RemoveAttendance),
	workflow.VerbRecordActivity:   attempt((*workflow.Desk).RecordActivity),
	workflow.VerbReturnActivity:   attempt((*workflow.Desk).ReturnActivity),
	workflow.VerbConfirmActivity:  attempt((*workflow.Desk).ConfirmActivity),
	workflow.VerbAmendActivity:    attempt((*workflow.Desk).AmendActivity),
	workflow.VerbCancelActivity:   attempt((*workflow.Desk).CancelActivity),
	workflow.VerbDefineFigure:     attempt((*workflow.Desk).DefineFigure),
	workflow.VerbChangeFigure:     attempt((*workflow.Desk).ChangeFigure),
}

// attempt does a verb with nothing in its input.
func attempt[I, O any](verb func(*workflow.Desk, context.Context, I) (O, error)) func(*workflow.Desk, context.Context) error {
	return func(d *workflow.Desk, ctx context.Context) error {
		var nothing I
		_, err := verb(d, ctx, nothing)
		return err
	}
}
