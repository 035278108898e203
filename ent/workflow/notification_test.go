package workflow_test

import (
	"context"
	"fmt"
	"testing"
	"time"

	"github.com/google/uuid"

	"github.com/lianluo/lianluo/ent/gen/notification"
	"github.com/lianluo/lianluo/ent/viewer"
	"github.com/lianluo/lianluo/ent/workflow"
)

// signedIn is the context of an account of the office.
func (o *office) signedIn(ctx context.Context, name string) context.Context {
	viewer.FromContext(ctx).Subject = o.accounts[name].String()
	return ctx
}

func TestReadNotifications(t *testing.T) {
	o := newOffice(t)
	keeper, colleague := o.signedIn(o.officer(o.station), "keeper"), o.signedIn(o.officer(o.station), "keeper's colleague")
	for i := range 3 {
		e := o.last(o.submitted("路灯不亮已有一周").ID)
		if err := o.clockworkAt(now.Add(time.Duration(i)*time.Minute)).Announce(t.Context(), e.ID); err != nil {
			t.Fatal(err)
		}
	}
	own := func(ctx context.Context) []uuid.UUID {
		t.Helper()
		ids, err := o.client.Notification.Query().Order(notification.ByID()).IDs(ctx)
		if err != nil {
			t.Fatal(err)
		}
		return ids
	}
	unread := func(ctx context.Context) int {
		t.Helper()
		n, err := o.client.Notification.Query().Where(notification.ReadAtIsNil()).Count(ctx)
		if err != nil {
			t.Fatal(err)
		}
		return n
	}
	mine, theirs := own(keeper), own(colleague)
	if len(mine) != 3 || len(theirs) != 3 || len(own(o.signedIn(o.county(), "county"))) != 0 {
		t.Fatalf("%d mine, %d theirs", len(mine), len(theirs))
	}
	read := func(in workflow.ReadNotifications) string {
		t.Helper()
		n, err := o.desk.ReadNotifications(keeper, in)
		if err != nil {
			t.Fatal(err)
		}
		return fmt.Sprintf("%d read, %d left", n, unread(keeper))
	}
	for _, c := range []struct {
		in   workflow.ReadNotifications
		want string
	}{
		{workflow.ReadNotifications{IDs: mine[:1]}, "1 read, 2 left"},
		{workflow.ReadNotifications{IDs: mine[:1]}, "0 read, 2 left"},
		{workflow.ReadNotifications{Before: ptr(now.Add(-time.Second))}, "0 read, 2 left"},
		{workflow.ReadNotifications{Before: ptr(now.Add(time.Minute))}, "1 read, 1 left"},
		{workflow.ReadNotifications{IDs: []uuid.UUID{mine[2], mine[0], mine[2]}}, "1 read, 0 left"},
	} {
		if got := read(c.in); got != c.want {
			t.Errorf("%v: %s, want %s", c.in, got, c.want)
		}
	}
	if n := unread(colleague); n != 3 {
		t.Errorf("the colleague has %d left", n)
	}
	for name, c := range map[string]struct {
		in   workflow.ReadNotifications
		want refusal
	}{
		"nothing":   {workflow.ReadNotifications{}, invalid("input.ids REQUIRED")},
		"both":      {workflow.ReadNotifications{IDs: mine, Before: &now}, invalid("input.ids EXCLUSIVE")},
		"too many":  {workflow.ReadNotifications{IDs: make([]uuid.UUID, 101)}, invalid("input.ids TOO_MANY")},
		"another's": {workflow.ReadNotifications{IDs: []uuid.UUID{mine[0], theirs[0]}}, notFound("input.ids.1")},
		"never was": {workflow.ReadNotifications{IDs: []uuid.UUID{uuid.New()}}, notFound("input.ids.0")},
	} {
		_, err := o.desk.ReadNotifications(keeper, c.in)
		t.Run(name, func(t *testing.T) { c.want.check(t, err) })
	}
	// Past the verb, the database itself: another's are not there, and nothing but the reading can be written.
	n, err := o.client.Notification.Update().Where(notification.IDIn(theirs...)).SetReadAt(now).Save(keeper)
	if err != nil || n != 0 {
		t.Errorf("%d of another's changed, %v", n, err)
	}
	if _, err := o.client.ExecContext(keeper, `UPDATE notification SET subject = 'x'`); err == nil {
		t.Error("a notification is given away")
	}
	if _, err := o.client.Notification.Delete().Exec(keeper); err == nil {
		t.Error("a notification is removed by its reader")
	}
}
