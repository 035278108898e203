package store_test

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/lianluo/lianluo/server/store"
)

// Who may use the bucket of the tests, and where it lies.
const (
	accessKey  = "AKIDEXAMPLE"
	secretKey  = "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY"
	region     = "cn-hunan-1"
	bucketName = "attachments"
)

// bucket is a small S3 server with one bucket. It believes nothing: signature, time, length and hash are checked.
type bucket struct {
	*httptest.Server
	// before sees a request first; true says that it has answered it. Set it before the server is asked.
	before func(w http.ResponseWriter, r *http.Request) bool

	mu       sync.Mutex
	objects  map[string]object
	requests []string
}

type object struct {
	content   []byte
	mediaType string
}

func newBucket(t testing.TB) *bucket {
	t.Helper()
	b := &bucket{objects: map[string]object{}}
	b.Server = httptest.NewServer(b)
	t.Cleanup(b.Close)
	return b
}

// config is how to reach it.
func (b *bucket) config() store.S3Config {
	return store.S3Config{
		Endpoint: b.Listener.Addr().String(), Region: region, Bucket: bucketName, AccessKey: accessKey, Secret: secretKey,
	}
}

// store is a client of it, with settings changed if change is given.
func (b *bucket) store(t testing.TB, change func(*store.S3Config)) *store.S3 {
	t.Helper()
	c := b.config()
	if change != nil {
		change(&c)
	}
	s, err := store.NewS3(c)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = s.Close() })
	return s
}

// asked lists the requests so far, as "GET /attachments/…".
func (b *bucket) asked() []string {
	b.mu.Lock()
	defer b.mu.Unlock()
	return slices.Clone(b.requests)
}

func (b *bucket) object(key string) (object, bool) {
	b.mu.Lock()
	defer b.mu.Unlock()
	o, ok := b.objects[key]
	return o, ok
}

func (b *bucket) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	b.mu.Lock()
	b.requests = append(b.requests, r.Method+" "+r.URL.Path)
	b.mu.Unlock()
	if b.before != nil && b.before(w, r) {
		return
	}
	if code := checkSignature(r); code != "" {
		refuse(w, http.StatusForbidden, code)
		return
	}
	name, key, _ := strings.Cut(strings.TrimPrefix(r.URL.Path, "/"), "/")
	switch {
	case name != bucketName:
		refuse(w, http.StatusNotFound, "NoSuchBucket")
	case len(r.URL.Query()) != 0:
		refuse(w, http.StatusNotImplemented, "NotImplemented")
	case key == "" && r.Method == http.MethodHead:
		w.WriteHeader(http.StatusOK)
	case r.Method == http.MethodPut:
		b.put(w, r, key)
	case r.Method == http.MethodGet || r.Method == http.MethodHead:
		b.get(w, key)
	case r.Method == http.MethodDelete:
		b.mu.Lock()
		delete(b.objects, key)
		b.mu.Unlock()
		w.WriteHeader(http.StatusNoContent)
	default:
		refuse(w, http.StatusMethodNotAllowed, "MethodNotAllowed")
	}
}

func (b *bucket) put(w http.ResponseWriter, r *http.Request, key string) {
	content, err := io.ReadAll(r.Body)
	if err != nil || r.ContentLength != int64(len(content)) {
		refuse(w, http.StatusBadRequest, "IncompleteBody")
		return
	}
	sum := sha256.Sum256(content)
	if hex.EncodeToString(sum[:]) != r.Header.Get("X-Amz-Content-Sha256") {
		refuse(w, http.StatusBadRequest, "XAmzContentSHA256Mismatch")
		return
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	b.objects[key] = object{content, r.Header.Get("Content-Type")}
	w.Header().Set("ETag", `"`+hex.EncodeToString(sum[:])+`"`)
}

func (b *bucket) get(w http.ResponseWriter, key string) {
	o, ok := b.object(key)
	if !ok {
		refuse(w, http.StatusNotFound, "NoSuchKey")
		return
	}
	sum := sha256.Sum256(o.content)
	h := w.Header()
	h.Set("Content-Type", o.mediaType)
	h.Set("ETag", `"`+hex.EncodeToString(sum[:])+`"`)
	announce(w, len(o.content))
	_, _ = w.Write(o.content)
}

// announce begins the answer that gives a file of so many bytes.
func announce(w http.ResponseWriter, size int) {
	w.Header().Set("Content-Length", fmt.Sprint(size))
	w.Header().Set("Last-Modified", time.Now().UTC().Format(http.TimeFormat))
}

// refuse answers as S3 does.
func refuse(w http.ResponseWriter, status int, code string) {
	w.Header().Set("Content-Type", "application/xml")
	w.WriteHeader(status)
	_, _ = fmt.Fprintf(w, `<?xml version="1.0" encoding="UTF-8"?><Error><Code>%s</Code><Message>%s, says the bucket</Message></Error>`, code, code)
}

// checkSignature verifies a request's AWS Signature Version 4 as its specification has it, and gives the code of
// the refusal.
func checkSignature(r *http.Request) string {
	text, ok := strings.CutPrefix(r.Header.Get("Authorization"), "AWS4-HMAC-SHA256 ")
	if !ok {
		return "AccessDenied"
	}
	parts := map[string]string{}
	for part := range strings.SplitSeq(text, ",") {
		name, value, _ := strings.Cut(strings.TrimSpace(part), "=")
		parts[name] = value
	}
	stamp := r.Header.Get("X-Amz-Date")
	at, err := time.Parse("20060102T150405Z", stamp)
	if err != nil || time.Since(at).Abs() > 15*time.Minute {
		return "RequestTimeTooSkewed"
	}
	scope := stamp[:8] + "/" + region + "/s3/aws4_request"
	if parts["Credential"] != accessKey+"/"+scope {
		return "InvalidAccessKeyId"
	}
	headers := strings.Split(parts["SignedHeaders"], ";")
	for _, must := range []string{"host", "x-amz-date", "x-amz-content-sha256"} {
		if !slices.Contains(headers, must) {
			return "AccessDenied"
		}
	}
	var lines strings.Builder
	for _, name := range headers {
		value := r.Header.Get(name)
		switch name {
		case "host":
			value = r.Host
		case "content-length":
			value = fmt.Sprint(r.ContentLength)
		}
		fmt.Fprintf(&lines, "%s:%s\n", name, strings.TrimSpace(value))
	}
	payload := r.Header.Get("X-Amz-Content-Sha256")
	query := strings.ReplaceAll(r.URL.Query().Encode(), "+", "%20")
	canonical := strings.Join([]string{
		r.Method, (&url.URL{Path: r.URL.Path}).EscapedPath(), query, lines.String(), parts["SignedHeaders"], payload,
	}, "\n")
	hash := sha256.Sum256([]byte(canonical))
	key := []byte("AWS4" + secretKey)
	for _, part := range []string{stamp[:8], region, "s3", "aws4_request", "AWS4-HMAC-SHA256\n" + stamp + "\n" + scope + "\n" + hex.EncodeToString(hash[:])} {
		mac := hmac.New(sha256.New, key)
		_, _ = mac.Write([]byte(part))
		key = mac.Sum(nil)
	}
	if !hmac.Equal([]byte(hex.EncodeToString(key)), []byte(parts["Signature"])) {
		return "SignatureDoesNotMatch"
	}
	return ""
}
