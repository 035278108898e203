package engine

import (
	"errors"
	"fmt"
	"net/http"
	"slices"

	"github.com/vektah/gqlparser/v2/gqlerror"
)

// Code tells programs what went wrong; it stands in extensions.code of every error.
type Code string

// The codes. They are part of the API and do not change.
const (
	// Unauthenticated: nobody is signed in, or the token is not good.
	Unauthenticated Code = "UNAUTHENTICATED"
	// Forbidden: the viewer may see it but not do this.
	Forbidden Code = "FORBIDDEN"
	// NotFound: there is no such thing, or none the viewer may see.
	NotFound Code = "NOT_FOUND"
	// Invalid: the request or a value in it is not acceptable.
	Invalid Code = "INVALID"
	// Conflict: the state of things does not allow it, or somebody was faster.
	Conflict Code = "CONFLICT"
	// RateLimited: too many requests; later ones may pass.
	RateLimited Code = "RATE_LIMITED"
	// TooComplex: the request asks more than one request may.
	TooComplex Code = "TOO_COMPLEX"
	// Internal: a fault on our side. The cause is in the log, under extensions.requestId.
	Internal Code = "INTERNAL"
	// Timeout: the request took longer than it may.
	Timeout Code = "TIMEOUT"
)

// codes lists the codes.
var codes = []Code{Unauthenticated, Forbidden, NotFound, Invalid, Conflict, RateLimited, TooComplex, Internal, Timeout}

// Error is an error meant for clients.
type Error struct {
	Code Code
	// Message says in plain Chinese what is wrong and, where it helps, what to do. What the rules of
	// GraphQL refuse is said in English, in the words programmers know from other servers.
	Message string
	// Fields name the inputs that were refused.
	Fields []FieldError
	// Reason tells kinds of one code apart for programs (extensions.reason); it may be empty.
	Reason string
	// RetryAfter is the number of seconds after which the same may be tried again (extensions.retryAfter); 0 where that says nothing.
	RetryAfter int
}

// FieldError is what is wrong with one input; it stands in extensions.fields.
type FieldError struct {
	// Path leads from the argument or variable to the value.
	Path Path `json:"path"`
	// Code is a finer code of the field's own, such as REQUIRED, TYPE or TOO_LONG.
	Code string `json:"code"`
	// Message is in plain Chinese.
	Message string `json:"message"`
}

// Path leads to a value in the input: names of fields (string) and places in lists (int, from 0).
type Path []any

// Reasons the engine itself gives.
const (
	reasonParse      = "GRAPHQL_PARSE_FAILED"
	reasonValidation = "GRAPHQL_VALIDATION_FAILED"
	reasonVariables  = "VARIABLES"
	reasonArguments  = "ARGUMENTS"
	reasonRequest    = "REQUEST"
)

// Codes of fields the engine itself gives.
const (
	fieldRequired = "REQUIRED"
	fieldType     = "TYPE"
	fieldRange    = "RANGE"
	fieldUnknown  = "UNKNOWN"
	fieldOneOf    = "ONE_OF"
)

const (
	messageInternal = "服务器内部错误,请稍后再试"
	messageTimeout  = "请求超时,请缩小范围后再试"
	messageCanceled = "请求已取消"
)

// Error gives the code and the message.
func (e *Error) Error() string { return string(e.Code) + ": " + e.Message }

// Errorf makes an error for clients.
func Errorf(code Code, format string, args ...any) *Error {
	return &Error{Code: code, Message: fmt.Sprintf(format, args...)}
}

// InvalidField makes the error for one refused input.
func InvalidField(path Path, code, message string) *Error {
	return &Error{Code: Invalid, Message: message, Fields: []FieldError{{Path: path, Code: code, Message: message}}}
}

// known tells whether the code is one of the API's.
func (c Code) known() bool { return slices.Contains(codes, c) }

// status is the HTTP status of a request refused with this code before it was executed.
func (c Code) status() int {
	switch c {
	case Unauthenticated:
		return http.StatusUnauthorized
	case Forbidden:
		return http.StatusForbidden
	case RateLimited:
		return http.StatusTooManyRequests
	case Internal:
		return http.StatusInternalServerError
	case Timeout:
		return http.StatusGatewayTimeout
	default:
		return http.StatusBadRequest
	}
}

// tooComplex makes the error for a limit that is passed; reason names the limit.
func tooComplex(reason, format string, args ...any) *Error {
	return &Error{Code: TooComplex, Reason: reason, Message: fmt.Sprintf(format, args...)}
}

// invalid makes the error for a document that breaks a rule of GraphQL.
func invalid(reason, format string, args ...any) *Error {
	return &Error{Code: Invalid, Reason: reason, Message: fmt.Sprintf(format, args...)}
}

// wire is the form in which the error goes to the client.
func (e *Error) wire() *gqlerror.Error {
	extensions := map[string]any{"code": string(e.Code)}
	if len(e.Fields) > 0 {
		extensions["fields"] = e.Fields
	}
	if e.Reason != "" {
		extensions["reason"] = e.Reason
	}
	if e.RetryAfter > 0 {
		extensions["retryAfter"] = e.RetryAfter
	}
	return &gqlerror.Error{Err: e, Message: e.Message, Extensions: extensions}
}

// list is the error as gqlgen takes it from a failed request.
func (e *Error) list() gqlerror.List { return gqlerror.List{e.wire()} }

// codeOf is the code of an error that has its wire form.
func codeOf(err *gqlerror.Error) Code {
	if e, ok := errors.AsType[*Error](err); ok {
		return e.Code
	}
	return Internal
}
