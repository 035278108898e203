package seed_test

import (
	"database/sql"
	"slices"
	"strings"
	"testing"

	"github.com/google/uuid"

	"github.com/lianluo/lianluo/ent/place"
	"github.com/lianluo/lianluo/ent/spelling"
	"github.com/lianluo/lianluo/ent/viewer"
	"github.com/lianluo/lianluo/ent/workflow"
	"github.com/lianluo/lianluo/server/seed"
)

// consistent looks for rows that the platform itself would not have written.
func consistent(t *testing.T, db *sql.DB) {
	t.Helper()
	for _, table := range []string{
		"account", "congress", "constituency", "deputy", "deputy_contact", "grid", "grid_assignment", "mandate", "organ", "posting",
		"opinion", "opinion_assignment", "opinion_event", "opinion_submitter", "published_case", "qr_code", "suggestion", "station", "station_budget", "station_staff", "term", "zone",
	} {
		none(t, db, "place of "+table+" is not a division's", `
			SELECT r.id FROM `+table+` r LEFT JOIN division d ON d.code = r.code AND NOT d.placeholder
			WHERE ROW(d.province_code, d.city_code, d.county_code, d.township_code) IS DISTINCT FROM
				ROW(r.province_code, r.city_code, r.county_code, r.township_code) OR d.id IS NULL`)
		none(t, db, table+" has keys that are not UUIDv7 of its time", `
			SELECT id FROM `+table+` WHERE substr(id::text, 15, 1) <> '7' OR substr(id::text, 20, 1) NOT IN ('8', '9', 'a', 'b')
				OR ('x' || substr(replace(id::text, '-', ''), 1, 12))::bit(48)::bigint <> (extract(epoch FROM created_at) * 1000)::bigint
				AND id NOT IN ('0197c3f4-5e80-7000-8000-64656d6f0000', '0197c3f4-5e80-7000-8000-6c6f61640000')`)
	}
	for fault, query := range map[string]string{
		"a congress of a street or the like": `SELECT name FROM congress WHERE level = 'TOWNSHIP' AND name !~ '(镇|乡|苏木)人民代表大会$'`,
		"a congress without two terms in a row": `SELECT c.name FROM congress c JOIN term t ON t.congress_id = c.id GROUP BY c.id
			HAVING count(*) <> 2 OR max(t.number) <> min(t.number) + 1 OR min(t.ends_on) <> max(t.starts_on)`,
		"a term that is not five years": `SELECT id FROM term WHERE ends_on <> starts_on + interval '5 years'`,
		"a constituency with other seats than deputies": `SELECT u.name FROM constituency u
			LEFT JOIN mandate m ON m.constituency_id = u.id AND m.status <> 'ENDED' GROUP BY u.id HAVING u.seats <> count(m.id)`,
		"a constituency elected in the wrong way": `SELECT u.name FROM constituency u JOIN congress c ON c.id = u.congress_id
			WHERE (u.basis = 'ELECTING_UNIT') <> (c.level IN ('NATIONAL', 'PROVINCIAL', 'CITY'))`,
		"a constituency outside its congress": `SELECT u.name FROM constituency u JOIN congress c ON c.id = u.congress_id
			WHERE c.code NOT IN (0, u.province_code, u.city_code, u.county_code, u.township_code)`,

		"a mandate that is not its congress's": `SELECT m.id FROM mandate m JOIN congress c ON c.id = m.congress_id JOIN term t ON t.id = m.term_id
			JOIN constituency u ON u.id = m.constituency_id
			WHERE m.level <> c.level OR m.seat_code <> c.code OR m.term_number <> t.number OR t.congress_id <> c.id OR u.congress_id <> c.id`,
		"a mandate out of its term": `SELECT m.id FROM mandate m JOIN term t ON t.id = m.term_id
			WHERE m.elected_on < t.starts_on - interval '1 year' OR m.elected_on >= t.ends_on OR m.ended_on > t.ends_on`,
		"a mandate that is not grouped at home": `SELECT m.id FROM mandate m JOIN LATERAL (
			SELECT coalesce(p.township_code, p.code) AS code FROM posting p
			WHERE p.mandate_id = m.id AND p.ended_on IS NULL AND p.basis <> 'CROSS' ORDER BY p.started_on, p.id LIMIT 1) h ON true
			WHERE m.status <> 'ENDED' AND m.code <> h.code`,
		"a mandate grouped outside its congress": `SELECT id FROM mandate WHERE seat_code <> 0
			AND seat_code NOT IN (coalesce(province_code, -1), coalesce(city_code, -1), coalesce(county_code, -1), coalesce(township_code, -1))`,
		"a mandate grouped in a village": `SELECT m.id FROM mandate m JOIN division d ON d.code = m.code WHERE d.level = 'VILLAGE'`,
		"a mandate on the roll of a past term": `SELECT m.id FROM mandate m WHERE m.status <> 'ENDED'
			AND m.term_number <> (SELECT max(number) FROM term t WHERE t.congress_id = m.congress_id)`,
		"a by-election without a vacancy": `SELECT m.id FROM mandate m WHERE m.election = 'BY_ELECTION' AND NOT EXISTS (
			SELECT FROM mandate o WHERE o.constituency_id = m.constituency_id AND o.term_id = m.term_id AND o.ended_on <= m.elected_on)`,
		"a deputy elected under 18": `SELECT d.name FROM deputy d JOIN mandate m ON m.deputy_id = d.id WHERE d.birth_month + interval '18 years' > m.elected_on`,
		"a deputy who is not at the deepest mandate": `SELECT d.id FROM deputy d JOIN LATERAL (
			SELECT m.code FROM mandate m WHERE m.deputy_id = d.id AND m.status <> 'ENDED' ORDER BY
				m.township_code IS NULL, m.county_code IS NULL, m.city_code IS NULL, m.province_code IS NULL, m.seat_code DESC, m.id LIMIT 1) h ON true
			WHERE d.code <> h.code`,
		"a deputy without a mandate": `SELECT id FROM deputy d WHERE NOT EXISTS (SELECT FROM mandate m WHERE m.deputy_id = d.id)`,
		"seats of one person that are not on one chain": `SELECT a.deputy_id FROM mandate a JOIN mandate b ON b.deputy_id = a.deputy_id AND b.seat_code > a.seat_code
			JOIN division d ON d.code = b.seat_code WHERE a.status <> 'ENDED' AND b.status <> 'ENDED'
			AND a.seat_code NOT IN (0, coalesce(d.province_code, -1), coalesce(d.city_code, -1), coalesce(d.county_code, -1))`,
		"the same person twice in a county":                  `SELECT name FROM deputy GROUP BY name, gender, birth_month, county_code HAVING count(*) > 1`,
		"a deputy's number out of the range that no one has": `SELECT phone FROM deputy_contact WHERE phone !~ '^1990000[0-9]{4}$'`,
		"a contact that is not where its deputy is": `SELECT c.id FROM deputy_contact c JOIN deputy d ON d.id = c.deputy_id
			WHERE c.code <> d.code OR d.phone_masked IS DISTINCT FROM '199****' || right(c.phone, 4)`,
		"a masked number without a number": `SELECT name FROM deputy d WHERE phone_masked IS NOT NULL
			AND NOT EXISTS (SELECT FROM deputy_contact c WHERE c.deputy_id = d.id)`,

		"a posting that is not its station's or its mandate's": `SELECT p.id FROM posting p JOIN station s ON s.id = p.station_id JOIN mandate m ON m.id = p.mandate_id
			WHERE p.code <> s.code OR p.deputy_id <> m.deputy_id`,
		"a posting before its station or mandate": `SELECT p.id FROM posting p JOIN station s ON s.id = p.station_id JOIN mandate m ON m.id = p.mandate_id
			WHERE p.started_on < s.opened_on OR p.started_on < m.elected_on OR (m.ended_on IS NOT NULL) <> (p.ended_on IS NOT NULL)
				OR p.ended_on > m.ended_on`,
		"a posting outside the area of the congress": `SELECT p.id FROM posting p JOIN mandate m ON m.id = p.mandate_id
			WHERE p.basis <> 'CROSS' AND m.seat_code <> 0 AND m.seat_code NOT IN
				(p.code, coalesce(p.province_code, -1), coalesce(p.city_code, -1), coalesce(p.county_code, -1), coalesce(p.township_code, -1))`,
		"a posting by constituency of an upper deputy": `SELECT p.id FROM posting p JOIN mandate m ON m.id = p.mandate_id
			WHERE p.basis = 'CONSTITUENCY' AND m.level NOT IN ('COUNTY', 'TOWNSHIP')`,
		"a posting to an online station": `SELECT p.id FROM posting p JOIN station s ON s.id = p.station_id WHERE s.kind = 'ONLINE'`,

		"a station without a chief, a deputy chief and a liaison officer": `SELECT s.name FROM station s LEFT JOIN station_staff f ON f.station_id = s.id GROUP BY s.id
			HAVING count(*) FILTER (WHERE f.office = 'CHIEF') <> 1 OR count(*) FILTER (WHERE f.office = 'DEPUTY_CHIEF') <> 1
				OR count(*) FILTER (WHERE f.office = 'LIAISON') = 0`,
		"an office held before its station": `SELECT f.id FROM station_staff f JOIN station s ON s.id = f.station_id WHERE f.started_on < s.opened_on OR f.code <> s.code`,
		"a chief who is another deputy":     `SELECT f.id FROM station_staff f JOIN deputy d ON d.id = f.deputy_id WHERE d.name <> f.name OR f.origin <> 'DEPUTY'`,
		"a station of another county's organ": `SELECT s.name FROM station s JOIN organ o ON o.id = s.organ_id
			WHERE o.code NOT IN (s.code, coalesce(s.county_code, -1), coalesce(s.township_code, -1), coalesce(s.city_code, -1))`,
		"a station without an organ": `SELECT name FROM station WHERE organ_id IS NULL`,
		"a station of another zone":  `SELECT s.name FROM station s JOIN zone z ON z.id = s.zone_id WHERE s.code <> z.code`,
		"a station at a placeholder": `SELECT s.name FROM station s JOIN division d ON d.id = s.division_id WHERE d.placeholder OR d.code <> s.code`,
		"a station without one code of its own": `SELECT s.name FROM station s LEFT JOIN qr_code c ON c.station_id = s.id AND c.posting_id IS NULL
			AND c.revoked_at IS NULL GROUP BY s.id HAVING count(c.id) <> 1`,
		"a code of another station or posting": `SELECT c.text FROM qr_code c JOIN station s ON s.id = c.station_id LEFT JOIN posting p ON p.id = c.posting_id
			WHERE c.code <> s.code OR p.station_id <> s.id OR p.ended_on IS NOT NULL`,
		"a code that is not 26 characters": `SELECT text FROM qr_code WHERE text !~ '^[A-Z2-7]{26}$'`,
		"a grid of another station": `SELECT a.id FROM grid_assignment a JOIN grid g ON g.id = a.grid_id LEFT JOIN posting p ON p.id = a.posting_id
			LEFT JOIN station_staff f ON f.id = a.staff_id WHERE g.station_id <> coalesce(p.station_id, f.station_id)`,
		"anything from the future": `SELECT 'station' FROM station WHERE opened_on > '2025-07-01' UNION ALL SELECT 'posting' FROM posting WHERE started_on > '2025-08-01'
			UNION ALL SELECT 'mandate' FROM mandate WHERE elected_on > '2025-07-01' OR ended_on > '2025-07-01'`,
	} {
		none(t, db, fault, query)
	}
	if number(t, db, `SELECT count(*) FROM mandate WHERE status <> 'ENDED'`) <= number(t, db, `SELECT count(DISTINCT deputy_id) FROM mandate WHERE status <> 'ENDED'`) {
		t.Error("no one holds two mandates")
	}
	named(t, db)
}

