package main

import (
	"bytes"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/lianluo/lianluo/ent/place"
	"github.com/lianluo/lianluo/ent/viewer"
	"github.com/lianluo/lianluo/ent/workflow"
	"github.com/lianluo/lianluo/migrations"
	"github.com/lianluo/lianluo/server/postgres"
	"github.com/lianluo/lianluo/server/postgres/pgtest"
	"github.com/lianluo/lianluo/server/seed/divisions"
)

// grown is the table before with a township at the county's level, a village of it, one code of a village that was abolished and two of villages that went into
// others: one for a new village, one for a village that changes its code, and for one that would follow it.
const grown = `code,level,name
430000000000,1,湖南省
430100000000,2,甲市
430101000000,3,东区
430101001000,4,一街道
430101001002,5,秋社区
430101001005,5,夏社区
430101001006,5,菊社区
430101001007,5,荷社区
430101001008,5,兰社区
430102000000,3,西县
430102100000,4,二镇
430102100201,5,冬村
430103000000,3,南县
430103100000,4,四镇
430105000000,3,三镇
430105100000,4,新镇
430105100201,5,竹村
430200000000,2,乙市
430201000000,3,北县
`

func gone(name, on string, abolished bool) ended {
	day, _ := time.Parse(time.DateOnly, on)
	return ended{name, day, abolished}
}

func TestRefuse(t *testing.T) {
	ends := map[place.Code]ended{
		430101001005: gone("旧社区", "2024-01-01", false), 430101001006: gone("菊社区", "2024-02-01", true), 430101001007: gone("荷社区", "2024-03-01", false),
	}
	var got []string
	for _, s := range refuse(compare(treeOf(parse(t, before)), parse(t, grown)), ends) {
		got = append(got, s.String())
	}
	want := []string{
		"不能办理 (cannot be made):层级变动 430102101000 → 430105000000 三镇:区划不能改变层级,请先以区划调整(分设、合并、划转)办理其下级",
		"不能办理 (cannot be made):新增 430105100000 新镇:所在区划 430105000000 未能办理",
		"不能办理 (cannot be made):变更代码 430101001002 → 430101001005 夏社区:代码 430101001005 曾为旧社区所用(2024-01-01 并入其他区划),不能再次启用",
		"不能办理 (cannot be made):变更代码 430101001003 → 430101001002 秋社区:代码 430101001002 尚未空出",
		"新增 430101001006 菊社区(2024-02-01 撤销,重新设立)",
		"不能办理 (cannot be made):新增 430101001007 荷社区:代码 430101001007 曾为荷社区所用(2024-03-01 并入其他区划),不能再次启用",
		"新增 430101001008 兰社区",
		"不能办理 (cannot be made):新增 430105100201 竹村:所在区划 430105000000 未能办理",
		"不能办理 (cannot be made):撤销 430102101201 梅村:所在区划 430102101000 未能办理",
		"撤销 430101001001 春社区",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("steps (-want +got):\n%s", diff)
	}
}

// An abolished division comes into being again, and what cannot be made keeps the rest from beginning until it is left out.
func TestApplyAround(t *testing.T) {
	d := pgtest.Empty(t)
	owner := d.Owner(t)
	if err := migrations.Up(t.Context(), owner, nil); err != nil {
		t.Fatal(err)
	}
	if err := divisions.Load(t.Context(), owner, parse(t, before), nil); err != nil {
		t.Fatal(err)
	}
	app, err := postgres.Open(d.AppURL, postgres.Options{MaxOpen: 2})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = app.Close() })
	desk := workflow.NewDesk(postgres.Client(app), workflow.Options{})
	v, err := viewer.For("someone", viewer.NationAdmin, place.Nation)
	if err != nil {
		t.Fatal(err)
	}
	ctx := viewer.NewContext(t.Context(), v)
	decree := workflow.Decree{Day: time.Date(2024, time.January, 1, 0, 0, 0, 0, time.UTC)}
	establish := func(code place.Code, name string) error {
		_, err := desk.EstablishDivision(ctx, workflow.EstablishDivision{ID: divisions.ID(code), Code: code, Name: name, Parent: 430101001000, Day: decree.Day})
		return err
	}
	for code, name := range map[place.Code]string{430101001005: "旧社区", 430101001006: "菊花社区", 430101001007: "荷社区"} {
		if err := establish(code, name); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := desk.AbolishDivision(ctx, workflow.AbolishDivision{Decree: decree, Division: 430101001006}); err != nil {
		t.Fatal(err)
	}
	if _, err := desk.MergeDivisions(ctx, workflow.MergeDivisions{
		Decree: decree, Divisions: []place.Code{430101001005, 430101001007}, Into: 430101001003,
	}); err != nil {
		t.Fatal(err)
	}
	if err := establish(430101001005, "旧社区"); err == nil || !strings.Contains(err.Error(), "曾为旧社区所用(2024-01-01 撤销或并入其他区划)") {
		t.Errorf("a code of one that was merged: %v", err)
	}

	table := filepath.Join(t.TempDir(), "table.csv")
	if err := os.WriteFile(table, []byte(grown), 0o600); err != nil {
		t.Fatal(err)
	}
	untouched := lines(t, owner)
	call := func(args ...string) (string, error) {
		var out bytes.Buffer
		err := run(t.Context(), append(args, "--app-database-url", d.AppURL), strings.NewReader(""), &out)
		return out.String(), err
	}
	text, err := call("apply", table, "--yes", "--day", "2024-06-30")
	if err == nil || errors.Is(err, errLeft) || !strings.Contains(text, "共 10 项:新增 2,撤销 1,不能办理 7") {
		t.Errorf("%v:\n%s", err, text)
	}
	if diff := cmp.Diff(untouched, lines(t, owner)); diff != "" {
		t.Errorf("it began (-before +after):\n%s", diff)
	}
	if text, err = call("apply", table, "--yes", "--omit", "--day", "2024-06-30"); err != nil || !strings.Contains(text, "已办 3 项,未办 0 项") {
		t.Errorf("%v:\n%s", err, text)
	}
	if text, err = call("diff", table); err != nil || !strings.Contains(text, "共 7 项:不能办理 7") {
		t.Errorf("what is left: %v:\n%s", err, text)
	}
	var again, kept, audited, found int
	if err := owner.QueryRowContext(t.Context(), `SELECT
		(SELECT count(*) FROM division WHERE code = 430101001006 AND id = $1 AND name = '菊社区' AND valid_from = '2024-06-30' AND valid_to IS NULL),
		(SELECT count(*) FROM former_division WHERE code_then = 430101001006 AND name = '菊花社区' AND valid_to = '2024-01-01'),
		(SELECT count(*) FROM audit_entry WHERE verb = 'establishDivision' AND subject = 'operator:divisions' AND detail ->> 'day' = '2024-06-30'),
		(SELECT count(*) FROM division_key WHERE code = 430101001006 AND key IN ('jushequ', 'juhuashequ'))`, divisions.ID(430101001006)).
		Scan(&again, &kept, &audited, &found); err != nil || again != 1 || kept != 1 || audited != 2 || found != 2 {
		t.Errorf("%d again, %d of before, %d lines in the audit, %d keys, %v", again, kept, audited, found, err)
	}
}
