package graph

import (
	"context"
	"strings"
	"unicode/utf8"

	"entgo.io/ent/dialect/sql"

	"github.com/lianluo/lianluo/ent/spelling"
	"github.com/lianluo/lianluo/ent/viewer"
)

// The bounds of a phrase to search for, in characters, and of what may be found.
const (
	shortestPhrase = 2
	longestPhrase  = 100
	mostFound      = 10000
)

// phrase narrows a list to the opinions whose text has a phrase.
//
// Viewers of an area look it up in the index of the pairs of characters, through a function of the database, since row-level security keeps
// text search from its index. All others see few opinions, whose texts are looked through.
func (c *opinionConditions) phrase(ctx context.Context, text string) func(lo, hi int64) where {
	folded := spelling.Fold(text)
	pairs := spelling.Bigrams(text)
	switch n := utf8.RuneCountInString(folded); {
	case n > longestPhrase:
		c.faults.Add("TOO_LONG", "搜索词最多 100 个字", "filter", "search")
		return nil
	case n < shortestPhrase || len(pairs) == 0:
		c.faults.Add("TOO_SHORT", "搜索词至少应有两个相连的字", "filter", "search")
		return nil
	}
	if viewer.FromContext(ctx).Kind != viewer.Area {
		return func(_, _ int64) where { return hasPhrase(folded) }
	}
	query := pairQuery(pairs)
	return func(lo, hi int64) where {
		return func(s *sql.Selector) {
			s.Where(sql.P(func(b *sql.Builder) {
				b.Ident(s.C("id")).WriteString(" IN (SELECT found FROM search_opinions(").
					Args(lo, hi, query, folded, mostFound).WriteString(") AS found)")
			}))
		}
	}
}

// pairQuery is the query for texts that have all the pairs. Each is quoted, so that none of its characters is an operator.
func pairQuery(pairs []string) string {
	quote := strings.NewReplacer(`'`, `''`, `\`, `\\`)
	quoted := make([]string, len(pairs))
	for i, pair := range pairs {
		quoted[i] = "'" + quote.Replace(pair) + "'"
	}
	return strings.Join(quoted, " & ")
}

// hasPhrase looks through the texts themselves, folded about as package spelling folds a phrase.
func hasPhrase(phrase string) where {
	const fold = `translate(lower(normalize(`
	const folded = `, NFKC)), 'ü ''’', 'v')`
	return func(s *sql.Selector) {
		s.Where(sql.P(func(b *sql.Builder) {
			b.WriteString("strpos(" + fold + "concat_ws(chr(10), ").Ident(s.C("content")).Comma().Ident(s.C("location")).
				WriteString(")" + folded + ", " + fold).Arg(phrase).WriteString("::text" + folded + ") > 0")
		}))
	}
}
