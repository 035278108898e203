// Package engine serves a GraphQL schema over HTTP and holds every limit that keeps one request from
// costing more than its share.
//
// It is the porch of the room graph: it knows HTTP, the GraphQL language and the shape of errors, and
// nothing of divisions or stations. It imports none of our packages; what the rest of the house knows
// (which error means NOT_FOUND, how a request is named in the log) comes in through Options.
//
// A request passes these doors in turn, and the first one that refuses it ends it before any resolver runs:
//
//	http.go       method, media types, size
//	body.go       strict JSON
//	measure.go    tokens, nesting, lengths            one pass over the text, before it is parsed
//	shape.go      depth, roots, fragments, work       one pass over the syntax tree, before it is validated
//	rules.go      the rules of GraphQL                gqlparser's, the costly ones replaced (overlap.go)
//	variables.go  values of variables, @oneOf
//	cost.go       fields a request would resolve      one pass, with the values of the variables
//
// gqlgen's executor then runs the operation; errors.go and present.go turn what goes wrong into the
// errors clients see.
package engine

import (
	"context"
	"log/slog"
	"net/http"
	"time"

	"github.com/99designs/gqlgen/graphql"
	"github.com/99designs/gqlgen/graphql/handler"
	"github.com/99designs/gqlgen/graphql/handler/extension"
)

// Options say how a schema is served. The zero value is ready for use.
type Options struct {
	// Limits bound a request; a zero field takes the value of DefaultLimits.
	Limits Limits
	// Lengths tell how long lists are whose arguments say more than first, by "Type.field".
	Lengths map[string]Length
	// NoIntrospection refuses __schema and __type. The API is public documentation, so introspection is
	// offered unless this is set; it is counted either way.
	NoIntrospection bool
	// Timeout ends a request's context; 15 s when zero. Reading a slow body is the HTTP server's to bound.
	Timeout time.Duration
	// Logger gets panics and internal errors with their causes; slog.Default when nil.
	Logger *slog.Logger
	// RequestID names the request in the log and in extensions.requestId of internal errors. When nil, or
	// when it answers "", a random name is made.
	RequestID func(context.Context) string
	// MapError turns an error of the layers below into one for clients, or nil when it does not know it;
	// what it does not know is answered as INTERNAL. It is not asked about an *Error.
	MapError func(error) *Error
	// Extensions are added to gqlgen's server in this order.
	Extensions []graphql.HandlerExtension
}

const defaultTimeout = 15 * time.Second

// New makes the HTTP handler that serves the schema. It panics when the schema cannot answer the usual
// introspection query, or refuses an extension: both are mistakes of the program, not of a request.
func New(es graphql.ExecutableSchema, opts Options) http.Handler {
	if opts.Logger == nil {
		opts.Logger = slog.Default()
	}
	if opts.Timeout <= 0 {
		opts.Timeout = defaultTimeout
	}
	gate := newGate(es.Schema(), opts)
	show := presenter{mapError: opts.MapError, log: opts.Logger}

	server := handler.New(es)
	server.AddTransport(post{
		gate:      gate,
		limit:     gate.limits.BodyBytes,
		timeout:   opts.Timeout,
		requestID: opts.RequestID,
		log:       opts.Logger,
	})
	server.SetErrorPresenter(show.present)
	server.SetRecoverFunc(show.recovered)
	// The gate hands the checked document to the executor through this cache. Should the executor ever
	// parse by itself, it does so under the same rules.
	server.SetQueryCache(admittedDocument{})
	server.SetParserTokenLimit(gate.limits.Tokens)
	server.SetDisableSuggestion(true)
	server.SetValidationRulesFn(newRules)
	if !opts.NoIntrospection {
		server.Use(extension.Introspection{})
	}
	for _, e := range opts.Extensions {
		server.Use(e)
	}
	return server
}
