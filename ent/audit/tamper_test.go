package audit_test

import (
	"fmt"
	"os"
	"strings"
	"testing"

	"github.com/google/uuid"
	"github.com/lib/pq"

	"github.com/lianluo/lianluo/ent/audit"
)

// The chain that is tampered with has four heads in the anchor, at 3, 6, 9 and 12.
const (
	rounds = 4
	each   = 3
	links  = rounds * each
)

// shift moves the seals from a position on, out of the way of each other.
func shift(from, by int) string {
	return fmt.Sprintf(`UPDATE audit_seal SET position = 1000 + position WHERE position >= %d;
		UPDATE audit_seal SET position = position - 1000 + %d WHERE position > 1000`, from, by)
}

// remake makes the chain anew from a position on, as the platform does.
func (h *house) remake(from int) {
	h.Helper()
	h.exec(fmt.Sprintf(`INSERT INTO audit_unsealed (entry_id) SELECT entry_id FROM audit_seal WHERE position >= %d ORDER BY position`, from))
	h.exec(fmt.Sprintf(`DELETE FROM audit_seal WHERE position >= %d`, from))
	if _, err := (&audit.Sealer{DB: h.owner, Anchor: none{}}).Seal(h.Context()); err != nil {
		h.Fatal(err)
	}
}

const entryAt = ` WHERE id = (SELECT entry_id FROM audit_seal WHERE position = %d)`

