package workflow_test

import (
	"context"
	"slices"

	"github.com/lianluo/lianluo/ent/viewer"
	"github.com/lianluo/lianluo/ent/workflow"
)

// asked are the roles that decide on appointments: stations, organs, and whoever can be asked.
var asked = append(slices.Clone(stations), viewer.Deputy, viewer.Department)

// dutyRoles tells which roles may do a verb on deputies' work at all.
var dutyRoles = joined(normRoles, activityRoles, visitRoles, pairingRoles, map[workflow.Verb][]viewer.Role{
	workflow.VerbRequestAppointment:  stations,
	workflow.VerbAcceptAppointment:   asked,
	workflow.VerbMoveAppointment:     stations,
	workflow.VerbDeclineAppointment:  asked,
	workflow.VerbConcludeAppointment: stations,
})

// dutyVerbs try the verbs on deputies' work with inputs in which everything is wrong.
var dutyVerbs = joined(normVerbs, activityVerbs, visitVerbs, pairingVerbs, map[workflow.Verb]func(*workflow.Desk, context.Context) error{
	workflow.VerbRequestAppointment:  tried((*workflow.Desk).RequestAppointment),
	workflow.VerbAcceptAppointment:   tried((*workflow.Desk).AcceptAppointment),
	workflow.VerbMoveAppointment:     tried((*workflow.Desk).MoveAppointment),
	workflow.VerbDeclineAppointment:  tried((*workflow.Desk).DeclineAppointment),
	workflow.VerbConcludeAppointment: tried((*workflow.Desk).ConcludeAppointment),
})
