package app_test

import (
	"bytes"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/google/uuid"

	"github.com/lianluo/lianluo/ent/place"
	"github.com/lianluo/lianluo/ent/viewer"
	"github.com/lianluo/lianluo/server/app/apitest"
)

// TestWhoIsGivenArchives: to those for whom it is not, the archive is as one that never was, over the API and as a file.
func TestWhoIsGivenArchives(t *testing.T) {
	a := newArchives(t, 3)
	county := a.at(viewer.CountyAdmin, "430121")
	address, _, _ := strings.Cut(a.read(county).DutyArchive.Exports.Xlsx, "?")
	never := globalID("Mandate", uuid.NewString())
	unknown := county.Do(archiveQuery, apitest.Vars{"id": never})
	if unknown.Code() != "NOT_FOUND" {
		t.Fatal(unknown.Body)
	}
	_, nothing := a.fetch(t, "/archives/"+never+".xlsx", county.Token)
	for name, c := range map[string]*apitest.Caller{
		"the county posted to": a.at(viewer.CountyAdmin, "430102"), "another county": a.at(viewer.CountyAdmin, "431002"),
		"another township": a.at(viewer.TownshipAdmin, "430121102"), "a village's keeper": a.at(viewer.StationKeeper, "430121107201"),
		"another deputy": a.deputy(a.world.Spot("430121107").Deputy), "a portal": a.at(viewer.Portal, "430121"), "a department": a.at(viewer.Department, "430121"),
	} {
		if got := c.Do(archiveQuery, apitest.Vars{"id": a.id()}); got.Code() != "NOT_FOUND" || got.Body != unknown.Body {
			t.Errorf("%s: %s", name, got.Body)
		}
		if res, body := a.fetch(t, address, c.Token); res.StatusCode != http.StatusNotFound || !bytes.Equal(body, nothing) {
			t.Errorf("%s: %d %s", name, res.StatusCode, body)
		}
	}
	for what, path := range map[string]string{
		"another form": "/archives/" + a.id() + ".pdf", "no form": "/archives/" + a.id(), "another type": "/archives/" + globalID("Deputy", a.busy.Deputy) + ".xlsx",
		"no id": "/archives/x.xlsx", "two forms": "/archives/" + a.id() + ".xlsx.html",
	} {
		if res, body := a.fetch(t, path, county.Token); res.StatusCode != http.StatusNotFound || !bytes.Equal(body, nothing) {
			t.Errorf("%s: %d %s", what, res.StatusCode, body)
		}
	}
	if got := a.Nobody().Do(archiveQuery, apitest.Vars{"id": a.id()}); got.Code() != "UNAUTHENTICATED" {
		t.Error("nobody:", got.Body)
	}
	for _, token := range []string{"", "x.y.z"} {
		if res, body := a.fetch(t, address, token); res.StatusCode != http.StatusUnauthorized || !strings.Contains(string(body), "UNAUTHENTICATED") {
			t.Errorf("token %q: %d %s", token, res.StatusCode, body)
		}
	}
	if got := county.Do(archiveQuery, apitest.Vars{"id": globalID("Deputy", a.busy.Deputy)}); got.Code() != "INVALID" ||
		got.Errors[0].Extensions.Fields[0].Code != "MALFORMED" || fmt.Sprint(got.Errors[0].Extensions.Fields[0].Path) != "[mandate]" {
		t.Error("another type:", got.Body)
	}
	if n := a.exported(t); n != 0 {
		t.Errorf("%d refusals are in the audit", n)
	}
}

// TestArchiveAddresses: an address serves who it was made for, as that account is now, and nothing else.
func TestArchiveAddresses(t *testing.T) {
	a := newArchives(t, 12)
	account := a.Account("archivist", "correct horse battery staple", viewer.TownshipAdmin, place.MustParse("430121107"))
	c := a.at(viewer.TownshipAdmin, "430121107", apitest.Subject(account.String()))
	r := a.read(c)
	address := r.DutyArchive.Exports.HTML
	res, file := a.fetch(t, address, "")
	if got := sumsIn(t, "html", file); res.StatusCode != http.StatusOK || !slices.EqualFunc(got, r.sheet(), slices.Equal) {
		t.Fatalf("%d: it is not what the township is told", res.StatusCode)
	}
	var subject, role, detail string
	if err := a.Owner.QueryRowContext(t.Context(), `SELECT subject, role, detail ->> 'form' FROM audit_entry WHERE verb = 'exportArchive'`).Scan(&subject, &role, &detail); err != nil ||
		subject != account.String() || role != "TOWNSHIP_ADMIN" || detail != "html" {
		t.Errorf("the audit says %s %s %s %v", subject, role, detail, err)
	}
	for what, path := range map[string]string{
		"another form":  strings.Replace(address, ".html?", ".docx?", 1),
		"a changed key": address[:len(address)-6] + "AAAAAA",
		"no key":        address[:strings.Index(address, "=")+1],
	} {
		if res, body := a.fetch(t, path, ""); res.StatusCode != http.StatusUnauthorized || !strings.Contains(string(body), "UNAUTHENTICATED") {
			t.Errorf("%s: %d %s", what, res.StatusCode, body)
		}
	}
	for what, change := range map[string]string{
		"an account that is closed": `UPDATE account SET status = 'CLOSED' WHERE id = $1`,
		"an account of a new role":  `UPDATE account SET status = 'ACTIVE', role = 'COMMITTEE_STAFF' WHERE id = $1`,
		"an account of a new place": `UPDATE account SET role = 'TOWNSHIP_ADMIN', status = 'ACTIVE', code = 430121102000,
			division_id = (SELECT id FROM division WHERE code = 430121102000) WHERE id = $1`,
	} {
		if _, err := a.Owner.ExecContext(t.Context(), change, account); err != nil {
			t.Fatal(err)
		}
		if res, body := a.fetch(t, address, ""); res.StatusCode != http.StatusUnauthorized || !strings.Contains(string(body), "UNAUTHENTICATED") {
			t.Errorf("%s: %d %s", what, res.StatusCode, body)
		}
	}
	if n := a.exported(t); n != 1 {
		t.Errorf("%d lines in the audit", n)
	}
}

const entriesQuery = `query($id: ID!, $first: Int, $after: String, $last: Int, $before: String, $sections: [DutyArchiveSection!], $year: Int) {
	dutyArchive(mandate: $id) { entries(sections: $sections, year: $year, first: $first, after: $after, last: $last, before: $before) {
		totalCount pageInfo { hasNextPage hasPreviousPage startCursor endCursor }
		edges { cursor node { section day outside sort sortName title detail points hours station { name division { name } } source { __typename id } } } } } }`

type entryPage struct {
	DutyArchive struct {
		Entries struct {
			TotalCount int
			PageInfo   struct {
				HasNextPage, HasPreviousPage bool
				StartCursor, EndCursor       string
			}
			Edges []struct {
				Cursor string
				Node   struct {
					Section, Day          string
					Outside               bool
					Sort, SortName, Title *string
					Detail                *string
					Points, Hours         *float64
					Station               *struct{ Name string }
					Source                *struct {
						Typename string `json:"__typename"`
						ID       string
					}
				}
			}
		}
	}
}
