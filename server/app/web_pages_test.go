package app_test

import (
	"bytes"
	"fmt"
	"image/png"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"

	"golang.org/x/net/html"

	"github.com/lianluo/lianluo/server/app"
	"github.com/lianluo/lianluo/server/app/apitest"
)

// filled is the form of the station's code as a citizen fills it in.
func (l *loop) filled(b *browser) *form {
	l.t.Helper()
	return b.get("/q/"+l.code()).is(http.StatusOK).form("/q/"+l.code()).
		fill("content", "村口的桥面破损,\n雨天积水").tick("consent")
}

// submitted sends a form that is taken, and answers the receipt.
func (f *form) submitted() (number, token string) {
	f.page.b.t.Helper()
	p := f.send().is(http.StatusCreated, "已登记")
	if number, token = p.receipt("受理编号"), p.receipt("查询凭证"); len(number) != 15 || len(token) != 22 {
		f.page.b.t.Fatalf("the receipt is %q, %q", number, token)
	}
	return number, token
}

// look asks how an opinion stands.
func (b *browser) look(number, secret string) *page {
	b.t.Helper()
	return b.get("/receipt").is(http.StatusOK).form("/receipt").fill("number", number).fill("secret", secret).send()
}

// at makes the opinion of a number the one at work.
func (l *loop) at(number string) {
	l.t.Helper()
	found := l.ask(l.county, `{ opinions(first: 1, filter: {number: "`+number+`"}) { edges { node { id } } } }`)
	id, ok := at(found, "edges", 0, "node", "id").(string)
	if !ok {
		l.t.Fatalf("no opinion %s", number)
	}
	l.id, l.number = id, number
}

