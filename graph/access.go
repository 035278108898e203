package graph

import (
	"context"
	"errors"
	"time"

	"github.com/99designs/gqlgen/graphql"

	"github.com/lianluo/lianluo/ent/fault"
	"github.com/lianluo/lianluo/ent/viewer"
	"github.com/lianluo/lianluo/graph/batch"
	"github.com/lianluo/lianluo/graph/engine"
)

// Access prepares each operation and refuses what needs a sign-in to those who have not signed in: every field of the
// roots but those marked @open. It is an extension of the engine.
type Access struct{}

var _ interface {
	graphql.HandlerExtension
	graphql.OperationInterceptor
	graphql.ResponseInterceptor
} = Access{}

// ExtensionName names the extension in gqlgen.
func (Access) ExtensionName() string { return "Access" }

// Validate accepts every schema.
func (Access) Validate(graphql.ExecutableSchema) error { return nil }

// InterceptOperation gives the operation its registry of siblings.
func (Access) InterceptOperation(ctx context.Context, next graphql.OperationHandler) graphql.ResponseHandler {
	return next(batch.NewContext(ctx))
}

// InterceptResponse refuses an operation of someone unknown before any resolver runs.
func (Access) InterceptResponse(ctx context.Context, next graphql.ResponseHandler) *graphql.Response {
	if viewer.FromContext(ctx) != nil {
		return next(ctx)
	}
	oc := graphql.GetOperationContext(ctx)
	if oc.Operation == nil {
		return next(ctx) // what was sent is no operation; what is wrong with it is no secret
	}
	for _, field := range graphql.CollectFields(oc, oc.Operation.SelectionSet, []string{"Query", "Mutation"}) {
		if field.Definition.Directives.ForName("open") == nil && !introspection[field.Name] {
			graphql.AddError(ctx, fault.Unauthenticated("请先登录"))
			return &graphql.Response{Errors: graphql.GetErrors(ctx)}
		}
	}
	return next(ctx)
}

// introspection are the root fields that describe the API itself, which is public.
var introspection = map[string]bool{"__schema": true, "__type": true, "__typename": true}

// codes are the API's codes of refusals.
var codes = []struct {
	kind error
	code engine.Code
}{
	{fault.ErrUnauthenticated, engine.Unauthenticated},
	{fault.ErrForbidden, engine.Forbidden},
	{fault.ErrNotFound, engine.NotFound},
	{fault.ErrInvalid, engine.Invalid},
	{fault.ErrConflict, engine.Conflict},
	{fault.ErrRateLimited, engine.RateLimited},
}

// MapError makes an answer of a refusal; nil for an error that is none.
func MapError(err error) *engine.Error {
	refusal, ok := errors.AsType[*fault.Fault](err)
	if !ok {
		return nil
	}
	out := &engine.Error{Code: engine.Internal, Message: refusal.Message, RetryAfter: int(refusal.RetryAfter / time.Second)}
	for _, c := range codes {
		if errors.Is(refusal, c.kind) {
			out.Code = c.code
		}
	}
	for _, f := range refusal.Fields {
		path := make(engine.Path, len(f.Path))
		for i, step := range f.Path {
			path[i] = step
		}
		out.Fields = append(out.Fields, engine.FieldError{Path: path, Code: f.Code, Message: f.Message})
	}
	return out
}