// Whatever whoever owns the database does to lines and seals, the first link concerned is named.
func TestWhatASuperuserDoesIsFound(t *testing.T) {
	at := func(query string, position int) func(*house) {
		return func(h *house) { h.exec(fmt.Sprintf(query, position)) }
	}
	all := func(steps ...func(*house)) func(*house) {
		return func(h *house) {
			for _, step := range steps {
				step(h)
			}
		}
	}
	for name, test := range map[string]struct {
		do       func(*house)
		damage   audit.Damage
		position int64
		detail   string // part of it
	}{
		"a line edited":                    {at(`UPDATE audit_entry SET subject = 'operator:乙'`+entryAt, 5), audit.EntryChanged, 5, "not what was sealed"},
		"the first line edited":            {at(`UPDATE audit_entry SET verb = 'x'`+entryAt, 1), audit.EntryChanged, 1, ""},
		"the last line edited":             {at(`UPDATE audit_entry SET verb = 'x'`+entryAt, links), audit.EntryChanged, links, ""},
		"a detail edited":                  {at(`UPDATE audit_entry SET detail = detail || '{"n": 1.5}'`+entryAt, 5), audit.EntryChanged, 5, ""},
		"a detail taken out":               {at(`UPDATE audit_entry SET detail = NULL`+entryAt, 5), audit.EntryChanged, 5, ""},
		"a detail of nothing":              {at(`UPDATE audit_entry SET detail = 'null'`+entryAt, 5), audit.EntryChanged, 5, ""},
		"a line put elsewhere":             {at(`UPDATE audit_entry SET code = 430121107205`+entryAt, 5), audit.EntryMoved, 5, "430121107204"},
		"a line put in another county":     {at(`UPDATE audit_entry SET county_code = 430102000000`+entryAt, 5), audit.EntryMoved, 5, ""},
		"a line removed":                   {at(`DELETE FROM audit_entry`+entryAt, 5), audit.EntryGone, 5, "removed"},
		"a seal removed":                   {at(`DELETE FROM audit_seal WHERE position = %d`, 5), audit.SealGone, 5, "position 6"},
		"the first seal removed":           {at(`DELETE FROM audit_seal WHERE position = %d`, 1), audit.SealGone, 1, "position 2"},
		"a line removed with its seal":     {all(at(`DELETE FROM audit_entry`+entryAt, 5), at(`DELETE FROM audit_seal WHERE position = %d`, 5)), audit.SealGone, 5, ""},
		"the same, and the gap closed":     {all(at(`DELETE FROM audit_entry`+entryAt, 5), at(`DELETE FROM audit_seal WHERE position = %d; `+shift(6, -1), 5)), audit.SealChanged, 5, ""},
		"a seal's hash edited":             {at(`UPDATE audit_seal SET hash = sha256('x') WHERE position = %d`, 5), audit.SealChanged, 5, ""},
		"a seal's digest edited":           {at(`UPDATE audit_seal SET digest = sha256('x') WHERE position = %d`, 5), audit.EntryChanged, 5, ""},
		"a seal's time edited":             {at(`UPDATE audit_seal SET sealed_at = sealed_at - interval '1 microsecond' WHERE position = %d`, 5), audit.SealChanged, 5, ""},
		"a seal's place edited":            {at(`UPDATE audit_seal SET place[2] = NULL WHERE position = %d`, 5), audit.SealChanged, 5, ""},
		"a seal's suite edited":            {at(`UPDATE audit_seal SET suite = 'CRC-32' WHERE position = %d`, 5), audit.SuiteUnknown, 5, `"CRC-32"`},
		"two lines swapped":                {swapLines, audit.EntryChanged, 4, "not what was sealed"},
		"the lines of two seals swapped":   {swapOwners, audit.EntryChanged, 4, "sealed at position 8"},
		"two seals swapped":                {at(`UPDATE audit_seal SET position = CASE position WHEN %d THEN 1008 ELSE 1004 END WHERE position IN (4, 8); UPDATE audit_seal SET position = position - 1000 WHERE position > 1000`, 4), audit.SealChanged, 4, ""},
		"a line put in between":            {putBetween, audit.SealChanged, 6, ""},
		"a line past the queue":            {all((*house).writeOne, at(`DELETE FROM audit_unsealed -- %d`, 0)), audit.EntrySmuggled, 0, ""},
		"a line removed before its seal":   {all((*house).writeOne, at(`DELETE FROM audit_entry WHERE id IN (SELECT entry_id FROM audit_unsealed) -- %d`, 0)), audit.EntryGone, 0, "before it was sealed"},
		"a seal removed from the end":      {at(`DELETE FROM audit_seal WHERE position >= %d`, links), audit.ChainCut, links, "at 12"},
		"the chain cut":                    {all(at(`DELETE FROM audit_entry WHERE id IN (SELECT entry_id FROM audit_seal WHERE position >= %d)`, 8), at(`DELETE FROM audit_seal WHERE position >= %d`, 8)), audit.ChainCut, 8, "at 9"},
		"all cut":                          {at(`TRUNCATE audit_seal, audit_entry -- %d`, 0), audit.ChainCut, 1, "at 3"},
		"a line edited and the chain made": {all(at(`UPDATE audit_entry SET subject = 'operator:乙'`+entryAt, 5), func(h *house) { h.remake(5) }), audit.ChainRemade, 4, "head at 3"},
		"all made anew":                    {func(h *house) { h.remake(1) }, audit.ChainRemade, 1, "head at 0"},
		"cut, and gone on with":            {all(func(h *house) { h.remakeCut(8) }), audit.ChainRemade, 7, "head at 6"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			h := newHouse(t)
			h.rounds(rounds, each)
			h.whole(links)
			test.do(h)
			r := h.verify()
			if r.Chain == nil || r.Chain.Damage != test.damage || r.Chain.Position != test.position || !strings.Contains(r.Chain.Detail, test.detail) {
				t.Fatalf("found %v", r.Chain)
			}
			switch test.damage {
			case audit.EntryChanged, audit.EntryMoved, audit.SealChanged, audit.SuiteUnknown:
				var id uuid.UUID
				if err := h.owner.QueryRowContext(t.Context(), `SELECT entry_id FROM audit_seal WHERE position = $1`, test.position).Scan(&id); err != nil || id != r.Chain.Entry {
					t.Errorf("the line is %s, not %s (%v)", r.Chain.Entry, id, err)
				}
			case audit.EntryGone:
				if r.Chain.Entry == uuid.Nil {
					t.Error("the line is not named")
				}
			}
			if test.position > 0 && r.Checked > test.position-1 && test.damage != audit.ChainRemade {
				t.Errorf("%d links hold before position %d", r.Checked, test.position)
			}
		})
	}
}

