package app_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"

	"github.com/lianluo/lianluo/ent/place"
	"github.com/lianluo/lianluo/ent/viewer"
	"github.com/lianluo/lianluo/ent/workflow"
	"github.com/lianluo/lianluo/server/app"
	"github.com/lianluo/lianluo/server/app/apitest"
	"github.com/lianluo/lianluo/server/app/oracle"
	"github.com/lianluo/lianluo/server/link"
)

// fetching is the request of a path beside the API.
func fetching(token, path string) sending {
	return sending{method: http.MethodGet, path: path, token: token}
}

// mustRead reads the data of an answer.
func mustRead(t *testing.T, got reply, into any) {
	t.Helper()
	if err := json.Unmarshal(got.Data, into); err != nil || len(got.Errors) > 0 {
		t.Fatalf("no data: %.300s", got.Body)
	}
}

// files asks for duty archives and attachments at addresses that are not the viewer's.
func (i *isolation) files(t *testing.T) {
	w := i.world
	mandate, elsewhere := w.Spot("430121107").Mandate, w.Spot("431002").Mandate
	town, other, county := i.attacker("TOWNSHIP_ADMIN-430121107"), i.attacker("TOWNSHIP_ADMIN-430121102"), i.attacker("COUNTY_ADMIN-431002")
	exports := func(a asker, mandate string) (out struct{ Xlsx, HTML, Docx string }) {
		t.Helper()
		var data struct {
			DutyArchive struct {
				Exports struct{ Xlsx, HTML, Docx string }
			}
		}
		mustRead(t, sendTo(t, i.server, operation(i.token(a), `query($id: ID!) { dutyArchive(mandate: $id) { exports { xlsx html docx } } }`, apitest.Vars{"id": i.globalID(mandate)})), &data)
		return data.DutyArchive.Exports
	}
	mine, theirs := exports(town, mandate), exports(county, elsewhere)
	bare := func(address string) string { path, _, _ := strings.Cut(address, "?"); return path }
	key := func(address string) string { _, key, _ := strings.Cut(address, "?key="); return key }
	control := operation(i.token(town), `query($id: ID!) { dutyArchive(mandate: $id) { from mandate { id } } }`, apitest.Vars{"id": i.globalID(mandate)})
	neverWas := "/archives/" + never("Mandate") + ".xlsx"
	for _, x := range []struct {
		name, token, path string
		status            int
		code              string
	}{
		{"a sibling's token", i.token(other), bare(mine.Xlsx), 404, "NOT_FOUND"},
		{"another county's token", i.token(county), bare(mine.Xlsx), 404, "NOT_FOUND"},
		{"a portal's token", i.token(i.attacker("PORTAL-430121")), bare(mine.Xlsx), 404, "NOT_FOUND"},
		{"a department's token", i.token(i.attacker("DEPARTMENT-430121107")), bare(mine.Xlsx), 404, "NOT_FOUND"},
		{"another deputy's token", i.token(i.attacker("DEPUTY-430121107-crossing")), bare(mine.Xlsx), 404, "NOT_FOUND"},
		{"a sibling's token with the owner's address", i.token(other), mine.Xlsx, 404, "NOT_FOUND"},
		{"no token and no key", "", bare(mine.Xlsx), 401, "UNAUTHENTICATED"},
		{"another archive's key", "", bare(mine.Xlsx) + "?key=" + key(theirs.Xlsx), 401, "UNAUTHENTICATED"},
		{"the key of another form", "", bare(mine.Xlsx) + "?key=" + key(mine.HTML), 401, "UNAUTHENTICATED"},
		{"a key for its own archive, asked of another", "", bare(theirs.Docx) + "?key=" + key(mine.Docx), 401, "UNAUTHENTICATED"},
		{"a key in capitals", "", bare(mine.Xlsx) + "?key=" + strings.ToUpper(key(mine.Xlsx)), 401, "UNAUTHENTICATED"},
		{"a padded key", "", mine.Xlsx + "=", 401, "UNAUTHENTICATED"},
		{"the key as the second of two", "", bare(mine.Xlsx) + "?key=AAAA&key=" + key(mine.Xlsx), 401, "UNAUTHENTICATED"},
		{"the key under another name", "", bare(mine.Xlsx) + "?KEY=" + key(mine.Xlsx), 401, "UNAUTHENTICATED"},
		{"no form", i.token(town), "/archives/" + i.globalID(mandate), 404, "NOT_FOUND"},
		{"a form in capitals", i.token(town), "/archives/" + i.globalID(mandate) + ".XLSX", 404, "NOT_FOUND"},
		{"a NUL in the form", i.token(town), bare(mine.Xlsx) + "%00.html", 404, "NOT_FOUND"},
		{"a re-typed id", i.token(town), "/archives/" + globalID("Deputy", mandate) + ".xlsx", 404, "NOT_FOUND"},
		{"a path that climbs, encoded", i.token(town), "/archives/..%2f..%2fetc%2fpasswd", 404, "NOT_FOUND"},
		{"a path that climbs, encoded twice", i.token(town), "/archives/%252e%252e%252fpasswd", 404, "NOT_FOUND"},
		{"an id with a backslash", i.token(town), "/archives/..%5c" + i.globalID(mandate) + ".xlsx", 404, "NOT_FOUND"},
	} {
		a := attack{
			name: "archives: " + x.name, control: control, shows: i.globalID(mandate), sent: fetching(x.token, x.path),
			want: verdict{status: x.status, code: x.code, statements: anyStatements, secrets: []string{i.stored(w.Spot("430121107").Deputy)["name"].(string)}},
		}
		if x.status == http.StatusNotFound {
			like := fetching(x.token, neverWas)
			a.want.like = &like
		}
		i.attacks = append(i.attacks, a)
	}
	i.tampered(mine.Docx, control)
	i.attachments(t)
}

