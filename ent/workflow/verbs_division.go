package workflow

import "github.com/lianluo/lianluo/ent/viewer"

// The verbs on the tree (区划调整).
const (
	VerbRenameDivision   Verb = "renameDivision"
	VerbRecodeDivision   Verb = "recodeDivision"
	VerbTransferDivision Verb = "transferDivision"
	VerbSplitDivision    Verb = "splitDivision"
	VerbMergeDivisions   Verb = "mergeDivisions"
	VerbAbolishDivision  Verb = "abolishDivision"
	// VerbEstablishDivision is an operator's, with the national table at hand.
	VerbEstablishDivision Verb = "establishDivision"
)

// reformers are administrators of places that have others below them whose standing they may change; never their own.
var reformers = []viewer.Role{viewer.NationAdmin, viewer.ProvinceAdmin, viewer.CityAdmin, viewer.CountyAdmin}

// divisionRoles is the part of the table of role × verb that is about the tree.
var divisionRoles = map[Verb][]viewer.Role{
	VerbRenameDivision:    reformers, // strictly above all that changes, before and after
	VerbRecodeDivision:    reformers,
	VerbTransferDivision:  reformers,
	VerbSplitDivision:     reformers,
	VerbMergeDivisions:    reformers,
	VerbAbolishDivision:   reformers,
	VerbEstablishDivision: {viewer.NationAdmin},
}
