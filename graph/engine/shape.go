package engine

import (
	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/gqlerror"
)

// shape is what a selection set amounts to when its fragments are put in place. It is known from the
// syntax alone, so it is asked before the rules of GraphQL, which visit that expanded tree.
type shape struct {
	// work is the number of steps of gqlparser's walk: one for every selection, directive and value, with
	// fragments counted wherever they are spread. To it come the searches of gqlgen, which merges the
	// fields of one level by comparing each with those before it, at some 64 comparisons for a step.
	work int
	// fields is the number of fields at the top.
	fields int
	// depth is the longest path in fields, introspection the longest below __schema or __type.
	depth, introspection int
	// introspections is the number of __schema and __type.
	introspections int
}

// enough is beyond every limit: sums stop there, since fragments can double a number two hundred times.
const enough = 1 << 29

func plus(a, b int) int { return min(a+b, enough) }

func times(a, b int) int {
	if a > 0 && b > enough/a {
		return enough
	}
	return a * b
}

// merge takes in a set that stands at the same level.
func (s *shape) merge(o shape) {
	s.work = plus(s.work, o.work)
	s.fields = plus(s.fields, o.fields)
	s.introspections = plus(s.introspections, o.introspections)
	s.depth = max(s.depth, o.depth)
	s.introspection = max(s.introspection, o.introspection)
}

// shaper takes the shape of one document. Every fragment is visited once, however often it is spread.
type shaper struct {
	limits     Limits
	fragments  map[string]*ast.FragmentDefinition
	known      map[string]shape
	open       map[string]bool
	directives int
	visited    int
	refused    *gqlerror.Error
}

// checkShape refuses a document whose operations are too large in one way or another, and the few
// mistakes that must be found before the rules of GraphQL run. It tells how many selections it has visited, and how
// many steps validating a document takes that it does not refuse.
func (l Limits) checkShape(doc *ast.QueryDocument) (visited, steps int, refused *gqlerror.Error) {
	switch {
	case len(doc.Operations) == 0:
		return 0, 0, invalid(reasonValidation, "文档里没有操作").wire()
	case len(doc.Operations) > l.Operations:
		return 0, 0, tooComplex("OPERATIONS", "操作过多:%d 个,最多 %d 个", len(doc.Operations), l.Operations).wire()
	case len(doc.Fragments) > l.Fragments:
		return 0, 0, tooComplex("FRAGMENTS", "片段过多:%d 个,最多 %d 个", len(doc.Fragments), l.Fragments).wire()
	}
	s := &shaper{
		limits:    l,
		fragments: make(map[string]*ast.FragmentDefinition, len(doc.Fragments)),
		known:     make(map[string]shape, len(doc.Fragments)),
		open:      map[string]bool{},
	}
	for _, f := range doc.Fragments {
		if s.fragments[f.Name] != nil {
			return 0, 0, invalid(reasonValidation, "There can be only one fragment named %q.", f.Name).at(f.Position)
		}
		if len(f.VariableDefinition) > 0 {
			return 0, 0, invalid(reasonParse, "Fragment %q must not define variables.", f.Name).at(f.Position)
		}
		s.fragments[f.Name] = f
	}

	// gqlparser walks every operation and every fragment by itself.
	work := 0
	for _, f := range doc.Fragments {
		work = plus(work, s.fragment(f).work)
	}
	for _, op := range doc.Operations {
		o := s.operation(op)
		work = plus(work, o.work)
		s.check(op, o)
	}
	switch {
	case s.refused != nil:
		return s.visited, 0, s.refused
	case s.directives > l.Directives:
		return s.visited, 0, tooComplex("DIRECTIVES", "指令过多:%d 个,最多 %d 个", s.directives, l.Directives).wire()
	case work > l.Work:
		return s.visited, 0, tooComplex("WORK", "查询展开片段后过大:最多 %d 步", l.Work).wire()
	}
	return s.visited, work, nil
}

