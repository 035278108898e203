package graph_test

import (
	"regexp"
	"strings"
	"testing"

	"github.com/lianluo/lianluo/graph/exec"
)

// TestEverythingIsDescribed holds the API's documentation to its rule: every type, field, argument and value says what it
// means, and names the Chinese term.
func TestEverythingIsDescribed(t *testing.T) {
	chinese := regexp.MustCompile(`\p{Han}`)
	seen := 0
	check := func(name, description string) {
		seen++
		if !chinese.MatchString(description) {
			t.Errorf("%s: no description with the Chinese term: %q", name, description)
		}
	}
	schema := exec.NewExecutableSchema(exec.Config{}).Schema()
	for _, typ := range schema.Types {
		if typ.BuiltIn || strings.HasPrefix(typ.Name, "__") {
			continue
		}
		check(typ.Name, typ.Description)
		for _, field := range typ.Fields {
			if strings.HasPrefix(field.Name, "__") {
				continue
			}
			check(typ.Name+"."+field.Name, field.Description)
			for _, arg := range field.Arguments {
				check(typ.Name+"."+field.Name+"("+arg.Name+")", arg.Description)
			}
		}
		for _, value := range typ.EnumValues {
			check(typ.Name+"."+value.Name, value.Description)
		}
	}
	if seen < 500 {
		t.Errorf("only %d descriptions seen: is the schema there?", seen)
	}
}