// named checks what the platform works out from names: whether they are uniform, and what they are found by.
func named(t *testing.T, db *sql.DB) {
	t.Helper()
	speller := spelling.NewSpeller()
	rows, err := db.QueryContext(t.Context(), `
		SELECT s.kind, s.name, s.name_uniform, coalesce(s.brand, ''), d.name, CASE d.level WHEN 'VILLAGE' THEN p.name ELSE '' END,
			(SELECT string_agg(k.key, ' ' ORDER BY k.key) FROM station_key k WHERE k.station_id = s.id AND k.code = s.code)
		FROM station s JOIN division d ON d.id = s.division_id LEFT JOIN division p ON p.id = d.parent_id`)
	if err != nil {
		t.Fatal(err)
	}
	defer rows.Close()
	odd := 0
	for rows.Next() {
		var k, name, brand, division, township, keys string
		var uniform bool
		if err := rows.Scan(&k, &name, &uniform, &brand, &division, &township, &keys); err != nil {
			t.Fatal(err)
		}
		if want := workflow.NameUniform(stationKind(k), name, division, township); uniform != want {
			t.Errorf("%s: uniform is %t", name, uniform)
		}
		if want := workflow.StationKeys(speller, name, brand, division, township); !slices.Equal(sorted(strings.Fields(keys)), sorted(want)) {
			t.Errorf("%s is found by %q, want %q", name, keys, want)
		}
		if !uniform && k == "STATION" {
			odd++
		}
	}
	if err := rows.Err(); err != nil {
		t.Fatal(err)
	}
	if odd > 12 {
		t.Errorf("%d stations have names off the rule; only those of the accounts should", odd)
	}
	for name, keys := range deputyKeys(t, db) {
		if want := workflow.DeputyKeys(speller, name); !slices.Equal(sorted(keys), sorted(want)) {
			t.Errorf("%s is found by %q, want %q", name, keys, want)
		}
	}
}

