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
var dutyRoles = joined(normRoles, activityRoles, map[workflow.Verb][]viewer.Role{
	workflow.VerbRequestAppointment:  stations,
	workflow.VerbAcceptAppointment:   asked,
	workflow.VerbMoveAppointment:     stations,
	workflow.VerbDeclineAppointment:  asked,
	workflow.VerbConcludeAppointment: stations,
})

// dutyVerbs try the verbs on deputies' work with inputs in which everything is wrong.
var dutyVerbs = joined(normVerbs, activityVerbs, map[workflow.Verb]func(*workflow.Desk, context.Context) error{
	workflow.VerbRequestAppointment: func(d *workflow.Desk, ctx context.Context) error {
		_, err := d.RequestAppointment(ctx, workflow.RequestAppointment{})
		return err
	},
	workflow.VerbAcceptAppointment: func(d *workflow.Desk, ctx context.Context) error {
		_, err := d.AcceptAppointment(ctx, workflow.AcceptAppointment{})
		return err
	},
	workflow.VerbMoveAppointment: func(d *workflow.Desk, ctx context.Context) error {
		_, err := d.MoveAppointment(ctx, workflow.MoveAppointment{})
		return err
	},
	workflow.VerbDeclineAppointment: func(d *workflow.Desk, ctx context.Context) error {
		_, err := d.DeclineAppointment(ctx, workflow.DeclineAppointment{})
		return err
	},
	workflow.VerbConcludeAppointment: func(d *workflow.Desk, ctx context.Context) error {
		_, err := d.ConcludeAppointment(ctx, workflow.ConcludeAppointment{})
		return err
	},
})