// check compares one operation with the limits.
func (s *shaper) check(op *ast.OperationDefinition, o shape) {
	l := s.limits
	roots := l.RootFields
	if op.Operation == ast.Mutation {
		roots = l.Mutations
	}
	switch {
	case len(op.VariableDefinitions) > l.Variables:
		s.refuse(tooComplex("VARIABLES", "变量过多:%d 个,最多 %d 个", len(op.VariableDefinitions), l.Variables).at(op.Position))
	case o.fields > roots:
		s.refuse(tooComplex("ROOT_FIELDS", "一次请求的顶层字段过多:最多 %d 个", roots).at(op.Position))
	case o.depth > l.Depth:
		s.refuse(tooComplex("DEPTH", "查询嵌套过深:%d 层,最多 %d 层", o.depth, l.Depth).at(op.Position))
	case o.introspection > l.IntrospectionDepth:
		s.refuse(tooComplex("DEPTH", "模式查询嵌套过深:%d 层,最多 %d 层", o.introspection, l.IntrospectionDepth).at(op.Position))
	case o.introspections > l.Introspections:
		s.refuse(tooComplex("ROOT_FIELDS", "一次请求的模式查询过多:最多 %d 个", l.Introspections).at(op.Position))
	}
}

// refuse keeps the first refusal.
func (s *shaper) refuse(err *gqlerror.Error) {
	if s.refused == nil {
		s.refused = err
	}
}

func (s *shaper) operation(op *ast.OperationDefinition) shape {
	out := s.set(op.SelectionSet)
	out.work = plus(out.work, s.directiveList(op.Directives))
	for _, v := range op.VariableDefinitions {
		out.work = plus(out.work, 1+s.value(v.DefaultValue, 0)+s.directiveList(v.Directives))
	}
	return out
}

func (s *shaper) fragment(f *ast.FragmentDefinition) shape {
	if out, ok := s.known[f.Name]; ok {
		return out
	}
	s.open[f.Name] = true
	out := s.set(f.SelectionSet)
	out.work = plus(out.work, 1+s.directiveList(f.Directives))
	delete(s.open, f.Name)
	s.known[f.Name] = out
	return out
}

func (s *shaper) set(set ast.SelectionSet) shape {
	var out shape
	for _, selection := range set {
		if s.refused != nil {
			return out
		}
		s.visited++
		switch sel := selection.(type) {
		case *ast.Field:
			out.merge(s.field(sel))
		case *ast.InlineFragment:
			out.work = plus(out.work, 1+s.directiveList(sel.Directives))
			out.merge(s.set(sel.SelectionSet))
		case *ast.FragmentSpread:
			out.work = plus(out.work, 1+s.directiveList(sel.Directives))
			f := s.fragments[sel.Name]
			switch {
			case f == nil: // the rules of GraphQL say so
			case s.open[sel.Name]:
				s.refuse(invalid(reasonValidation, "Cannot spread fragment %q within itself.", sel.Name).at(sel.Position))
			default:
				out.merge(s.fragment(f))
			}
		}
	}
	const comparisonsPerStep = 64
	out.work = plus(out.work, times(out.fields, out.fields)/2/comparisonsPerStep)
	return out
}

func (s *shaper) field(f *ast.Field) shape {
	below := s.set(f.SelectionSet)
	out := shape{
		work:           plus(below.work, 1+s.directiveList(f.Directives)),
		fields:         1,
		introspection:  below.introspection,
		introspections: below.introspections,
	}
	for _, a := range f.Arguments {
		out.work = plus(out.work, s.value(a.Value, 0))
	}
	if f.Name == "__schema" || f.Name == "__type" {
		out.introspection = max(out.introspection, below.depth)
		out.introspections = plus(out.introspections, 1)
		out.depth = 1
		return out
	}
	out.depth = 1 + below.depth
	return out
}

// directiveList counts directives and the values in them.
func (s *shaper) directiveList(list ast.DirectiveList) int {
	s.directives += len(list)
	work := len(list)
	for _, d := range list {
		for _, a := range d.Arguments {
			work += s.value(a.Value, 0)
		}
	}
	return work
}

// value counts the values in one, itself included, each as often as the rules read it: once by itself and
// once more with every value it stands in.
func (s *shaper) value(v *ast.Value, depth int) int {
	if v == nil || s.refused != nil {
		return 0
	}
	if depth > s.limits.InputDepth {
		s.refuse(tooComplex("INPUT_DEPTH", "参数嵌套过深:最多 %d 层", s.limits.InputDepth).at(v.Position))
		return 0
	}
	work := 1 + depth
	for _, child := range v.Children {
		work += s.value(child.Value, depth+1)
	}
	return work
}
