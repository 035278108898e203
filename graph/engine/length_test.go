package engine

import (
	"encoding/json"
	"testing"

	"github.com/vektah/gqlparser/v2"
	"github.com/vektah/gqlparser/v2/ast"
)

const lengthSDL = `
directive @cost(weight: Int, size: Int, parts: Boolean) on FIELD_DEFINITION
input Span { from: Int! to: Int! }
type Point { n: Int! }
type Row { n: Int! trend: [Point!]! @cost(parts: true) other: [Point!]! @cost(parts: false, size: 3) }
type Query { rows(span: Span, step: Int! = 1, first: Int, every: Boolean): [Row!]! row: Row }`

// spanLength has a row for each of first, and a part for each step of the span.
func spanLength(arguments map[string]any) (rows, parts, weight int) {
	number := func(v any) int {
		n, _ := v.(json.Number)
		i, _ := n.Int64()
		return int(i)
	}
	span, _ := arguments["span"].(map[string]any)
	if arguments["every"] == true {
		weight = 500
	}
	return number(arguments["first"]), (number(span["to"]) - number(span["from"])) / number(arguments["step"]), weight
}

// TestCostOfParts counts rows and parts by the arguments of the list, wherever they stand in the document.
func TestCostOfParts(t *testing.T) {
	schema := gqlparser.MustLoadSchema(&ast.Source{Input: lengthSDL})
	e := newEstimates(schema, DefaultLimits(), map[string]Length{"Query.rows": spanLength})
	for _, c := range []struct {
		name, query, variables string
		want                   int
	}{
		{"no parts asked", `{rows(span:{from:0,to:120},first:5){n}}`, `{}`, 1 + 5*2},
		{"parts", `{rows(span:{from:0,to:120},first:5){trend{n}}}`, `{}`, 1 + 5*(1+1+120*2)},
		{"parts by a step", `{rows(span:{from:0,to:120},step:12,first:5){n trend{n}}}`, `{}`, 1 + 5*(1+1+1+10*2)},
		{"two lists of parts", `{rows(span:{from:0,to:10},first:2){a:trend{n} b:trend{n}}}`, `{}`, 1 + 2*(1+2+10*4)},
		{"a list of a size of its own", `{rows(span:{from:0,to:120},first:2){other{n}}}`, `{}`, 1 + 2*(1+1+3*2)},
		{"no row", `{rows(span:{from:0,to:10},first:-3){trend{n}}}`, `{}`, 1 + 1*(1+1+10*2)},
		{"a reversed span", `{rows(span:{from:10,to:0},first:1){trend{n}}}`, `{}`, 1 + 1*(1+1)},
		{"a weight", `{rows(span:{from:0,to:10},first:1,every:true){n}}`, `{}`, 1 + 500 + 2},
		{"variables", `query($s:Span,$n:Int){rows(span:$s,first:$n){trend{n}}}`, `{"s":{"from":0,"to":30},"n":4}`, 1 + 4*(1+1+30*2)},
		{"variables within", `query($to:Int!=7){rows(span:{from:0,to:$to},first:4){trend{n}}}`, `{}`, 1 + 4*(1+1+7*2)},
		{"an absent variable", `query($e:Boolean){rows(span:{from:0,to:10},first:1,every:$e){n}}`, `{}`, 1 + 2},
		{
			"one fragment in two lists",
			`{a:rows(span:{from:0,to:10},first:1){...T} b:rows(span:{from:0,to:100},first:1){...T}} fragment T on Row{trend{n}}`,
			`{}`, 1 + (1 + 1 + 10*2) + 1 + (1 + 1 + 100*2),
		},
		{"parts without a list above", `{row{trend{n}}}`, `{}`, 1 + 1 + 10*2},
	} {
		t.Run(c.name, func(t *testing.T) {
			doc, errs := gqlparser.LoadQueryWithRules(schema, c.query, nil)
			if errs != nil {
				t.Fatal(errs)
			}
			got, err := e.operation(doc.Operations[0], variables(t, c.variables))
			if err != nil {
				t.Fatal(err)
			}
			if got.fields != c.want {
				t.Errorf("got %d, want %d", got.fields, c.want)
			}
		})
	}
}

func TestLengthOfNoField(t *testing.T) {
	defer func() {
		if recover() == nil {
			t.Error("a length of a field that is none is taken")
		}
	}()
	newEstimates(gqlparser.MustLoadSchema(&ast.Source{Input: lengthSDL}), DefaultLimits(), map[string]Length{"Query.other": spanLength})
}
