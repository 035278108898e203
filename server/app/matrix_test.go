package app_test

import (
	"encoding/json"
	"fmt"
	"slices"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/google/uuid"

	"github.com/lianluo/lianluo/ent/gen"
	"github.com/lianluo/lianluo/ent/globalid"
	"github.com/lianluo/lianluo/server/app"
	"github.com/lianluo/lianluo/server/app/apitest"
	"github.com/lianluo/lianluo/server/app/oracle"
)

// world is the world of the tests.
type world = apitest.World

// matrix is the access matrix: viewers against everything that can be asked or done, as the oracle judges it.
//
//	matrix_viewers_test.go    who asks
//	matrix_fields_test.go, matrix_lists_test.go, matrix_values_test.go, and of opinions matrix_fields_opinion_test.go, matrix_lists_opinion_test.go
//	                          every field of every type, and what must come
//	matrix_nodes_test.go      asks them of every node
//	matrix_roots_test.go, matrix_own_test.go, matrix_measures_test.go
//	                          every field of Query
//	matrix_verbs_test.go, matrix_attempts_test.go, matrix_attempts_opinion_test.go
//	                          every mutation
//	matrix_citizens_test.go   what is open to who has no account
//	matrix_rows_test.go, matrix_writes_test.go, matrix_functions_test.go
//	                          the database itself, past the API
//	matrix_*_duty_test.go, matrix_booking_test.go
//	                          the same of deputies' work
//	matrix_rollup_test.go, matrix_records_test.go
//	                          rows of sums, and the records behind them
//	matrix_changes_test.go, matrix_functions_change_test.go
//	                          the changes of the tree
//	matrix_facts_test.go      the sums that are kept, and what keeps them
//	matrix_policies_test.go   that the matrix notices a policy that is gone or too wide
//	matrix_table_test.go      that it notices a row of the table of verbs that is gone or too many
//	matrix_schema_test.go     that nothing is left out
type matrix struct {
	server *apitest.Server
	world  *world
	askers []asker
	// citizens have no token, and so are tried past the API.
	citizens []asker
	tally    *tally

	mu       sync.Mutex
	outcomes map[string]int // of attempts, by role, verb and outcome
	counter  atomic.Int64
	villages atomic.Int64 // of codes given away

	rows  map[string]map[string]any  // by id, as the owner sees them
	types map[string]string          // of nodes, by id
	ids   map[string][]string        // of nodes, by type
	told  map[string][]*oracle.Event // by opinion
	// parents are the rows that others hang on, by table.
	parents map[string][]record
	// sums are what the oracle has counted, by what was asked.
	sums map[string]map[string]int
}

// newMatrix serves the world from a database of its own.
func newMatrix(t *testing.T, change ...func(*app.Parts)) *matrix {
	t.Helper()
	m := &matrix{
		server: apitest.New(t, change...), world: apitest.NewWorld(), tally: newTally(),
		outcomes: map[string]int{}, rows: map[string]map[string]any{}, types: map[string]string{}, ids: map[string][]string{},
		told: map[string][]*oracle.Event{}, sums: map[string]map[string]int{},
	}
	for _, e := range m.world.Events {
		m.told[e.Opinion] = append(m.told[e.Opinion], e)
	}
	m.world.Load(t, m.server.Owner)
	m.askers, m.citizens = askers(m.world), citizens(m.world)
	if testing.Short() {
		m.askers = slices.DeleteFunc(m.askers, func(a asker) bool { return !few[a.name] })
	}
	for typ, table := range nodeTables {
		m.read(t, typ, table)
	}
	m.parents = m.records(t)
	return m
}

