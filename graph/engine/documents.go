package engine

import (
	"math"
	"sync"

	"github.com/hashicorp/golang-lru/v2/simplelru"
	"github.com/vektah/gqlparser/v2/ast"
)

// bytesPerToken is about what the syntax tree of a document takes for each of its tokens.
const bytesPerToken = 100

// documents keep validated documents by their text, the least used going first, within a number of bytes.
// Documents are not changed once they are validated, so requests share them.
type documents struct {
	limit int

	mu    sync.Mutex
	bytes int
	lru   *simplelru.LRU[string, cached]
}

type cached struct {
	doc   *ast.QueryDocument
	bytes int
}

func newDocuments(limit int) *documents {
	d := &documents{limit: limit}
	// Only a size below one is an error.
	d.lru, _ = simplelru.NewLRU(math.MaxInt, func(_ string, c cached) { d.bytes -= c.bytes })
	return d
}

func (d *documents) get(text string) (*ast.QueryDocument, bool) {
	d.mu.Lock()
	defer d.mu.Unlock()
	c, ok := d.lru.Get(text)
	return c.doc, ok
}

// add keeps a document unless it alone would take an eighth of the room.
func (d *documents) add(text string, doc *ast.QueryDocument, tokens int) {
	size := len(text) + tokens*bytesPerToken
	if size > d.limit/8 {
		return
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.lru.Contains(text) {
		return
	}
	d.lru.Add(text, cached{doc, size})
	for d.bytes += size; d.bytes > d.limit; {
		d.lru.RemoveOldest()
	}
}
