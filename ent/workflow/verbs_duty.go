package workflow

import (
	"slices"

	"github.com/lianluo/lianluo/ent/viewer"
)

// The verbs on deputies' work: visit days and appointments, activities, norms and records, points, pairings, courses, evaluations.
const (
	VerbCreateVisitRule     Verb = "createVisitRule"
	VerbEndVisitRule        Verb = "endVisitRule"
	VerbPlanVisitDays       Verb = "planVisitDays"
	VerbChangeVisitDay      Verb = "changeVisitDay"
	VerbPublishVisitDays    Verb = "publishVisitDays"
	VerbCancelVisitDay      Verb = "cancelVisitDay"
	VerbAssignDuty          Verb = "assignDuty"
	VerbSubstituteDuty      Verb = "substituteDuty"
	VerbRequestAppointment  Verb = "requestAppointment"
	VerbAcceptAppointment   Verb = "acceptAppointment"
	VerbMoveAppointment     Verb = "moveAppointment"
	VerbDeclineAppointment  Verb = "declineAppointment"
	VerbConcludeAppointment Verb = "concludeAppointment"

	VerbPlanActivity     Verb = "planActivity"
	VerbChangeActivity   Verb = "changeActivity"
	VerbOpenActivity     Verb = "openActivity"
	VerbJoinActivity     Verb = "joinActivity"
	VerbCheckIn          Verb = "checkIn"
	VerbRecordAttendance Verb = "recordAttendance"
	VerbRemoveAttendance Verb = "removeAttendance"
	VerbRecordActivity   Verb = "recordActivity"
	VerbReturnActivity   Verb = "returnActivity"
	VerbConfirmActivity  Verb = "confirmActivity"
	VerbAmendActivity    Verb = "amendActivity"
	VerbCancelActivity   Verb = "cancelActivity"
	VerbDefineFigure     Verb = "defineFigure"
	VerbChangeFigure     Verb = "changeFigure"

	VerbSetNorms           Verb = "setNorms"
	VerbEndNorms           Verb = "endNorms"
	VerbRemindDeputies     Verb = "remindDeputies"
	VerbSubmitDutyRecord   Verb = "submitDutyRecord"
	VerbReviseDutyRecord   Verb = "reviseDutyRecord"
	VerbWithdrawDutyRecord Verb = "withdrawDutyRecord"
	VerbConfirmDutyRecord  Verb = "confirmDutyRecord"
	VerbReturnDutyRecord   Verb = "returnDutyRecord"

	VerbSetPointScheme Verb = "setPointScheme"
	VerbEndPointScheme Verb = "endPointScheme"
	VerbClaimPoints    Verb = "claimPoints"
	VerbWithdrawClaim  Verb = "withdrawClaim"
	VerbApproveClaim   Verb = "approveClaim"
	VerbRefuseClaim    Verb = "refuseClaim"
	VerbAppealClaim    Verb = "appealClaim"
	VerbUpholdRefusal  Verb = "upholdRefusal"
	VerbCheckPoints    Verb = "checkPoints"

	VerbSetPairingRule Verb = "setPairingRule"
	VerbPair           Verb = "pair"
	VerbUnpair         Verb = "unpair"
	VerbLogContact     Verb = "logContact"

	VerbPlanTraining             Verb = "planTraining"
	VerbChangeTraining           Verb = "changeTraining"
	VerbCancelTraining           Verb = "cancelTraining"
	VerbRecordTraining           Verb = "recordTraining"
	VerbRemoveTrainingAttendance Verb = "removeTrainingAttendance"

	VerbSetStandard       Verb = "setStandard"
	VerbOpenEvaluation    Verb = "openEvaluation"
	VerbEvaluateSelf      Verb = "evaluateSelf"
	VerbReviewCampaign    Verb = "reviewCampaign"
	VerbReviewEvaluation  Verb = "reviewEvaluation"
	VerbPublishEvaluation Verb = "publishEvaluation"
	VerbCancelEvaluation  Verb = "cancelEvaluation"
)

