package app_test

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"slices"

	"github.com/google/uuid"

	"github.com/lianluo/lianluo/ent/viewer"
	"github.com/lianluo/lianluo/server/app/apitest"
	"github.com/lianluo/lianluo/server/app/oracle"
)

// What each viewer may write past all verbs, as far as policies and privileges say.

// Viewers of an area write their own area's rows of these tables.
var (
	writable = []string{
		"congress", "term", "constituency", "organ", "deputy", "mandate", "posting", "deputy_contact", "station", "station_staff",
		"station_budget", "zone", "grid", "grid_assignment", "opinion", "opinion_assignment", "qr_code", "opinion_limit", "published_case", "station_key", "deputy_key",
	}
	insertable = append([]string{
		"opinion_event", "opinion_submitter", "opinion_text", "attachment", "division_event",
	}, writable...)
	deletable = []string{"station_key", "deputy_key", "deputy_contact"}
)

// What is added to a case by whoever has a part in it: by a department while the case is assigned to it, by a deputy who sees it, by
// the citizen whose it is.
var added = map[viewer.Kind][]string{
	viewer.Organ:   {"opinion_event", "attachment"},
	viewer.Self:    {"opinion_event", "attachment", "opinion_submitter", "opinion_receipt", "opinion_text"},
	viewer.Receipt: {"opinion_event", "attachment", "opinion_submitter", "opinion_receipt", "opinion_text"},
}

// mayInsert tells whether a viewer may add a row like this one, in the viewer's own name where it bears one.
func (m *matrix) mayInsert(a asker, r record) bool {
	kind := a.viewer().Kind
	if may, decided := m.mayInsertDuty(a, r); decided {
		return may
	}
	switch r.table {
	case "audit_entry":
		return true
	case "idempotency_key":
		return true
	case "calendar_day":
		return keepsCalendar(a)
	case "opinion_receipt":
		if kind == viewer.Area {
			return m.world.Sees(a.Viewer, r.text("opinion_id"))
		}
	case "opinion": // a deputy's own records, where posted; a citizen's own case
		if kind == viewer.Self {
			return a.Person != "" && r.text("deputy_id") == a.Person && m.world.Sees(a.Viewer, r.text("station_id"))
		}
		if kind == viewer.Receipt {
			return r.id() == a.Receipt
		}
	case "suggestion":
		return kind == viewer.Self && a.Person != "" && r.text("deputy_id") == a.Person && m.world.Sees(a.Viewer, r.text("opinion_id"))
	}
	if kind == viewer.Area {
		opinion, belongs := r.row["opinion_id"].(string)
		return slices.Contains(insertable, r.table) && oracle.Reaches(a.Viewer, r.at()) && (!belongs || m.world.Sees(a.Viewer, opinion))
	}
	return slices.Contains(added[kind], r.table) && m.atWork(a, r.text("opinion_id"))
}

// mayUpdate tells whether a viewer may change a row, of opinions what their timeline adds up to.
func (m *matrix) mayUpdate(a asker, r record) bool {
	if may, decided := m.mayUpdateDuty(a, r); decided {
		return may
	}
	switch r.table {
	case "calendar_day":
		return keepsCalendar(a)
	case "notification": // as read
		return m.world.Sees(a.Viewer, r.id())
	case "opinion":
		if a.viewer().Kind != viewer.Area {
			return m.atWork(a, r.id())
		}
	}
	return a.viewer().Kind == viewer.Area && slices.Contains(writable, r.table) && oracle.Reaches(a.Viewer, r.at())
}

func (m *matrix) mayDelete(a asker, r record) bool {
	if column := removable[r.table]; column != "" {
		return a.viewer().Kind == viewer.Area && oracle.Reaches(a.Viewer, r.code(column))
	}
	if r.table == "calendar_day" {
		return keepsCalendar(a)
	}
	return a.viewer().Kind == viewer.Area && slices.Contains(deletable, r.table) && oracle.Reaches(a.Viewer, r.at())
}

// keepsCalendar tells whether a viewer sees the whole country, whose calendar it is.
func keepsCalendar(a asker) bool {
	return a.viewer().Kind == viewer.Area && a.At == nation && a.Role != string(viewer.StationKeeper)
}

const nation = "000000000000"

// atWork tells whether a viewer without an area has a part in a case at present.
func (m *matrix) atWork(a asker, opinion string) bool {
	if a.Role == string(viewer.Department) {
		return m.world.AssignedNow(a.Viewer, opinion)
	}
	return a.Role != string(viewer.Portal) && m.world.Sees(a.Viewer, opinion)
}

// uncounted is the number of rows of a statement that is only about whether the policy lets it pass: the row may be refused for
// other reasons, such as a unique name.
const uncounted = -1

