package app_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/uuid"

	"github.com/lianluo/lianluo/ent/place"
	"github.com/lianluo/lianluo/ent/viewer"
	"github.com/lianluo/lianluo/ent/workflow"
	"github.com/lianluo/lianluo/server/app/apitest"
)

// signedIn is a caller with an account, which belongs to a station or none, and the account.
func (l *loop) signedIn(role viewer.Role, at string, station *uuid.UUID) (*apitest.Caller, uuid.UUID) {
	l.t.Helper()
	code := place.MustParse(at)
	id := l.Account(fmt.Sprintf("user-%s-%s", role, at), "irrelevant", role, code)
	if _, err := l.Owner.ExecContext(l.t.Context(), `UPDATE account SET station_id = $2 WHERE id = $1`, id, station); err != nil {
		l.t.Fatal(err)
	}
	return l.As(role, code, apitest.Subject(id.String())), id
}

// announced has every step announced, as the jobs do.
func (l *loop) announced() {
	l.t.Helper()
	rows, err := l.Owner.QueryContext(l.t.Context(), `SELECT e.id FROM river_job j JOIN opinion_event e ON e.id::text = j.args->>'event'
		WHERE j.kind = 'opinion_step' ORDER BY j.id`)
	if err != nil {
		l.t.Fatal(err)
	}
	defer rows.Close()
	clockwork := workflow.NewClockwork(l.Client, workflow.ClockworkOptions{})
	for rows.Next() {
		var event uuid.UUID
		if err := rows.Scan(&event); err != nil {
			l.t.Fatal(err)
		}
		if err := clockwork.Announce(l.t.Context(), event); err != nil {
			l.t.Fatal(err)
		}
	}
	if err := rows.Err(); err != nil {
		l.t.Fatal(err)
	}
}

const myNotifications = `{ notifications(first: 10) { totalCount edges { node { id title readAt createdAt event { step opinion { number } } opinion { number } } } } }`

// TestNotifications: whoever a case waits for is myNotifications, sees it among the own notifications alone, and marks it as read.
func TestNotifications(t *testing.T) {
	l := newLoop(t)
	station := uuid.MustParse(l.world.Spot("430121102201").Station)
	keeper, account := l.signedIn(viewer.StationKeeper, "430121102201", &station)
	county, _ := l.signedIn(viewer.CountyAdmin, "430121", nil)
	l.equal("before", l.ask(keeper, myNotifications), map[string]any{"totalCount": 0, "edges": []any{}})
	l.equal("unread before", l.ask(keeper, `{ unreadNotifications }`), 0)
	l.record(nil)
	l.announced()
	l.announced() // jobs may come twice
	list := l.ask(keeper, myNotifications)
	l.equal("told", at(list, "totalCount"), 1)
	first := at(list, "edges", 0, "node").(map[string]any)
	id, since := first["id"].(string), first["createdAt"].(string)
	delete(first, "id")
	delete(first, "createdAt")
	l.equal("the first", first, map[string]any{
		"title": "提交", "readAt": nil, "opinion": map[string]any{"number": l.number},
		"event": map[string]any{"step": "SUBMIT", "opinion": map[string]any{"number": l.number}},
	})
	l.equal("unread", l.ask(keeper, `{ unreadNotifications }`), 1)
	l.equal("the county is not concerned", l.ask(county, myNotifications), map[string]any{"totalCount": 0, "edges": []any{}})

	refused := func(c *apitest.Caller, code string, input map[string]any) {
		t.Helper()
		answer := c.Do(`mutation($input: ReadNotificationsInput!) { readNotifications(input: $input) { read } }`, apitest.Vars{"input": input})
		if answer.Code() != code {
			t.Errorf("%v: %s, want %s", input, answer.Body, code)
		}
	}
	// Another's are as if they were not.
	node := `{ node(id: "` + id + `") { id ... on Notification { title } } }`
	l.equal("by its id", l.ask(keeper, node), map[string]any{"id": id, "title": "提交"})
	for name, c := range map[string]*apitest.Caller{
		"county": county, "officer without an account": l.keeper, "nation": l.As(viewer.NationAdmin, place.Nation),
	} {
		l.equal("by its id, by the "+name, l.ask(c, node), nil)
		refused(c, "NOT_FOUND", map[string]any{"ids": []string{id}})
	}
	refused(l.As(viewer.Portal, place.MustParse("43")), "FORBIDDEN", map[string]any{"ids": []string{id}})
	l.equal("a portal", l.ask(l.As(viewer.Portal, place.MustParse("43")), myNotifications), map[string]any{"totalCount": 0, "edges": []any{}})
	if code := l.Nobody().Do(`{ unreadNotifications }`, nil).Code(); code != "UNAUTHENTICATED" {
		t.Errorf("nobody is answered %q", code)
	}
	for _, input := range []map[string]any{
		{}, {"ids": nil, "before": nil}, {"ids": []string{id}, "before": since}, {"ids": []string{"x"}}, {"ids": []string{l.id}}, {"before": "yesterday"},
	} {
		refused(keeper, "INVALID", input)
	}
	l.equal("unread still", l.ask(keeper, `{ unreadNotifications }`), 1)

	l.equal("read", l.do(keeper, "readNotifications", "read unread", map[string]any{"ids": []string{id}}), map[string]any{"read": 1, "unread": 0})
	l.equal("read again", l.do(keeper, "readNotifications", "read unread", map[string]any{"ids": []string{id}}), map[string]any{"read": 0, "unread": 0})
	l.record(nil)
	l.announced()
	unread := l.ask(keeper, strings.Replace(myNotifications, "(", "(unreadOnly: true, ", 1))
	l.equal("the unread one", []any{at(unread, "totalCount"), at(unread, "edges", 0, "node", "opinion", "number")}, []any{1, l.number})
	l.equal("up to the first", l.do(keeper, "readNotifications", "read unread", map[string]any{"before": since}), map[string]any{"read": 0, "unread": 1})
	newest := l.ask(keeper, myNotifications)
	l.equal("newest first", at(newest, "edges", 0, "node", "opinion", "number"), l.number)
	l.equal("up to the newest", l.do(keeper, "readNotifications", "read unread", map[string]any{
		"before": at(newest, "edges", 0, "node", "createdAt"),
	}), map[string]any{"read": 1, "unread": 0})

	// Who has gone elsewhere keeps the notification, and is told nothing of the case.
	if _, err := l.Owner.ExecContext(t.Context(), `UPDATE account a SET code = d.code, division_id = d.id, station_id = NULL
		FROM division d WHERE d.code = 430121107201 AND a.id = $1`, account); err != nil {
		t.Fatal(err)
	}
	keeper = l.As(viewer.StationKeeper, place.MustParse("430121107201"), apitest.Subject(account.String()))
	for i := range 2 {
		gone := at(l.ask(keeper, myNotifications), "edges", i, "node")
		l.equal("out of sight", []any{at(gone, "title"), at(gone, "event"), at(gone, "opinion")}, []any{nil, nil, nil})
	}
}

