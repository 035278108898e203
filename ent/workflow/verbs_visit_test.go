package workflow_test

import (
	"context"

	"github.com/lianluo/lianluo/ent/viewer"
	"github.com/lianluo/lianluo/ent/workflow"
)

// visitRoles tells which roles may do a verb on visit days at all.
var visitRoles = map[workflow.Verb][]viewer.Role{
	workflow.VerbCreateVisitRule:  stations,
	workflow.VerbEndVisitRule:     stations,
	workflow.VerbPlanVisitDays:    stations,
	workflow.VerbChangeVisitDay:   stations,
	workflow.VerbPublishVisitDays: stations,
	workflow.VerbCancelVisitDay:   stations,
	workflow.VerbAssignDuty:       stations,
	workflow.VerbSubstituteDuty:   stations,
}

// visitVerbs try the verbs on visit days with inputs in which everything is wrong.
var visitVerbs = map[workflow.Verb]func(*workflow.Desk, context.Context) error{
	workflow.VerbCreateVisitRule:  tried((*workflow.Desk).CreateVisitRule),
	workflow.VerbEndVisitRule:     tried((*workflow.Desk).EndVisitRule),
	workflow.VerbPlanVisitDays:    tried((*workflow.Desk).PlanVisitDays),
	workflow.VerbChangeVisitDay:   tried((*workflow.Desk).ChangeVisitDay),
	workflow.VerbPublishVisitDays: tried((*workflow.Desk).PublishVisitDays),
	workflow.VerbCancelVisitDay:   tried((*workflow.Desk).CancelVisitDay),
	workflow.VerbAssignDuty:       tried((*workflow.Desk).AssignDuty),
	workflow.VerbSubstituteDuty:   tried((*workflow.Desk).SubstituteDuty),
}