func sorted(list []string) []string { return slices.Compact(slices.Sorted(slices.Values(list))) }

// accountsFit checks that each account can sign in as what it says it is.
func accountsFit(t *testing.T, db *sql.DB) {
	t.Helper()
	roles := map[viewer.Role]bool{}
	for _, a := range seed.Accounts() {
		roles[a.Role] = true
		if _, err := viewer.For("test", a.Role, a.Division); err != nil {
			t.Errorf("%s: %v", a.Username, err)
		}
		var role, hash string
		var code place.Code
		var deputy, organ, station uuid.NullUUID
		if err := db.QueryRowContext(t.Context(), `SELECT role, password_hash, code, deputy_id, organ_id, station_id FROM account
			WHERE username = $1 AND status = 'ACTIVE' AND username = lower(username)`, a.Username).
			Scan(&role, &hash, &code, &deputy, &organ, &station); err != nil {
			t.Errorf("%s: %v", a.Username, err)
			continue
		}
		if role != string(a.Role) || code != a.Division || hash != "hash of "+a.Username {
			t.Errorf("%s is stored as %s at %s with %q", a.Username, role, code, hash)
		}
		if deputy.Valid != (a.Role == viewer.Deputy) || organ.Valid != (a.Role == viewer.Department) || station.Valid != (a.Role == viewer.StationKeeper) {
			t.Errorf("%s stands for deputy %v, organ %v, station %v", a.Username, deputy.Valid, organ.Valid, station.Valid)
		}
	}
	for _, r := range viewer.Roles {
		if !roles[r] {
			t.Errorf("no account is a %s", r)
		}
	}
	none(t, db, "an account of someone elsewhere", `SELECT a.username FROM account a LEFT JOIN deputy d ON d.id = a.deputy_id
		LEFT JOIN organ o ON o.id = a.organ_id LEFT JOIN station s ON s.id = a.station_id WHERE a.code <> coalesce(d.code, o.code, s.code, a.code)`)
}
