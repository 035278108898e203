package app_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/lianluo/lianluo/server/app"
	"github.com/lianluo/lianluo/server/app/apitest"
	"github.com/lianluo/lianluo/server/store"
	"github.com/lianluo/lianluo/server/throttle"
)

// receiptFields are what a citizen is shown.
const receiptFields = `number state stateTitle content location station deputy dueOn question maySupplement mayRate rating
	events { step title by declineReason text files { mediaType size width height } }`

// scanned is the text of the code at the station, or of the deputy there.
func (l *loop) scanned(deputys bool) string {
	l.t.Helper()
	if !deputys {
		return at(l.ask(l.keeper, `{ node(id: "`+l.station+`") { ... on Station { qrCode { text } } } }`), "qrCode", "text").(string)
	}
	postings := l.ask(l.keeper, `{ node(id: "`+l.station+`") { ... on Station { postings(first: 9) { edges { node { deputy { id } qrCode { text } } } } } } }`)
	for i := range 9 {
		if at(postings, "postings", "edges", i, "node", "deputy", "id") == globalID("Deputy", l.world.Spot("430121102").Deputy) {
			return at(postings, "postings", "edges", i, "node", "qrCode", "text").(string)
		}
	}
	l.t.Fatal("the deputy has no code")
	return ""
}

// submit has a citizen submit the opinion to work with.
func (l *loop) submit(input map[string]any) {
	l.t.Helper()
	full := map[string]any{"code": l.scanned(false), "content": "村口的桥面破损,雨天积水", "consent": "2026-1"}
	for k, v := range input {
		full[k] = v
	}
	made := l.do(l.Nobody(), "submitOpinion", "number token submittedAt dueOn", full)
	l.number, l.token = at(made, "number").(string), at(made, "token").(string)
	if at(made, "submittedAt") == nil || at(made, "dueOn") == nil {
		l.t.Errorf("submitted: %v", made)
	}
	var id string
	if err := l.Owner.QueryRowContext(l.t.Context(), `SELECT id FROM opinion WHERE number = $1`, l.number).Scan(&id); err != nil {
		l.t.Fatal(err)
	}
	l.id = globalID("Opinion", id)
}

// receipt is what the citizen is shown now.
func (l *loop) receipt(fields string) any {
	l.t.Helper()
	return l.ask(l.Nobody(), fmt.Sprintf(`{ receipt(number: %q, token: %q) { %s } }`, l.number, l.token, fields))
}

