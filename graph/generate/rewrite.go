package main

import (
	"bytes"
	"fmt"
	"go/ast"
	"go/format"
	"go/parser"
	"go/token"
	"path"
	"regexp"
	"slices"
	"strconv"
	"strings"
)

// What is replaced by text. gqlgen formats what it writes, so each stands in one form; leftover makes sure that none was missed.
var (
	deferredSet   = regexp.MustCompile(`\tdeferredFieldSet := graphql\.NewFieldSet\(nil\)\n\tdeferLabelToView := make\(map\[string\]\*graphql\.FieldSetView\)\n`)
	deferredField = regexp.MustCompile(`(?s)\n\t\t\tif field\.IsDeferred\(\) \{\n.*?\n\t\t\t\}\n`)
	deferredGroup = regexp.MustCompile(`(?s)\n\tatomic\.AddInt32\(&ec\.Deferred, .*?\n\t\}\)\n`)
	list          = regexp.MustCompile(`graphql\.MarshalSliceConcurrently\(ctx, len\(v\), 0, false, `)

	objects  = strings.NewReplacer("graphql.NewFieldSet(", "answer.NewObject(", "*graphql.FieldSet", "*answer.Object")
	leftover = regexp.MustCompile(`deferredFieldSet|deferLabelToView|IsDeferred|MarshalSliceConcurrently|graphql\.\w*FieldSet`)

	imported = []byte("\t\"github.com/99designs/gqlgen/graphql\"\n")
)

// answerPackage is what the executor calls instead of gqlgen's runtime.
const answerPackage = "\t\"github.com/lianluo/lianluo/graph/answer\"\n"

// file is a file of the executor.
type file struct {
	text   []byte
	set    *token.FileSet
	syntax *ast.File
}

func parse(name string, text []byte) (*file, error) {
	f := &file{text: text, set: token.NewFileSet()}
	var err error
	f.syntax, err = parser.ParseFile(f.set, name, text, parser.SkipObjectResolution)
	return f, err
}

// of is the text of a part.
func (f *file) of(n ast.Node) string { return string(f.text[f.offset(n.Pos()):f.offset(n.End())]) }

func (f *file) offset(p token.Pos) int { return f.set.Position(p).Offset }

// rewrite answers the files of the executor, by name, with what this API needs in place of what gqlgen does for every row and field:
//   - objects and lists are those of graph/answer;
//   - a field that is at hand, and not resolved, is written without passing through the runtime's wrappers of resolvers. Nothing intercepts such a field;
//   - nothing is made ready for @defer.
func rewrite(texts map[string][]byte) (map[string][]byte, error) {
	files := make(map[string]*file, len(texts))
	silent := map[string]bool{}
	for name, text := range texts {
		f, err := parse(name, text)
		if err != nil {
			return nil, err
		}
		files[name] = f
		for _, d := range f.syntax.Decls {
			if fn, ok := d.(*ast.FuncDecl); ok && f.isSilent(fn) {
				silent[fn.Name.Name] = true
			}
		}
	}
	out := make(map[string][]byte, len(files))
	written := 0
	for name, f := range files {
		text, fields := f.atHand(silent)
		written += fields
		text = deferredSet.ReplaceAll(text, nil)
		text = deferredField.ReplaceAll(text, nil)
		text = deferredGroup.ReplaceAll(text, nil)
		text = list.ReplaceAll(text, []byte("answer.List(ctx, len(v), "))
		text = []byte(objects.Replace(string(text)))
		if left := leftover.Find(text); left != nil {
			return nil, fmt.Errorf("%s: %s is left: gqlgen writes something else than it did", name, left)
		}
		text, err := imports(name, text)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", name, err)
		}
		out[name] = text
	}
	if written == 0 {
		return nil, fmt.Errorf("no field is at hand: gqlgen writes something else than it did")
	}
	return out, nil
}

// imports mends the imports for what was replaced.
func imports(name string, text []byte) ([]byte, error) {
	text = bytes.Replace(text, imported, append(slices.Clone(imported), answerPackage...), 1)
	f, err := parse(name, text)
	if err != nil {
		return nil, err
	}
	used := map[string]bool{}
	ast.Inspect(f.syntax, func(n ast.Node) bool {
		if of, ok := n.(*ast.SelectorExpr); ok {
			used[f.of(of.X)] = true
		}
		return true
	})
	for _, i := range slices.Backward(f.syntax.Imports) {
		from, err := strconv.Unquote(i.Path.Value)
		if err != nil {
			return nil, err
		}
		called := path.Base(from)
		if i.Name != nil {
			called = i.Name.Name
		}
		if !used[called] && called != "_" {
			text = slices.Delete(text, f.offset(i.Pos()), f.offset(i.End())+1) // with the end of its line
		}
	}
	return format.Source(text)
}

// noNull are functions that write a scalar and never null, so that the check for null after them never finds one.
var noNull = []string{
	"graphql.MarshalString", "graphql.MarshalID", "graphql.MarshalInt", "graphql.MarshalInt64", "graphql.MarshalBoolean",
	"scalar.MarshalCode", "scalar.MarshalDate", "scalar.MarshalTenths",
}

