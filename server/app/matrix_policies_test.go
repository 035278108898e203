package app_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/lib/pq"

	"github.com/lianluo/lianluo/ent/viewer"
)

// policy is a row-level security policy of a kind of viewer.
type policy struct {
	table, name, command, permissive string
	roles                            []string
	using, check                     *string
}

// TestAccessMatrixNoticesPolicies takes away each policy of viewers in turn, and opens it wide unless it is, and holds the part of the
// matrix that stands on it against the oracle: it must fail every time.
func TestAccessMatrixNoticesPolicies(t *testing.T) {
	m := newMatrix(t)
	m.askers = askers(m.world) // also in a short run
	records := m.records(t)
	witnesses := m.witnesses()
	types := map[string]string{}
	for typ, table := range nodeTables {
		types[table] = typ
	}
	// judge answers whether the rows and, for what the API serves by id, the nodes are as they should be.
	judge := func(p policy) (rows, nodes int) {
		for _, a := range witnesses {
			if !slices.Contains(p.roles, a.viewer().Kind.DatabaseRole()) {
				continue
			}
			m.tally = newTally()
			m.checkTable(t.Context(), a, p.table, records)
			rows += m.tally.bad()
			if typ := types[p.table]; typ != "" && p.command == "SELECT" && a.Receipt == "" {
				m.tally = newTally()
				m.askNodes(t, a, a.caller(m.server), typ)
				nodes += m.tally.bad()
			}
		}
		if types[p.table] == "" || p.command != "SELECT" || slices.Equal(p.roles, []string{viewer.Receipt.DatabaseRole()}) {
			nodes = rows // not served by id, or not to these
		}
		return rows, nodes
	}
	policies := m.policies(t)
	for _, p := range policies {
		if rows, nodes := judge(p); rows+nodes > 0 {
			t.Fatalf("before %s on %s is changed, %d rows and %d nodes are wrong", p.name, p.table, rows, nodes)
		}
		m.exec(t, fmt.Sprintf("DROP POLICY %s ON %s", p.name, p.table))
		if rows, nodes := judge(p); rows == 0 || nodes == 0 {
			t.Errorf("the matrix does not notice that %s on %s is gone: %d rows, %d nodes", p.name, p.table, rows, nodes)
		}
		if p.open() {
			m.exec(t, p.create())
			continue // what is everyone's cannot be opened
		}
		open := p
		open.using, open.check = wide(p.using), wide(p.check)
		m.exec(t, open.create())
		if rows, nodes := judge(p); rows == 0 || nodes == 0 && p.table != namedTwice {
			t.Errorf("the matrix does not notice that %s on %s lets everything through: %d rows, %d nodes", p.name, p.table, rows, nodes)
		}
		m.exec(t, fmt.Sprintf("DROP POLICY %s ON %s", p.name, p.table), p.create())
	}
	m.noticesWholes(t, policies, records)
	t.Logf("%d policies of viewers, each taken away and opened wide, were noticed", len(policies))
}

// noticesWholes lets sums be seen as all else is, by whoever sees the place itself, and not all of it.
func (m *matrix) noticesWholes(t *testing.T, policies []policy, records map[string][]record) {
	t.Helper()
	for _, p := range policies {
		if !slices.Contains([]string{"fact", "category_fact", "fact_delta"}, p.table) {
			continue
		}
		narrow, guard := p, "code >= viewer_lo() AND code < viewer_hi()"
		narrow.using = &guard
		m.exec(t, fmt.Sprintf("DROP POLICY %s ON %s", p.name, p.table), narrow.create())
		m.tally = newTally()
		for _, a := range m.askers {
			if a.Role == string(viewer.StationKeeper) {
				m.checkTable(t.Context(), a, p.table, records)
			}
		}
		if m.tally.leaks == 0 {
			t.Errorf("the matrix does not notice that keepers see the sums of %s", p.table)
		}
		m.exec(t, fmt.Sprintf("DROP POLICY %s ON %s", p.name, p.table), p.create())
	}
}

// namedTwice is a table whose rows the API names by the account as well, so that only the rows tell of a policy too wide.
const namedTwice = "notification"

// witnesses are a few viewers of each kind, who between them see and miss something of everything.
func (m *matrix) witnesses() []asker {
	out := slices.Clone(m.citizens)
	for _, a := range m.askers {
		switch a.name {
		case "COUNTY_ADMIN-430102", "COUNTY_ADMIN-431002", "STATION_KEEPER-430121107201", "PORTAL-430121", "PORTAL-430102", "PORTAL-431002001",
			"DEPARTMENT-430121", "DEPUTY-430121107-crossing", "DEPUTY-430102-moved", "NATION_ADMIN-0", "DEPUTY-430121107-double",
			"DEPUTY-430102-left":
			out = append(out, a)
		}
	}
	return out
}

// open tells whether the policy lets everything through as it is.
func (p policy) open() bool { return p.command == "SELECT" && *p.using == "true" }

func wide(condition *string) *string {
	if condition == nil {
		return nil
	}
	open := "true"
	return &open
}

// policies are those of the kinds of viewers; the owner's, the platform's and the definer's own are none of them.
func (m *matrix) policies(t *testing.T) []policy {
	t.Helper()
	rows, err := m.server.Owner.QueryContext(t.Context(), `SELECT tablename, policyname, cmd, permissive, roles::text[], qual, with_check
		FROM pg_policies WHERE schemaname = 'public' ORDER BY tablename, policyname`)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = rows.Close() }()
	kinds := map[string]bool{}
	for _, k := range viewer.Kinds {
		kinds[k.DatabaseRole()] = k != viewer.System
	}
	var out []policy
	for rows.Next() {
		var p policy
		if err := rows.Scan(&p.table, &p.name, &p.command, &p.permissive, pq.Array(&p.roles), &p.using, &p.check); err != nil {
			t.Fatal(err)
		}
		if slices.ContainsFunc(p.roles, func(r string) bool { return kinds[r] }) {
			out = append(out, p)
		}
	}
	if err := rows.Err(); err != nil {
		t.Fatal(err)
	}
	return out
}

// create is the statement that makes the policy.
func (p policy) create() string {
	text := fmt.Sprintf("CREATE POLICY %s ON %s AS %s FOR %s TO %s", p.name, p.table, p.permissive, p.command, strings.Join(p.roles, ", "))
	if p.using != nil {
		text += " USING (" + *p.using + ")"
	}
	if p.check != nil {
		text += " WITH CHECK (" + *p.check + ")"
	}
	return text
}

func (m *matrix) exec(t *testing.T, statements ...string) {
	t.Helper()
	for _, s := range statements {
		if _, err := m.server.Owner.ExecContext(t.Context(), s); err != nil {
			t.Fatalf("%s: %v", s, err)
		}
	}
}
