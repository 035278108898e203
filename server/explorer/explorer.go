// Package explorer serves the page on which people try the API: GraphiQL with a bar for signing in.
//
// Everything the page needs is embedded, so that it works on a county's network without the internet, and
// its Content-Security-Policy lets it reach nothing but this server. The package imports none of ours.
package explorer

import (
	"bytes"
	"crypto/sha256"
	"embed"
	"encoding/hex"
	"html/template"
	"io/fs"
	"net/http"
	"path"
	"strings"
	"time"
)

//go:embed assets
var assets embed.FS

// prefix is where everything but the page itself is served.
const prefix = "/explorer/"

// policy allows scripts and requests of this server only. React's parts set styles of their own, hence
// unsafe-inline for styles.
const policy = "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; " +
	"connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"

// mediaTypes are given by us, since those of the operating system differ.
var mediaTypes = map[string]string{
	".html": "text/html; charset=utf-8",
	".css":  "text/css; charset=utf-8",
	".js":   "text/javascript; charset=utf-8",
	".svg":  "image/svg+xml",
	".txt":  "text/plain; charset=utf-8",
	".md":   "text/plain; charset=utf-8",
	"":      "text/plain; charset=utf-8", // LICENSE
}

// file is one file as it is sent.
type file struct {
	content   []byte
	mediaType string
	etag      string
	cache     string
}

// Handler serves the page at / and its parts below /explorer/; everything else is not found. graphqlPath is
// the path of the API on the same server.
func Handler(graphqlPath string) http.Handler {
	files, err := load(graphqlPath)
	if err != nil {
		// What is embedded was there when the program was built.
		panic("explorer: " + err.Error())
	}
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		f, ok := files[r.URL.Path]
		if !ok {
			http.NotFound(w, r)
			return
		}
		if r.Method != http.MethodGet && r.Method != http.MethodHead {
			w.Header().Set("Allow", "GET, HEAD")
			http.Error(w, http.StatusText(http.StatusMethodNotAllowed), http.StatusMethodNotAllowed)
			return
		}
		h := w.Header()
		h.Set("Content-Type", f.mediaType)
		h.Set("ETag", f.etag)
		h.Set("Cache-Control", f.cache)
		h.Set("Content-Security-Policy", policy)
		h.Set("Cross-Origin-Opener-Policy", "same-origin")
		h.Set("Referrer-Policy", "no-referrer")
		h.Set("X-Content-Type-Options", "nosniff")
		http.ServeContent(w, r, "", time.Time{}, bytes.NewReader(f.content))
	})
}

// load reads the embedded files by the path they are served at.
func load(graphqlPath string) (map[string]file, error) {
	files := map[string]file{}
	err := fs.WalkDir(assets, "assets", func(name string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		content, err := assets.ReadFile(name)
		if err != nil {
			return err
		}
		served := prefix + strings.TrimPrefix(name, "assets/")
		if path.Base(name) == "index.html" {
			served = "/"
			if content, err = page(content, graphqlPath); err != nil {
				return err
			}
		}
		// The folders of libraries carry their version, so what is in them does not change.
		cache := "no-cache"
		if strings.HasPrefix(served, prefix+"lib/") {
			cache = "public, max-age=31536000, immutable"
		}
		sum := sha256.Sum256(content)
		files[served] = file{content, mediaTypes[path.Ext(name)], `"` + hex.EncodeToString(sum[:16]) + `"`, cache}
		return nil
	})
	return files, err
}

// page puts the path of the API into the page.
func page(source []byte, graphqlPath string) ([]byte, error) {
	t, err := template.New("page").Parse(string(source))
	if err != nil {
		return nil, err
	}
	var out bytes.Buffer
	if err := t.Execute(&out, graphqlPath); err != nil {
		return nil, err
	}
	return out.Bytes(), nil
}