// checkWrites tries to insert a row that the viewer may add and one that the viewer may not, to change and to remove all there are, to give
// rows away and to rewrite what came in.
func (m *matrix) checkWrites(ctx context.Context, a asker, table string, records []record) {
	c := cell{matrix: m, asker: a, at: a.At}
	judge := func(what string, allowed bool, rows int, query string, args ...any) {
		c.what = what + " " + table
		c.count(allowed && rows != 0)
		n, err := m.attemptRow(ctx, query, args...)
		switch code := codeOf(err); {
		case code == denied && allowed && rows != 0:
			c.loss(err)
		case err == nil && !allowed && n > 0:
			c.leak(fmt.Sprintf("%d rows", n))
		case code != "" && code != denied && !allowed:
			c.leak(err) // something else was wrong with the row: the policy had let it pass
		case err == nil && allowed && rows >= 0 && n > int64(rows):
			c.leak(fmt.Sprintf("%d rows instead of %d", n, rows))
		case err == nil && allowed && rows >= 0 && n < int64(rows):
			c.loss(fmt.Sprintf("%d rows instead of %d", n, rows))
		case err != nil && code == "":
			c.mismatch(err, what)
		}
	}
	insert := fmt.Sprintf(`INSERT INTO %[1]s SELECT (jsonb_populate_record(null::%[1]s, $1)).*`, table)
	m.checkInserts(a, table, records, func(what string, allowed bool, r record, changes map[string]any) {
		judge(what, allowed, uncounted, insert, r.copy(changes))
	})
	changes, removals := 0, 0
	var elsewhere any
	for _, r := range records {
		if m.mayUpdate(a, r) {
			changes++
		} else if r.at() != "" && elsewhere == nil && !oracle.Reaches(a.Viewer, r.at()) {
			elsewhere = r.row["code"]
		}
		if m.mayDelete(a, r) {
			removals++
		}
	}
	if set := cmp.Or(answersOf[a.viewer().Kind][table], tableKeys[table].set, "updated_at = now()"); set == setPlace {
		judge("change all of", changes > 0, changes, fmt.Sprintf(`UPDATE %s SET code = $1`, table), a.At)
	} else {
		judge("change all of", changes > 0, changes, fmt.Sprintf(`UPDATE %s SET %s`, table, set))
	}
	judge("remove all of", removals > 0, removals, fmt.Sprintf(`DELETE FROM %s`, table))
	if slices.Contains(counted, table) && changes > 0 {
		for column, code := range astray {
			judge("add to the sums of others by "+column+" of", false, uncounted, fmt.Sprintf(`UPDATE %s SET %s = $1`, table, column), plainNumber(apitest.Full(code)))
		}
	}
	if elsewhere != nil && changes > 0 {
		judge("give away", false, uncounted, fmt.Sprintf(`UPDATE %s SET code = $1`, table), elsewhere)
	}
	if table == "opinion" {
		judge("rewrite", false, uncounted, `UPDATE opinion SET content = 'x'`)
		judge("rewrite whose is", false, uncounted, `UPDATE opinion SET station_id = station_id`)
	}
	for _, set := range beyond[a.viewer().Kind][table] {
		judge("set "+set+" in", false, uncounted, fmt.Sprintf(`UPDATE %s SET %s`, table, set))
	}
}

// checkInserts tries to add a row like the first that the viewer may add, and like the first that the viewer may not; and in another's name.
func (m *matrix) checkInserts(a asker, table string, records []record, try func(string, bool, record, map[string]any)) {
	changes := map[string]any{}
	switch table {
	case "opinion_event", "activity_event", "audit_entry", "idempotency_key":
		changes["subject"], changes["key"] = a.subject(), "k"
	}
	tried := map[bool]bool{}
	for _, r := range records {
		may := m.mayInsert(a, r)
		if tried[may] {
			continue
		}
		tried[may] = true
		mine := maps.Clone(changes)
		if (table == "opinion" || table == "appointment") && a.Receipt != "" {
			mine["id"] = r.id() // the receipt is for one id
		}
		what := map[bool]string{true: "insert into", false: "insert elsewhere into"}[may]
		try(what, may, r, mine)
		if changes["subject"] != nil && may {
			mine["subject"] = "operator:someone else"
			try("insert another's into", false, r, mine)
		}
		if r.text("opinion_id") != "" && may {
			m.checkHanging(a, r, maps.Clone(changes), try)
		}
		if may {
			m.checkForged(a, r, changes, try)
		}
	}
}

// checkHanging tries to add a row of the viewer's own place to an opinion out of sight: a foreign key asks no policy, and who sees the row
// might see the opinion by it.
func (m *matrix) checkHanging(a asker, r record, changes map[string]any, try func(string, bool, record, map[string]any)) {
	for _, o := range m.world.Opinions {
		if !m.world.Sees(a.Viewer, o.ID) {
			changes["opinion_id"] = o.ID
			try("hang on an opinion out of sight", false, r, changes)
			return
		}
	}
}

// copy is the row as JSON with another id and other changes.
func (r record) copy(changes map[string]any) string {
	out := map[string]any{}
	for _, from := range []map[string]any{r.row, {"id": uuid.NewString()}, changes} {
		for k, v := range from {
			out[k] = v
		}
	}
	if _, isKey := r.row["key"]; isKey && changes["key"] == nil {
		out["key"] = "another key"
	}
	text, err := json.Marshal(out)
	if err != nil {
		panic(err)
	}
	return string(text)
}
