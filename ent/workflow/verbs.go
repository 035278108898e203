package workflow

import (
	"maps"
	"slices"

	"github.com/lianluo/lianluo/ent/viewer"
)

// Verb is something that can be done, by its name in the API and in the audit.
type Verb string

// The verbs of viewers.
const (
	VerbCreateStation     Verb = "createStation"
	VerbUpdateStation     Verb = "updateStation"
	VerbCloseStation      Verb = "closeStation"
	VerbAppointStaff      Verb = "appointStaff"
	VerbDismissStaff      Verb = "dismissStaff"
	VerbRegisterDeputy    Verb = "registerDeputy"
	VerbUpdateDeputy      Verb = "updateDeputy"
	VerbGiveMandate       Verb = "giveMandate"
	VerbChangeMandate     Verb = "changeMandate"
	VerbEndMandate        Verb = "endMandate"
	VerbPostDeputy        Verb = "postDeputy"
	VerbWithdrawPosting   Verb = "withdrawPosting"
	VerbAcceptOpinion     Verb = "acceptOpinion"
	VerbDeclineOpinion    Verb = "declineOpinion"
	VerbAnswerOpinion     Verb = "answerOpinion"
	VerbMergeOpinion      Verb = "mergeOpinion"
	VerbUnmergeOpinion    Verb = "unmergeOpinion"
	VerbAskSubmitter      Verb = "askSubmitter"
	VerbResumeOpinion     Verb = "resumeOpinion"
	VerbAnalyseOpinion    Verb = "analyseOpinion"
	VerbAssignOpinion     Verb = "assignOpinion"
	VerbTakeOpinion       Verb = "takeOpinion"
	VerbRequestReturn     Verb = "requestReturn"
	VerbEscalateOpinion   Verb = "escalateOpinion"
	VerbTakeUpOpinion     Verb = "takeUpOpinion"
	VerbSendBackOpinion   Verb = "sendBackOpinion"
	VerbNoteProgress      Verb = "noteProgress"
	VerbExplainOpinion    Verb = "explainOpinion"
	VerbExtendOpinion     Verb = "extendOpinion"
	VerbReplyOpinion      Verb = "replyOpinion"
	VerbFeedBackOpinion   Verb = "feedBackOpinion"
	VerbReworkOpinion     Verb = "reworkOpinion"
	VerbCloseOpinion      Verb = "closeOpinion"
	VerbConvertOpinion    Verb = "convertOpinion"
	VerbReopenOpinion     Verb = "reopenOpinion"
	VerbSuperviseOpinion  Verb = "superviseOpinion"
	VerbUrgeOpinion       Verb = "urgeOpinion"
	VerbEndSupervision    Verb = "endSupervision"
	VerbMarkKeyOpinion    Verb = "markKeyOpinion"
	VerbPublishOpinion    Verb = "publishOpinion"
	VerbWithdrawCase      Verb = "withdrawCase"
	VerbRevealSubmitter   Verb = "revealSubmitter"
	VerbRecordOpinion     Verb = "recordOpinion"
	VerbImportOpinions    Verb = "importOpinions"
	VerbReplaceCode       Verb = "replaceCode"
	VerbRevokeCode        Verb = "revokeCode"
	VerbSetOpinionLimit   Verb = "setOpinionLimit"
	VerbImportCalendar    Verb = "importCalendar"
	VerbReadNotifications Verb = "readNotifications"
)

// The verbs of citizens, who need no account: the code that was scanned, or the receipt, is the permission.
const (
	VerbSubmitOpinion     Verb = "submitOpinion"
	VerbSupplementOpinion Verb = "supplementOpinion"
	VerbRateOpinion       Verb = "rateOpinion"
)

// The verbs of accounts, which need no viewer: a password or a refresh token is the permission.
const (
	VerbSignIn         Verb = "signIn"
	VerbRefreshSession Verb = "refreshSession"
	VerbSignOut        Verb = "signOut"
)

// Verbs lists the verbs of viewers, by name.
var Verbs = slices.Sorted(maps.Keys(roles))