// tampered turns every byte of the key of an address.
func (i *isolation) tampered(address string, control sending) {
	path, key, _ := strings.Cut(address, "?key=")
	i.attacks = append(i.attacks, attack{
		name: "archives: every byte of the key turned", control: control, shows: "dutyArchive", sent: fetching("", path+"?key="+turned(key, 0, 1)),
		want: verdict{status: 401, code: "UNAUTHENTICATED", statements: 0},
		also: func(t *testing.T, _ reply) {
			t.Helper()
			for n := range len(key) * 3 / 4 {
				if got := sendTo(t, i.server, fetching("", path+"?key="+turned(key, n, 0x40))); got.Status != http.StatusUnauthorized || got.statements != 0 {
					t.Errorf("byte %d: %d, %d statements", n, got.Status, got.statements)
				}
			}
		},
	})
	late, err := link.New(linkKey, nil, func() time.Time { return time.Now().Add(-16 * time.Minute) })
	if err != nil {
		panic(err)
	}
	by, err := viewer.For("operator:late", viewer.TownshipAdmin, place.MustParse("430121107"))
	if err != nil {
		panic(err)
	}
	over, err := late.Of(viewer.NewContext(i.server.System(), by), path)
	if err != nil {
		panic(err)
	}
	i.attacks = append(i.attacks, attack{
		name: "archives: an address that is over", control: control, shows: "dutyArchive", sent: fetching("", over), want: verdict{status: 401, code: "UNAUTHENTICATED", statements: 0},
	})
}

// attachments asks for the file of an opinion by addresses that were made for someone else, or for something else.
func (i *isolation) attachments(t *testing.T) {
	t.Helper()
	made := func(a asker, id string) string {
		t.Helper()
		links, err := link.New(linkKey, nil, time.Now)
		if err != nil {
			t.Fatal(err)
		}
		address, err := links.Of(viewer.NewContext(t.Context(), a.viewer()), "/attachments/"+globalID("Attachment", id))
		if err != nil {
			t.Fatal(err)
		}
		return address
	}
	for _, name := range []string{"COUNTY_ADMIN-430102", "TOWNSHIP_ADMIN-430121102", "DEPARTMENT-430121-beside", "DEPUTY-430121-county", "PORTAL-430121", "STATION_KEEPER-430102"} {
		a := i.attacker(name)
		id := i.foreign(a, "Attachment")
		like := fetching("", made(a, uuid.NewString()))
		control, shows := i.seen(id)
		i.attacks = append(i.attacks, attack{
			name: "attachments: an address made for one who does not see it, " + name, control: control, shows: shows, sent: fetching("", made(a, id)),
			want: verdict{status: 404, like: &like, statements: anyStatements}, also: i.asMuchWork(like),
		})
	}
	a := i.attacker("COUNTY_ADMIN-430121")
	id, other := i.own(a, "Attachment"), i.foreign(a, "Attachment")
	control, shows := i.seen(id)
	address := made(a, id)
	_, query, _ := strings.Cut(address, "?")
	for name, path := range map[string]string{
		"no key": "/attachments/" + globalID("Attachment", id), "another's key": "/attachments/" + globalID("Attachment", other) + "?" + query,
		"a re-typed id": "/attachments/" + globalID("Opinion", id) + "?" + query, "the bare key of the row": "/attachments/" + id + "?" + query,
		"an archive's path": "/archives/" + globalID("Attachment", id) + ".xlsx?" + query, "a path that climbs": "/attachments/..%2f" + globalID("Attachment", id) + "?" + query,
		"the sign of former addresses": "/attachments/" + globalID("Attachment", id) + "?until=99999999999&sign=AAAA",
	} {
		want := verdict{status: 404, statements: 0}
		if strings.HasPrefix(path, "/archives/") {
			want = verdict{status: 401, code: "UNAUTHENTICATED", statements: 0}
		}
		i.attacks = append(i.attacks, attack{name: "attachments: " + name, control: control, shows: shows, sent: fetching("", path), want: want})
	}
}

