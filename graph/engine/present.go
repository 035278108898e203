package engine

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"log/slog"
	"runtime/debug"
	"slices"
	"sync/atomic"

	"github.com/99designs/gqlgen/graphql"
	"github.com/99designs/gqlgen/graphql/errcode"
	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/gqlerror"
)

// loggedPerRequest bounds how many internal errors of one request are logged: a broken field of a list
// fails once for every row.
const loggedPerRequest = 5

// request is what one HTTP request carries through gqlgen.
type request struct {
	id string
	// maxErrors is how many errors its answer may hold.
	maxErrors int64
	errors    atomic.Int64
	logged    atomic.Int64
}

type requestKey struct{}

// newRequest names the request.
func newRequest(ctx context.Context, name func(context.Context) string, maxErrors int) *request {
	req := &request{maxErrors: int64(maxErrors)}
	if name != nil {
		req.id = name(ctx)
	}
	if req.id == "" {
		req.id = rand.Text()
	}
	return req
}

// requestOf finds the request of a context; a context from elsewhere gets one of its own.
func requestOf(ctx context.Context) *request {
	if req, ok := ctx.Value(requestKey{}).(*request); ok {
		return req
	}
	return newRequest(ctx, nil, DefaultLimits().Errors)
}

// omitted is the number of errors beyond the limit.
func (r *request) omitted() int64 { return max(0, r.errors.Load()-r.maxErrors) }

// errRecovered stands for a panic that is already logged.
var errRecovered = errors.New("engine: recovered from a panic")

// presenter decides what clients see of an error.
type presenter struct {
	mapError func(error) *Error
	log      *slog.Logger
}

// recovered logs a panic of a resolver.
func (p presenter) recovered(ctx context.Context, v any) error {
	logPanic(ctx, p.log, v)
	return errRecovered
}

func logPanic(ctx context.Context, log *slog.Logger, v any) {
	req := requestOf(ctx)
	if req.logged.Add(1) > loggedPerRequest {
		return
	}
	log.ErrorContext(ctx, "graphql: panic", "request", req.id, "operation", operationName(ctx),
		"path", graphql.GetPath(ctx).String(), "panic", fmt.Sprint(v), "stack", string(debug.Stack()))
}

// present is gqlgen's ErrorPresenter. It answers nil, and so drops the error, when the response already
// holds as many as it may.
func (p presenter) present(ctx context.Context, err error) *gqlerror.Error {
	req := requestOf(ctx)
	if req.errors.Add(1) > req.maxErrors {
		return nil
	}
	place, _ := errors.AsType[*gqlerror.Error](err)
	e, path := p.classify(ctx, err, place)
	shown := e.wire()
	shown.Path = path
	if place != nil {
		shown.Locations = place.Locations
	}
	if e.Code == Internal || e.Code == Timeout {
		shown.Extensions["requestId"] = req.id
	}
	return shown
}

// classify finds the error to show and the path of the response it belongs to. place is the GraphQL error
// that gqlgen has wrapped err in, if any.
func (p presenter) classify(ctx context.Context, err error, place *gqlerror.Error) (*Error, ast.Path) {
	var path ast.Path
	if place != nil {
		path = place.Path
	}
	var input Path
	argument := inArguments(ctx)
	if argument {
		field := graphql.GetFieldContext(ctx).Path()
		input = inputPath(path, field)
		path = field
	}

	e, ok := errors.AsType[*Error](err)
	if !ok && p.mapError != nil {
		e = p.mapError(err)
	}
	switch {
	case e != nil && e.Code.known() && e.Code != Internal:
		if argument && len(e.Fields) == 0 && len(input) > 0 {
			e = &Error{
				Code: e.Code, Message: e.Message, Reason: e.Reason, RetryAfter: e.RetryAfter,
				Fields: []FieldError{{Path: input, Code: fieldType, Message: e.Message}},
			}
		}
		return e, path
	case errors.Is(err, errRecovered):
		return &Error{Code: Internal, Message: messageInternal}, path
	case errors.Is(err, context.Canceled) || errors.Is(ctx.Err(), context.Canceled):
		return &Error{Code: Timeout, Message: messageCanceled}, path
	case errors.Is(err, context.DeadlineExceeded) || errors.Is(ctx.Err(), context.DeadlineExceeded):
		p.logError(ctx, slog.LevelWarn, "graphql: timeout", err)
		return &Error{Code: Timeout, Message: messageTimeout}, path
	case argument:
		// A scalar's own reading failed; it says what it expects of the value.
		return &Error{
			Code: Invalid, Reason: reasonArguments, Message: "参数的值不合要求",
			Fields: []FieldError{{Path: input, Code: fieldType, Message: clip(bare(err, place), 200)}},
		}, path
	case place != nil && place.Err == nil && isProtocol(place):
		return invalid(reasonValidation, "%s", place.Message), nil
	default:
		p.logError(ctx, slog.LevelError, "graphql: internal error", err)
		return &Error{Code: Internal, Message: messageInternal}, path
	}
}

// inArguments tells whether gqlgen is still reading the arguments of the context's field: they are set as
// a whole once all have been read.
func inArguments(ctx context.Context) bool {
	fc := graphql.GetFieldContext(ctx)
	return fc != nil && fc.Args == nil && fc.Field.Field != nil && fc.Field.Definition != nil &&
		len(fc.Field.Definition.Arguments) > 0
}

// inputPath is what remains of a path below its field: argument, field of the input, place in a list.
func inputPath(path, field ast.Path) Path {
	if len(path) <= len(field) || !slices.Equal(path[:len(field)], field) {
		return nil
	}
	var out Path
	for _, step := range path[len(field):] {
		switch step := step.(type) {
		case ast.PathName:
			out = append(out, string(step))
		case ast.PathIndex:
			out = append(out, int(step))
		}
	}
	return out
}

// isProtocol tells whether gqlgen itself refused the request before executing it.
func isProtocol(err *gqlerror.Error) bool {
	code := err.Extensions["code"]
	return code == errcode.ValidationFailed || code == errcode.ParseFailed
}

// bare is the error's own message, without the place that gqlgen puts before it.
func bare(err error, place *gqlerror.Error) string {
	if place != nil {
		return place.Message
	}
	return err.Error()
}

func (p presenter) logError(ctx context.Context, level slog.Level, message string, err error) {
	req := requestOf(ctx)
	if req.logged.Add(1) > loggedPerRequest {
		return
	}
	p.log.Log(ctx, level, message, "request", req.id, "operation", operationName(ctx), "error", err) //nolint:sloglint // two callers, each with a constant
}

func operationName(ctx context.Context) string {
	if !graphql.HasOperationContext(ctx) {
		return ""
	}
	return graphql.GetOperationContext(ctx).OperationName
}

// clip cuts a text to n runes.
func clip(s string, n int) string {
	for i := range s {
		if n == 0 {
			return s[:i] + "…"
		}
		n--
	}
	return s
}