// TestCitizen takes an opinion from the scanned code to the rating, as its citizen does, without an account.
func TestCitizen(t *testing.T) {
	l := newLoop(t)
	consent := l.ask(l.Nobody(), `{ consent { version purpose text } }`)
	if at(consent, "version") != "2026-1" || at(consent, "purpose") == "" || !strings.Contains(fmt.Sprint(at(consent, "text")), "姓名和电话可以不填") {
		t.Errorf("the consent %v", consent)
	}
	code := l.scanned(true)
	l.equal("where the code leads", l.ask(l.Nobody(), fmt.Sprintf(`{ code(text: %q) { station place deputy { name levels } } }`, code)), map[string]any{
		"station": "黄兴镇一村人大代表联络站", "place": "湖南省长沙市长沙县黄兴镇黄兴镇一村",
		"deputy": map[string]any{"name": l.deputysName(), "levels": []string{"TOWNSHIP"}},
	})
	text := `=1+1 <script>alert("1")</script> 桥面破损`
	l.submit(map[string]any{
		"code": code, "content": text, "location": "东头桥", "phone": "139 0000 1111", "callBack": true, "category": l.category("0101"),
		"files": []string{l.upload("a photo")}, "idempotencyKey": "一次",
	})
	file := map[string]any{"mediaType": "image/jpeg", "size": 2048, "width": 640, "height": 480}
	line := func(step, title, by string, text any, files ...any) map[string]any {
		return map[string]any{"step": step, "title": title, "by": by, "declineReason": nil, "text": text, "files": append([]any{}, files...)}
	}
	want := map[string]any{
		"number": l.number, "state": "SUBMITTED", "stateTitle": "已提交", "content": text, "location": "东头桥", "station": "黄兴镇一村人大代表联络站",
		"deputy": l.deputysName(), "dueOn": at(l.receipt("dueOn"), "dueOn"), "question": nil, "maySupplement": false, "mayRate": false, "rating": nil,
		"events": []any{line("SUBMIT", "提交", "反映人", nil, file)},
	}
	l.equal("just submitted", l.receipt(receiptFields), want)
	l.equal("found by telephone", l.ask(l.Nobody(), fmt.Sprintf(`{ receipt(number: %q, phone: "13900001111") { number } }`, strings.ToLower(l.number))),
		map[string]any{"number": l.number})
	l.equal("as the keeper sees it", l.ask(l.keeper, `{ node(id: "`+l.id+`") { ... on Opinion { channel content phoneMasked submitter { phone }
		deputy { name } categoryHint { number } timeline { party role } } } }`), map[string]any{
		"channel": "DEPUTY_CODE", "content": text, "phoneMasked": "139****1111", "submitter": map[string]any{"phone": "139 0000 1111"},
		"deputy": map[string]any{"name": l.deputysName()}, "categoryHint": map[string]any{"number": "0101"},
		"timeline": []any{map[string]any{"party": "SUBMITTER", "role": nil}},
	})
	if url := at(l.receipt(`events { files { id url } }`), "events", 0, "files", 0, "url"); url == nil || strings.Contains(fmt.Sprint(url), l.token) {
		t.Errorf("the file's address %v", url)
	}

	l.step(l.keeper, "askSubmitter", map[string]any{"text": "是哪一座桥?"}, map[string]any{"state": "WAITING", "resumeState": "SUBMITTED"})
	l.equal("asked", l.receipt("stateTitle question maySupplement"), map[string]any{"stateTitle": "待补充", "question": "是哪一座桥?", "maySupplement": true})
	answered := l.do(l.Nobody(), "supplementOpinion", "receipt { state question events { step text files { size } } }", map[string]any{
		"number": l.number, "phone": "139-0000-1111", "text": "东头桥", "files": []string{l.upload("another")},
	})
	l.equal("answered", at(answered, "receipt", "events", 2), map[string]any{"step": "SUPPLEMENT", "text": "东头桥", "files": []any{map[string]any{"size": 2048}}})
	l.equal("and it goes on", []any{at(answered, "receipt", "state"), at(answered, "receipt", "question")}, []any{"SUBMITTED", nil})

	l.analysed()
	l.replied()
	l.equal("the answer", l.receipt("stateTitle mayRate"), map[string]any{"stateTitle": "已反馈", "mayRate": true})
	rated := l.do(l.Nobody(), "rateOpinion", "receipt { "+receiptFields+" }", map[string]any{"number": l.number, "token": l.token, "rating": "SATISFIED"})
	want["state"], want["stateTitle"], want["rating"], want["dueOn"] = "RATED", "已评价", "SATISFIED", nil
	const station = "该意见的联络站"
	want["events"] = []any{
		line("SUBMIT", "提交", "反映人", nil, file), line("ASK", "请群众补充", station, "是哪一座桥?"), line("SUPPLEMENT", "群众补充", "反映人", "东头桥", file),
		line("ACCEPT", "受理", station, nil), line("ANALYSE", "分析", station, nil), line("ASSIGN", "交办", "当前主管机关", nil), line("TAKE", "承办", "主办单位", nil),
		line("FEED_BACK", "反馈", station, "桥面已修复,排水已疏通\n请您评价"), line("RATE", "评价", "反映人", nil),
	}
	l.equal("rated", at(rated, "receipt"), want)
}

func (l *loop) deputysName() string {
	l.t.Helper()
	return at(l.ask(l.county, `{ node(id: "`+globalID("Deputy", l.world.Spot("430121102").Deputy)+`") { ... on Deputy { name } } }`), "name").(string)
}

// asked is a verb of citizens as an operation that reads nothing.
func asked(verb string) string {
	return "mutation($input: " + strings.ToUpper(verb[:1]) + verb[1:] + "Input!) { " + verb + "(input: $input) { __typename } }"
}

