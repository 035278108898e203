package workflow_test

import (
	"context"
	"maps"
	"slices"

	"github.com/lianluo/lianluo/ent/viewer"
	"github.com/lianluo/lianluo/ent/workflow"
)

var onlyDeputies = []viewer.Role{viewer.Deputy}

// normRoles tells which roles may do a verb on norms, records and points at all.
var normRoles = map[workflow.Verb][]viewer.Role{
	workflow.VerbSetNorms: organs, workflow.VerbEndNorms: organs, workflow.VerbRemindDeputies: organs,
	workflow.VerbSubmitDutyRecord: onlyDeputies, workflow.VerbReviseDutyRecord: onlyDeputies, workflow.VerbWithdrawDutyRecord: onlyDeputies,
	workflow.VerbConfirmDutyRecord: organs, workflow.VerbReturnDutyRecord: organs,
	workflow.VerbSetPointScheme: organs, workflow.VerbEndPointScheme: organs,
	workflow.VerbClaimPoints:   append(slices.Clone(organs), viewer.Deputy),
	workflow.VerbWithdrawClaim: onlyDeputies, workflow.VerbAppealClaim: onlyDeputies, workflow.VerbCheckPoints: onlyDeputies,
	workflow.VerbApproveClaim: organs, workflow.VerbRefuseClaim: organs, workflow.VerbUpholdRefusal: organs,
}

// normVerbs try the verbs on norms, records and points.
var normVerbs = map[workflow.Verb]func(*workflow.Desk, context.Context) error{
	workflow.VerbSetNorms:           tried((*workflow.Desk).SetNorms),
	workflow.VerbEndNorms:           tried((*workflow.Desk).EndNorms),
	workflow.VerbRemindDeputies:     tried((*workflow.Desk).RemindDeputies),
	workflow.VerbSubmitDutyRecord:   tried((*workflow.Desk).SubmitDutyRecord),
	workflow.VerbReviseDutyRecord:   tried((*workflow.Desk).ReviseDutyRecord),
	workflow.VerbWithdrawDutyRecord: tried((*workflow.Desk).WithdrawDutyRecord),
	workflow.VerbConfirmDutyRecord:  tried((*workflow.Desk).ConfirmDutyRecord),
	workflow.VerbReturnDutyRecord:   tried((*workflow.Desk).ReturnDutyRecord),
	workflow.VerbSetPointScheme:     tried((*workflow.Desk).SetPointScheme),
	workflow.VerbEndPointScheme:     tried((*workflow.Desk).EndPointScheme),
	workflow.VerbClaimPoints:        tried((*workflow.Desk).ClaimPoints),
	workflow.VerbWithdrawClaim:      tried((*workflow.Desk).WithdrawClaim),
	workflow.VerbApproveClaim:       tried((*workflow.Desk).ApproveClaim),
	workflow.VerbCheckPoints:        tried((*workflow.Desk).CheckPoints),
	workflow.VerbAppealClaim:        reasoned((*workflow.Desk).AppealClaim),
	workflow.VerbRefuseClaim:        reasoned((*workflow.Desk).RefuseClaim),
	workflow.VerbUpholdRefusal:      reasoned((*workflow.Desk).UpholdRefusal),
}

// joined are several tables as one.
func joined[K comparable, V any](tables ...map[K]V) map[K]V {
	out := map[K]V{}
	for _, t := range tables {
		maps.Copy(out, t)
	}
	return out
}

// tried does a verb with an input in which everything is wrong.
func tried[I, E any](verb func(*workflow.Desk, context.Context, I) (E, error)) func(*workflow.Desk, context.Context) error {
	return func(d *workflow.Desk, ctx context.Context) error {
		var in I
		_, err := verb(d, ctx, in)
		return err
	}
}

// reasoned is tried for verbs on claims that want a reason.
func reasoned[E any](verb func(*workflow.Desk, context.Context, workflow.ClaimRef, string) (E, error)) func(*workflow.Desk, context.Context) error {
	return func(d *workflow.Desk, ctx context.Context) error {
		_, err := verb(d, ctx, workflow.ClaimRef{}, "")
		return err
	}
}