// TestNotificationStatements: a page of a hundred costs as many statements as one of a single notification.
func TestNotificationStatements(t *testing.T) {
	l := newLoop(t)
	station := uuid.MustParse(l.world.Spot("430121102201").Station)
	keeper, account := l.signedIn(viewer.StationKeeper, "430121102201", &station)
	l.record(nil)
	l.announced()
	for _, statement := range []string{
		`INSERT INTO opinion_event SELECT (jsonb_populate_record(e, jsonb_build_object('id', gen_random_uuid(), 'sequence', 1 + n))).*
			FROM generate_series(1, 120) n, opinion_event e WHERE e.id = (SELECT event_id FROM notification WHERE subject = $1)`,
		`INSERT INTO notification SELECT (jsonb_populate_record(n, jsonb_build_object('id', gen_random_uuid(), 'event_id', e.id))).*
			FROM notification n JOIN opinion_event e ON e.opinion_id = n.opinion_id AND e.id <> n.event_id
			WHERE n.subject = $1`,
	} {
		if _, err := l.Owner.ExecContext(t.Context(), statement, account.String()); err != nil {
			t.Fatal(err)
		}
	}
	cost := func(rows int) int64 {
		t.Helper()
		before := l.Statements()
		list := l.ask(keeper, strings.Replace(myNotifications, "first: 10", fmt.Sprintf("first: %d", rows), 1))
		if edges, _ := at(list, "edges").([]any); len(edges) != rows || at(list, "totalCount") != 121.0 {
			t.Fatalf("%d of %v rows, want %d", len(edges), at(list, "totalCount"), rows)
		}
		return l.Statements() - before
	}
	if one, hundred := cost(1), cost(100); one != hundred || one > 10 {
		t.Errorf("%d statements for one, %d for a hundred", one, hundred)
	}
	if code := keeper.Do(strings.Replace(myNotifications, "first: 10", "first: 101", 1), nil).Code(); code != "INVALID" {
		t.Errorf("101 at once: %q", code)
	}
}