// TestPagesFromCodeToRating plays a citizen with nothing but a browser.
func TestPagesFromCodeToRating(t *testing.T) {
	l := newLoop(t)
	b := newBrowser(l.Server, t)
	first := b.get("/q/"+l.code()).is(http.StatusOK, "湖南省长沙市长沙县黄兴镇黄兴镇一村", "黄兴镇一村人大代表联络站", "办理、反馈和回访")
	style := l.fetch(http.MethodGet, attribute(first.all("link")[0], "href"))
	if style.status != http.StatusOK || style.header.Get("Content-Type") != "text/css; charset=utf-8" ||
		!strings.Contains(style.header.Get("Cache-Control"), "immutable") || len(style.body) < 500 {
		t.Errorf("the style: %d %v", style.status, style.header)
	}
	for _, must := range []string{"content", "consent"} {
		if !first.form("/q/" + l.code()).field(must).required {
			t.Errorf("%s need not be given", must)
		}
	}
	photo := located()
	done := l.filled(b).fill("category", "排水与内涝").fill("location", "东头桥").fill("name", "赵甲").fill("phone", "138 0000 1234").tick("callback").
		choose(photo, snapshot(3)).send().is(http.StatusCreated, "已登记")
	number, token := done.receipt("受理编号"), done.receipt("查询凭证")

	// From the receipt on, by the button there, by the token and by the telephone.
	status := done.form("/receipt").send().is(http.StatusOK, "村口的桥面破损,\n雨天积水", "黄兴镇一村人大代表联络站")
	l.equal("the receipt's number", status.receipt("受理编号"), number)
	b.look(strings.ToLower(number), token).is(http.StatusOK, "东头桥")
	b.look(number, "13800001234").is(http.StatusOK, "村口的桥面破损")
	pictures := status.all("img")
	if len(pictures) != 2 {
		t.Fatalf("%d pictures are shown", len(pictures))
	}
	got := l.fetch(http.MethodGet, attribute(pictures[0], "src"))
	if got.status != http.StatusOK || got.header.Get("Content-Type") != "image/jpeg" || bytes.Contains(got.body, whereTaken) {
		t.Errorf("the picture: %d %v", got.status, got.header)
	}
	if attribute(pictures[0], "width") != "64" || attribute(pictures[0], "height") != "48" || attribute(pictures[0], "alt") == "" {
		t.Errorf("the picture is shown as %v", pictures[0].Attr)
	}

	l.at(number)
	l.equal("as it came in", l.ask(l.keeper, `{ node(id: "`+l.id+`") { ... on Opinion { channel content location categoryHint { name } submitter { name phone callBack consentVersion } } } }`),
		map[string]any{
			"channel": "STATION_CODE", "content": "村口的桥面破损,\n雨天积水", "location": "东头桥", "categoryHint": map[string]any{"name": "排水与内涝"},
			"submitter": map[string]any{"name": "赵甲", "phone": "138 0000 1234", "callBack": true, "consentVersion": "2026-1"},
		})
	l.analysed()
	l.step(l.county, "assignOpinion", map[string]any{"lead": l.department}, map[string]any{"state": "ASSIGNED", "leadOrgan": map[string]any{"id": l.department}})
	l.step(l.building, "takeOpinion", nil, map[string]any{"state": "HANDLING"})
	for _, none := range []string{"/receipt/supplement", "/receipt/rate"} {
		if strings.Contains(b.look(number, token).body, `action="`+none+`"`) {
			t.Errorf("%s is offered while nothing is asked", none)
		}
	}
	l.step(l.building, "askSubmitter", map[string]any{"text": "是哪一座桥?"}, map[string]any{"state": "WAITING", "resumeState": "HANDLING"})
	asked := b.look(number, token).is(http.StatusOK, "请您补充", "是哪一座桥?")
	short := asked.form("/receipt/supplement").fill("text", "东").send().is(http.StatusUnprocessableEntity, "至少 2 个字", "是哪一座桥?")
	l.equal("what was typed", short.form("/receipt/supplement").field("text").value, "东")
	answered := short.form("/receipt/supplement").fill("text", "村口东头\n第二座").send().is(http.StatusOK, "村口东头\n第二座")
	if strings.Contains(answered.body, "/receipt/supplement") {
		t.Error("the question is still asked")
	}
	// The same form again, from a page that was left open.
	asked.form("/receipt/supplement").fill("text", "第二座").send().is(http.StatusConflict, "办理过程")

	l.answered()
	rate := b.look(number, token).is(http.StatusOK, "请您评价", "桥面已修复,排水已疏通")
	rate.form("/receipt/rate").send().is(http.StatusUnprocessableEntity, "请您评价")
	wordless := rate.form("/receipt/rate").tick("rating", "DISSATISFIED").send().is(http.StatusUnprocessableEntity, "不能为空")
	if !wordless.form("/receipt/rate").field("rating", "DISSATISFIED").checked {
		t.Error("what was chosen is lost")
	}
	wordless.form("/receipt/rate").fill("comment", "桥面又坏了").send().is(http.StatusOK, "桥面又坏了")
	rate.form("/receipt/rate").tick("rating", "SATISFIED").send().is(http.StatusConflict)
	l.step(l.county, "reworkOpinion", map[string]any{"text": "重新修复"}, map[string]any{"state": "REWORK", "reworks": 1, "rating": "DISSATISFIED", "dissatisfied": 1})
}

