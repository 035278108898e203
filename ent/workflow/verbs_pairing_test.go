package workflow_test

import (
	"context"
	"slices"

	"github.com/lianluo/lianluo/ent/viewer"
	"github.com/lianluo/lianluo/ent/workflow"
)

var (
	organsAndDeputies   = append(slices.Clone(organs), viewer.Deputy)
	stationsAndDeputies = append(slices.Clone(stations), viewer.Deputy)
)

// pairingRoles tells which roles may do a verb on pairings, courses and evaluations at all.
var pairingRoles = map[workflow.Verb][]viewer.Role{
	workflow.VerbSetPairingRule:           organs,
	workflow.VerbPair:                     organs,
	workflow.VerbUnpair:                   organs,
	workflow.VerbLogContact:               organsAndDeputies,
	workflow.VerbPlanTraining:             organs,
	workflow.VerbChangeTraining:           organs,
	workflow.VerbCancelTraining:           organs,
	workflow.VerbRecordTraining:           organs,
	workflow.VerbRemoveTrainingAttendance: organs,
	workflow.VerbSetStandard:              organs,
	workflow.VerbOpenEvaluation:           organs,
	workflow.VerbEvaluateSelf:             stationsAndDeputies,
	workflow.VerbReviewCampaign:           organs,
	workflow.VerbReviewEvaluation:         organs,
	workflow.VerbPublishEvaluation:        organs,
	workflow.VerbCancelEvaluation:         organs,
}

// pairingVerbs try the verbs on pairings, courses and evaluations with inputs in which everything is wrong.
var pairingVerbs = map[workflow.Verb]func(*workflow.Desk, context.Context) error{
	workflow.VerbSetPairingRule:           tried((*workflow.Desk).SetPairingRule),
	workflow.VerbPair:                     tried((*workflow.Desk).Pair),
	workflow.VerbUnpair:                   tried((*workflow.Desk).Unpair),
	workflow.VerbLogContact:               tried((*workflow.Desk).LogContact),
	workflow.VerbPlanTraining:             tried((*workflow.Desk).PlanTraining),
	workflow.VerbChangeTraining:           tried((*workflow.Desk).ChangeTraining),
	workflow.VerbCancelTraining:           tried((*workflow.Desk).CancelTraining),
	workflow.VerbRecordTraining:           tried((*workflow.Desk).RecordTraining),
	workflow.VerbRemoveTrainingAttendance: tried((*workflow.Desk).RemoveTrainingAttendance),
	workflow.VerbSetStandard:              tried((*workflow.Desk).SetStandard),
	workflow.VerbOpenEvaluation:           tried((*workflow.Desk).OpenEvaluation),
	workflow.VerbEvaluateSelf:             tried((*workflow.Desk).EvaluateSelf),
	workflow.VerbReviewCampaign:           tried((*workflow.Desk).ReviewCampaign),
	workflow.VerbReviewEvaluation:         tried((*workflow.Desk).ReviewEvaluation),
	workflow.VerbPublishEvaluation:        tried((*workflow.Desk).PublishEvaluation),
	workflow.VerbCancelEvaluation:         tried((*workflow.Desk).CancelEvaluation),
}
