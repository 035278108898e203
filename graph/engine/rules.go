package engine

import (
	"errors"
	"maps"
	"strconv"

	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/gqlerror"
	"github.com/vektah/gqlparser/v2/validator"
	"github.com/vektah/gqlparser/v2/validator/core"
	"github.com/vektah/gqlparser/v2/validator/rules"
)

// validationErrors is how many mistakes of a document are told; a document of nothing but mistakes would
// otherwise be answered at many times its length.
const validationErrors = 20

// newRules are the rules of GraphQL for one validation. Those of gqlparser stand, with these changes:
//   - OverlappingFieldsCanBeMerged compares every field with every other: replaced by overlap.go.
//   - Suggestions ("Did you mean …") compare each unknown name with every known one: left out. The schema
//     can be asked for.
//   - Int literals are held to 32 bits.
//   - After validationErrors mistakes the others are not told.
func newRules() *rules.Rules {
	all := rules.NewDefaultRules()
	for _, r := range []struct{ with, without core.Rule }{
		{rules.FieldsOnCorrectTypeRule, rules.FieldsOnCorrectTypeRuleWithoutSuggestions},
		{rules.KnownArgumentNamesRule, rules.KnownArgumentNamesRuleWithoutSuggestions},
		{rules.KnownTypeNamesRule, rules.KnownTypeNamesRuleWithoutSuggestions},
		{rules.ScalarLeafsRule, rules.ScalarLeafsRuleWithoutSuggestions},
		{rules.ValuesOfCorrectTypeRule, rules.ValuesOfCorrectTypeRuleWithoutSuggestions},
	} {
		all.RemoveRule(r.with.Name)
		all.AddRule(r.without.Name, r.without.RuleFunc)
	}
	all.ReplaceRule(rules.OverlappingFieldsCanBeMergedRule.Name, overlapRule)
	all.AddRule("IntLiterals", intRule)

	told := 0
	for name, rule := range all.GetInner() {
		all.ReplaceRule(name, func(observers *core.Events, addError core.AddErrFunc) {
			rule(observers, func(options ...core.ErrorOption) {
				if told++; told <= validationErrors {
					addError(options...)
				}
			})
		})
	}
	return all
}

// intRule holds Int literals to the 32 bits that GraphQL gives them.
func intRule(observers *core.Events, addError core.AddErrFunc) {
	observers.OnValue(func(_ *core.Walker, value *ast.Value) {
		if value.Kind != ast.IntValue || value.Definition == nil || value.Definition.Name != "Int" {
			return
		}
		if _, err := strconv.ParseInt(value.Raw, 10, 32); err != nil {
			addError(core.Message("Int cannot represent non 32-bit signed integer value: %s", value.Raw), core.At(value.Position))
		}
	})
}

// withoutDefer is the schema without the @defer that gqlparser declares in every schema: the later parts
// of a deferred answer would be lost, since a POST is answered once.
func withoutDefer(schema *ast.Schema) *ast.Schema {
	copied := *schema
	copied.Directives = maps.Clone(schema.Directives)
	delete(copied.Directives, "defer")
	return &copied
}

// validate applies the rules and gives the mistakes their wire form.
func validate(schema *ast.Schema, doc *ast.QueryDocument) gqlerror.List {
	found := validator.ValidateWithRules(schema, doc, newRules())
	out := make(gqlerror.List, len(found))
	for i, err := range found {
		wire, ok := errors.AsType[*Error](err)
		if !ok {
			wire = invalid(reasonValidation, "%s", err.Message)
		}
		out[i] = wire.wire()
		out[i].Locations = err.Locations
		out[i].Rule = err.Rule
	}
	return out
}
