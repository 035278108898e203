package enginetest

import (
	"bytes"
	"compress/gzip"
	"net/http"
	"strings"
	"unicode/utf16"
)

// Request is an HTTP request that is refused with INVALID and a reason of REQUEST.
type Request struct {
	Name, Method, Body string
	// Header is all that is sent.
	Header http.Header
	Status int
}

// Good is the body of a request that is answered.
const Good = `{"query":"{__typename}"}`

// JSON is the header of one.
func JSON() http.Header { return http.Header{"Content-Type": {"application/json"}} }

// Requests are the refused requests.
func Requests() []Request {
	with := func(pairs ...string) http.Header {
		h := JSON()
		for i := 0; i < len(pairs); i += 2 {
			h[pairs[i]] = append([]string(nil), pairs[i+1])
		}
		return h
	}
	post := func(name string, status int, body string, header http.Header) Request {
		return Request{name, http.MethodPost, body, header, status}
	}
	media := func(name, contentType string) Request {
		return post(name, http.StatusUnsupportedMediaType, Good, with("Content-Type", contentType))
	}
	packed := func(name, encoding, body string) Request {
		return post(name, http.StatusUnsupportedMediaType, body, with("Content-Encoding", encoding))
	}
	broken := func(name, body string) Request { return post(name, http.StatusBadRequest, body, JSON()) }
	refusedMethod := func(method string) Request {
		return Request{"the method " + method, method, Good, JSON(), http.StatusMethodNotAllowed}
	}
	unanswerable := func(name, accept string) Request {
		return post(name, http.StatusNotAcceptable, Good, with("Accept", accept))
	}
	inVariables := func(value string) string { return `{"query":"{__typename}","variables":{"a":` + value + `}}` }
	upload := func(name, operations, uploads string) Request {
		part := func(field, value string) string {
			return "--x\r\nContent-Disposition: form-data; name=\"" + field + "\"\r\n\r\n" + value + "\r\n"
		}
		files := part("0", "file")
		if strings.HasPrefix(uploads, "many") {
			files, uploads = strings.Repeat(part("0", ""), 2000), `{"0":["variables.a"]}`
		}
		return post(name, http.StatusUnsupportedMediaType, part("operations", operations)+part("map", uploads)+files+"--x--\r\n",
			with("Content-Type", "multipart/form-data; boundary=x"))
	}

	return []Request{
		media("a charset of another kind", "application/json; charset=gbk"),
		media("text, as a simple request", "text/plain"),
		media("text that says JSON", "text/plain; application/json"),
		media("text with a parameter of JSON", "text/plain; x=application/json"),
		media("a form, as a simple request", "application/x-www-form-urlencoded"),
		media("a document alone", "application/graphql"),
		media("JSON of another kind", "application/problem+json"),
		media("two types in one header", "application/json, text/plain"),
		media("an empty content type", ""),
		post("no content type", http.StatusUnsupportedMediaType, Good, http.Header{"Content-Type": nil}),
		post("two content types", http.StatusUnsupportedMediaType, Good, http.Header{"Content-Type": {"text/plain", "application/json"}}),
		post("a form", http.StatusUnsupportedMediaType, "query=%7B__typename%7D", with("Content-Type", "application/x-www-form-urlencoded")),
		upload("an upload", `{"query":"{__typename}","variables":{"a":null}}`, `{"0":["variables.a"]}`),
		upload("an upload into nothing", `{"query":"{__typename}"}`, `{"0":["variables.b.c.9999999"]}`),
		upload("an upload into a prototype", `{"query":"{__typename}"}`, `{"0":["variables.__proto__.a","constructor.prototype"]}`),
		upload("one upload 1,000 times", `{"query":"{__typename}"}`, `{"0":[`+strings.Repeat(`"variables.a",`, 1000)+`"variables.a"]}`),
		upload("2,000 parts", `{"query":"{__typename}"}`, "many"),
		upload("uploads for a batch", `[{"query":"{__typename}"},{"query":"{__typename}"}]`, `{"0":["0.variables.a"]}`),
		packed("gzip", "gzip", gzipped(Good)),
		packed("a gzip bomb", "gzip", gzipped(`{"query":"{__typename}","x":"`+strings.Repeat("x", 8<<20)+`"}`)),
		packed("a gzip bomb in gzip", "gzip, gzip", gzipped(gzipped(strings.Repeat("\x00", 8<<20)))),
		packed("gzip behind identity", "identity, gzip", gzipped(Good)),
		packed("an unknown encoding", "br", Good),
		post("two encodings", http.StatusUnsupportedMediaType, gzipped(Good), http.Header{"Content-Type": {"application/json"}, "Content-Encoding": {"identity", "gzip"}}),
		broken("gzip that is not said", gzipped(Good)),
		refusedMethod(http.MethodGet), refusedMethod(http.MethodPut), refusedMethod(http.MethodPatch), refusedMethod(http.MethodDelete),
		refusedMethod(http.MethodOptions), refusedMethod("QUERY"), refusedMethod("post"),
		{"a method behind another", http.MethodGet, Good, with("X-Http-Method-Override", "POST", "X-Method-Override", "POST"), http.StatusMethodNotAllowed},
		{"a web socket", http.MethodGet, "", with("Connection", "Upgrade", "Upgrade", "websocket", "Sec-Websocket-Version", "13", "Sec-Websocket-Key", "AAAAAAAAAAAAAAAAAAAAAA==", "Sec-Websocket-Protocol", "graphql-transport-ws"), http.StatusMethodNotAllowed},
		unanswerable("an answer for pages", "text/html"), unanswerable("a stream of events", "text/event-stream"),
		unanswerable("an answer in parts", "multipart/mixed; deferSpec=20220824"), unanswerable("a preference beyond 1", "application/json;q=7"),

		broken("an empty body", ""), broken("no JSON", "{"), broken("a trailing comma", `{"query":"{__typename}",}`), broken("a comment", `/**/`+Good),
		broken("a value behind", Good+Good), broken("a brace behind", Good+"}"), broken("a batch", "["+Good+"]"),
		broken("a batch of 10,000", "["+strings.Repeat(Good+",", 10_000)+Good+"]"), broken("an empty batch", "[]"),
		broken("a text for an object", `"{__typename}"`), broken("null", "null"), broken("a number", "1"),
		broken("a byte order mark", "\ufeff"+Good), broken("UTF-16", utf16LE(Good)), broken("NUL before", "\x00"+Good), broken("NUL behind", Good+"\x00"),
		broken("a key twice", `{"query":"{__typename}","query":"{a:__typename}"}`),
		broken("a key twice by an escape", `{"query":"{__typename}","quer\u0079":"{a:__typename}"}`),
		broken("a key twice in variables", inVariables(`{"b":1,"b":2}`)),
		broken("a key in another case", `{"Query":"{__typename}"}`),
		broken("no query", "{}"), broken("an empty query", `{"query":""}`), broken("a query of another type", `{"query":7}`),
		broken("a query that is a list", `{"query":["{__typename}"]}`),
		broken("variables of another type", `{"query":"{__typename}","variables":[]}`), broken("variables as text", `{"query":"{__typename}","variables":"{}"}`),
		broken("an operationName of another type", `{"query":"{__typename}","operationName":1}`),
		broken("extensions of another type", `{"query":"{__typename}","extensions":[]}`),
		broken("a hash for a query", `{"extensions":{"persistedQuery":{"version":1,"sha256Hash":"ecf4edb46db40b5132295c0291d62fb65d6759a9eedfa4d5d612dd5ec54a6b38"}}}`),
		broken("an id for a query", `{"id":"1","documentId":"1","extensions":{}}`),
		broken("not UTF-8", "{\"query\":\"{__typename #\xff\n}\"}"), broken("overlong UTF-8", "{\"query\":\"{__typename #\xc0\xaf\n}\"}"),
		broken("NUL in a variable", inVariables(`"\u0000"`)), broken("NUL in a key", `{"query":"{__typename}","variables":{"\u0000":1}}`),
		broken("half a surrogate in a variable", inVariables(`"\ud83d"`)), broken("half a surrogate in the document", `{"query":"{a:__typename #\udc00\n}"}`),
		broken("deep JSON", inVariables(strings.Repeat("[", 40)+strings.Repeat("]", 40))),
		broken("deep objects", inVariables(strings.Repeat(`{"a":`, 40)+"1"+strings.Repeat("}", 40))),
		broken("100,000 values", inVariables("["+strings.Repeat(`"x",`, 100_000)+`"x"]`)),
		broken("500,000 deep", `{"a":`+strings.Repeat("[", 500_000)+strings.Repeat("]", 500_000)+`}`),
		broken("500,000 deep without end", `{"a":`+strings.Repeat("[", 500_000)),
		post("a body too large", http.StatusRequestEntityTooLarge, `{"query":"{__typename}","x":"`+strings.Repeat("x", 1<<20)+`"}`, JSON()),
		post("spaces without end", http.StatusRequestEntityTooLarge, Good+strings.Repeat(" ", 1<<20), JSON()),
	}
}

func gzipped(text string) string {
	var b bytes.Buffer
	w := gzip.NewWriter(&b)
	_, _ = w.Write([]byte(text)) // into memory
	_ = w.Close()
	return b.String()
}

func utf16LE(text string) string {
	var b strings.Builder
	b.WriteString("\xff\xfe")
	for _, unit := range utf16.Encode([]rune(text)) {
		b.WriteByte(byte(unit))
		b.WriteByte(byte(unit >> 8))
	}
	return b.String()
}
