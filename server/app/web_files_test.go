package app_test

import (
	"bytes"
	"context"
	"encoding/json"
	"io"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"

	"github.com/lianluo/lianluo/ent/place"
	"github.com/lianluo/lianluo/ent/viewer"
	"github.com/lianluo/lianluo/ent/workflow"
	"github.com/lianluo/lianluo/server/app/apitest"
	"github.com/lianluo/lianluo/server/files"
	"github.com/lianluo/lianluo/server/link"
)

// linkKey is what apitest seals addresses with.
var linkKey = make([]byte, 32)

// send sends a file to /uploads as a caller, with the code that was scanned if there is one.
func (l *loop) send(c *apitest.Caller, code string, file []byte) (status int, answer *apitest.Answer, kept files.Kept) {
	l.t.Helper()
	path := "/uploads"
	if code != "" {
		path += "?code=" + url.QueryEscape(code)
	}
	req, err := http.NewRequestWithContext(l.t.Context(), http.MethodPost, l.URL+path, bytes.NewReader(file))
	if err != nil {
		l.t.Fatal(err)
	}
	req.Header.Set("Content-Type", "application/octet-stream")
	if c.Token != "" {
		req.Header.Set("Authorization", "Bearer "+c.Token)
	}
	res, err := http.DefaultClient.Do(req)
	if err != nil {
		l.t.Fatal(err)
	}
	defer func() { _ = res.Body.Close() }()
	body, err := io.ReadAll(res.Body)
	if err != nil {
		l.t.Fatal(err)
	}
	answer = &apitest.Answer{Status: res.StatusCode, Body: string(body)}
	if err := json.Unmarshal(body, answer); err != nil {
		l.t.Fatalf("%v: %s", err, body)
	}
	if err := json.Unmarshal(body, &kept); err != nil {
		l.t.Fatalf("%v: %s", err, body)
	}
	return res.StatusCode, answer, kept
}

// sent is the secret of a file that is taken.
func (l *loop) sent(c *apitest.Caller, code string, file []byte) string {
	l.t.Helper()
	status, answer, kept := l.send(c, code, file)
	if status != http.StatusCreated || len(kept.Upload) != 22 {
		l.t.Fatalf("status %d: %s", status, answer.Body)
	}
	return kept.Upload
}

// code is the text of the code of the station at work, revoked that of the one before.
func (l *loop) code() string    { return "QR" + l.world.Spot("430121102201").Code }
func (l *loop) revoked() string { return "QR" + l.world.Spot("430121102201").Revoked }

// fetched is an answer to whoever asks for an address.
type fetched struct {
	status int
	header http.Header
	body   []byte
}

func (l *loop) fetch(method, address string) fetched {
	l.t.Helper()
	req, err := http.NewRequestWithContext(l.t.Context(), method, l.URL+address, nil)
	if err != nil {
		l.t.Fatal(err)
	}
	res, err := http.DefaultClient.Do(req)
	if err != nil {
		l.t.Fatal(err)
	}
	defer func() { _ = res.Body.Close() }()
	body, err := io.ReadAll(res.Body)
	if err != nil {
		l.t.Fatal(err)
	}
	return fetched{res.StatusCode, res.Header, body}
}

func (l *loop) count(table string) (n int) {
	l.t.Helper()
	if err := l.Owner.QueryRowContext(l.t.Context(), "SELECT count(*) FROM "+table).Scan(&n); err != nil {
		l.t.Fatal(err)
	}
	return n
}