// unbounded lets strangers guess as often as they like: it is not by being stopped that they learn nothing.
type unbounded struct{}

func (unbounded) Take(...workflow.Bucket) time.Duration { return 0 }

func (unbounded) Wait(...workflow.Bucket) time.Duration { return 0 }

// strangers guess codes and receipts: whatever is wrong, the answer is the same.
func (i *isolation) strangers(t *testing.T) {
	w := i.world
	i.server = apitest.New(t, func(p *app.Parts) { p.Throttle = unbounded{} })
	w.Load(t, i.server.Owner)
	const code, receipt = `query($t: String!) { code(text: $t) { station place } }`, `query($n: String!, $t: String, $p: String) { receipt(number: $n, token: $t, phone: $p) { number content } }`
	id := w.Spot("430121107201").Opinion
	var who *oracle.Submitter
	for _, s := range w.Submitters {
		if s.Opinion == id {
			who = s
		}
	}
	number := i.stored(id)["number"].(string)
	scan := func(text string) sending { return operation("", code, apitest.Vars{"t": text}) }
	good := "QR" + w.Spot("430121107201").Code
	nonsense := scan("QR" + uuid.NewString())
	for _, x := range []struct{ name, text string }{
		{"one that was revoked", "QR" + w.Spot("430121107201").Revoked},
		{"one of a posting that has ended", "QR" + apitest.CodeOf(apitest.Who(apitest.Left, "ended"))},
		{"one of a closed station", "QR" + apitest.CodeOf(w.Spot("430121107201").Closed)},
		{"a pattern", "QR%"},
		{"in other letters", strings.ToLower(good)},
		{"half of one", good[:20]},
		{"an endless one", strings.Repeat("Q", 10_000)},
		{"the id of its row", globalID("QrCode", w.Spot("430121107201").Code)},
	} {
		like := nonsense
		i.attacks = append(i.attacks, attack{
			name: "codes: " + x.name, control: scan(good), shows: `"station":`, sent: scan(x.text), want: verdict{status: 200, code: "NOT_FOUND", like: &like, statements: anyStatements},
		})
	}
	follow := func(number, token, phone string) sending {
		vars := apitest.Vars{"n": number}
		if token != "" {
			vars["t"] = token
		}
		if phone != "" {
			vars["p"] = phone
		}
		return operation("", receipt, vars)
	}
	unknown := follow("060102-ZZZZZZZZ", "AAAA", "")
	for _, x := range []struct{ name, number, token, phone string }{
		{"the token of another", number, apitest.Receipt(w.Spot("430102").Case), ""},
		{"the number of another", i.stored(w.Spot("430102").Case)["number"].(string), apitest.Receipt(id), ""},
		{"the first digits of the telephone", number, "", who.Phone[:7]},
		{"the last digits of the telephone", number, "", who.Phone[7:]},
		{"the masked telephone", number, "", who.Phone[:3] + "****" + who.Phone[7:]},
		{"a pattern for the telephone", number, "", "%"},
		{"a telephone of no digits", number, "", "----"},
		{"a pattern for the number", "%", apitest.Receipt(id), ""},
		{"the opinion's id for the number", globalID("Opinion", id), apitest.Receipt(id), ""},
		{"half the token", number, apitest.Receipt(id)[:11], ""},
	} {
		like := unknown
		i.attacks = append(i.attacks, attack{
			name: "receipts: " + x.name, control: follow(number, apitest.Receipt(id), ""), shows: number, sent: follow(x.number, x.token, x.phone),
			want: verdict{status: 200, code: "NOT_FOUND", like: &like, statements: anyStatements, secrets: []string{i.stored(id)["content"].(string)}},
		})
	}
	for _, code := range []string{w.Spot("430121107201").Revoked, uuid.NewString()} {
		i.attacks = append(i.attacks, attack{
			name: fmt.Sprintf("codes: an upload by a code that is not good, %s", code[:8]), control: scan(good), shows: `"station":`,
			sent: sending{path: "/uploads?" + url.Values{"code": {"QR" + code}}.Encode(), text: "x"}, want: verdict{status: 404, code: "NOT_FOUND", statements: anyStatements},
		})
	}
}