// nodeTables are the tables of the types that are Nodes.
var nodeTables = map[string]string{
	"Division": "division", "Station": "station", "StationStaff": "station_staff", "Grid": "grid", "Zone": "zone",
	"Organ": "organ", "Deputy": "deputy", "Mandate": "mandate", "Posting": "posting", "Congress": "congress",
	"Term": "term", "Constituency": "constituency",
	"Opinion": "opinion", "OpinionEvent": "opinion_event", "Attachment": "attachment", "Category": "category", "QrCode": "qr_code",
	"Suggestion": "suggestion", "PublishedCase": "published_case", "Notification": "notification",

	"VisitRule": "visit_rule", "VisitDay": "visit_day", "VisitDuty": "visit_duty", "Appointment": "appointment", "Activity": "activity",
	"ActivityEvent": "activity_event", "Attendance": "attendance", "KeyFigure": "key_figure", "NormSet": "norm_set", "DutyRecord": "duty_record",
	"DivisionEvent": "division_event", "FormerDivision": "former_division",
	"PointScheme": "point_scheme", "PointEntry": "point_entry", "PointClaim": "point_claim", "PointCheck": "point_check", "PairingRule": "pairing_rule",
	"Pairing": "pairing", "PairingContact": "pairing_contact", "Training": "training", "TrainingAttendance": "training_attendance",
	"Standard": "standard", "EvaluationCampaign": "evaluation_campaign", "Evaluation": "evaluation",
}

// read notes the rows of a table as they are.
func (m *matrix) read(t *testing.T, typ, table string) {
	t.Helper()
	rows, err := m.server.Owner.QueryContext(t.Context(), fmt.Sprintf(`SELECT id, to_jsonb(t) FROM %s t ORDER BY id`, table))
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = rows.Close() }()
	for rows.Next() {
		var id, text string
		if err := rows.Scan(&id, &text); err != nil {
			t.Fatal(err)
		}
		var row map[string]any
		if err := json.Unmarshal([]byte(text), &row); err != nil {
			t.Fatal(err)
		}
		m.rows[id], m.types[id] = row, typ
		m.ids[typ] = append(m.ids[typ], id)
	}
	if err := rows.Err(); err != nil {
		t.Fatal(err)
	}
}

func (m *matrix) stored(id string) map[string]any { return m.rows[id] }

// globalID is the id of a node in the API.
func (m *matrix) globalID(id string) string { return globalID(m.types[id], id) }

func globalID(typ, id string) string {
	if typ == "QrCode" {
		typ = gen.TypeQRCode // as it is stored
	}
	return globalid.Encode(typ, uuid.MustParse(id))
}

// describe names a thing for people.
func (m *matrix) describe(id string) string {
	name, _ := m.rows[id]["name"].(string)
	return fmt.Sprintf("%s %s %s at %s", m.types[id], name, id, m.world.At(id))
}

// leastCells is the size below which the matrix is not what it claims to be.
const leastCells = 5000

// TestAccessMatrix tries role × level × relation × every query field, edge, node type and mutation against the oracle.
func TestAccessMatrix(t *testing.T) {
	m := newMatrix(t)
	sections := []struct {
		name  string
		check func(*testing.T)
	}{
		{"schema", m.checkSchema},
		{"nodes", m.checkNodes},
		{"roots", m.checkRoots},
		{"rows", m.checkRows},
		{"functions", m.checkFunctions},
		{"citizens", m.checkCitizens},
		{"verbs", m.checkVerbs}, // the last changes the world
	}
	ran := 0
	for _, section := range sections {
		t.Run(section.name, func(t *testing.T) {
			ran++
			section.check(t)
		})
	}
	t.Log(m.tally)
	if n := m.tally.bad(); n > 0 {
		t.Errorf("%d cells are not as the oracle says", n)
	}
	if ran < len(sections) {
		return // by -run; the rest is about the whole
	}
	if n := m.tally.cells(); n < leastCells {
		t.Errorf("the matrix has %d cells, which is less than %d", n, leastCells)
	}
	m.checkControls(t)
}

// checkControls sees to it that each role was both granted and denied something, so that neither an API that answers
// nothing nor one that answers everything could pass, and that each relation occurs.
func (m *matrix) checkControls(t *testing.T) {
	for _, role := range oracle.Roles() {
		if sum(m.tally.granted, role+" ") == 0 || sum(m.tally.denied, role+" ") == 0 && role != "NATION_ADMIN" {
			t.Errorf("%s: %d granted and %d denied cells; both are needed", role,
				sum(m.tally.granted, role+" "), sum(m.tally.denied, role+" "))
		}
		for _, r := range oracle.Relations {
			key := role + " " + string(r)
			if m.tally.granted[key]+m.tally.denied[key] == 0 && role != "NATION_ADMIN" {
				t.Errorf("%s is never asked about %s", role, r)
			}
		}
	}
}