func (h *house) writeOne() { h.write(1) }

// swapLines gives two lines each other's name.
func swapLines(h *house) { h.swap("audit_entry", "id") }

// swapOwners gives two seals each other's line.
func swapOwners(h *house) { h.swap("audit_seal", "entry_id") }

func (h *house) swap(table, column string) {
	h.Helper()
	a, b, other := h.lines[3], h.lines[7], uuid.New()
	for _, step := range [][2]uuid.UUID{{a, other}, {b, a}, {other, b}} {
		h.exec(fmt.Sprintf(`UPDATE %s SET %[2]s = $2 WHERE %[2]s = $1`, table, column), step[0], step[1])
	}
}

// putBetween writes a line, and gives it the fifth place with a seal that follows from the fourth.
func putBetween(h *house) {
	h.write(1)
	id := h.lines[len(h.lines)-1]
	// The platform seals it after the fourth, as if there were no more.
	h.exec(`CREATE TABLE kept AS SELECT * FROM audit_seal WHERE position >= 5`)
	h.exec(`DELETE FROM audit_seal WHERE position >= 5`)
	if _, err := (&audit.Sealer{DB: h.owner, Anchor: none{}}).Seal(h.Context()); err != nil {
		h.Fatal(err)
	}
	if n := h.count(`audit_seal WHERE position = 5 AND entry_id = $1`, id); n != 1 {
		h.Fatal("the line is not the fifth")
	}
	h.exec(`INSERT INTO audit_seal SELECT position + 1, entry_id, place, digest, hash, suite, sealed_at FROM kept`)
}

// remakeCut cuts the chain with its lines, and goes on with as many others.
func (h *house) remakeCut(from int) {
	h.exec(fmt.Sprintf(`DELETE FROM audit_entry WHERE id IN (SELECT entry_id FROM audit_seal WHERE position >= %d)`, from))
	h.exec(fmt.Sprintf(`DELETE FROM audit_seal WHERE position >= %d`, from))
	h.write(links - from + 1)
	if _, err := (&audit.Sealer{DB: h.owner, Anchor: none{}}).Seal(h.Context()); err != nil {
		h.Fatal(err)
	}
}

// Every column of a line is sealed: one that is added to the table later must be added to its form.
func TestEveryColumnIsSealed(t *testing.T) {
	h := newHouse(t)
	h.rounds(1, 1)
	rows, err := h.owner.QueryContext(t.Context(), `SELECT column_name, data_type FROM information_schema.columns WHERE table_name = 'audit_entry' ORDER BY 1`)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = rows.Close() }()
	changes := map[string]string{
		"uuid": "gen_random_uuid()", "bigint": "coalesce(%s, 0) + 1", "timestamp with time zone": "%s + interval '1 microsecond'",
		"character varying": "%s || 'x'", "jsonb": "%s || '{\"x\": 1}'",
	}
	columns := 0
	for rows.Next() {
		var column, typ string
		if err := rows.Scan(&column, &typ); err != nil {
			t.Fatal(err)
		}
		columns++
		change := strings.ReplaceAll(changes[typ], "%s", column)
		h.exec(`CREATE TABLE before AS SELECT * FROM audit_entry`)
		h.exec(fmt.Sprintf(`UPDATE audit_entry SET %s = %s`, column, change))
		if r := h.verify(); r.Chain == nil || r.Chain.Position != 1 {
			t.Errorf("%s: found %v", column, r.Chain)
		}
		h.exec(fmt.Sprintf(`UPDATE audit_entry SET %[1]s = b.%[1]s FROM before b`, column))
		h.exec(`DROP TABLE before`)
		h.whole(1)
	}
	if err := rows.Err(); err != nil || columns < 16 {
		t.Errorf("%d columns (%v)", columns, err)
	}
}