// TestUploadWho: files are taken from whoever has scanned a good code, and from all who have signed in but portals.
func TestUploadWho(t *testing.T) {
	l := newLoop(t)
	posting := "QR" + apitest.CodeOf(l.world.Spot("430121102").Posting)
	person, organ := uuid.MustParse(l.world.Spot("430121102").Deputy), uuid.MustParse(l.world.Spot("430121").Department)
	at := place.MustParse
	for name, x := range map[string]struct {
		caller *apitest.Caller
		code   string
		status int
		refuse string
	}{
		"station's code":       {l.Nobody(), l.code(), http.StatusCreated, ""},
		"deputy's code":        {l.Nobody(), posting, http.StatusCreated, ""},
		"no code":              {l.Nobody(), "", http.StatusNotFound, "NOT_FOUND"},
		"revoked code":         {l.Nobody(), l.revoked(), http.StatusNotFound, "NOT_FOUND"},
		"guessed code":         {l.Nobody(), "QR" + uuid.NewString(), http.StatusNotFound, "NOT_FOUND"},
		"false token":          {l.With("nonsense"), l.code(), http.StatusUnauthorized, "UNAUTHENTICATED"},
		"portal":               {l.As(viewer.Portal, at("43")), "", http.StatusForbidden, "FORBIDDEN"},
		"portal with a code":   {l.As(viewer.Portal, at("43")), l.code(), http.StatusForbidden, "FORBIDDEN"},
		"keeper":               {l.keeper, "", http.StatusCreated, ""},
		"township":             {l.town, "", http.StatusCreated, ""},
		"county":               {l.county, "", http.StatusCreated, ""},
		"province":             {l.province, "", http.StatusCreated, ""},
		"staff":                {l.As(viewer.CommitteeStaff, at("4301")), "", http.StatusCreated, ""},
		"supervisor":           {l.As(viewer.Supervisor, at("430121")), "", http.StatusCreated, ""},
		"department":           {l.As(viewer.Department, at("430121"), apitest.Organ(organ)), "", http.StatusCreated, ""},
		"deputy":               {l.As(viewer.Deputy, at("430121102"), apitest.Person(person)), "", http.StatusCreated, ""},
		"keeper, a wrong code": {l.keeper, "nonsense", http.StatusCreated, ""},
	} {
		before := l.count("upload")
		status, answer, kept := l.send(x.caller, x.code, snapshot(1))
		if status != x.status || answer.Code() != x.refuse || (kept.Upload != "") != (x.refuse == "") {
			t.Errorf("%s: %d %s", name, status, answer.Body)
		}
		if made := l.count("upload") - before; made != map[bool]int{true: 1}[x.refuse == ""] {
			t.Errorf("%s: %d uploads are noted", name, made)
		}
	}
}

// TestUploadWhat: which files are taken, as what, and why others are not.
func TestUploadWhat(t *testing.T) {
	l := newLoop(t)
	whole := snapshot(1)
	for name, x := range map[string]struct {
		caller *apitest.Caller
		file   []byte
		want   string // the media type, or the code of the refusal
	}{
		"photo":              {l.Nobody(), whole, "image/jpeg"},
		"photo with a place": {l.Nobody(), located(), "image/jpeg"},
		"PDF of a citizen":   {l.Nobody(), pdf(), "MEDIA_TYPE"},
		"PDF of a keeper":    {l.keeper, pdf(), "application/pdf"},
		"half a PDF":         {l.keeper, pdf()[:30], "DAMAGED"},
		"nothing":            {l.keeper, nil, "MEDIA_TYPE"},
		"no picture":         {l.keeper, []byte("<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>"), "MEDIA_TYPE"},
		"page in disguise":   {l.Nobody(), []byte("\xff\xd8<html><script>alert(1)</script>"), "MEDIA_TYPE"},
		"half a photo":       {l.Nobody(), whole[:len(whole)/2], "DAMAGED"},
		"more than 10 MB":    {l.Nobody(), huge(), "TOO_LARGE"},
		"more, of a keeper":  {l.keeper, huge(), "TOO_LARGE"},
		"PDF beyond 20 MB":   {l.keeper, append(pdf(), make([]byte, 21<<20)...), "TOO_LARGE"},
		"bomb":               {l.Nobody(), bomb(), "TOO_MANY_PIXELS"},
	} {
		before := l.count("upload")
		status, answer, kept := l.send(x.caller, l.code(), x.file)
		if strings.Contains(x.want, "/") {
			if status != http.StatusCreated || kept.MediaType != x.want || kept.Size == 0 || (kept.Width == nil) != (x.want == "application/pdf") {
				t.Errorf("%s: %d %s", name, status, answer.Body)
			}
			continue
		}
		if status != http.StatusUnprocessableEntity || answer.Code() != "INVALID" || len(answer.Errors[0].Extensions.Fields) != 1 ||
			answer.Errors[0].Extensions.Fields[0].Code != x.want || l.count("upload") != before {
			t.Errorf("%s: %d %s", name, status, answer.Body)
			continue
		}
		checkWords(t, answer)
	}
}

