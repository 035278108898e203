package engine

import (
	"context"
	"errors"

	"github.com/99designs/gqlgen/graphql"
	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/gqlerror"
	"github.com/vektah/gqlparser/v2/parser"
)

// gate decides which operations reach the executor.
type gate struct {
	schema    *ast.Schema
	limits    Limits
	estimates estimates
	documents *documents
	// introspectionCost is the budget of introspection, which grows with the schema.
	introspectionCost int
	noIntrospection   bool
}

func newGate(schema *ast.Schema, opts Options) *gate {
	limits := opts.Limits.orDefault()
	g := &gate{
		schema:          withoutDefer(schema),
		limits:          limits,
		documents:       newDocuments(limits.CacheBytes),
		noIntrospection: opts.NoIntrospection,
	}
	g.estimates = newEstimates(g.schema, limits, opts.Lengths)
	g.introspectionCost = g.usualIntrospection()
	return g
}

// usualIntrospection is the budget of introspection: one and a half of what tools ask when they load the
// whole schema.
func (g *gate) usualIntrospection() int {
	doc, err := parser.ParseQuery(&ast.Source{Input: introspectionQuery})
	if err != nil {
		panic("engine: the usual introspection query: " + err.Error())
	}
	if errs := validate(g.schema, doc); len(errs) > 0 {
		panic("engine: the schema does not take the usual introspection query: " + errs.Error())
	}
	cost, _ := g.estimates.operation(doc.Operations[0], nil) // it has no condition to refuse
	return cost.introspection + cost.introspection/2
}

// document gives the parsed and validated document of a text, from the cache when it was asked before.
func (g *gate) document(text string, work *Work) (*ast.QueryDocument, gqlerror.List) {
	if doc, ok := g.documents.get(text); ok {
		return doc, nil
	}
	return g.parse(text, work)
}

// parse checks the text, its syntax and shape and the rules of GraphQL, each only when the one before has
// passed, and keeps a document that passes all.
func (g *gate) parse(text string, work *Work) (*ast.QueryDocument, gqlerror.List) {
	tokens, refused := g.limits.measure(text)
	work.add(tokens, 0)
	if refused != nil {
		return nil, gqlerror.List{refused}
	}
	doc, err := parser.ParseQueryWithTokenLimit(&ast.Source{Input: text}, g.limits.Tokens)
	if err != nil {
		return nil, parseError(err)
	}
	visited, steps, refused := g.limits.checkShape(doc)
	work.add(0, visited)
	if refused != nil {
		return nil, gqlerror.List{refused}
	}
	work.add(0, steps)
	if errs := validate(g.schema, doc); len(errs) > 0 {
		return nil, errs
	}
	g.documents.add(text, doc, tokens)
	return doc, nil
}

func parseError(err error) gqlerror.List {
	message := err.Error()
	var locations []gqlerror.Location
	if place, ok := errors.AsType[*gqlerror.Error](err); ok {
		message, locations = place.Message, place.Locations
	}
	wire := invalid(reasonParse, "%s", clip(message, 300)).wire()
	wire.Locations = locations
	return gqlerror.List{wire}
}

// admit checks a request and answers its document. What that takes is counted into work unless it is nil.
func (g *gate) admit(params *graphql.RawParams, work *Work) (*ast.QueryDocument, gqlerror.List) {
	doc, errs := g.document(params.Query, work)
	if errs != nil {
		return nil, errs
	}
	op := doc.Operations.ForName(params.OperationName)
	switch {
	case op == nil && params.OperationName == "":
		return nil, invalid(reasonValidation, "文档里有多个操作,请用 operationName 指明一个").list()
	case op == nil:
		return nil, invalid(reasonValidation, "文档里没有 operationName 指明的操作").list()
	case op.Operation == ast.Subscription:
		return nil, invalid(reasonValidation, "不提供订阅(subscription)").list()
	}
	if err := checkVariables(g.schema, op, params.Variables); err != nil {
		return nil, gqlerror.List{err}
	}
	cost, err := g.estimates.operation(op, params.Variables)
	switch {
	case err != nil:
		return nil, err.list()
	case g.noIntrospection && cost.introspection > 0:
		return nil, Errorf(Forbidden, "不提供模式查询(introspection)").list()
	case cost.fields > g.limits.Cost:
		return nil, tooComplex("COST", "查询代价过大:约 %d,最多 %d;请减少字段、嵌套或 first", cost.fields, g.limits.Cost).list()
	case cost.introspection > g.introspectionCost:
		return nil, tooComplex("COST", "模式查询代价过大:约 %d,最多 %d", cost.introspection, g.introspectionCost).list()
	}
	return doc, nil
}

// gated is gqlgen's executor behind the gate, for the transport.
type gated struct {
	graphql.GraphExecutor
	gate *gate
}

// CreateOperationContext admits the request before the executor sees it.
func (e gated) CreateOperationContext(ctx context.Context, params *graphql.RawParams) (*graphql.OperationContext, gqlerror.List) {
	doc, errs := e.gate.admit(params, workOf(ctx))
	if errs != nil {
		// The executor's extensions expect a context of an operation also around a refusal.
		return &graphql.OperationContext{
			RawQuery:      params.Query,
			OperationName: params.OperationName,
			Headers:       params.Headers,
			Stats:         graphql.Stats{Read: params.ReadTime, OperationStart: graphql.GetStartTime(ctx)},
		}, errs
	}
	ctx = context.WithValue(ctx, admittedKey{}, &admitted{text: params.Query, doc: doc})
	return e.GraphExecutor.CreateOperationContext(ctx, params)
}

type admittedKey struct{}

type admitted struct {
	text string
	doc  *ast.QueryDocument
}

// admittedDocument is the executor's cache of documents: it knows the one that was just admitted.
type admittedDocument struct{}

// Get answers the admitted document when it is the one asked for.
func (admittedDocument) Get(ctx context.Context, text string) (*ast.QueryDocument, bool) {
	a, ok := ctx.Value(admittedKey{}).(*admitted)
	if !ok || a.text != text {
		return nil, false
	}
	return a.doc, true
}

// Add keeps nothing: what the executor parsed by itself did not pass the gate.
func (admittedDocument) Add(context.Context, string, *ast.QueryDocument) {}
