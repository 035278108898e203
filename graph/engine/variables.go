package engine

import (
	"encoding/json"
	"fmt"
	"maps"
	"math"
	"slices"
	"strconv"

	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/gqlerror"
)

// variableErrors is how many faults in the values of variables are told.
const variableErrors = 20

// checkVariables holds the values of an operation's variables, as they were read from JSON, to the types
// the operation gives them. It is stricter than gqlparser, which takes a number for a String and a text
// for an Int, and it enforces @oneOf, which gqlparser looks at in literals only.
func checkVariables(schema *ast.Schema, op *ast.OperationDefinition, values map[string]any) *gqlerror.Error {
	c := &variableCheck{schema: schema}
	var place *ast.Position
	for _, v := range op.VariableDefinitions {
		before := len(c.fields)
		value, given := values[v.Variable]
		switch path := (Path{v.Variable}); {
		case given:
			c.value(path, v.Type, value)
		case v.Type.NonNull && v.DefaultValue == nil:
			c.fault(path, fieldRequired, "缺少变量 $%s", v.Variable)
		}
		if before == 0 && len(c.fields) > 0 {
			place = v.Position
		}
	}
	if len(c.fields) == 0 {
		return nil
	}
	e := &Error{Code: Invalid, Reason: reasonVariables, Message: c.fields[0].Message, Fields: c.fields}
	return e.at(place)
}

type variableCheck struct {
	schema *ast.Schema
	fields []FieldError
}

func (c *variableCheck) fault(path Path, code, format string, args ...any) {
	if len(c.fields) < variableErrors {
		c.fields = append(c.fields, FieldError{Path: slices.Clone(path), Code: code, Message: fmt.Sprintf(format, args...)})
	}
}

func (c *variableCheck) value(path Path, typ *ast.Type, value any) {
	if value == nil {
		if typ.NonNull {
			c.fault(path, fieldRequired, "%s 不能为空", path)
		}
		return
	}
	if typ.Elem != nil {
		list, ok := value.([]any)
		if !ok {
			// A value alone stands for a list of one.
			c.value(path, typ.Elem, value)
			return
		}
		for i, item := range list {
			if len(c.fields) >= variableErrors {
				return
			}
			c.value(append(path, i), typ.Elem, item)
		}
		return
	}
	switch def := c.schema.Types[typ.NamedType]; def.Kind {
	case ast.InputObject:
		c.object(path, def, value)
	case ast.Enum:
		if text, ok := value.(string); !ok || def.EnumValues.ForName(text) == nil {
			c.fault(path, fieldType, "%s 应是 %s 的一个值", path, def.Name)
		}
	default:
		c.scalar(path, def.Name, value)
	}
}

// scalar checks the scalars of GraphQL; those of our own read their values themselves.
func (c *variableCheck) scalar(path Path, name string, value any) {
	number, isNumber := value.(json.Number)
	_, isText := value.(string)
	switch name {
	case "String":
		if !isText {
			c.fault(path, fieldType, "%s 应是文字", path)
		}
	case "Boolean":
		if _, ok := value.(bool); !ok {
			c.fault(path, fieldType, "%s 应是 true 或 false", path)
		}
	case "ID":
		if _, err := strconv.ParseInt(number.String(), 10, 64); !isText && err != nil {
			c.fault(path, fieldType, "%s 应是标识(文字或整数)", path)
		}
	case "Int":
		if _, err := strconv.ParseInt(number.String(), 10, 32); err != nil {
			c.fault(path, fieldType, "%s 应是 32 位整数", path)
		}
	case "Float":
		if f, err := number.Float64(); !isNumber || err != nil || math.IsInf(f, 0) {
			c.fault(path, fieldType, "%s 应是数字", path)
		}
	}
}

func (c *variableCheck) object(path Path, def *ast.Definition, value any) {
	fields, ok := value.(map[string]any)
	if !ok {
		c.fault(path, fieldType, "%s 应是 %s 对象", path, def.Name)
		return
	}
	for _, name := range slices.Sorted(maps.Keys(fields)) {
		if def.Fields.ForName(name) == nil {
			c.fault(append(path, clip(name, 100)), fieldUnknown, "%s 没有这个字段", def.Name)
		}
	}
	if def.Directives.ForName("oneOf") != nil {
		if len(fields) != 1 {
			c.fault(path, fieldOneOf, "%s 应恰好给出一个字段", path)
			return
		}
		for name, value := range fields {
			if value == nil {
				c.fault(append(path, clip(name, 100)), fieldOneOf, "%s 不能为空", append(path, clip(name, 100)))
			}
		}
	}
	for _, field := range def.Fields {
		value, given := fields[field.Name]
		switch {
		case given:
			c.value(append(path, field.Name), field.Type, value)
		case field.Type.NonNull && field.DefaultValue == nil:
			c.fault(append(path, field.Name), fieldRequired, "缺少 %s", append(path, field.Name))
		}
	}
}

// String writes the path as people write it: $input.items[3].name.
func (p Path) String() string {
	out := "$"
	for i, step := range p {
		switch step := step.(type) {
		case string:
			if i > 0 {
				out += "."
			}
			out += step
		default:
			out += fmt.Sprintf("[%v]", step)
		}
	}
	return out
}