// TestCitizenRefusals: what citizens are refused, and that a wrong pass tells nothing.
func TestCitizenRefusals(t *testing.T) {
	l := newLoop(t)
	l.submit(map[string]any{"phone": "13900001111"})
	mine := map[string]any{"number": l.number, "token": l.token}
	refuse := func(verb string, input map[string]any, code, fieldCode string, path ...any) {
		t.Helper()
		answer := l.Nobody().Do(asked(verb), apitest.Vars{"input": input})
		if len(answer.Errors) != 1 || answer.Code() != code || string(answer.Data) != `{"`+verb+`":null}` {
			t.Errorf("%s: %s, want %s", verb, answer.Body, code)
			return
		}
		checkWords(t, answer)
		fields := answer.Errors[0].Extensions.Fields
		if fieldCode == "" && len(fields) == 0 {
			return
		}
		if len(fields) != 1 || fields[0].Code != fieldCode {
			t.Errorf("%s: %s, want %s", verb, answer.Body, fieldCode)
			return
		}
		l.equal(verb+" blames", fields[0].Path, append([]any{"input"}, path...))
	}
	with := func(more map[string]any) map[string]any {
		out := map[string]any{"code": l.scanned(false), "content": "村口的桥面破损,雨天积水", "consent": "2026-1"}
		for k, v := range more {
			out[k] = v
		}
		return out
	}
	refuse("submitOpinion", with(map[string]any{"content": " \n　"}), "INVALID", "REQUIRED", "content")
	refuse("submitOpinion", with(map[string]any{"content": strings.Repeat("长", 10_000)}), "INVALID", "TOO_LONG", "content")
	refuse("submitOpinion", with(map[string]any{"category": "nonsense"}), "INVALID", "MALFORMED", "category")
	refuse("submitOpinion", with(map[string]any{"category": l.station}), "INVALID", "MALFORMED", "category")
	refuse("submitOpinion", with(map[string]any{"consent": "2020-1"}), "INVALID", "REQUIRED", "consent")
	refuse("submitOpinion", with(map[string]any{"code": strings.Repeat("A", 26)}), "NOT_FOUND", "NOT_FOUND", "code")
	refuse("supplementOpinion", map[string]any{"number": l.number, "token": l.token, "text": "东头桥"}, "CONFLICT", "STATE", "number")
	refuse("rateOpinion", map[string]any{"number": l.number, "token": l.token, "rating": "SATISFIED"}, "CONFLICT", "STATE", "number")
	refuse("rateOpinion", map[string]any{"number": l.number, "rating": "SATISFIED"}, "INVALID", "REQUIRED", "token")

	// Keyed: the same again is the same opinion, something else is a conflict.
	l.submit(map[string]any{"idempotencyKey": "一次"})
	first, token := l.number, l.token
	if l.submit(map[string]any{"idempotencyKey": "一次"}); l.number != first || l.token == token {
		t.Errorf("a retry is %s, not %s, or has the same token", l.number, first)
	}
	refuse("submitOpinion", with(map[string]any{"idempotencyKey": "一次", "content": "另一件事,另一个地方"}), "CONFLICT", "IDEMPOTENCY_KEY_REUSED", "idempotencyKey")

	// Whatever is wrong with a pass, the answer is the same to the letter.
	read := func(number, token, phone any) string {
		t.Helper()
		answer := l.Nobody().Do(`query($n: String!, $t: String, $p: String) { receipt(number: $n, token: $t, phone: $p) { number } }`,
			apitest.Vars{"n": number, "t": token, "p": phone})
		return fmt.Sprint(answer.Status, answer.Body)
	}
	if got := read(mine["number"], mine["token"], nil); !strings.Contains(got, fmt.Sprint(mine["number"])) {
		t.Errorf("the right pass: %s", got)
	}
	wrong := read("260101-AAAAAAAA", l.token, nil)
	if !strings.Contains(wrong, `"data":{"receipt":null}`) || !strings.Contains(wrong, `"code":"NOT_FOUND"`) || strings.Contains(wrong, "fields") {
		t.Errorf("a wrong number: %s", wrong)
	}
	for _, c := range [][3]any{
		{mine["number"], l.token, nil},
		{mine["number"], "", nil},
		{mine["number"], nil, "13900001112"},
		{first, nil, "13900001111"},
		{"没有", "没有", nil},
	} {
		if got := read(c[0], c[1], c[2]); got != wrong {
			t.Errorf("%v: %s, want %s", c, got, wrong)
		}
	}
	guess := `{ code(text: "guess") { station } }`
	revoked := l.scanned(false)
	unknown := l.Nobody().Do(guess, nil).Body
	l.do(l.keeper, "replaceCode", "code { text }", map[string]any{"station": l.station, "reason": "定期更换"})
	if got := l.Nobody().Do(strings.ReplaceAll(guess, "guess", revoked), nil).Body; got != unknown || !strings.Contains(got, `"data":{"code":null}`) {
		t.Errorf("a replaced code: %s, want %s", got, unknown)
	}
}