// The roles that share verbs.
var (
	administrators = []viewer.Role{
		viewer.NationAdmin, viewer.ProvinceAdmin, viewer.CityAdmin, viewer.CountyAdmin, viewer.TownshipAdmin,
	}
	administratorsAndKeepers = append(slices.Clone(administrators), viewer.StationKeeper)
	// Whoever may hold a case: stations, organs, departments.
	holders = append(slices.Clone(administratorsAndKeepers), viewer.Department)
	// Whoever may look after the cases of others.
	above       = append(slices.Clone(administrators), viewer.Supervisor)
	departments = []viewer.Role{viewer.Department}
	deputies    = []viewer.Role{viewer.Deputy}
)

// roles is the table of role × verb. A role that does not stand here may not do the verb anywhere; one that
// does may do it within its area only, which the database and the verb see to.
var roles = union(rosterRoles, opinionRoles, dutyRoles, divisionRoles)

var rosterRoles = map[Verb][]viewer.Role{
	VerbCreateStation:   administrators,
	VerbUpdateStation:   administrators,
	VerbCloseStation:    administrators,
	VerbAppointStaff:    administratorsAndKeepers, // a keeper whose station is known: at that one
	VerbDismissStaff:    administratorsAndKeepers,
	VerbRegisterDeputy:  administrators, // where the congress is in the area; so with every verb on a mandate
	VerbUpdateDeputy:    administrators, // where the deputy is at home
	VerbGiveMandate:     administrators,
	VerbChangeMandate:   administrators,
	VerbEndMandate:      administrators,
	VerbPostDeputy:      administrators, // where the station is in the area
	VerbWithdrawPosting: administrators,
}

var opinionRoles = map[Verb][]viewer.Role{
	VerbAcceptOpinion:     administratorsAndKeepers, // at the station, or as the organ responsible for its place; who has which part in a case is in ent/state
	VerbDeclineOpinion:    administratorsAndKeepers,
	VerbAnswerOpinion:     administratorsAndKeepers,
	VerbMergeOpinion:      administratorsAndKeepers,
	VerbUnmergeOpinion:    administratorsAndKeepers,
	VerbAskSubmitter:      holders,
	VerbResumeOpinion:     holders,
	VerbAnalyseOpinion:    administratorsAndKeepers,
	VerbAssignOpinion:     administrators,
	VerbTakeOpinion:       departments,
	VerbRequestReturn:     departments,
	VerbEscalateOpinion:   administrators,
	VerbTakeUpOpinion:     administrators,
	VerbSendBackOpinion:   administrators,
	VerbNoteProgress:      departments,
	VerbExplainOpinion:    deputies,
	VerbExtendOpinion:     departments,
	VerbReplyOpinion:      departments,
	VerbFeedBackOpinion:   administratorsAndKeepers,
	VerbReworkOpinion:     administrators,
	VerbCloseOpinion:      administrators,
	VerbConvertOpinion:    deputies,
	VerbReopenOpinion:     administrators,
	VerbSuperviseOpinion:  above,
	VerbUrgeOpinion:       above,
	VerbEndSupervision:    above,
	VerbMarkKeyOpinion:    above,
	VerbPublishOpinion:    administrators,
	VerbWithdrawCase:      above,
	VerbRevealSubmitter:   administrators,
	VerbRecordOpinion:     append(slices.Clone(administratorsAndKeepers), viewer.Deputy),
	VerbImportOpinions:    administratorsAndKeepers,
	VerbReplaceCode:       administratorsAndKeepers,
	VerbRevokeCode:        administratorsAndKeepers,
	VerbSetOpinionLimit:   administrators,       // of a congress of the own division
	VerbImportCalendar:    {viewer.NationAdmin}, // the calendar is the whole country's
	VerbReadNotifications: slices.DeleteFunc(slices.Clone(viewer.Roles), func(r viewer.Role) bool { return r == viewer.Portal }),
}

func union(parts ...map[Verb][]viewer.Role) map[Verb][]viewer.Role {
	out := map[Verb][]viewer.Role{}
	for _, p := range parts {
		maps.Copy(out, p)
	}
	return out
}

// Allowed tells whether a role may do a verb at all.
func Allowed(role viewer.Role, verb Verb) bool { return slices.Contains(roles[verb], role) }
