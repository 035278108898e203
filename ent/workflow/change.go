package workflow

// Change is what an update says of one field. The zero value leaves the field as it is.
type Change[T any] struct {
	// Given tells that the field was named.
	Given bool
	// Value is the new value; nil empties the field.
	Value *T
}

// To is the change to a value.
func To[T any](v T) Change[T] { return Change[T]{Given: true, Value: &v} }

// Emptied is the change to no value.
func Emptied[T any]() Change[T] { return Change[T]{Given: true} }

// or is the value after the change of a field that was old.
func (c Change[T]) or(old *T) *T {
	if c.Given {
		return c.Value
	}
	return old
}

// move is what the audit keeps of a change.
type move struct {
	From any `json:"from"`
	To   any `json:"to"`
}

// diff is what an update changes in truth, by field.
type diff map[string]any

// revise applies a change to a field through its setter and unsetter, unless it changes nothing, and notes it.
func revise[T comparable, B any](d diff, name string, old *T, c Change[T], set func(T) B, unset func() B) {
	switch {
	case !c.Given, old == nil && c.Value == nil, old != nil && c.Value != nil && *old == *c.Value:
		return
	case c.Value == nil:
		unset()
	default:
		set(*c.Value)
	}
	d[name] = move{From: old, To: c.Value}
}