// served is a server of its own on the loop's database, behind proxies that it trusts. It answers a submission that comes from an address,
// as a proxy says.
func (l *loop) served(trusted ...string) func(address string) *apitest.Answer {
	l.t.Helper()
	kept, err := store.OpenDir(l.t.TempDir())
	if err != nil {
		l.t.Fatal(err)
	}
	l.t.Cleanup(func() { _ = kept.Close() })
	cfg := l.Config
	cfg.TrustedProxies = trusted
	handler, err := app.Handler(app.Parts{
		Config: cfg, Log: slog.New(slog.DiscardHandler), Serving: l.Serving, System: l.Serving, Keys: l.Keys, Passwords: l.Passwords,
		Store: kept, LinkKey: make([]byte, 32), Origin: func() string { return "https://lianluo.example.cn" }, Throttle: unforgetting(),
	})
	if err != nil {
		l.t.Fatal(err)
	}
	body, err := json.Marshal(map[string]any{"query": asked("submitOpinion"), "variables": map[string]any{"input": map[string]any{
		"code": l.scanned(false), "content": "村口的桥面破损,雨天积水", "consent": "2026-1",
	}}})
	if err != nil {
		l.t.Fatal(err)
	}
	return func(address string) *apitest.Answer {
		l.t.Helper()
		req := httptest.NewRequestWithContext(l.t.Context(), http.MethodPost, "/graphql", bytes.NewReader(body))
		req.RemoteAddr = "127.0.0.1:4711"
		req.Header.Set("Content-Type", "application/json")
		req.Header.Set("X-Forwarded-For", address)
		w := httptest.NewRecorder()
		handler.ServeHTTP(w, req)
		answer := &apitest.Answer{Status: w.Code, Body: w.Body.String()}
		if err := json.Unmarshal(w.Body.Bytes(), answer); err != nil {
			l.t.Fatalf("%v: %s", err, answer.Body)
		}
		return answer
	}
}

// unforgetting is the throttle of the platform on a clock that stands still: it lets no one come again, however long a test takes.
func unforgetting() *throttle.Throttle {
	begun := time.Now()
	return throttle.New(throttle.Options{Clock: func() time.Time { return begun }})
}

// TestCitizensAreThrottled: an address that comes too often is told when to come again, others are let in; who is believed about addresses is
// the trusted proxy alone.
func TestCitizensAreThrottled(t *testing.T) {
	l := newLoop(t)
	let := func(submit func(string) *apitest.Answer, address func(int) string) (passed int, last *apitest.Answer) {
		for i := range 15 {
			if last = submit(address(i)); len(last.Errors) == 0 {
				passed++
			}
		}
		return passed, last
	}
	one := func(int) string { return "203.0.113.7" }
	many := func(i int) string { return fmt.Sprintf("198.51.100.%d", i) }

	submit := l.served("127.0.0.1")
	passed, last := let(submit, one)
	if passed != 10 || last.Code() != "RATE_LIMITED" || string(last.Data) != `{"submitOpinion":null}` ||
		!regexp.MustCompile(`"retryAfter":360}`).MatchString(last.Body) || last.Errors[0].Message != "操作过于频繁,请在 6 分钟后再试" {
		t.Errorf("one address: %d passed, then %s", passed, last.Body)
	}
	if passed, last := let(submit, many); passed != 15 {
		t.Errorf("other addresses: %d passed, then %s", passed, last.Body)
	}
	// Without a proxy whoever asks may write what they like into the header: it is still one address.
	if passed, _ := let(l.served(), many); passed != 10 {
		t.Errorf("made-up addresses: %d passed", passed)
	}
}