// TestPagesKeepWhatWasTyped: whatever is wrong with one field, the others stay as they were, and so do the photos.
func TestPagesKeepWhatWasTyped(t *testing.T) {
	l := newLoop(t)
	b := newBrowser(l.Server, t)
	full := func() *form {
		return l.filled(b).fill("category", "排水与内涝").fill("location", "东头桥").fill("name", "赵甲").fill("phone", "13800001234").tick("callback")
	}
	typed := full()
	same := func(what string, p *page, but ...string) *form {
		t.Helper()
		again := p.form("/q/" + l.code())
		for _, name := range []string{"key", "content", "category", "location", "name", "phone", "callback", "consent"} {
			if got, want := again.values(name), typed.values(name); !slices.Contains(but, name) && fmt.Sprint(got) != fmt.Sprint(want) {
				t.Errorf("%s: %s is %q, was %q", what, name, got, want)
			}
		}
		return again
	}
	typed.fields[0].value = full().values("key")[0]
	for what, x := range map[string]struct {
		spoil  func(*form)
		says   string
		but    string
		photos int
	}{
		"too short":    {func(f *form) { f.fill("content", "桥").choose(snapshot(1), snapshot(2)) }, "至少 5 个字", "content", 2},
		"bad phone":    {func(f *form) { f.fill("phone", "0731-x").choose(snapshot(1)) }, "请检查下列各项", "phone", 1},
		"no consent":   {func(f *form) { f.field("consent").checked = false }, "请检查下列各项", "consent", 0},
		"no picture":   {func(f *form) { f.choose([]byte("a text"), snapshot(1)) }, "只接受 JPEG、PNG、WebP 照片", "", 1},
		"damaged":      {func(f *form) { f.choose(snapshot(1)[:500]) }, "文件已损坏", "", 0},
		"too large":    {func(f *form) { f.choose(huge()) }, "照片最大 10 MB", "", 0},
		"bomb":         {func(f *form) { f.choose(bomb()) }, "照片尺寸过大", "", 0},
		"four photos":  {func(f *form) { f.choose(snapshot(1), snapshot(2), snapshot(3), snapshot(4)) }, "最多 3 张照片", "", 3},
		"44 MB":        {func(f *form) { f.choose(huge(), huge(), huge(), huge()) }, "照片最大 10 MB", "", 0},
		"77 MB":        {func(f *form) { f.choose(huge(), huge(), huge(), huge(), huge(), huge(), huge()) }, "照片合计最大 30 MB", "consent", 0},
		"the same two": {func(f *form) { f.fill("content", "桥").choose(snapshot(1), snapshot(1)) }, "至少 5 个字", "content", 1},
	} {
		f := full()
		f.field("key").value = typed.values("key")[0]
		x.spoil(f)
		if got := same(what, f.send().is(http.StatusUnprocessableEntity, x.says), x.but); len(got.values("file")) != x.photos {
			t.Errorf("%s: %d photos are kept, want %d", what, len(got.values("file")), x.photos)
		}
	}
	// The photos of the first try come with the second.
	f := full().fill("content", "桥").choose(snapshot(5), snapshot(6)).send().is(http.StatusUnprocessableEntity, "已上传 2 张照片").form("/q/" + l.code())
	number, token := f.fill("content", "村口的桥面破损").choose(snapshot(7)).submitted()
	if got := len(b.look(number, token).all("img")); got != 3 {
		t.Errorf("%d photos are attached", got)
	}
	// Those of a form that was left open for too long do not come back, and the form is not stuck.
	f = l.filled(b).fill("content", "桥").choose(snapshot(5)).send().is(http.StatusUnprocessableEntity).form("/q/" + l.code())
	if _, err := l.Owner.ExecContext(t.Context(), `UPDATE upload SET created_at = created_at - interval '2 days'`); err != nil {
		t.Fatal(err)
	}
	f = f.fill("content", "村口的桥面破损").send().is(http.StatusNotFound, "照片已过期,请重新选择").form("/q/" + l.code())
	l.equal("photos that are gone", len(f.values("file")), 0)
	number, token = f.choose(snapshot(5)).submitted()
	if got := len(b.look(number, token).all("img")); got != 1 {
		t.Errorf("%d photos are attached at last", got)
	}
}

// TestPagesSendTwice: a form that is sent twice, one after the other or at once, makes one opinion.
func TestPagesSendTwice(t *testing.T) {
	l := newLoop(t)
	b := newBrowser(l.Server, t)
	before := l.count("opinion")
	f := l.filled(b).choose(located(), snapshot(3))
	first, token := f.submitted()
	second, other := f.submitted()
	if first != second || token == other || l.count("opinion") != before+1 {
		t.Errorf("%s and %s, %d opinions more", first, second, l.count("opinion")-before)
	}
	for _, secret := range []string{token, other} {
		if got := len(b.look(first, secret).is(http.StatusOK).all("img")); got != 2 {
			t.Errorf("%d photos", got)
		}
	}
	f = l.filled(b).choose(snapshot(4))
	var all sync.WaitGroup
	pages := make([]*page, 3)
	for i := range pages {
		all.Go(func() { pages[i] = f.send() })
	}
	all.Wait()
	for _, p := range pages {
		p.is(http.StatusCreated)
		l.equal("the number", p.receipt("受理编号"), pages[0].receipt("受理编号"))
	}
	l.equal("opinions", l.count("opinion"), before+2)

	// The form gone back to and changed is no retry: it is told so, and can be sent as another one.
	again := f.fill("content", "另外,路灯也坏了").send().is(http.StatusConflict, "已经提交过一次").form("/q/" + l.code())
	l.equal("what was typed", again.field("content").value, "另外,路灯也坏了")
	l.equal("opinions after a change", l.count("opinion"), before+2)
	again.submitted()
	l.equal("opinions at the end", l.count("opinion"), before+3)
}

