package main

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// TestExecutor holds what stands in the repository to what is generated: what gqlgen does for rows and fields is replaced everywhere, and of the
// fields of rows only those are wrapped that are resolved or may fail.
func TestExecutor(t *testing.T) {
	names, err := filepath.Glob("../exec/*.generated.go")
	if err != nil || len(names) == 0 {
		t.Fatal("no executor:", err)
	}
	var all strings.Builder
	for _, name := range names {
		text, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		if left := leftover.Find(text); left != nil {
			t.Errorf("%s: %s", name, left)
		}
		all.Write(text)
	}
	for _, test := range []struct {
		field string
		body  string
	}{
		{"Opinion_number", `\treturn ec\.marshalNString2string\(ctx, field\.Selections, obj\.Number\)\n`},
		{"Opinion_id", `\treturn ec\.marshalNID2string\(ctx, field\.Selections, obj\.GlobalID\(\)\)\n`},
		{"Opinion_submitterMasked", `\treturn ec\.marshalOString2ᚖstring\(ctx, field\.Selections, obj\.SubmitterMasked\)\n`},
		// A moment may be none, and is then told as missing at its place.
		{"Opinion_submittedAt", `(?s)\tfc, err := ec\.fieldContext_Opinion_submittedAt\(ctx, field\).*graphql\.WithFieldContext\(ctx, fc\).*\tvalue := obj\.SubmittedAt\n`},
		{"OpinionEdge_node", `(?s)\tfc, err := ec\.fieldContext_OpinionEdge_node\(ctx, field\).*recover\(\).*\tvalue := obj\.Node\n`},
		{"Opinion_station", `\treturn graphql\.ResolveField\(\n`},
		{"OpinionConnection_totalCount", `\treturn graphql\.ResolveField\(\n`},
	} {
		_, rest, found := strings.Cut(all.String(), "func (ec *executionContext) _"+test.field+"(")
		if !found {
			t.Errorf("there is no %s", test.field)
			continue
		}
		body, _, _ := strings.Cut(rest, "\n}\n")
		if !regexp.MustCompile(test.body).MatchString(body + "\n") {
			t.Errorf("%s:\n%s", test.field, body)
		}
	}
}

// TestRewriteRefuses has what gqlgen might write one day.
func TestRewriteRefuses(t *testing.T) {
	const head = "package exec\n\nimport (\n\t\"github.com/99designs/gqlgen/graphql\"\n)\n\n"
	for _, text := range []string{
		head + "func f() { graphql.MarshalSliceConcurrently(ctx, len(v), 1, false, nil) }\n",
		head + "func f() { x := graphql.NewFieldSet(nil); if field.IsDeferred() { g(x) } }\n",
		head + "var _ graphql.Marshaler\n", // no field at all
		head + "func f( {\n",
	} {
		if _, err := rewrite(map[string][]byte{"x.generated.go": []byte(text)}); err == nil {
			t.Errorf("taken:\n%s", text)
		}
	}
}
