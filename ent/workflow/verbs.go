package workflow

import (
	"slices"

	"github.com/lianluo/lianluo/ent/viewer"
)

// Verb is something that can be done, by its name in the API and in the audit.
type Verb string

// The verbs of viewers.
const (
	VerbCreateStation   Verb = "createStation"
	VerbUpdateStation   Verb = "updateStation"
	VerbCloseStation    Verb = "closeStation"
	VerbAppointStaff    Verb = "appointStaff"
	VerbDismissStaff    Verb = "dismissStaff"
	VerbRegisterDeputy  Verb = "registerDeputy"
	VerbUpdateDeputy    Verb = "updateDeputy"
	VerbGiveMandate     Verb = "giveMandate"
	VerbChangeMandate   Verb = "changeMandate"
	VerbEndMandate      Verb = "endMandate"
	VerbPostDeputy      Verb = "postDeputy"
	VerbWithdrawPosting Verb = "withdrawPosting"
)

// The verbs of accounts, which need no viewer: a password or a refresh token is the permission.
const (
	VerbSignIn         Verb = "signIn"
	VerbRefreshSession Verb = "refreshSession"
	VerbSignOut        Verb = "signOut"
)

// Verbs lists the verbs of viewers.
var Verbs = []Verb{
	VerbCreateStation, VerbUpdateStation, VerbCloseStation, VerbAppointStaff, VerbDismissStaff,
	VerbRegisterDeputy, VerbUpdateDeputy, VerbGiveMandate, VerbChangeMandate, VerbEndMandate,
	VerbPostDeputy, VerbWithdrawPosting,
}

// The roles that share verbs.
var (
	administrators = []viewer.Role{
		viewer.NationAdmin, viewer.ProvinceAdmin, viewer.CityAdmin, viewer.CountyAdmin, viewer.TownshipAdmin,
	}
	administratorsAndKeepers = append(slices.Clone(administrators), viewer.StationKeeper)
)

// roles is the table of role × verb. A role that does not stand here may not do the verb anywhere; one that
// does may do it within its area only, which the database and the verb see to.
var roles = map[Verb][]viewer.Role{
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

// Allowed tells whether a role may do a verb at all.
func Allowed(role viewer.Role, verb Verb) bool { return slices.Contains(roles[verb], role) }
