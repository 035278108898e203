package answer_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"sync/atomic"
	"testing"

	"github.com/99designs/gqlgen/graphql"
	"github.com/vektah/gqlparser/v2/ast"

	"github.com/lianluo/lianluo/graph/answer"
)

func fields(of *ast.Definition, names ...string) []graphql.CollectedField {
	out := make([]graphql.CollectedField, len(names))
	for i, name := range names {
		out[i].Field = &ast.Field{Name: name, Alias: name, ObjectDefinition: of}
	}
	return out
}

func text(m graphql.Marshaler) string {
	var b bytes.Buffer
	m.MarshalGQL(&b)
	return b.String()
}

func responding() context.Context {
	return graphql.WithResponseContext(context.Background(), graphql.DefaultErrorPresenter, func(_ context.Context, r any) error {
		return errors.New(fmt.Sprint(r))
	})
}

func TestObject(t *testing.T) {
	station, node := &ast.Definition{Name: "Station"}, &ast.Definition{Name: "Node"}
	for _, test := range []struct {
		fields []graphql.CollectedField
		want   string
	}{
		{nil, `{}`},
		{fields(station, "id"), `{"id":"0"}`},
		{fields(station, "id", "name_2", "no"), `{"id":"0","name_2":"1","no":"2"}`},
		// What two fragments ask for under one name is written once.
		{append(fields(node, "id", "name"), fields(station, "id", "no")...), `{"id":"0","name":"1","no":"3"}`},
	} {
		o := answer.NewObject(test.fields)
		for i := range o.Values {
			o.Values[i] = graphql.MarshalString(fmt.Sprint(i))
		}
		if got := text(o); got != test.want || !json.Valid([]byte(got)) {
			t.Errorf("%s instead of %s", got, test.want)
		}
	}
}

// TestDispatch has fields that can only end together where they are resolved side by side.
func TestDispatch(t *testing.T) {
	const many = 3
	object := func(resolve func(i int)) *answer.Object {
		o := answer.NewObject(fields(&ast.Definition{Name: "Station"}, "a", "b", "c"))
		for i := range many {
			o.Concurrently(i, func(context.Context) graphql.Marshaler {
				resolve(i)
				return graphql.MarshalInt(i)
			})
		}
		return o
	}
	const want = `{"a":0,"b":1,"c":2}`
	all := func() func(int) {
		met, arrived := make(chan struct{}), atomic.Int32{}
		return func(int) {
			if arrived.Add(1) == many {
				close(met)
			}
			<-met
		}
	}
	o := object(all())
	o.Dispatch(t.Context())
	if got := text(o); got != want {
		t.Errorf("a single object: %s instead of %s", got, want)
	}

	rows := answer.List(responding(), 3, func(ctx context.Context, row int) graphql.Marshaler {
		var under atomic.Int32
		o := object(func(i int) {
			if under.Add(1) != 1 {
				t.Errorf("row %d: %d is resolved beside another field", row, i)
			}
			under.Add(-1)
		})
		if row == 0 {
			o = object(all())
		}
		o.Dispatch(ctx)
		return o
	})
	if got := text(rows); got != "["+want+","+want+","+want+"]" {
		t.Error(got)
	}
}

func TestListTellsWhereItFailed(t *testing.T) {
	ctx := graphql.WithFieldContext(responding(), &graphql.FieldContext{Field: fields(nil, "stations")[0]})
	got := answer.List(ctx, 3, func(ctx context.Context, i int) graphql.Marshaler {
		if place := graphql.GetFieldContext(ctx); *place.Index != i {
			t.Errorf("element %d stands at %d", i, *place.Index)
		}
		if i == 1 {
			panic("broken")
		}
		return graphql.MarshalInt(i)
	})
	errs := graphql.GetErrors(ctx)
	if len(got) != 0 || len(errs) != 1 || errs[0].Path.String() != "stations[1]" || errs[0].Message != "broken" {
		t.Errorf("%s, %v", text(got), errs)
	}
	if empty := answer.List(ctx, 0, nil); text(empty) != "[]" {
		t.Errorf("an empty list is %s", text(empty))
	}
}