// TestPagesEscape: scripts in every field come back as the text they are.
func TestPagesEscape(t *testing.T) {
	l := newLoop(t)
	b := newBrowser(l.Server, t)
	const script = `</textarea></title>"'><script>alert(1)</script><img src=x onerror=alert(1)>{{.}}`
	f := l.filled(b).fill("content", script).fill("location", script).fill("name", script).fill("phone", `"><script>1`)
	f.field("key").value = "k" + script
	for _, name := range []string{"category", "consent", "callback"} {
		f.field(name).value, f.field(name).checked = script, true
	}
	f.fields = append(f.fields, &field{name: "file", value: script}, &field{name: script, value: script})
	again := f.send().is(http.StatusUnprocessableEntity).form("/q/" + l.code())
	for _, name := range []string{"content", "location", "name", "file", "key"} {
		if got := again.values(name); len(got) != 1 || !strings.HasSuffix(got[0], script) {
			t.Errorf("%s is %q", name, got)
		}
	}

	number, token := l.filled(b).fill("content", script).fill("location", script).submitted()
	b.look(number, token).is(http.StatusOK, script)
	b.look(script, script).is(http.StatusNotFound)
	l.at(number)
	l.step(l.keeper, "askSubmitter", map[string]any{"text": script}, map[string]any{"state": "WAITING", "resumeState": "SUBMITTED"})
	b.look(number, token).is(http.StatusOK, script).form("/receipt/supplement").fill("text", script).send().is(http.StatusOK, script)
	l.step(l.keeper, "answerOpinion", map[string]any{"text": script, "outcome": "EXPLAINED"}, map[string]any{"state": "ANSWERED", "outcome": "EXPLAINED"})
	l.step(l.keeper, "feedBackOpinion", nil, map[string]any{"state": "FED_BACK"})
	rate := b.look(number, token).is(http.StatusOK, script).form("/receipt/rate")
	rate.field("rating").value, rate.field("rating").checked = script, true
	wrong := rate.fill("comment", script).send().is(http.StatusUnprocessableEntity)
	l.equal("the comment", wrong.form("/receipt/rate").field("comment").value, script)
	for _, path := range []string{"/q/<script>alert(1)<script>", "/q/%22%3E%3Cscript%3E", "/codes/%3Cscript%3E/poster"} {
		b.get(path).is(http.StatusNotFound, "二维码已失效")
	}
}

// TestPagesRefuse: what is wrong in all is told by a page of its own.
func TestPagesRefuse(t *testing.T) {
	l := newLoop(t)
	b := newBrowser(l.Server, t)
	number, token := l.filled(b).fill("phone", "13800001234").submitted()
	other, _ := l.filled(b).submitted()
	for what, pass := range map[string][2]string{
		"guessed number": {"260615-ABCDEFGH", token}, "another's number": {other, token}, "guessed token": {number, strings.Repeat("A", 22)},
		"guessed phone": {number, "13800001235"}, "another's phone": {other, "13800001234"}, "no secret": {number, ""}, "blanks": {number, "   "},
	} {
		p := b.look(pass[0], pass[1]).is(http.StatusNotFound, "编号或凭证不正确")
		l.equal(what+": the number again", p.form("/receipt").field("number").value, pass[0])
		if p.form("/receipt").field("secret").value != "" || strings.Contains(p.body, "村口") {
			t.Errorf("%s: %s", what, p.body)
		}
	}
	b.look(" ", token).is(http.StatusUnprocessableEntity, "不能为空")
	f := b.look(number, token).is(http.StatusOK)
	for _, action := range []string{"/receipt/rate", "/receipt/supplement"} {
		forged := &form{page: f, action: action, fields: []*field{
			{name: "number", value: other}, {name: "secret", value: token}, {name: "rating", value: "SATISFIED"}, {name: "text", value: "已经补充"},
		}}
		forged.send().is(http.StatusNotFound, "编号或凭证不正确")
	}
	for _, text := range []string{l.revoked(), "QR", strings.Repeat("Q", 5000), "a%00b"} {
		b.get("/q/"+text).is(http.StatusNotFound, "二维码已失效")
	}
	// A form whose code is revoked while it is filled in.
	f2 := l.filled(b).choose(snapshot(1))
	before, uploads := l.count("opinion"), l.count("upload")
	if _, err := l.Owner.ExecContext(t.Context(), `UPDATE qr_code SET revoked_at = now(), revoke_reason = '更换' WHERE text = $1`, l.code()); err != nil {
		t.Fatal(err)
	}
	f2.send().is(http.StatusNotFound, "二维码已失效")
	if l.count("opinion") != before || l.count("upload") != uploads {
		t.Error("something was kept under a revoked code")
	}
}

