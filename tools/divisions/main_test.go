package main

import (
	"bytes"
	"database/sql"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/lianluo/lianluo/ent/place"
	"github.com/lianluo/lianluo/migrations"
	"github.com/lianluo/lianluo/server/postgres/pgtest"
	"github.com/lianluo/lianluo/server/seed/divisions"
)

// before and after are small tables: a county is renamed, another gets another code, a third goes to another city; villages change codes among
// themselves; a township goes to the next county; one village is new, one is no more.
const before = `code,level,name
430000000000,1,湖南省
430100000000,2,甲市
430101000000,3,东区
430101001000,4,一街道
430101001001,5,春社区
430101001002,5,夏社区
430101001003,5,秋社区
430102000000,3,西县
430102100000,4,二镇
430102100201,5,冬村
430102101000,4,三镇
430102101201,5,梅村
430103000000,3,南县
430103100000,4,四镇
430200000000,2,乙市
430201000000,3,北县
`

const after = `code,level,name
430000000000,1,湖南省
430100000000,2,甲市
430101000000,3,东方区
430101001000,4,一街道
430101001001,5,夏社区
430101001002,5,春社区
430101001004,5,兰社区
430104000000,3,西县
430104100000,4,二镇
430104100201,5,冬村
430104100202,5,竹村
430200000000,2,乙市
430201000000,3,北县
430201105000,4,三镇
430201105201,5,梅村
430202000000,3,南县
430202100000,4,四镇
`

func parse(t *testing.T, table string) []divisions.Row {
	t.Helper()
	rows, err := divisions.ParseFile(strings.NewReader(table))
	if err != nil {
		t.Fatal(err)
	}
	return rows
}

// treeOf is the tree of a table as the database would have it.
func treeOf(rows []divisions.Row) (out []*stored) {
	for _, r := range rows {
		if r.Parent != nil {
			out = append(out, &stored{r.Code, *r.Parent, r.Level, r.Name})
		}
	}
	return out
}

var wanted = []string{
	"更名 430101000000 东区 → 东方区",
	"变更代码 430102000000 → 430104000000 西县",
	"划转 430103000000 → 430202000000 南县",
	"划转 430104101000 → 430201105000 三镇",
	"变更代码 430101001001 → 430101001002 春社区\n变更代码 430101001002 → 430101001001 夏社区",
	"新增 430101001004 兰社区",
	"新增 430104100202 竹村",
	"撤销 430101001003 秋社区",
}

func TestCompare(t *testing.T) {
	rows := parse(t, before)
	if steps := compare(treeOf(rows), rows); len(steps) != 0 {
		t.Errorf("a table differs from itself: %v", steps)
	}
	var got []string
	for _, s := range compare(treeOf(rows), parse(t, after)) {
		got = append(got, s.String())
	}
	if diff := cmp.Diff(wanted, got); diff != "" {
		t.Errorf("steps (-want +got):\n%s", diff)
	}
}

func TestApply(t *testing.T) {
	d := pgtest.Empty(t)
	owner := d.Owner(t)
	if err := migrations.Up(t.Context(), owner, nil); err != nil {
		t.Fatal(err)
	}
	if err := divisions.Load(t.Context(), owner, parse(t, before), nil); err != nil {
		t.Fatal(err)
	}
	table := filepath.Join(t.TempDir(), "table.csv")
	if err := os.WriteFile(table, []byte(after), 0o600); err != nil {
		t.Fatal(err)
	}
	call := func(in string, args ...string) (string, error) {
		var out bytes.Buffer
		err := run(t.Context(), append(args, "--database-url", d.OwnerURL, "--app-database-url", d.AppURL), strings.NewReader(in), &out)
		return out.String(), err
	}

	untouched := lines(t, owner)
	text, err := call("", "diff", table)
	if err != nil || !strings.Contains(text, strings.Join(wanted, "\n")) || !strings.Contains(text, "共 8 项:更名 1,变更代码 2,划转 2,新增 2,撤销 1") {
		t.Errorf("%v:\n%s", err, text)
	}
	if _, err := call("n\n", "apply", table); err == nil {
		t.Error("it did not ask")
	}
	if diff := cmp.Diff(untouched, lines(t, owner)); diff != "" {
		t.Errorf("unasked (-before +after):\n%s", diff)
	}
	if text, err := call("y\n", "apply", table, "--day", "2024-06-30", "--document", "民政部 2024"); err != nil || !strings.Contains(text, "已办 8 项,未办 0 项") {
		t.Fatalf("%v:\n%s", err, text)
	}
	var want []string
	for _, r := range parse(t, after) {
		want = append(want, fmt.Sprint(r.Code, " ", r.Level, " ", r.Name, " ", codes(r.Parent, r.Province, r.City, r.County, r.Township)))
	}
	if diff := cmp.Diff(want, lines(t, owner)); diff != "" {
		t.Errorf("the tree (-table +database):\n%s", diff)
	}
	var events, formers, audited int
	if err := owner.QueryRowContext(t.Context(), `SELECT (SELECT count(*) FROM division_event WHERE document = '民政部 2024' AND day = '2024-06-30'),
		(SELECT count(*) FROM former_division), (SELECT count(*) FROM audit_entry WHERE verb = 'establishDivision' AND subject = 'operator:divisions')`).
		Scan(&events, &formers, &audited); err != nil || events != 6 || formers != 13 || audited != 2 {
		t.Errorf("%d events, %d former divisions, %d lines in the audit, %v", events, formers, audited, err)
	}
	if text, err := call("", "apply", table); err != nil || !strings.Contains(text, "一致") {
		t.Errorf("the second time: %v:\n%s", err, text)
	}
}