// TestUploadIsAttachedOnce: a secret attaches its file once, whoever has it and to whatever.
func TestUploadIsAttachedOnce(t *testing.T) {
	l := newLoop(t)
	submit := func(files ...string) *apitest.Answer {
		return l.Nobody().Do(`mutation($input: SubmitOpinionInput!) { submitOpinion(input: $input) { number } }`, apitest.Vars{"input": map[string]any{
			"code": l.code(), "content": "村口的桥面破损,雨天积水", "consent": "2026-1", "files": files,
		}})
	}
	lost := func(what string, answer *apitest.Answer, path string) {
		t.Helper()
		if answer.Code() != "NOT_FOUND" || len(answer.Errors[0].Extensions.Fields) != 1 {
			t.Errorf("%s: %s", what, answer.Body)
			return
		}
		l.equal(what, answer.Errors[0].Extensions.Fields[0].Path, []any{"input", "files", path})
	}
	waiting := l.count("upload")
	one, other := l.sent(l.Nobody(), l.code(), snapshot(1)), l.sent(l.Nobody(), l.code(), snapshot(1))
	before := l.count("opinion")
	lost("a file twice in one", submit(one, one), "1")
	lost("a guess", submit(one, "guess"), "1")
	if answer := submit(one, other); len(answer.Errors) > 0 {
		t.Fatal(answer.Body)
	}
	lost("a file of another opinion", submit(other), "0")
	l.equal("opinions made", l.count("opinion")-before, 1)

	l.record(map[string]any{"files": []string{l.sent(l.keeper, "", snapshot(2))}})
	l.analysed()
	l.step(l.county, "assignOpinion", map[string]any{"lead": l.department}, map[string]any{"state": "ASSIGNED", "leadOrgan": map[string]any{"id": l.department}})
	l.step(l.building, "takeOpinion", nil, map[string]any{"state": "HANDLING"})
	report := l.sent(l.building, "", pdf())
	l.step(l.building, "noteProgress", map[string]any{"text": "已到现场查看", "files": []string{report}}, nil)
	l.refused(l.building, "noteProgress", map[string]any{"text": "已到现场查看", "files": []string{report}}, "NOT_FOUND", "NOT_FOUND", "input", "files", "0")
	l.equal("no upload is left", l.count("upload"), waiting)
}

// attachments lists the opinion's attachments as a caller sees them.
func (l *loop) attachments(c *apitest.Caller) []any {
	l.t.Helper()
	list, _ := at(l.ask(c, `{ node(id: "`+l.id+`") { ... on Opinion { attachments { id url mediaType size width height } } } }`), "attachments").([]any)
	return list
}

