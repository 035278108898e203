package engine

import (
	"encoding/json"
	"strconv"
	"strings"

	"github.com/vektah/gqlparser/v2/ast"
)

// cost is what an operation would resolve at most, in fields: each field counts 1 and once more for every
// object of the lists it stands in.
//
//	children(first: 100) { edges   { node { code name } } }
//	1                      1 + 100   100    100  100       = 402
//
// A connection takes its length from first or last, a list called with ids from their number, any other
// list from @cost(size:) or Limits.ListSize. Large arguments count too, since gqlgen reads them again for
// every object: 1 for each 16 values or 1,024 bytes. Repeated fields are counted as often as they are
// written, although they are resolved once. What @skip and @include leave out is not counted.
//
// A schema may say what a field costs beyond that:
//
//	directive @cost(weight: Int, size: Int, parts: Boolean) on FIELD_DEFINITION
//
// weight is added for the field itself, size is the usual length of its list. A list of parts is as long as
// the arguments of the list above it say, which Options.Lengths reads.
type cost struct {
	fields int
	// perItem is, of a selection set on a connection, what it takes for each item of the page.
	perItem int
	// perPart is what lists of parts take for each part.
	perPart int
	// introspection is kept apart: it reads memory, not tables, and has a budget of its own.
	introspection int
}

// estimates hold what is known of a schema's fields before any request.
type estimates struct {
	limits  Limits
	schema  *ast.Schema
	weights map[*ast.FieldDefinition]int
	sizes   map[*ast.FieldDefinition]int
	parts   map[*ast.FieldDefinition]bool
	lengths map[*ast.FieldDefinition]Length
}

func newEstimates(schema *ast.Schema, limits Limits, lengths map[string]Length) estimates {
	e := estimates{
		limits: limits, schema: schema, weights: map[*ast.FieldDefinition]int{}, sizes: introspectionSizes(schema),
		parts: map[*ast.FieldDefinition]bool{}, lengths: lengthsOf(schema, lengths),
	}
	for _, def := range schema.Types {
		for _, field := range def.Fields {
			directive := field.Directives.ForName("cost")
			if directive == nil {
				continue
			}
			if n, ok := literalInt(directive.Arguments.ForName("weight")); ok {
				e.weights[field] = n
			}
			if n, ok := literalInt(directive.Arguments.ForName("size")); ok {
				e.sizes[field] = n
			}
			if parts := directive.Arguments.ForName("parts"); parts != nil {
				e.parts[field] = parts.Value.Raw == "true"
			}
		}
	}
	return e
}

func literalInt(arg *ast.Argument) (int, bool) {
	if arg == nil {
		return 0, false
	}
	return integer(arg.Value)
}

// operation estimates a validated operation. Values of variables are as they were read from JSON and
// checked by checkVariables.
func (e estimates) operation(op *ast.OperationDefinition, variables map[string]any) (cost, *Error) {
	s := &estimate{
		estimates: e,
		variables: variables,
		defaults:  map[string]*ast.Value{},
		sizes:     map[string]int{},
		fragments: map[*ast.FragmentDefinition]cost{},
	}
	for _, v := range op.VariableDefinitions {
		s.defaults[v.Variable] = v.DefaultValue
	}
	out := s.set(op.SelectionSet)
	return out, s.refused
}

// estimate is the estimation of one operation; each fragment is estimated once.
type estimate struct {
	estimates
	variables map[string]any
	// defaults are the operation's own. The syntax tree of a fragment knows those of one operation only.
	defaults map[string]*ast.Value
	// sizes are the sizes of variables' values.
	sizes     map[string]int
	fragments map[*ast.FragmentDefinition]cost
	refused   *Error
}

func (s *estimate) set(set ast.SelectionSet) cost {
	var out cost
	for _, selection := range set {
		var c cost
		switch sel := selection.(type) {
		case *ast.Field:
			if s.included(sel.Directives) {
				c = s.field(sel)
			}
		case *ast.InlineFragment:
			if s.included(sel.Directives) {
				c = s.set(sel.SelectionSet)
			}
		case *ast.FragmentSpread:
			if s.included(sel.Directives) {
				c = s.fragment(sel.Definition)
			}
		}
		out.fields = plus(out.fields, c.fields)
		out.perItem = plus(out.perItem, c.perItem)
		out.perPart = plus(out.perPart, c.perPart)
		out.introspection = plus(out.introspection, c.introspection)
	}
	return out
}

func (s *estimate) fragment(f *ast.FragmentDefinition) cost {
	out, ok := s.fragments[f]
	if !ok {
		out = s.set(f.SelectionSet)
		s.fragments[f] = out
	}
	return out
}