// The verbs of citizens on appointments.
const (
	VerbBookAppointment     Verb = "bookAppointment"
	VerbWithdrawAppointment Verb = "withdrawAppointment"
)

var (
	withDeputies    = append(slices.Clone(administratorsAndKeepers), viewer.Deputy)
	adminsAndDeputy = append(slices.Clone(administrators), viewer.Deputy)
)

// dutyRoles is the part of the table of role × verb that is about deputies' work.
var dutyRoles = map[Verb][]viewer.Role{
	VerbCreateVisitRule:     administratorsAndKeepers, // a keeper: of the own station
	VerbEndVisitRule:        administratorsAndKeepers,
	VerbPlanVisitDays:       administratorsAndKeepers,
	VerbChangeVisitDay:      administratorsAndKeepers,
	VerbPublishVisitDays:    administratorsAndKeepers,
	VerbCancelVisitDay:      administratorsAndKeepers,
	VerbAssignDuty:          administratorsAndKeepers,
	VerbSubstituteDuty:      administratorsAndKeepers,
	VerbRequestAppointment:  administratorsAndKeepers, // for a citizen at the counter, or an organ of the area
	VerbAcceptAppointment:   append(slices.Clone(withDeputies), viewer.Department),
	VerbMoveAppointment:     administratorsAndKeepers,
	VerbDeclineAppointment:  append(slices.Clone(withDeputies), viewer.Department),
	VerbConcludeAppointment: administratorsAndKeepers,

	VerbPlanActivity:     administratorsAndKeepers,
	VerbChangeActivity:   administratorsAndKeepers,
	VerbOpenActivity:     administratorsAndKeepers,
	VerbJoinActivity:     administrators, // who sees both stations
	VerbCheckIn:          deputies,
	VerbRecordAttendance: administratorsAndKeepers,
	VerbRemoveAttendance: administratorsAndKeepers,
	VerbRecordActivity:   administratorsAndKeepers,
	VerbReturnActivity:   administrators,
	VerbConfirmActivity:  administrators,
	VerbAmendActivity:    administrators,
	VerbCancelActivity:   administratorsAndKeepers,
	VerbDefineFigure:     administrators, // of the own division
	VerbChangeFigure:     administrators,

	VerbSetNorms:           administrators, // of the own congress
	VerbEndNorms:           administrators,
	VerbRemindDeputies:     administrators,
	VerbSubmitDutyRecord:   deputies,
	VerbReviseDutyRecord:   deputies,
	VerbWithdrawDutyRecord: deputies,
	VerbConfirmDutyRecord:  administrators,
	VerbReturnDutyRecord:   administrators,

	VerbSetPointScheme: administrators, // of the own congress
	VerbEndPointScheme: administrators,
	VerbClaimPoints:    adminsAndDeputy,
	VerbWithdrawClaim:  deputies,
	VerbApproveClaim:   administrators,
	VerbRefuseClaim:    administrators,
	VerbAppealClaim:    deputies,
	VerbUpholdRefusal:  administrators,
	VerbCheckPoints:    deputies,

	VerbSetPairingRule: administrators, // of the own congress
	VerbPair:           administrators,
	VerbUnpair:         administrators,
	VerbLogContact:     adminsAndDeputy,

	VerbPlanTraining:             administrators, // of an organ of the own division
	VerbChangeTraining:           administrators,
	VerbCancelTraining:           administrators,
	VerbRecordTraining:           administrators,
	VerbRemoveTrainingAttendance: administrators,

	VerbSetStandard:       administrators, // of the own congress
	VerbOpenEvaluation:    administrators,
	VerbEvaluateSelf:      withDeputies, // the deputy; the keeper or the organ of the station; the township
	VerbReviewCampaign:    administrators,
	VerbReviewEvaluation:  administrators,
	VerbPublishEvaluation: administrators,
	VerbCancelEvaluation:  administrators,
}