// TestAttachmentEndToEnd: the place is gone from a photo when it comes back, and its address is only for those who see the opinion.
func TestAttachmentEndToEnd(t *testing.T) {
	l := newLoop(t)
	photo := located()
	if !bytes.Contains(photo, whereTaken) || !bytes.Contains(photo, []byte("Exif")) {
		t.Fatal("the sample has no place")
	}
	l.record(map[string]any{"files": []string{l.sent(l.Nobody(), l.code(), photo), l.sent(l.keeper, "", pdf())}})
	for name, c := range map[string]*apitest.Caller{
		"keeper": l.keeper, "township": l.town, "county": l.county, "province": l.province,
	} {
		if got := l.attachments(c); len(got) != 2 {
			t.Errorf("the %s is shown %v", name, got)
		}
	}
	for name, c := range map[string]*apitest.Caller{
		"neighbour": l.otherCounty, "department": l.building, "portal": l.As(viewer.Portal, place.MustParse("43")),
	} {
		if got := l.attachments(c); got != nil {
			t.Errorf("the %s is shown %v", name, got)
		}
	}
	shown := l.attachments(l.keeper)
	address := at(shown, 0, "url").(string)
	got := l.fetch(http.MethodGet, address)
	if got.status != http.StatusOK || !bytes.HasPrefix(got.body, []byte("\xff\xd8")) || float64(len(got.body)) != at(shown, 0, "size") {
		t.Fatalf("status %d, %d bytes, want %v", got.status, len(got.body), at(shown, 0, "size"))
	}
	if bytes.Contains(got.body, whereTaken) || bytes.Contains(got.body, []byte("Exif")) {
		t.Error("the place is still in the photo")
	}
	const policy = "default-src 'none'; sandbox; frame-ancestors 'none'"
	for name, want := range map[string]string{
		"Content-Type": "image/jpeg", "X-Content-Type-Options": "nosniff", "Content-Security-Policy": policy, "Content-Disposition": "",
		"Cache-Control": "private, max-age=600, immutable", "Cross-Origin-Resource-Policy": "same-origin",
	} {
		l.equal(name, got.header.Get(name), want)
	}
	if head := l.fetch(http.MethodHead, address); head.status != http.StatusOK || len(head.body) != 0 || head.header.Get("Content-Length") == "" {
		t.Errorf("HEAD: %d %v", head.status, head.header)
	}
	got = l.fetch(http.MethodGet, at(shown, 1, "url").(string))
	l.equal("the PDF", string(got.body), string(pdf()))
	for name, want := range map[string]string{
		"Content-Type": "application/pdf", "X-Content-Type-Options": "nosniff", "Content-Security-Policy": policy,
		"Content-Disposition": "attachment; filename=attachment.pdf",
	} {
		l.equal(name, got.header.Get(name), want)
	}

	// The citizen's own receipt leads to the same.
	status := l.ask(l.Nobody(), `{ receipt(number: "`+l.number+`", token: "`+l.token+`") { events { files { mediaType url } } } }`)
	if got := l.fetch(http.MethodGet, at(status, "events", 0, "files", 0, "url").(string)); got.status != http.StatusOK {
		t.Errorf("the citizen's: %d", got.status)
	}
}