// TestPagesMalformedForms: what no browser sends is refused, and is no fault of the platform's.
func TestPagesMalformedForms(t *testing.T) {
	l := newLoop(t)
	b := newBrowser(l.Server, t)
	post := func(mediaType, body string) *page {
		t.Helper()
		req, err := http.NewRequestWithContext(t.Context(), http.MethodPost, l.URL+"/q/"+l.code(), strings.NewReader(body))
		if err != nil {
			t.Fatal(err)
		}
		req.Header.Set("Content-Type", mediaType)
		return b.open(req)
	}
	const multi = "multipart/form-data; boundary=x"
	field := func(name, value string) string {
		return "--x\r\nContent-Disposition: form-data; name=\"" + name + "\"\r\n\r\n" + value + "\r\n"
	}
	whole := field("content", "村口的桥面破损") + field("consent", "2026-1")
	before := l.count("opinion")
	for what, x := range map[string][2]string{
		"not multipart":    {"application/x-www-form-urlencoded", "content=%E6%9D%91%E5%8F%A3%E7%9A%84%E6%A1%A5&consent=2026-1"},
		"no boundary":      {"multipart/form-data", whole},
		"no end":           {multi, whole},
		"end in a part":    {multi, whole + "--x\r\nContent-Disposition: form-data; name=\"location\"\r\n\r\n东"},
		"end in a photo":   {multi, whole + "--x\r\nContent-Disposition: form-data; name=\"photo\"; filename=\"a.jpg\"\r\n\r\n\xff\xd8"},
		"nothing":          {multi, ""},
		"too many parts":   {multi, strings.Repeat(field("file", "a"), 60) + "--x--\r\n"},
		"no media type":    {"", whole},
		"endless content":  {multi, field("content", strings.Repeat("桥", 100_000)) + field("consent", "2026-1") + "--x--\r\n"},
		"only spaces":      {multi, field("content", strings.Repeat(" \t\r\n", 50)) + field("consent", "2026-1") + "--x--\r\n"},
		"not a text":       {multi, field("content", "\xff\xfe\x00\x01桥面破损") + field("consent", "2026-1") + "--x--\r\n"},
		"a key not a text": {multi, field("key", "\x00\xff") + whole + "--x--\r\n"},
		"an unknown file":  {multi, whole + field("file", "guess") + "--x--\r\n"},
	} {
		p := post(x[0], x[1])
		if p.status != http.StatusUnprocessableEntity && p.status != http.StatusNotFound || len(p.all("form")) != 1 {
			t.Errorf("%s: %d %s", what, p.status, p.text())
		}
	}
	l.equal("opinions made", l.count("opinion"), before)
	// Without a key, and with a tab, it is a form all the same.
	post(multi, field("content", "村口的桥面破损\t雨天积水")+field("consent", "2026-1")+"--x--\r\n").is(http.StatusCreated, "已登记")
}

// TestPagesFromElsewhere: forms of other websites are refused, whichever way the browser tells.
func TestPagesFromElsewhere(t *testing.T) {
	l := newLoop(t)
	b := newBrowser(l.Server, t)
	f := l.filled(b)
	before := l.count("opinion")
	for _, origin := range []string{"https://elsewhere.example", "null"} {
		b.origin = origin
		for _, action := range []string{f.action, "/receipt", "/receipt/rate", "/receipt/supplement"} {
			f.page.b = b
			if p := (&form{page: f.page, action: action, multi: f.multi, fields: f.fields}).send(); p.status != http.StatusForbidden {
				t.Errorf("%s from %s: %d", action, origin, p.status)
			}
		}
	}
	l.equal("opinions made", l.count("opinion"), before)
	b.origin = ""
	f.submitted()
}

