package engine

import (
	"slices"
	"strconv"
	"strings"

	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/gqlerror"
	"github.com/vektah/gqlparser/v2/validator/core"
)

// overlapSteps bounds the fields that checking one operation for conflicts may look at. What the other
// limits let through stays far below, save documents that are made to spend it.
const overlapSteps = 200_000

// overlapRule refuses fields of one response name that cannot be merged (GraphQL, 5.3.2): fields that may
// stand in the same object must be the same field with the same arguments, and in any case the values must
// have the same shape.
//
// gqlparser's rule compares fields in pairs. Here, as "same shape" and "same field" are equivalences, each
// field is compared with one that stands for those before it, and what stands below a group of fields is
// then looked at as one set. A set that has been looked at is not looked at again, which makes fragments
// that are spread in many places cost once.
func overlapRule(observers *core.Events, addError core.AddErrFunc) {
	observers.OnOperation(func(walker *core.Walker, operation *ast.OperationDefinition) {
		m := &overlap{
			schema: walker.Schema,
			add:    addError,
			number: map[*ast.Field]int{},
			asked:  map[*ast.Field]string{},
			shapes: map[string]bool{},
			merges: map[string]bool{},
		}
		top := m.flatten([]ast.SelectionSet{operation.SelectionSet})
		m.sameShape(top)
		m.sameField(top)
		if m.steps > overlapSteps {
			addError(func(err *gqlerror.Error) {
				err.Err = tooComplex("WORK", "查询里同名字段的合并过于复杂")
			})
		}
	})
}

// overlap checks one operation.
type overlap struct {
	schema *ast.Schema
	add    core.AddErrFunc
	steps  int
	// number tells fields apart, asked keeps what a field asks for: name and arguments.
	number map[*ast.Field]int
	asked  map[*ast.Field]string
	// shapes and merges hold the sets that sameShape and sameField have seen.
	shapes, merges map[string]bool
}

// named are the different fields of one level that have one response name.
type named []*ast.Field

// flatten collects the fields of the sets, fragments put in place, by response name in order of appearance.
func (m *overlap) flatten(sets []ast.SelectionSet) []named {
	var level []named
	place := map[string]int{}
	seen := map[*ast.Field]bool{}
	spread := map[string]bool{}
	var walk func(ast.SelectionSet)
	walk = func(set ast.SelectionSet) {
		for _, selection := range set {
			if m.steps++; m.steps > overlapSteps {
				return
			}
			switch sel := selection.(type) {
			case *ast.Field:
				if seen[sel] {
					continue
				}
				seen[sel] = true
				i, ok := place[sel.Alias]
				if !ok {
					i = len(level)
					place[sel.Alias] = i
					level = append(level, nil)
				}
				level[i] = append(level[i], sel)
			case *ast.InlineFragment:
				walk(sel.SelectionSet)
			case *ast.FragmentSpread:
				if sel.Definition != nil && !spread[sel.Name] {
					spread[sel.Name] = true
					walk(sel.Definition.SelectionSet)
				}
			}
		}
	}
	for _, set := range sets {
		walk(set)
	}
	return level
}

// below is the level under a group of fields.
func (m *overlap) below(fields named) []named {
	sets := make([]ast.SelectionSet, 0, len(fields))
	for _, f := range fields {
		if len(f.SelectionSet) > 0 {
			sets = append(sets, f.SelectionSet)
		}
	}
	return m.flatten(sets)
}

// settled tells that nothing can be in conflict: a field without fields below it stands alone.
func (n named) settled() bool { return len(n) == 1 && len(n[0].SelectionSet) == 0 }

// first tells whether the set has not been seen, and remembers it.
func (m *overlap) first(seen map[string]bool, fields named) bool {
	numbers := make([]int, len(fields))
	for i, f := range fields {
		n, ok := m.number[f]
		if !ok {
			n = len(m.number)
			m.number[f] = n
		}
		numbers[i] = n
	}
	slices.Sort(numbers)
	var key []byte
	for _, n := range numbers {
		key = strconv.AppendInt(key, int64(n), 36)
		key = append(key, ' ')
	}
	if seen[string(key)] {
		return false
	}
	seen[string(key)] = true
	return true
}