// TestAttachmentAddresses: whatever is wrong with an address, there is nothing.
func TestAttachmentAddresses(t *testing.T) {
	l := newLoop(t)
	l.record(map[string]any{"files": []string{l.sent(l.keeper, "", snapshot(1)), l.sent(l.keeper, "", snapshot(2))}})
	shown := l.attachments(l.keeper)
	address, other := at(shown, 0, "url").(string), at(shown, 1, "url").(string)
	if got := l.fetch(http.MethodGet, address); got.status != http.StatusOK {
		t.Fatal(got.status)
	}
	whole, err := url.Parse(address)
	if err != nil {
		t.Fatal(err)
	}
	key := whole.Query().Get("key")
	with := func(key string) string { return whole.Path + "?" + url.Values{"key": {key}}.Encode() }
	name := func(id string) string { return "/attachments/" + id + "?" + whole.RawQuery }
	by, err := viewer.For("operator:keeper", viewer.CountyAdmin, place.MustParse("430121"))
	if err != nil {
		t.Fatal(err)
	}
	made := func(key []byte, clock func() time.Time, id uuid.UUID) string {
		t.Helper()
		links, err := link.New(key, nil, clock) // of no account
		if err != nil {
			t.Fatal(err)
		}
		address, err := links.Of(viewer.NewContext(t.Context(), by), files.PathOf(id))
		if err != nil {
			t.Fatal(err)
		}
		return address
	}
	fresh := func(id uuid.UUID) string { return made(linkKey, time.Now, id) }
	var id uuid.UUID
	if err := l.Owner.QueryRowContext(t.Context(), `SELECT id FROM attachment WHERE storage_key NOT LIKE 'world/%' LIMIT 1`).Scan(&id); err != nil {
		t.Fatal(err)
	}
	if got := l.fetch(http.MethodGet, fresh(id)); got.status != http.StatusOK {
		t.Errorf("signed here: %d", got.status)
	}
	for what, address := range map[string]string{
		"another attachment's key": name(at(shown, 1, "id").(string)),
		"no key":                   with(""),
		"other key":                with(strings.ToLower(key)),
		"half a key":               with(key[:40]),
		"no query":                 "/attachments/" + at(shown, 0, "id").(string),
		"the opinion's id":         name(l.id),
		"the same id, as another":  name(globalID("Opinion", id.String())),
		"the bare id":              name(id.String()),
		"no id":                    name("nonsense"),
		"over":                     made(linkKey, func() time.Time { return time.Now().Add(-16 * time.Minute) }, id),
		"made elsewhere":           made([]byte("the key of another server, or so"), time.Now, id),
		"none such":                fresh(uuid.New()),
		"file that was lost":       fresh(l.lostFile()),
	} {
		got := l.fetch(http.MethodGet, address)
		if got.status != http.StatusNotFound || !bytes.Equal(got.body, []byte("404 page not found\n")) {
			t.Errorf("%s: %d %s", what, got.status, got.body)
		}
	}
	if address == other {
		t.Error("two attachments have one address")
	}
	l.equal("the address asked for again", at(l.attachments(l.keeper), 0, "url"), address)
}

// lostFile is an attachment whose file the store has no more.
func (l *loop) lostFile() (id uuid.UUID) {
	l.t.Helper()
	err := l.Owner.QueryRowContext(l.t.Context(), `UPDATE attachment SET storage_key = '00/11/00112233445566778899aabbccddeeff'
		WHERE id = (SELECT id FROM attachment WHERE storage_key LIKE 'world/%' LIMIT 1) RETURNING id`).Scan(&id)
	if err != nil {
		l.t.Fatal(err)
	}
	return id
}

// TestUploadCleaning: what nobody attached goes, with its file; what was attached stays.
func TestUploadCleaning(t *testing.T) {
	l := newLoop(t)
	l.record(map[string]any{"files": []string{l.sent(l.keeper, "", snapshot(1))}})
	left := l.sent(l.keeper, "", snapshot(2))
	var key string
	if err := l.Owner.QueryRowContext(t.Context(), `SELECT storage_key FROM upload WHERE secret_hash = $1`, workflow.SecretHash(left)).Scan(&key); err != nil {
		t.Fatal(err)
	}
	var removed []string
	clean := func(after time.Duration) {
		t.Helper()
		clock := func() time.Time { return time.Now().Add(after) }
		_, err := workflow.NewClockwork(l.Client, workflow.ClockworkOptions{Clock: clock}).
			Clean(context.Background(), func(_ context.Context, key string) error { removed = append(removed, key); return nil })
		if err != nil {
			t.Fatal(err)
		}
	}
	clean(23 * time.Hour)
	for _, k := range removed {
		if k == key {
			t.Error("an upload that can still be attached is removed")
		}
	}
	removed = nil
	clean(26 * time.Hour)
	l.equal("what is removed", removed, []string{key})
	if got := l.fetch(http.MethodGet, at(l.attachments(l.keeper), 0, "url").(string)); got.status != http.StatusOK {
		t.Errorf("the attached file: %d", got.status)
	}
	l.refused(l.keeper, "answerOpinion", map[string]any{"text": "已在现场答复", "outcome": "SOLVED", "files": []string{left}}, "NOT_FOUND", "NOT_FOUND", "input", "files", "0")
}
