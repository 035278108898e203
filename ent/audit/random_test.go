package audit_test

import (
	"fmt"
	"slices"
	"testing"

	"pgregory.net/rapid"
)

// tampering is something that whoever owns the database may do, and the first position at which it shows. The chain has as many links as it is given.
type tampering func(t *rapid.T, links int) (query string, position int)

func anyOf(t *rapid.T, links int) int { return rapid.IntRange(1, links).Draw(t, "position") }

var tamperings = map[string]tampering{
	"edit a line": func(t *rapid.T, links int) (string, int) {
		at := anyOf(t, links)
		change := rapid.SampledFrom([]string{
			"subject = subject || 'x'", "role = NULL", "viewer_code = viewer_code + 1", "verb = upper(verb)", "entity = ''", "entity_id = gen_random_uuid()",
			"detail = detail - 'day'", "detail = jsonb_set(detail, '{n}', '1.5')", "created_at = created_at - interval '1 day'", "version = 2",
			"updated_at = updated_at + interval '1 microsecond'", "code = code + 1", "township_code = NULL", "province_code = 140000000000",
		}).Draw(t, "change")
		return fmt.Sprintf("UPDATE audit_entry SET %s"+entryAt, change, at), at
	},
	"edit a seal": func(t *rapid.T, links int) (string, int) {
		at := anyOf(t, links)
		change := rapid.SampledFrom([]string{
			"hash = sha256(hash)", "digest = sha256(digest)", "suite = 'MD5'", "sealed_at = sealed_at + interval '1 second'", "place[1] = 0", "entry_id = gen_random_uuid()",
			"hash = digest", "hash = ''",
		}).Draw(t, "change")
		return fmt.Sprintf("UPDATE audit_seal SET %s WHERE position = %d", change, at), at
	},
	"remove lines": func(t *rapid.T, links int) (string, int) {
		at, every := anyOf(t, links), rapid.IntRange(1, 4).Draw(t, "every")
		return fmt.Sprintf("DELETE FROM audit_entry WHERE id IN (SELECT entry_id FROM audit_seal WHERE position >= %d AND (position - %[1]d) %% %d = 0)", at, every), at
	},
	"remove seals": func(t *rapid.T, links int) (string, int) {
		at, every := anyOf(t, links), rapid.IntRange(1, 4).Draw(t, "every")
		return fmt.Sprintf("DELETE FROM audit_seal WHERE position >= %d AND (position - %[1]d) %% %d = 0", at, every), at
	},
	"remove lines with their seals": func(t *rapid.T, links int) (string, int) {
		at, n := anyOf(t, links), rapid.IntRange(1, links).Draw(t, "n")
		return fmt.Sprintf(`DELETE FROM audit_entry WHERE id IN (SELECT entry_id FROM audit_seal WHERE position BETWEEN %d AND %d);
			DELETE FROM audit_seal WHERE position BETWEEN %[1]d AND %[2]d`, at, at+n-1), at
	},
	"close the gap": func(t *rapid.T, links int) (string, int) {
		at := rapid.IntRange(1, links-1).Draw(t, "position")
		return fmt.Sprintf("DELETE FROM audit_seal WHERE position = %d; ", at) + shift(at+1, -1), at
	},
	"reorder seals": func(t *rapid.T, links int) (string, int) {
		a := rapid.IntRange(1, links-1).Draw(t, "a")
		b := rapid.IntRange(a+1, links).Draw(t, "b")
		return fmt.Sprintf(`UPDATE audit_seal SET position = CASE position WHEN %d THEN %d ELSE %[1]d END + 1000 WHERE position IN (%[1]d, %[2]d);
			UPDATE audit_seal SET position = position - 1000 WHERE position > 1000`, a, b), a
	},
	"exchange lines": func(t *rapid.T, links int) (string, int) {
		a := rapid.IntRange(1, links-1).Draw(t, "a")
		b := rapid.IntRange(a+1, links).Draw(t, "b")
		return fmt.Sprintf(`CREATE TEMPORARY TABLE pair ON COMMIT DROP AS SELECT position, entry_id FROM audit_seal WHERE position IN (%d, %d);
			UPDATE audit_seal SET entry_id = gen_random_uuid() WHERE position IN (%[1]d, %[2]d);
			UPDATE audit_seal s SET entry_id = p.entry_id FROM pair p WHERE s.position IN (%[1]d, %[2]d) AND p.position = %[1]d + %[2]d - s.position`, a, b), a
	},
}

// Whatever is done at random is found at the first position where it was done.
func TestRandomTamperingIsFound(t *testing.T) {
	h := newHouse(t)
	h.rounds(rounds, each)
	restore := h.backup()
	names := make([]string, 0, len(tamperings))
	for name := range tamperings {
		names = append(names, name)
	}
	slices.Sort(names)
	rapid.Check(t, func(t *rapid.T) {
		name := rapid.SampledFrom(names).Draw(t, "what")
		query, position := tamperings[name](t, links)
		defer restore()
		h.exec(query)
		if r := h.verify(); r.Chain == nil || r.Chain.Position != int64(position) || r.Checked != int64(position-1) {
			t.Fatalf("%s: %d links hold; %v, want position %d", query, r.Checked, r.Chain, position)
		}
	})
	restore()
	h.whole(links)
}