// TestPagesThrottled: who comes too often is told when to come again, and loses nothing of what was typed.
func TestPagesThrottled(t *testing.T) {
	l := newLoop(t, func(p *app.Parts) { p.Throttle = unforgetting() })
	b := newBrowser(l.Server, t)
	for range 10 {
		l.filled(b).submitted()
	}
	later := l.filled(b).fill("location", "东头桥").choose(snapshot(1)).send().is(http.StatusTooManyRequests, "操作过于频繁")
	if seconds, err := strconv.Atoi(later.header.Get("Retry-After")); err != nil || seconds < 1 || seconds > 3600 {
		t.Errorf("Retry-After: %q", later.header.Get("Retry-After"))
	}
	f := later.form("/q/" + l.code())
	l.equal("what was typed", []any{f.field("content").value, f.field("location").value, len(f.values("file"))}, []any{"村口的桥面破损,\n雨天积水", "东头桥", 1})

	for range 20 {
		b.get("/q/QRguess").is(http.StatusNotFound)
	}
	b.get("/q/QRguess").is(http.StatusTooManyRequests, "操作过于频繁")
}

// TestPagesOfCodes: posters and pictures of codes that are good, and none of others.
func TestPagesOfCodes(t *testing.T) {
	l := newLoop(t)
	get := func(path string) fetched { t.Helper(); return l.fetch(http.MethodGet, path) }
	poster := get("/codes/" + l.code() + "/poster")
	if poster.status != http.StatusOK || poster.header.Get("Content-Type") != "text/html; charset=utf-8" ||
		!strings.Contains(poster.header.Get("Content-Security-Policy"), "style-src 'sha256-") {
		t.Fatalf("the poster: %d %v", poster.status, poster.header)
	}
	doc, err := html.Parse(bytes.NewReader(poster.body))
	if err != nil {
		t.Fatal(err)
	}
	if text := textOf(doc); !strings.Contains(text, "黄兴镇一村人大代表联络站") || !strings.Contains(string(poster.body), "A4 portrait") {
		t.Errorf("the poster says %s", text)
	}
	if small := get("/codes/" + l.code() + "/poster?paper=A5"); !strings.Contains(string(small.body), "A5 portrait") {
		t.Error("no poster on A5")
	}
	deputys := get("/codes/QR" + apitest.CodeOf(l.world.Spot("430121102").Posting) + "/poster")
	name := at(l.ask(l.county, `{ node(id: "`+globalID("Deputy", l.world.Spot("430121102").Deputy)+`") { ... on Deputy { name } } }`), "name").(string)
	if !strings.Contains(string(deputys.body), name) || !strings.Contains(string(deputys.body), "乡镇人大代表") {
		t.Error("the deputy is not on the poster")
	}
	drawn := get("/codes/" + l.code() + ".png")
	picture, err := png.Decode(bytes.NewReader(drawn.body))
	if err != nil || drawn.header.Get("Content-Type") != "image/png" || picture.Bounds().Dx() < 512 || picture.Bounds().Dx() > 1024 {
		t.Errorf("the picture: %v %v", err, drawn.header)
	}
	svg := get("/codes/" + l.code() + ".svg")
	if svg.status != http.StatusOK || svg.header.Get("Content-Type") != "image/svg+xml" || !bytes.Contains(svg.body, []byte("<svg")) ||
		svg.header.Get("Content-Security-Policy") != "default-src 'none'; frame-ancestors 'none'" {
		t.Errorf("the drawing: %d %v", svg.status, svg.header)
	}
	for _, path := range []string{
		"/codes/" + l.revoked() + ".png", "/codes/" + l.revoked() + ".svg", "/codes/" + l.revoked() + "/poster", "/codes/QRguess.png",
		"/codes/" + l.code() + ".gif", "/codes/" + l.code(), "/codes/" + l.code() + ".png.png",
	} {
		if got := get(path); got.status != http.StatusNotFound {
			t.Errorf("%s: %d", path, got.status)
		}
	}
}
