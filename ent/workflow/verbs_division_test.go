package workflow_test

import (
	"context"

	"github.com/lianluo/lianluo/ent/viewer"
	"github.com/lianluo/lianluo/ent/workflow"
)

// reformers may change the tree at all.
var reformers = []viewer.Role{viewer.NationAdmin, viewer.ProvinceAdmin, viewer.CityAdmin, viewer.CountyAdmin}

// divisionVerbs try the verbs on the tree with inputs in which everything is wrong.
var divisionVerbs = map[workflow.Verb]func(*workflow.Desk, context.Context) error{
	workflow.VerbRenameDivision:    tried((*workflow.Desk).RenameDivision),
	workflow.VerbRecodeDivision:    tried((*workflow.Desk).RecodeDivision),
	workflow.VerbTransferDivision:  tried((*workflow.Desk).TransferDivision),
	workflow.VerbSplitDivision:     tried((*workflow.Desk).SplitDivision),
	workflow.VerbMergeDivisions:    tried((*workflow.Desk).MergeDivisions),
	workflow.VerbAbolishDivision:   tried((*workflow.Desk).AbolishDivision),
	workflow.VerbEstablishDivision: tried((*workflow.Desk).EstablishDivision),
}