// isSilent tells whether a function that writes a value never tells an error: it then needs to know no place.
func (f *file) isSilent(fn *ast.FuncDecl) bool {
	if fn.Recv == nil || !strings.HasPrefix(fn.Name.Name, "marshal") {
		return false
	}
	told := false
	ast.Inspect(fn.Body, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.AssignStmt:
			if f.of(n) == "_ = ctx" {
				return false
			}
		case *ast.IfStmt:
			return f.of(n.Cond) != "res == graphql.Null" || !f.assigns(fn, noNull)
		case *ast.Ident:
			told = told || n.Name == "ctx"
		}
		return true
	})
	return !told
}

// assigns tells whether a function's result is what one of some functions makes.
func (f *file) assigns(fn *ast.FuncDecl, names []string) bool {
	for _, s := range fn.Body.List {
		a, ok := s.(*ast.AssignStmt)
		if !ok || f.of(a.Lhs[0]) != "res" {
			continue
		}
		call, ok := a.Rhs[0].(*ast.CallExpr)
		return ok && slices.Contains(names, f.of(call.Fun))
	}
	return false
}

// atHand replaces the bodies of the fields that are at hand, and tells how many there are.
func (f *file) atHand(silent map[string]bool) (text []byte, fields int) {
	end := 0
	for _, d := range f.syntax.Decls {
		fn, ok := d.(*ast.FuncDecl)
		if !ok || fn.Recv == nil {
			continue
		}
		p, ok := f.plain(fn)
		if !ok {
			continue
		}
		fields++
		text = append(text, f.text[end:f.offset(fn.Body.Pos())]...)
		text = append(text, p.body(silent[p.marshal])...)
		end = f.offset(fn.Body.End())
	}
	return append(text, f.text[end:]...), fields
}

// plainField is a field that is at hand: a value of its object, or what a method of it answers that takes nothing and cannot fail.
type plainField struct {
	value, context, marshal string
	method                  bool
}

// plain reads a field's function, and tells whether it is at hand.
func (f *file) plain(fn *ast.FuncDecl) (p plainField, ok bool) {
	call, ok := returned(fn.Body, 1).(*ast.CallExpr)
	if !ok || f.of(call.Fun) != "graphql.ResolveField" || len(call.Args) != 9 || f.of(call.Args[5]) != "nil" {
		return p, false
	}
	if p.context, ok = f.called(call.Args[3]); !ok {
		return p, false
	}
	if p.marshal, ok = f.called(call.Args[6]); !ok {
		return p, false
	}
	resolver, ok := call.Args[4].(*ast.FuncLit)
	if !ok {
		return p, false
	}
	value := returned(resolver.Body, 2)
	if value == nil {
		return p, false
	}
	p.value = f.of(value)
	if made, isCall := value.(*ast.CallExpr); isCall && len(made.Args) == 0 {
		value, p.method = made.Fun, true
	}
	of, ok := value.(*ast.SelectorExpr)
	return p, ok && f.of(of.X) == "obj"
}

// returned is what a body that does nothing else returns: the one value, or the first of two of which the second is nil.
func returned(body *ast.BlockStmt, values int) ast.Expr {
	if len(body.List) != 1 {
		return nil
	}
	r, ok := body.List[0].(*ast.ReturnStmt)
	if !ok || len(r.Results) != values {
		return nil
	}
	if values == 2 {
		if last, ok := r.Results[1].(*ast.Ident); !ok || last.Name != "nil" {
			return nil
		}
	}
	return r.Results[0]
}

// called is the name of the executor's method that a function calls and does nothing else.
func (f *file) called(e ast.Expr) (name string, ok bool) {
	fn, ok := e.(*ast.FuncLit)
	if !ok {
		return "", false
	}
	call, ok := returned(fn.Body, 1).(*ast.CallExpr)
	if !ok {
		return "", false
	}
	of, ok := call.Fun.(*ast.SelectorExpr)
	if !ok || f.of(of.X) != "ec" {
		return "", false
	}
	return of.Sel.Name, true
}

// body is what the field does instead. A scalar of the row that cannot fail is written; anything else is told where it stands first, and a panic
// below it makes it null, as gqlgen has it.
func (p plainField) body(silent bool) string {
	if silent && (!p.method || p.value == "obj.GlobalID()") {
		return fmt.Sprintf("{\n\treturn ec.%s(ctx, field.Selections, %s)\n}", p.marshal, p.value)
	}
	return fmt.Sprintf(`{
	fc, err := ec.%s(ctx, field)
	if err != nil {
		return graphql.Null
	}
	ctx = graphql.WithFieldContext(ctx, fc)
	defer func() {
		if r := recover(); r != nil {
			ec.Error(ctx, ec.Recover(ctx, r))
			ret = graphql.Null
		}
	}()
	value := %s
	fc.Result = value
	return ec.%s(ctx, field.Selections, value)
}`, p.context, p.value, p.marshal)
}