// What cannot be made is told, and the rest is made.
func TestRefusedSteps(t *testing.T) {
	d := pgtest.Empty(t)
	owner := d.Owner(t)
	if err := migrations.Up(t.Context(), owner, nil); err != nil {
		t.Fatal(err)
	}
	if err := divisions.Load(t.Context(), owner, parse(t, before), nil); err != nil {
		t.Fatal(err)
	}
	if _, err := owner.ExecContext(t.Context(), `INSERT INTO account (id, created_at, updated_at, code, province_code, city_code, county_code, township_code,
			division_id, username, password_hash, display_name, role)
		SELECT gen_random_uuid(), now(), now(), code, province_code, city_code, county_code, township_code, id, 'autumn', 'x', '秋', 'STATION_KEEPER'
		FROM division WHERE code = 430101001003`); err != nil {
		t.Fatal(err)
	}
	table := filepath.Join(t.TempDir(), "table.csv")
	if err := os.WriteFile(table, []byte(after), 0o600); err != nil {
		t.Fatal(err)
	}
	var out bytes.Buffer
	err := run(t.Context(), []string{"apply", table, "--yes", "--database-url", d.OwnerURL, "--app-database-url", d.AppURL}, strings.NewReader(""), &out)
	if !errors.Is(err, errLeft) || !strings.Contains(out.String(), "撤销 430101001003 秋社区:该区划尚有在用账号 1 个") || !strings.Contains(out.String(), "已办 7 项,未办 1 项") {
		t.Errorf("%v:\n%s", err, out.String())
	}
}

func TestMistakes(t *testing.T) {
	for name, args := range map[string][]string{
		"nothing": nil, "no table": {"diff"}, "no such table": {"diff", filepath.Join(t.TempDir(), "none.csv")}, "a day": {"apply", "x.csv", "--day", "tomorrow"},
	} {
		var out bytes.Buffer
		if err := run(t.Context(), args, strings.NewReader(""), &out); exitCode(err) != 2 || err == nil {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// lines are the divisions in being, as text.
func lines(t *testing.T, db *sql.DB) (out []string) {
	t.Helper()
	rows, err := db.QueryContext(t.Context(), `SELECT code, level, name, parent_code, province_code, city_code, county_code, township_code
		FROM division WHERE valid_to IS NULL ORDER BY code`)
	if err != nil {
		t.Fatal(err)
	}
	defer rows.Close()
	for rows.Next() {
		var r divisions.Row
		if err := rows.Scan(&r.Code, &r.Level, &r.Name, &r.Parent, &r.Province, &r.City, &r.County, &r.Township); err != nil {
			t.Fatal(err)
		}
		out = append(out, fmt.Sprint(r.Code, " ", r.Level, " ", r.Name, " ", codes(r.Parent, r.Province, r.City, r.County, r.Township)))
	}
	if err := rows.Err(); err != nil {
		t.Fatal(err)
	}
	return out
}

func codes(all ...*place.Code) (out []string) {
	for _, c := range all {
		if c == nil {
			out = append(out, "-")
		} else {
			out = append(out, c.String())
		}
	}
	return out
}
