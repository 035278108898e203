package app_test

import (
	"slices"
	"strings"
	"testing"
)

// connectionFields are the fields of every connection, its edges and their page; every connection is asked for all of
// them by connectionSelection.
var (
	connectionFields = []string{"edges", "pageInfo", "totalCount"}
	edgeFields       = []string{"cursor", "node"}
	pageInfoFields   = []string{"endCursor", "hasNextPage", "hasPreviousPage", "startCursor"}
)

// checkSchema reads the schema as the server describes it and fails for each field, argument and filter that the
// matrix does not try.
func (m *matrix) checkSchema(t *testing.T) {
	var data struct {
		Schema struct {
			Types []schemaType
		} `json:"__schema"`
		Node struct {
			PossibleTypes []struct{ Name string }
		}
	}
	m.server.Nobody().Get(&data, `{
		__schema { types { kind name fields { name args { name } } inputFields { name } } }
		node: __type(name: "Node") { possibleTypes { name } }
	}`, nil)
	nodes := nodeProbes(m.world)
	for _, possible := range data.Node.PossibleTypes {
		if nodes[possible.Name] == nil || nodeTables[possible.Name] == "" {
			t.Errorf("the matrix does not try nodes of type %s", possible.Name)
		}
	}
	for _, typ := range data.Schema.Types {
		switch {
		case strings.HasPrefix(typ.Name, "__"):
		case typ.Kind == "OBJECT":
			m.checkType(t, typ, nodes)
		case typ.Kind == "INPUT_OBJECT" && strings.HasSuffix(typ.Name, "Filter"):
			m.checkFilter(t, typ, nodes)
		}
	}
}

type schemaType struct {
	Kind, Name string
	Fields     []struct {
		Name string
		Args []struct{ Name string }
	}
	InputFields []struct{ Name string }
}

func (m *matrix) checkType(t *testing.T, typ schemaType, nodes map[string][]probe) {
	names := make([]string, len(typ.Fields))
	for i, f := range typ.Fields {
		names[i] = f.Name
	}
	var tried []string
	switch probes := nodes[typ.Name]; {
	case probes != nil:
		for _, p := range probes {
			tried = append(tried, p.field)
		}
		m.checkArguments(t, typ, probes)
	case typ.Name == "Query":
		for _, r := range rootProbes(m.world) {
			tried = append(tried, r.field)
		}
		m.checkArguments(t, typ, m.rootsAsProbes())
		tried = append(tried, "node", "nodes", "viewer") // checkNodes, checkViewer
		tried = append(tried, triedRoots(m.world)...)
		tried = append(tried, "code", "receipt", "consent", "openVisitDays", "appointmentStatus", "appointmentConsent") // checkCitizens
	case typ.Name == "Mutation":
		for verb := range verbProbes() {
			tried = append(tried, verb)
		}
		tried = append(tried, "signIn", "refreshSession", "signOut")               // of accounts, not of viewers: TestSession
		tried = append(tried, "submitOpinion", "supplementOpinion", "rateOpinion") // of citizens: TestCitizen
		tried = append(tried, "bookAppointment", "withdrawAppointment")            // TestCitizensAppointment, checkBooking
	case typ.Name == "PageInfo":
		tried = pageInfoFields
	case strings.HasSuffix(typ.Name, "Connection"):
		tried = connectionFields
	case strings.HasSuffix(typ.Name, "Edge"):
		tried = edgeFields
	case valueFields[typ.Name] != nil:
		for _, f := range valueFields[typ.Name] {
			name, _, _ := strings.Cut(f, ":")
			tried = append(tried, strings.TrimPrefix(name, "!"))
		}
	default:
		tried = payloadFields[typ.Name]
	}
	for _, name := range names {
		if !slices.Contains(tried, name) {
			t.Errorf("the matrix does not try %s.%s", typ.Name, name)
		}
	}
	for _, name := range tried {
		if !slices.Contains(names, name) && (name != "totalCount" || !slices.Contains(uncountedLists, typ.Name)) {
			t.Errorf("the matrix tries %s.%s, which there is not", typ.Name, name)
		}
	}
}

// uncountedLists are those that do not tell how many there are.
var uncountedLists = []string{"NormReminderConnection", "RollupRecordConnection"}

// paging are the arguments that TestPages tries on every order.
var paging = []string{"first", "after", "last", "before"}

// checkArguments fails for arguments of a type's fields that no probe gives.
func (m *matrix) checkArguments(t *testing.T, typ schemaType, probes []probe) {
	for _, f := range typ.Fields {
		for _, arg := range f.Args {
			if !slices.Contains(paging, arg.Name) && !slices.ContainsFunc(probes, func(p probe) bool {
				return p.field == f.Name && strings.Contains(p.args, arg.Name+":")
			}) {
				t.Errorf("the matrix does not try %s.%s(%s:)", typ.Name, f.Name, arg.Name)
			}
		}
	}
}

// rootsAsProbes are the ways in which the fields of Query are asked for, by their arguments alone.
func (m *matrix) rootsAsProbes() []probe {
	out := []probe{
		{field: "node", args: "id:"},
		{field: "nodes", args: "ids:"},                                  // checkNodes
		{field: "code", args: "text:"},                                  // checkCitizens
		{field: "openVisitDays", args: "code:"},                         // checkBooking
		{field: "appointmentStatus", args: "number: , token: , phone:"}, // checkBooking, with a telephone number TestCitizensAppointment
		{field: "receipt", args: "number: , token: , phone:"},           // checkCitizens, with a telephone number TestCitizen
	}
	for _, r := range rootProbes(m.world) {
		out = append(out, probe{field: r.field, args: r.args})
	}
	for _, p := range ownProbes(m.world) {
		out = append(out, probe{field: p.field, args: p.args})
	}
	for _, p := range thingProbes() {
		out = append(out, probe{field: p.field, args: p.argument + ":"})
	}
	return out
}

// checkFilter fails for conditions of a filter that no probe sets.
func (m *matrix) checkFilter(t *testing.T, typ schemaType, nodes map[string][]probe) {
	field := strings.TrimSuffix(strings.ToLower(strings.TrimSuffix(typ.Name, "Filter")), "y")
	for _, condition := range typ.InputFields {
		if !slices.ContainsFunc(slices.Concat(nodes["Division"], m.rootsAsProbes()), func(p probe) bool {
			return strings.HasPrefix(strings.ToLower(p.field), field) && strings.Contains(p.args, "filter:") && strings.Contains(p.args, condition.Name+":")
		}) {
			t.Errorf("the matrix does not try %s.%s", typ.Name, condition.Name)
		}
	}
}
