package engine

import (
	"encoding/json"
	"strings"

	"github.com/vektah/gqlparser/v2/ast"
)

// Length tells, from the arguments of a list as JSON has them, how many rows it has at most, how many parts each list of parts in a row, and
// how many fields finding the rows counts as. What is not given and has no default is not among the arguments. It is asked before
// anything else looks at the arguments, so they may make no sense.
type Length func(arguments map[string]any) (rows, parts, weight int)

// lengthsOf finds the fields. A name that is none is a mistake of the program.
func lengthsOf(schema *ast.Schema, lengths map[string]Length) map[*ast.FieldDefinition]Length {
	out := make(map[*ast.FieldDefinition]Length, len(lengths))
	for name, length := range lengths {
		typ, field, _ := strings.Cut(name, ".")
		def := schema.Types[typ]
		if def == nil || def.Fields.ForName(field) == nil {
			panic("engine: there is no field " + name)
		}
		out[def.Fields.ForName(field)] = length
	}
	return out
}

// lengths are how many objects a field would give, how many the lists of parts in each, and what it costs beside them.
func (s *estimate) lengths(f *ast.Field) (rows, parts, weight int) {
	weight = s.weights[f.Definition]
	length := s.estimates.lengths[f.Definition]
	if length == nil {
		return s.length(f), s.limits.ListSize, weight
	}
	arguments := map[string]any{}
	for _, def := range f.Definition.Arguments {
		value, given := any(nil), false
		if a := f.Arguments.ForName(def.Name); a != nil {
			value, given = s.value(a.Value)
		}
		if !given && def.DefaultValue != nil {
			value, given = s.value(def.DefaultValue)
		}
		if given {
			arguments[def.Name] = value
		}
	}
	rows, parts, finding := length(arguments)
	return min(max(rows, 1), enough), min(max(parts, 0), enough), plus(weight, finding)
}

// value is a value as JSON has it; given is false for a variable without one.
func (s *estimate) value(v *ast.Value) (value any, given bool) {
	known, literal := s.resolve(v)
	if literal == nil {
		_, given = s.variables[v.Raw]
		return known, given
	}
	switch literal.Kind {
	case ast.NullValue:
		return nil, true
	case ast.BooleanValue:
		return literal.Raw == "true", true
	case ast.IntValue, ast.FloatValue:
		return json.Number(literal.Raw), true
	case ast.ListValue:
		list := []any{}
		for _, child := range literal.Children {
			item, _ := s.value(child.Value)
			list = append(list, item)
		}
		return list, true
	case ast.ObjectValue:
		object := map[string]any{}
		for _, child := range literal.Children {
			if field, given := s.value(child.Value); given {
				object[child.Name] = field
			}
		}
		return object, true
	default:
		return literal.Raw, true
	}
}