// sameShape checks that values of one response name have one shape, in whatever object they stand.
func (m *overlap) sameShape(level []named) {
	for _, fields := range level {
		if m.steps > overlapSteps || fields.settled() || !m.first(m.shapes, fields) {
			continue
		}
		one := fields[0]
		for _, f := range fields[1:] {
			m.steps++
			if one.Definition == nil {
				one = f
			} else if f.Definition != nil && m.differ(one.Definition.Type, f.Definition.Type) {
				m.conflict(one, f, `they return conflicting types "`+one.Definition.Type.String()+`" and "`+f.Definition.Type.String()+`"`)
				return
			}
		}
		m.sameShape(m.below(fields))
	}
}

// sameField checks that fields of one response name which may stand in the same object are the same. Two
// fields never stand in the same object when they are asked of different object types; one that is asked
// of an interface or union may stand beside any.
func (m *overlap) sameField(level []named) {
	for _, fields := range level {
		if m.steps > overlapSteps || fields.settled() || !m.first(m.merges, fields) {
			continue
		}
		for _, together := range byParent(fields) {
			one := together[0]
			for _, f := range together[1:] {
				m.steps++
				if one.Name != f.Name {
					m.conflict(one, f, `"`+one.Name+`" and "`+f.Name+`" are different fields`)
					return
				}
				if m.arguments(one) != m.arguments(f) {
					m.conflict(one, f, "they have differing arguments")
					return
				}
			}
			m.sameField(m.below(together))
		}
	}
}

// byParent parts fields into the sets that may stand in one object: for each object type its own and those
// of abstract types.
func byParent(fields named) []named {
	var abstract named
	var order []string
	object := map[string]named{}
	for _, f := range fields {
		if parent := f.ObjectDefinition; parent == nil || parent.Kind != ast.Object {
			abstract = append(abstract, f)
		} else {
			if object[parent.Name] == nil {
				order = append(order, parent.Name)
			}
			object[parent.Name] = append(object[parent.Name], f)
		}
	}
	if len(order) == 0 {
		return []named{abstract}
	}
	out := make([]named, len(order))
	for i, name := range order {
		out[i] = slices.Concat(abstract, object[name])
	}
	return out
}

// differ tells whether two types could not both describe one value. Objects differ only in their fields,
// which are compared by themselves.
func (m *overlap) differ(a, b *ast.Type) bool {
	for a.Elem != nil && b.Elem != nil && a.NonNull == b.NonNull {
		a, b = a.Elem, b.Elem
	}
	if a.NonNull != b.NonNull || (a.Elem == nil) != (b.Elem == nil) {
		return true
	}
	x, y := m.schema.Types[a.NamedType], m.schema.Types[b.NamedType]
	return x != nil && y != nil && (x.IsLeafType() || y.IsLeafType()) && x.Name != y.Name
}

// arguments is a text that two fields share when their arguments are the same.
func (m *overlap) arguments(f *ast.Field) string {
	if len(f.Arguments) == 0 {
		return ""
	}
	if text, ok := m.asked[f]; ok {
		return text
	}
	list := slices.Clone(f.Arguments)
	slices.SortFunc(list, func(a, b *ast.Argument) int { return strings.Compare(a.Name, b.Name) })
	var text strings.Builder
	for _, a := range list {
		text.WriteString(a.Name)
		text.WriteByte(':')
		m.literal(&text, a.Value)
	}
	m.asked[f] = text.String()
	return text.String()
}

// literal writes a value so that equal ones are written alike; the order of an object's fields is nothing.
func (m *overlap) literal(text *strings.Builder, v *ast.Value) {
	m.steps++
	text.WriteByte('0' + byte(v.Kind))
	switch v.Kind {
	case ast.ListValue, ast.ObjectValue:
		children := v.Children
		if v.Kind == ast.ObjectValue {
			children = slices.Clone(children)
			slices.SortStableFunc(children, func(a, b *ast.ChildValue) int { return strings.Compare(a.Name, b.Name) })
		}
		text.WriteByte('[')
		for _, child := range children {
			text.WriteString(child.Name)
			m.literal(text, child.Value)
		}
		text.WriteByte(']')
	default:
		text.WriteString(strconv.Quote(v.Raw))
	}
}

func (m *overlap) conflict(one, other *ast.Field, why string) {
	m.add(
		core.Message(`Fields "%s" conflict because %s. Use different aliases on the fields to fetch both if this was intentional.`, other.Alias, why),
		core.At(one.Position), core.At(other.Position),
	)
}