// The anchor may be a seal behind, and have a line that a crash left; it may not be far behind, changed or out of order.
func TestAnchorIsHeldAgainstTheChain(t *testing.T) {
	h := newHouse(t)
	h.rounds(rounds, each)
	text, err := os.ReadFile(h.path)
	if err != nil {
		t.Fatal(err)
	}
	lines := strings.SplitAfter(strings.TrimSuffix(string(text), "\n")+"\n", "\n")[:rounds]
	for name, test := range map[string]struct {
		text     string
		chain    audit.Damage
		anchor   audit.Damage
		anchored int64
	}{
		"as it is":                {strings.Join(lines, ""), "", "", 4},
		"a head twice":            {strings.Join(lines, "") + lines[3], "", "", 5},
		"a head fewer on the way": {lines[0] + lines[2] + lines[3], "", "", 3},
		"a seal behind":           {strings.Join(lines[:3], ""), "", "", 3},
		"two seals behind":        {strings.Join(lines[:2], ""), "", audit.AnchorBehind, 2},
		"empty":                   {"", "", audit.AnchorBehind, 0},
		"cut off in a line":       {strings.Join(lines, "") + lines[3][:40], "", "", 4},
		"a hash changed":          {strings.Join(lines[:3], "") + strings.Replace(lines[3], `"hash":"`, `"hash":"00`, 1), audit.ChainRemade, "", 3},
		"no head among others":    {lines[0] + "{}\n" + lines[3], "", audit.AnchorChanged, 1},
		"out of order":            {lines[1] + lines[0] + lines[3], "", audit.AnchorChanged, 1},
		"two heads at a place":    {lines[0] + strings.Replace(lines[0], `"hash":"`, `"hash":"00`, 1), "", audit.AnchorChanged, 1},
	} {
		path := h.TempDir() + "/anchor"
		if err := os.WriteFile(path, []byte(test.text), 0o600); err != nil {
			t.Fatal(err)
		}
		damage := func(f *audit.Fault) audit.Damage {
			if f == nil {
				return ""
			}
			return f.Damage
		}
		r := h.verifyAt(path, 0)
		if damage(r.Chain) != test.chain || damage(r.Anchor) != test.anchor || r.Anchored != test.anchored {
			t.Errorf("%s: %v, %v, %d heads", name, r.Chain, r.Anchor, r.Anchored)
		}
		if r := h.verifyAt(path, patience); damage(r.Anchor) == audit.AnchorBehind {
			t.Errorf("%s: no patience with the anchor", name)
		}
	}
	// Without an anchor the chain alone is checked.
	if r := h.check(audit.Check{}); r.Chain != nil || r.Anchor != nil || r.Checked != links {
		t.Errorf("without an anchor: %v %v", r.Chain, r.Anchor)
	}
}

// backup is a copy of the tables that a tampering is taken back from.
func (h *house) backup() (restore func()) {
	h.Helper()
	tables := []string{"audit_entry", "audit_seal", "audit_unsealed"}
	for _, table := range tables {
		h.exec(fmt.Sprintf(`CREATE TABLE %s AS SELECT * FROM %s`, pq.QuoteIdentifier("kept_"+table), table))
	}
	h.exec(`ALTER TABLE audit_entry DISABLE TRIGGER queue_to_seal`)
	return func() {
		h.Helper()
		for _, table := range tables {
			h.exec(fmt.Sprintf(`TRUNCATE %[1]s; INSERT INTO %[1]s SELECT * FROM kept_%[1]s`, table))
		}
	}
}
