package engine

// Limits bound what one request may ask. Beyond any of them the answer is TOO_COMPLEX, except for
// BodyBytes (HTTP 413). They are counts, not times, so that a request is judged the same on any machine.
type Limits struct {
	// BodyBytes is the size of a request body.
	BodyBytes int64
	// DocumentBytes is the size of the GraphQL document in it.
	DocumentBytes int
	// Tokens is the number of lexical tokens of the document, comments included.
	Tokens int
	// NameBytes is the length of a name. An alias comes back once for every row.
	NameBytes int
	// Nesting is how deep brackets of any kind may stand in each other.
	Nesting int
	// InputDepth is how deep lists and objects may stand in each other in one literal value.
	InputDepth int
	// Operations, Fragments and Directives are counted per document, Variables per operation.
	Operations, Fragments, Directives, Variables int
	// Depth is the number of fields on the longest path, introspection apart.
	Depth int
	// IntrospectionDepth is that number below __schema and __type, and Introspections how many of these
	// an operation may ask.
	IntrospectionDepth, Introspections int
	// RootFields and Mutations are the fields at the top of a query or of a mutation.
	RootFields, Mutations int
	// Work is the number of steps that validating takes: see shape.
	Work int
	// Cost is the number of fields that would be resolved: see cost. gqlgen takes 2 µs of processor time for
	// a field of a struct and about 7 µs for one with a resolver of its own.
	Cost int
	// PageSize is taken for the length of a connection when neither first nor last is given.
	PageSize int
	// ListSize is taken for the length of a list that has no such argument and no @cost(size:).
	ListSize int
	// Errors is the number of errors one response carries; the rest is only counted.
	Errors int
	// CacheBytes is about the memory that parsed documents may take between requests.
	CacheBytes int
}

// DefaultLimits are the limits that stand unless Options say otherwise. A page of a dashboard takes some
// hundred fields of cost, two pages of 100 in each other with a few fields about 50,000.
func DefaultLimits() Limits {
	return Limits{
		BodyBytes:          1 << 20,
		DocumentBytes:      128 << 10,
		Tokens:             15_000,
		NameBytes:          100,
		Nesting:            64,
		InputDepth:         10,
		Operations:         50,
		Fragments:          200,
		Directives:         200,
		Variables:          100,
		Depth:              15,
		IntrospectionDepth: 20,
		Introspections:     4,
		RootFields:         50,
		Mutations:          10,
		Work:               20_000,
		Cost:               60_000,
		PageSize:           100,
		ListSize:           10,
		Errors:             100,
		CacheBytes:         32 << 20,
	}
}

// orDefault fills the fields that are not set.
func (l Limits) orDefault() Limits {
	d := DefaultLimits()
	if l.BodyBytes <= 0 {
		l.BodyBytes = d.BodyBytes
	}
	for _, f := range []struct{ have, otherwise *int }{
		{&l.DocumentBytes, &d.DocumentBytes},
		{&l.Tokens, &d.Tokens},
		{&l.NameBytes, &d.NameBytes},
		{&l.Nesting, &d.Nesting},
		{&l.InputDepth, &d.InputDepth},
		{&l.Operations, &d.Operations},
		{&l.Fragments, &d.Fragments},
		{&l.Directives, &d.Directives},
		{&l.Variables, &d.Variables},
		{&l.Depth, &d.Depth},
		{&l.IntrospectionDepth, &d.IntrospectionDepth},
		{&l.Introspections, &d.Introspections},
		{&l.RootFields, &d.RootFields},
		{&l.Mutations, &d.Mutations},
		{&l.Work, &d.Work},
		{&l.Cost, &d.Cost},
		{&l.PageSize, &d.PageSize},
		{&l.ListSize, &d.ListSize},
		{&l.Errors, &d.Errors},
		{&l.CacheBytes, &d.CacheBytes},
	} {
		if *f.have <= 0 {
			*f.have = *f.otherwise
		}
	}
	return l
}