func (s *estimate) field(f *ast.Field) cost {
	below := s.set(f.SelectionSet)
	rows, parts, weight := s.lengths(f)
	below.fields = plus(below.fields, times(parts, below.perPart))
	own := 1 + weight
	for _, a := range f.Arguments {
		own = plus(own, s.size(a.Value)/16)
	}
	list := f.Definition.Type.Elem != nil
	onPage := list && isConnection(f.ObjectDefinition)

	var out cost
	switch {
	case onPage:
		// What edges and nodes hold is counted by the field that gives the page its length.
		item := plus(1, plus(below.fields, times(s.limits.PageSize, below.perItem)))
		out = cost{fields: own, perItem: item, introspection: times(s.limits.PageSize, below.introspection)}
	case list && s.parts[f.Definition]:
		item := plus(1, plus(below.fields, times(s.limits.PageSize, below.perItem)))
		out = cost{fields: own, perPart: item}
	case list && len(f.SelectionSet) > 0:
		n := rows
		item := plus(1, plus(below.fields, times(s.limits.PageSize, below.perItem)))
		out = cost{fields: plus(own, times(n, item)), introspection: times(n, below.introspection)}
	default:
		page := 0
		if below.perItem > 0 {
			page = rows
		}
		out = cost{fields: plus(own, plus(below.fields, times(page, below.perItem))), introspection: below.introspection}
	}
	if f.Name == "__schema" || f.Name == "__type" {
		out = cost{introspection: plus(out.introspection, out.fields)}
	}
	return out
}

// isConnection tells whether a type is a connection of Relay's kind.
func isConnection(def *ast.Definition) bool {
	return def != nil && strings.HasSuffix(def.Name, "Connection") && def.Fields.ForName("pageInfo") != nil
}

// length is the number of objects a field would give.
func (s *estimate) length(f *ast.Field) int {
	def := f.Definition
	if def.Arguments.ForName("first") != nil || def.Arguments.ForName("last") != nil {
		n, given := 0, false
		for _, name := range []string{"first", "last"} {
			if v, ok := s.argument(f, name); ok {
				n, given = max(n, v), true
			}
		}
		if !given {
			return s.limits.PageSize
		}
		return min(max(n, 1), enough)
	}
	if n, ok := s.estimates.sizes[def]; ok {
		return n
	}
	if ids := f.Arguments.ForName("ids"); ids != nil {
		return s.count(ids.Value)
	}
	return s.limits.ListSize
}

// argument is the value of an Int argument, its default when it is not given.
func (s *estimate) argument(f *ast.Field, name string) (int, bool) {
	if a := f.Arguments.ForName(name); a != nil {
		given, literal := s.resolve(a.Value)
		if number, ok := given.(json.Number); ok {
			return parseInt(number.String())
		}
		return integer(literal)
	}
	if def := f.Definition.Arguments.ForName(name); def != nil {
		return integer(def.DefaultValue)
	}
	return 0, false
}

// resolve answers the value of a variable if the request gives one, else the literal that stands in the
// document: the value itself or the default of the variable, which may be nil.
func (s *estimate) resolve(v *ast.Value) (given any, literal *ast.Value) {
	if v.Kind != ast.Variable {
		return nil, v
	}
	if given, ok := s.variables[v.Raw]; ok {
		return given, nil
	}
	return nil, s.defaults[v.Raw]
}

// integer reads an Int literal.
func integer(v *ast.Value) (int, bool) {
	if v == nil || v.Kind != ast.IntValue {
		return 0, false
	}
	return parseInt(v.Raw)
}

func parseInt(text string) (int, bool) {
	n, err := strconv.ParseInt(text, 10, 32)
	return int(n), err == nil
}

// count is the number of values in a list; a value alone is a list of one.
func (s *estimate) count(v *ast.Value) int {
	given, literal := s.resolve(v)
	if list, ok := given.([]any); ok {
		return len(list)
	}
	if literal != nil && literal.Kind == ast.ListValue {
		return len(literal.Children)
	}
	return 1
}

// size is 1 for each value in an argument and 1 for each 64 bytes of text.
func (s *estimate) size(v *ast.Value) int {
	if v.Kind == ast.Variable {
		n, ok := s.sizes[v.Raw]
		if !ok {
			n = sizeOf(s.variables[v.Raw])
			s.sizes[v.Raw] = n
		}
		return n
	}
	n := 1 + len(v.Raw)/64
	for _, child := range v.Children {
		n = plus(n, s.size(child.Value))
	}
	return n
}

func sizeOf(v any) int {
	n := 1
	switch v := v.(type) {
	case string:
		n += len(v) / 64
	case []any:
		for _, item := range v {
			n += sizeOf(item)
		}
	case map[string]any:
		for _, item := range v {
			n += sizeOf(item)
		}
	}
	return n
}

// included reads @skip and @include. gqlgen panics on a condition that is null.
func (s *estimate) included(directives ast.DirectiveList) bool {
	for _, d := range directives {
		if d.Name != "skip" && d.Name != "include" {
			continue
		}
		condition := d.Arguments.ForName("if")
		if condition == nil {
			continue
		}
		value, literal := s.resolve(condition.Value)
		holds, ok := value.(bool)
		if literal != nil {
			holds, ok = literal.Raw == "true", literal.Kind == ast.BooleanValue
		}
		if !ok {
			s.refused = invalid(reasonVariables, "@%s 的条件不能为空", d.Name)
			return false
		}
		if holds == (d.Name == "skip") {
			return false
		}
	}
	return true
}
