package explorer_test

import (
	"io"
	"net/http"
	"net/http/httptest"
	"regexp"
	"strings"
	"testing"

	"github.com/lianluo/lianluo/server/explorer"
)

func get(t *testing.T, h http.Handler, method, target string, header http.Header) *http.Response {
	t.Helper()
	r := httptest.NewRequestWithContext(t.Context(), method, target, nil)
	for name, values := range header {
		r.Header[name] = values
	}
	w := httptest.NewRecorder()
	h.ServeHTTP(w, r)
	return w.Result()
}

func text(t *testing.T, res *http.Response) string {
	t.Helper()
	defer func() { _ = res.Body.Close() }()
	b, err := io.ReadAll(res.Body)
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

func TestThePageKnowsTheAPI(t *testing.T) {
	page := text(t, get(t, explorer.Handler(`/api/"x"<y>`), http.MethodGet, "/", nil))
	if want := `data-endpoint="/api/&#34;x&#34;&lt;y&gt;"`; !strings.Contains(page, want) {
		t.Errorf("no %s in the page", want)
	}
}

// Everything the page names is served by it, with the type a browser asks for.
func TestThePageIsWhole(t *testing.T) {
	h := explorer.Handler("/graphql")
	page := text(t, get(t, h, http.MethodGet, "/", nil))
	links := regexp.MustCompile(`(?:src|href)="([^"]+)"`).FindAllStringSubmatch(page, -1)
	if len(links) != 7 {
		t.Errorf("%d links", len(links))
	}
	for _, link := range links {
		res := get(t, h, http.MethodGet, link[1], nil)
		if res.StatusCode != http.StatusOK || len(text(t, res)) == 0 {
			t.Errorf("%s: status %d", link[1], res.StatusCode)
		}
		want := map[string]string{"js": "text/javascript; charset=utf-8", "css": "text/css; charset=utf-8", "svg": "image/svg+xml"}
		if got := res.Header.Get("Content-Type"); got != want[link[1][strings.LastIndex(link[1], ".")+1:]] {
			t.Errorf("%s: type %q", link[1], got)
		}
	}
}

// Nothing is fetched from elsewhere, and nothing in the page runs that is not a file of it.
func TestThePageIsOffline(t *testing.T) {
	h := explorer.Handler("/graphql")
	for _, target := range []string{"/", "/explorer/explorer.js", "/explorer/explorer.css", "/explorer/lib/graphiql-3.9.0/graphiql.min.css"} {
		res := get(t, h, http.MethodGet, target, nil)
		body := text(t, res)
		if found := regexp.MustCompile(`(?:https?:)?//[\w-]+\.[\w.-]+`).FindString(body); found != "" {
			t.Errorf("%s names %s", target, found)
		}
		for _, part := range []string{"default-src 'none'", "script-src 'self';", "connect-src 'self'", "frame-ancestors 'none'"} {
			if !strings.Contains(res.Header.Get("Content-Security-Policy"), part) {
				t.Errorf("%s: no %s", target, part)
			}
		}
		if target == "/" && regexp.MustCompile(`<script>|<style|\son\w+=|javascript:`).MatchString(body) {
			t.Error("the page has scripts or styles of its own, which the policy forbids")
		}
	}
}

func TestRequests(t *testing.T) {
	h := explorer.Handler("/graphql")
	const library = "/explorer/lib/react-18.3.1/react.production.min.js"
	etag := get(t, h, http.MethodGet, "/", nil).Header.Get("ETag")
	for _, c := range []struct {
		name, method, target string
		header               http.Header
		status               int
		cache                string
		empty                bool
	}{
		{"page", "GET", "/", nil, 200, "no-cache", false},
		{"head", "HEAD", "/", nil, 200, "no-cache", true},
		{"known", "GET", "/", http.Header{"If-None-Match": {etag}}, 304, "no-cache", true},
		{"known as something else", "GET", "/", http.Header{"If-None-Match": {`"x"`}}, 200, "no-cache", false},
		{"library", "GET", library, nil, 200, "public, max-age=31536000, immutable", false},
		{"licence", "GET", "/explorer/lib/react-18.3.1/LICENSE", nil, 200, "public, max-age=31536000, immutable", false},
		{"post", "POST", "/", nil, 405, "", false},
		{"delete", "DELETE", library, nil, 405, "", false},
		{"elsewhere", "GET", "/favicon.ico", nil, 404, "", false},
		{"the page by its file", "GET", "/explorer/index.html", nil, 404, "", false},
		{"a folder", "GET", "/explorer/lib/", nil, 404, "", false},
		{"out of the folder", "GET", "/explorer/../explorer.go", nil, 404, "", false},
	} {
		t.Run(c.name, func(t *testing.T) {
			res := get(t, h, c.method, c.target, c.header)
			if res.StatusCode != c.status || res.Header.Get("Cache-Control") != c.cache {
				t.Errorf("status %d, cache %q", res.StatusCode, res.Header.Get("Cache-Control"))
			}
			if body := text(t, res); (body == "") != c.empty {
				t.Errorf("%d bytes", len(body))
			}
			if res.Header.Get("X-Content-Type-Options") != "nosniff" {
				t.Error("may be sniffed")
			}
			if c.status == 405 && res.Header.Get("Allow") != "GET, HEAD" {
				t.Errorf("Allow is %q", res.Header.Get("Allow"))
			}
		})
	}
}

func TestTagsFollowTheContent(t *testing.T) {
	tag := func(graphqlPath string) string {
		return get(t, explorer.Handler(graphqlPath), http.MethodGet, "/", nil).Header.Get("ETag")
	}
	first, again, other := tag("/a"), tag("/a"), tag("/b")
	if first != again || first == other || first == "" {
		t.Errorf("tags %s, %s, %s", first, again, other)
	}
}
