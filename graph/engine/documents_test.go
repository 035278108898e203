package engine

import (
	"fmt"
	"runtime"
	"strings"
	"testing"

	"github.com/vektah/gqlparser/v2/ast"
)

func TestDocumentsAreKept(t *testing.T) {
	g := testGate(Limits{})
	first, errs := g.document("{heavy}", nil)
	if errs != nil {
		t.Fatal(errs)
	}
	if again, _ := g.document("{heavy}", nil); again != first {
		t.Error("parsed again")
	}
	if other, _ := g.document("{ heavy}", nil); other == first {
		t.Error("one document for two texts")
	}
	if _, errs := g.document("{nothing}", nil); errs == nil {
		t.Error("accepted")
	}
	if _, ok := g.documents.get("{nothing}"); ok {
		t.Error("keeps what was refused")
	}
}

func TestDocumentsAreBounded(t *testing.T) {
	d := newDocuments(100_000)
	for i := range 1000 {
		d.add(fmt.Sprintf("{a%d}", i), &ast.QueryDocument{}, 10)
		d.get("{a0}")
		if d.bytes > d.limit {
			t.Fatalf("%d bytes after %d documents", d.bytes, i)
		}
	}
	if _, ok := d.get("{a0}"); !ok {
		t.Error("what is used most has gone")
	}
	if _, ok := d.get("{a1}"); ok {
		t.Error("nothing has gone")
	}
	d.add("large", &ast.QueryDocument{}, 200)
	if _, ok := d.get("large"); ok {
		t.Error("keeps what would drive out the others")
	}
	before := d.bytes
	d.add("{a0}", &ast.QueryDocument{}, 10)
	if d.bytes != before {
		t.Error("counts one document twice")
	}
}

// bytesPerToken is not far from the truth.
func TestWeightOfDocuments(t *testing.T) {
	g := testGate(Limits{CacheBytes: 1 << 40})
	text := `{division(code:"430121000000"){` + strings.Repeat(`parent{name value(of:"x")} `, 300) + `}}`
	var before, after runtime.MemStats
	docs := make([]*ast.QueryDocument, 50)
	runtime.GC()
	runtime.ReadMemStats(&before)
	for i := range docs {
		doc, errs := g.parse(text, nil)
		if errs != nil {
			t.Fatal(errs)
		}
		docs[i] = doc
	}
	runtime.GC()
	runtime.ReadMemStats(&after)
	tokens, _ := g.limits.measure(text)
	got := int(after.HeapAlloc-before.HeapAlloc) / len(docs) / tokens
	if got < bytesPerToken/3 || got > bytesPerToken*3 {
		t.Errorf("%d bytes per token", got)
	}
	t.Logf("%d bytes per token", got)
	runtime.KeepAlive(docs)
}
