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
	workflow.VerbPlanActivity:     tried((*workflow.Desk).PlanActivity),
	workflow.VerbChangeActivity:   tried((*workflow.Desk).ChangeActivity),
	workflow.VerbOpenActivity:     tried((*workflow.Desk).OpenActivity),
	workflow.VerbJoinActivity:     tried((*workflow.Desk).JoinActivity),
	workflow.VerbCheckIn:          tried((*workflow.Desk).CheckIn),
	workflow.VerbRecordAttendance: tried((*workflow.Desk).RecordAttendance),
	workflow.VerbRemoveAttendance: tried((*workflow.Desk).RemoveAttendance),
	workflow.VerbRecordActivity:   tried((*workflow.Desk).RecordActivity),
	workflow.VerbReturnActivity:   tried((*workflow.Desk).ReturnActivity),
	workflow.VerbConfirmActivity:  tried((*workflow.Desk).ConfirmActivity),
	workflow.VerbAmendActivity:    tried((*workflow.Desk).AmendActivity),
	workflow.VerbCancelActivity:   tried((*workflow.Desk).CancelActivity),
	workflow.VerbDefineFigure:     tried((*workflow.Desk).DefineFigure),
	workflow.VerbChangeFigure:     tried((*workflow.Desk).ChangeFigure),
}
