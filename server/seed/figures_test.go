package seed_test

import (
	"database/sql"
	"fmt"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// figures are those of one place, counted over what is open and on the roll.
type figures struct {
	Home, Station, Point, Post, Base, Online, Branches            int
	National, Provincial, City, County, Township, Mandates, Loose int // Loose: posted nowhere now
}

func figuresOf(t *testing.T, db *sql.DB, lo, hi int64) figures {
	t.Helper()
	var f figures
	if err := db.QueryRowContext(t.Context(), `
		SELECT count(*) FILTER (WHERE kind = 'HOME'), count(*) FILTER (WHERE kind = 'STATION'), count(*) FILTER (WHERE kind = 'POINT'),
			count(*) FILTER (WHERE kind = 'POST'), count(*) FILTER (WHERE kind = 'BASE'), count(*) FILTER (WHERE kind = 'ONLINE'),
			count(*) FILTER (WHERE kind = 'ONLINE' AND parent_id IS NOT NULL)
		FROM station WHERE closed_on IS NULL AND code BETWEEN $1 AND $2`, lo, hi).
		Scan(&f.Home, &f.Station, &f.Point, &f.Post, &f.Base, &f.Online, &f.Branches); err != nil {
		t.Fatal(err)
	}
	if err := db.QueryRowContext(t.Context(), `
		SELECT count(*) FILTER (WHERE level = 'NATIONAL'), count(*) FILTER (WHERE level = 'PROVINCIAL'), count(*) FILTER (WHERE level = 'CITY'),
			count(*) FILTER (WHERE level = 'COUNTY'), count(*) FILTER (WHERE level = 'TOWNSHIP'), count(*),
			count(*) FILTER (WHERE NOT EXISTS (SELECT FROM posting p WHERE p.mandate_id = m.id AND p.ended_on IS NULL))
		FROM mandate m WHERE status <> 'ENDED' AND code BETWEEN $1 AND $2`, lo, hi).
		Scan(&f.National, &f.Provincial, &f.City, &f.County, &f.Township, &f.Mandates, &f.Loose); err != nil {
		t.Fatal(err)
	}
	return f
}

// The figures of the published accounts, each counted here in its own way.
func TestFigures(t *testing.T) {
	db := database(t, demoRoots...)
	demo(t, db)

	for name, place := range map[string]struct {
		lo, hi int64
		want   figures
	}{
		"长沙县": {430121000000, 430121999999, figures{
			Station: 125, Online: 19, Branches: 18,
			National: 1, Provincial: 9, City: 41, County: 305, Township: 956, Mandates: 1312,
		}},
		"北湖区": {431002000000, 431002999999, figures{
			Station: 124, National: 1, Provincial: 6, City: 60, County: 251, Township: 208, Mandates: 526,
		}},
		"荷塘区": {430202000000, 430202999999, figures{
			Station: 71, Provincial: 4, City: 32, County: 178, Township: 58, Mandates: 272,
		}},
		"和顺县": {140723000000, 140723999999, figures{
			Station: 9, Point: 25, Post: 37, Provincial: 2, City: 26, County: 168, Township: 368, Mandates: 564,
		}},
		"炎陵县": {430225000000, 430225999999, figures{
			Station: 12, Online: 12, Branches: 11, Provincial: 2, City: 22, County: 165, Township: 580, Mandates: 769,
		}},
		"桂阳县": {431021000000, 431021999999, figures{
			Station: 89, Provincial: 5, City: 45, County: 300, Township: 976, Mandates: 1326,
		}},
		"长沙市": {430100000000, 430199999999, figures{
			Home: 13, Station: 872, Point: 16, Online: 19, Branches: 18, // 901 to walk into
			National: 20, Provincial: 108, City: 489, County: 2756, Township: 4763, Mandates: 8136,
		}},
		"深圳市": {440300000000, 440399999999, figures{
			Home: 82, Station: 245, Point: 665, National: 12, Provincial: 46, City: 480, County: 2270, Mandates: 2808,
		}},
		"郴州市": {431000000000, 431099999999, figures{
			Station: 213, National: 1, Provincial: 11, City: 105, County: 551, Township: 1184, Mandates: 1852,
		}},
	} {
		t.Run(name, func(t *testing.T) {
			if diff := cmp.Diff(place.want, figuresOf(t, db, place.lo, place.hi)); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}

	for fact, c := range map[string]struct {
		query string
		want  int64
	}{
		"长沙县 townships":                   {`SELECT count(*) FROM division WHERE parent_code = 430121000000 AND level = 'TOWNSHIP'`, 18},
		"长沙县 stations in its townships":   {`SELECT count(*) FROM station WHERE code % 1000 = 0 AND kind = 'STATION' AND code / 1000000 = 430121`, 18},
		"长沙县 constituencies":              {`SELECT count(*) FROM constituency u JOIN congress c ON c.id = u.congress_id WHERE c.code = 430121000000`, 125},
		"长沙县 constituencies of 1 station": {`SELECT count(DISTINCT constituency_id) FROM station WHERE code / 1000000 = 430121 AND kind = 'STATION'`, 125},
		"长沙县 most seats by residence": {`SELECT sum(seats) FROM constituency u JOIN congress c ON c.id = u.congress_id
			WHERE c.code = 430121000000 AND u.basis IN ('RESIDENCE', 'WORK_UNIT') AND seats <= 3`, 305},
		"长沙县 by work unit": {`SELECT count(*) FROM constituency u JOIN congress c ON c.id = u.congress_id
			WHERE c.code = 430121000000 AND u.basis = 'WORK_UNIT'`, 18},
		"长沙县 congresses of towns": {`SELECT count(*) FROM congress WHERE code / 1000000 = 430121 AND level = 'TOWNSHIP'`, 13},
		"长沙县 on the 15th":         {`SELECT count(*) FROM station WHERE code / 1000000 = 430121 AND opening_rule = '每月15日'`, 125},
		"长沙县 opened in 2022": {`SELECT count(*) FROM station WHERE code / 1000000 = 430121 AND kind = 'STATION'
			AND opened_on BETWEEN '2022-01-01' AND '2022-04-30'`, 125},
		"长沙县 online in 2023": {`SELECT count(*) FROM station s JOIN station p ON p.id = s.parent_id WHERE s.code / 1000000 = 430121
			AND s.opened_on BETWEEN '2023-01-01' AND '2023-12-31' AND p.code = 430121000000 AND p.opened_on <= s.opened_on`, 18},
		// The first visit day was 15 May 2022: 1,160 deputies attended.
		"长沙县 posted by 15 May 2022, at least 1160": {`SELECT (count(DISTINCT deputy_id) >= 1160)::int FROM posting
			WHERE code / 1000000 = 430121 AND started_on <= '2022-05-15' AND (ended_on IS NULL OR ended_on > '2022-05-15')`, 1},

		"北湖区 of the district":  {`SELECT count(*) FROM station WHERE code = 431002000000`, 1},
		"北湖区 of townships":     {`SELECT count(*) FROM station WHERE code / 1000000 = 431002 AND code % 1000 = 0 AND code <> 431002000000`, 14},
		"北湖区 of villages":      {`SELECT count(*) FROM station WHERE code / 1000000 = 431002 AND code % 1000 > 0`, 109},
		"北湖区 rooms":            {`SELECT count(*) FROM station WHERE code / 1000000 = 431002 AND area_m2 >= 20 AND floor IN (1, 2)`, 124},
		"北湖区 zones":            {`SELECT count(DISTINCT kind) FROM zone WHERE code / 1000000 = 431002`, 4},
		"北湖区 stations in them": {`SELECT count(*) FROM station WHERE code / 1000000 = 431002 AND zone_id IS NOT NULL`, 0},
		"北湖区 cross-posted": {`SELECT count(*) FROM posting p JOIN posting h ON h.mandate_id = p.mandate_id AND h.basis <> 'CROSS' AND h.ended_on IS NULL
			WHERE p.basis = 'CROSS' AND p.code % 1000 > 0 AND p.code / 1000000 = 431002 AND p.township_code <> h.township_code`, 16},

		"荷塘区 every township and village": {`SELECT count(*) FROM division d WHERE code / 1000000 = 430202 AND level IN ('TOWNSHIP', 'VILLAGE')
			AND EXISTS (SELECT FROM station s WHERE s.division_id = d.id AND s.name_uniform)`, 7 + 62},
		"荷塘区 chains": {`SELECT count(*) FROM station s JOIN zone z ON z.id = s.zone_id
			WHERE s.code / 1000000 = 430202 AND z.kind = 'INDUSTRY_CHAIN' AND EXISTS (SELECT FROM posting p WHERE p.station_id = s.id)`, 2},
		"荷塘区 mandates in grids": {`SELECT count(DISTINCT p.mandate_id) FROM grid_assignment a JOIN posting p ON p.id = a.posting_id
			WHERE p.code / 1000000 = 430202 AND p.basis = 'GRID' AND p.ended_on IS NULL`, 272},

		"和顺县 brands":       {`SELECT count(DISTINCT brand) FROM station WHERE code / 1000000 = 140723 AND kind = 'STATION'`, 9},
		"和顺县 grid workers": {`SELECT count(*) FROM station_staff WHERE code / 1000000 = 140723 AND origin = 'GRID_WORKER' AND office = 'LIAISON'`, 22},
		"和顺县 volunteers":   {`SELECT count(*) FROM station_staff WHERE code / 1000000 = 140723 AND origin = 'VOLUNTEER' AND office = 'LIAISON'`, 15},
		"和顺县 deputies in grids": {`SELECT count(DISTINCT p.deputy_id) FROM grid_assignment a JOIN posting p ON p.id = a.posting_id
			WHERE p.code / 1000000 = 140723`, 24},
		"滨河社区 grids": {`SELECT count(*) FROM grid WHERE code = 140723400005`, 8},
		"滨河社区 deputies without one or two grids": {`SELECT count(*) FROM (SELECT p.deputy_id FROM posting p
			LEFT JOIN grid_assignment a ON a.posting_id = p.id WHERE p.code = 140723400005 AND p.ended_on IS NULL
			GROUP BY 1 HAVING count(a.id) NOT IN (1, 2)) x`, 0},
		"滨河社区 grids with a worker": {`SELECT count(*) FROM grid g JOIN grid_assignment a ON a.grid_id = g.id AND a.staff_id IS NOT NULL
			WHERE g.code = 140723400005`, 8},

		"炎陵县 in townships":   {`SELECT count(*) FROM station WHERE code / 1000000 = 430225 AND kind = 'STATION' AND code % 1000 = 0`, 10},
		"桂阳县 fen":            {`SELECT sum(amount_fen) FROM station_budget WHERE code / 1000000 = 431021 AND year = 2024`, 172_000_000},
		"桂阳县 with budget":    {`SELECT count(DISTINCT station_id) FROM station_budget WHERE code / 1000000 = 431021`, 89},
		"桂阳县 of agriculture": {`SELECT count(*) FROM posting p JOIN station s ON s.id = p.station_id WHERE p.basis = 'SECTOR' AND s.brand = '基础+农业'`, 18},
		"长沙市 to walk into":   {`SELECT count(*) FROM station WHERE city_code = 430100000000 AND kind <> 'ONLINE'`, 901},
		"芙蓉区":                {`SELECT count(*) FROM station WHERE county_code = 430102000000`, 92},
		"雨花区 homes":          {`SELECT count(*) FROM station WHERE county_code = 430111000000 AND kind = 'HOME' AND name LIKE '%人大代表活动室'`, 13},
		"雨花区 stations":       {`SELECT count(*) FROM station WHERE county_code = 430111000000 AND kind = 'STATION'`, 163},
		// All accepted within the year, so that the rate is that of what was accepted in 2025.
		"和顺县 opinions of 2025": {opinionsOf(140723, "2025", ""), 1041},
		"和顺县 accepted in 2025": {opinionsOf(140723, "2025", `AND accepted_at >= '2025-01-01 00:00+08' AND accepted_at < '2026-01-01 00:00+08'`), 1041},
		"和顺县 closed":           {opinionsOf(140723, "2025", `AND closed_at IS NOT NULL`), 1012},
		"和顺县 open":             {opinionsOf(140723, "2025", `AND open`), 1041 - 1012},
		"和顺县 per mille closed": {`SELECT round(1000.0 * count(closed_at) / count(accepted_at)) FROM opinion WHERE code / 1000000 = 140723`, 972},
		"和顺县 online and offline": {`SELECT count(DISTINCT channel IN ('STATION_CODE', 'DEPUTY_CODE', 'ONLINE')) FROM opinion
			WHERE code / 1000000 = 140723`, 2},
		"和顺县 hardships solved": {opinionsOf(140723, "2025", `AND hardship AND outcome = 'SOLVED' AND closed_at IS NOT NULL`), 52},
		"和顺县 hardships solved within the year": {opinionsOf(140723, "2025",
			`AND hardship AND outcome = 'SOLVED' AND closed_at < '2026-01-01 00:00+08'`), 52},
		"和顺县 of other years": {`SELECT count(*) FROM opinion WHERE code / 1000000 = 140723`, 1041},
		"长沙县 opinions of the first visit day": {`SELECT count(*) FROM opinion o JOIN station s ON s.id = o.station_id JOIN deputy d ON d.id = o.deputy_id
			WHERE o.code / 1000000 = 430121 AND s.kind = 'STATION' AND o.channel IN ('IN_PERSON', 'VISIT')
				AND o.submitted_at >= '2022-05-15 00:00+08' AND o.submitted_at < '2022-05-16 00:00+08'`, 563},
		"长沙县 of other days":      {`SELECT count(*) FROM opinion WHERE code / 1000000 = 430121`, 563},
		"长沙县 stations with some": {`SELECT count(DISTINCT station_id) FROM opinion WHERE code / 1000000 = 430121`, 125},
		"长沙县 still open":         {`SELECT count(*) FROM opinion WHERE code / 1000000 = 430121 AND open`, 3},
		"炎陵县 opinions of 2025":   {opinionsOf(430225, "2025", `AND submitted_at < '2025-07-28 00:00+08' AND accepted_at IS NOT NULL`), 211},
		"炎陵县 of other years":     {`SELECT count(*) FROM opinion WHERE code / 1000000 = 430225`, 211},
		"炎陵县 solved by 28 July":  {opinionsOf(430225, "2025", `AND outcome = 'SOLVED' AND closed_at < '2025-07-28 00:00+08'`), 61},
		"炎陵县 solved":             {opinionsOf(430225, "2025", `AND outcome = 'SOLVED'`), 61},
		"炎陵县 answered otherwise": {opinionsOf(430225, "2025", `AND outcome IN ('PLANNED', 'UNDER_WAY', 'EXPLAINED')`), 211 - 61 - 3},
		"postings without a code": {`SELECT count(*) FROM posting p WHERE p.ended_on IS NULL
			AND NOT EXISTS (SELECT FROM qr_code c WHERE c.posting_id = p.id AND c.station_id = p.station_id AND c.revoked_at IS NULL)`, 0},
		"names of 工作站 reported": {`SELECT count(*) FROM station WHERE name LIKE '%人大代表联系群众工作站' AND NOT name_uniform`, 10},
	} {
		t.Run(fact, func(t *testing.T) {
			if got := number(t, db, c.query); got != c.want {
				t.Errorf("%d, want %d", got, c.want)
			}
		})
	}
	t.Run("consistent", func(t *testing.T) { consistent(t, db) })
	t.Run("accounts", func(t *testing.T) { accountsFit(t, db) })
	t.Run("opinions", func(t *testing.T) { opinionsFit(t, db) })
	t.Run("timelines", func(t *testing.T) { timelinesFit(t, db) })
	t.Run("replay", func(t *testing.T) { replayed(t, db) })
}

// opinionsOf counts the opinions submitted in a county in a year.
func opinionsOf(county int, year, more string) string {
	return fmt.Sprintf(`SELECT count(*) FROM opinion WHERE code / 1000000 = %d
		AND to_char(submitted_at AT TIME ZONE 'Asia/Shanghai', 'YYYY') = '%s' %s`, county, year, more)
}
