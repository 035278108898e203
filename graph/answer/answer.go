// Package answer puts objects and lists of an answer together, in place of gqlgen's runtime, for the generated executor.
//
// gqlgen starts a goroutine for every row of a list and for every field of it that has a resolver. Here a row needs none: what belongs to the rows of
// a list is loaded for all of them when the first asks (graph/batch), so only there do fields wait for the database, and only there are they resolved
// side by side. Nor is anything kept ready for @defer, which the API does not offer. It imports nothing of ours; graph/generate has the executor call it.
package answer

import (
	"context"
	"io"
	"sync"

	"github.com/99designs/gqlgen/graphql"
)

// Object is an object of the answer: the values of the fields that are asked for.
type Object struct {
	// Values are those of the fields, in their order.
	Values []graphql.Marshaler
	// Invalids counts fields without a value that must have one. It is counted atomically.
	Invalids uint32

	fields  []graphql.CollectedField
	delayed []delayed
}

// delayed is a field that is resolved when the others are.
type delayed struct {
	at      int
	resolve func(context.Context) graphql.Marshaler
}

// NewObject makes room for the values of fields.
func NewObject(fields []graphql.CollectedField) *Object {
	return &Object{fields: fields, Values: make([]graphql.Marshaler, len(fields))}
}

// Concurrently notes a field that may wait for something.
func (o *Object) Concurrently(at int, resolve func(context.Context) graphql.Marshaler) {
	o.delayed = append(o.delayed, delayed{at, resolve})
}

// Dispatch resolves what is noted: side by side where each may wait, and one after the other in rows after the first of a list, for which everything
// has been loaded by then.
func (o *Object) Dispatch(ctx context.Context) {
	if len(o.delayed) == 0 {
		return
	}
	var others sync.WaitGroup
	rest := o.delayed[1:]
	if len(rest) > 0 && !follows(ctx) {
		for _, d := range rest {
			others.Go(func() { o.Values[d.at] = d.resolve(ctx) })
		}
		rest = nil
	}
	first := o.delayed[0]
	o.Values[first.at] = first.resolve(ctx)
	for _, d := range rest {
		o.Values[d.at] = d.resolve(ctx)
	}
	others.Wait()
}

// follows tells whether the context's object belongs to a row of a list that is not its first.
func follows(ctx context.Context) bool {
	for place := graphql.GetFieldContext(ctx); place != nil; place = place.Parent {
		if place.Index != nil && *place.Index > 0 {
			return true
		}
	}
	return false
}

// MarshalGQL writes the object as JSON. Names of fields are letters, digits and underscores.
func (o *Object) MarshalGQL(w io.Writer) {
	written := o.repeated()
	before := `{"`
	for i := range o.fields {
		name := o.fields[i].Alias
		if written != nil {
			if written[name] {
				continue
			}
			written[name] = true
		}
		write(w, before)
		write(w, name)
		write(w, `":`)
		o.Values[i].MarshalGQL(w)
		before = `,"`
	}
	if len(o.fields) == 0 {
		write(w, `{`)
	}
	write(w, `}`)
}

// repeated is where names that are written are noted, when one can come twice: gqlgen merges fields of one type, not those that fragments on unrelated
// types ask for alike.
func (o *Object) repeated() map[string]bool {
	for i := range o.fields {
		if o.fields[i].ObjectDefinition != o.fields[0].ObjectDefinition {
			return make(map[string]bool, len(o.fields))
		}
	}
	return nil
}

func write(w io.Writer, s string) { _, _ = io.WriteString(w, s) } // into memory

// List makes a list of the answer, one element after the other. A panic makes the list empty, and is told with the place of its element.
func List(ctx context.Context, length int, element func(ctx context.Context, i int) graphql.Marshaler) (out graphql.Array) {
	out = make(graphql.Array, length)
	places := make([]place, length)
	at := ctx
	defer func() {
		if r := recover(); r != nil {
			graphql.AddError(at, graphql.Recover(at, r))
			out = nil
		}
	}()
	for i := range out {
		places[i].index = i
		places[i].Index = &places[i].index
		at = graphql.WithFieldContext(ctx, &places[i].FieldContext)
		out[i] = element(at, i)
	}
	return out
}

// place is where an element stands; those of a list are made at once.
type place struct {
	graphql.FieldContext
	index int
}
