// Package fault holds the ways in which a request can be refused, in words for people and codes for programs.
//
// Workflows and rollups return faults; graph turns them into GraphQL errors in one place. Imports nothing of ours.
package fault

import (
	"errors"
	"fmt"
	"strings"
	"time"
)

// What a refusal is. Test with errors.Is.
var (
	// ErrUnauthenticated: no one, or no one known, is asking.
	ErrUnauthenticated = errors.New("unauthenticated")
	// ErrForbidden: the viewer's role may not do this anywhere.
	ErrForbidden = errors.New("forbidden")
	// ErrNotFound: there is no such thing, or it is out of the viewer's scope; no one can tell which.
	ErrNotFound = errors.New("not found")
	// ErrInvalid: the input cannot be right.
	ErrInvalid = errors.New("invalid")
	// ErrConflict: the input may be right, but not with what is stored now.
	ErrConflict = errors.New("conflict")
	// ErrRateLimited: the same may be right later; see Fault.RetryAfter.
	ErrRateLimited = errors.New("rate limited")
)

// Field is what is wrong with one field of the input.
type Field struct {
	// Path leads to the field from the arguments on, as input, mandate, electedOn.
	Path []string
	// Code is stable and for programs, as TOO_LONG.
	Code string
	// Message is for people.
	Message string
}

// Fault is a refusal.
type Fault struct {
	// Kind is one of the errors above.
	Kind error
	// Message is for people, in Chinese.
	Message string
	Fields  []Field
	// RetryAfter is how long to wait before trying again, in whole seconds; 0 but for ErrRateLimited.
	RetryAfter time.Duration
}

func (f *Fault) Error() string {
	if len(f.Fields) == 0 {
		return f.Kind.Error() + ": " + f.Message
	}
	paths := make([]string, len(f.Fields))
	for i, field := range f.Fields {
		paths[i] = strings.Join(field.Path, ".") + " " + field.Code
	}
	return f.Kind.Error() + ": " + f.Message + " (" + strings.Join(paths, ", ") + ")"
}

// Unwrap gives the kind.
func (f *Fault) Unwrap() error { return f.Kind }

// Forbidden refuses a verb to a role.
func Forbidden(message string) *Fault { return &Fault{Kind: ErrForbidden, Message: message} }

// Unauthenticated refuses someone unknown.
func Unauthenticated(message string) *Fault {
	return &Fault{Kind: ErrUnauthenticated, Message: message}
}

// NotFound says that the thing a field names is not there for the viewer.
func NotFound(message string, path ...string) *Fault {
	return withField(ErrNotFound, "NOT_FOUND", message, path)
}

// Invalid says that a field cannot be right.
func Invalid(code, message string, path ...string) *Fault {
	return withField(ErrInvalid, code, message, path)
}

// Conflict says that a field contradicts what is stored now.
func Conflict(code, message string, path ...string) *Fault {
	return withField(ErrConflict, code, message, path)
}

// RateLimited refuses what comes too often, for as long as the wait.
func RateLimited(wait time.Duration) *Fault {
	seconds := max(1, int64((wait+time.Second-1)/time.Second))
	return &Fault{Kind: ErrRateLimited, Message: "操作过于频繁,请在" + inWords(seconds) + "后再试", RetryAfter: time.Duration(seconds) * time.Second}
}

// inWords is a time to wait as people say it; a longer one is rounded up.
func inWords(seconds int64) string {
	switch {
	case seconds <= 60:
		return fmt.Sprintf(" %d 秒", seconds)
	case seconds <= 60*60:
		return fmt.Sprintf(" %d 分钟", (seconds+59)/60)
	}
	return fmt.Sprintf(" %d 小时", (seconds+3599)/3600)
}

func withField(kind error, code, message string, path []string) *Fault {
	f := &Fault{Kind: kind, Message: message}
	if len(path) > 0 {
		f.Fields = []Field{{Path: path, Code: code, Message: message}}
	}
	return f
}

// List gathers what is wrong with several fields, so that a person sees all at once.
type List struct{ fields []Field }

// Add notes what is wrong with a field.
func (l *List) Add(code, message string, path ...string) {
	l.fields = append(l.fields, Field{Path: path, Code: code, Message: message})
}

// Err is the refusal that names all fields noted, or nil.
func (l *List) Err() error {
	if len(l.fields) == 0 {
		return nil
	}
	messages := make([]string, len(l.fields))
	for i, f := range l.fields {
		messages[i] = f.Message
	}
	return &Fault{Kind: ErrInvalid, Message: strings.Join(messages, ";"), Fields: l.fields}
}
