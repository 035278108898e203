package workflow_test

import (
	"context"
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"

	"github.com/lianluo/lianluo/ent/gen"
	"github.com/lianluo/lianluo/ent/gen/mandate"
	"github.com/lianluo/lianluo/ent/kind"
	"github.com/lianluo/lianluo/ent/place"
	"github.com/lianluo/lianluo/ent/state"
	"github.com/lianluo/lianluo/ent/viewer"
	"github.com/lianluo/lianluo/ent/workflow"
)

func TestRegisterDeputy(t *testing.T) {
	h := newHouse(t)
	in := person("重小雨", h.congress[county], ptr(h.constituency[guoyuan]))
	in.Ethnicity, in.WorkUnit, in.JobTitle, in.Phone = "苗族", ptr("果园镇中心小学"), ptr("教师"), ptr(" 138-0013-8000 ")
	d, err := h.desk.RegisterDeputy(h.county(), in)
	if err != nil {
		t.Fatal(err)
	}
	if d.Name != "重小雨" || d.Ethnicity != "苗族" || *d.WorkUnit != "果园镇中心小学" || *d.JobTitle != "教师" || *d.PhoneMasked != "138****8000" ||
		!d.BirthMonth.Equal(day("1980-03-01")) || d.Code != guoyuan || *d.CountyCode != county || d.Version != 1 {
		t.Error("registered", d)
	}
	m, err := h.client.Mandate.Query().Where(mandate.DeputyID(d.ID)).Only(h.county())
	if err != nil {
		t.Fatal(err)
	}
	if m.Status != state.MandateConfirmed || m.Level != kind.County || m.SeatCode != county || m.TermNumber != 18 || m.Code != guoyuan ||
		*m.ConstituencyID != h.constituency[guoyuan] || !m.ElectedOn.Equal(day("2021-11-20")) || m.Election != kind.GeneralElection {
		t.Error("mandate", m)
	}
	if h.count(`deputy_contact WHERE phone = '138-0013-8000' AND code = 430121107000`) != 1 {
		t.Error("the number is not kept")
	}
	for _, key := range []string{"重小雨", "chongxiaoyu", "zhongxiaoyu", "cxy", "zxy"} {
		if h.count(`deputy_key WHERE key = $1 AND deputy_id = $2 AND code = 430121107000`, key, d.ID) != 1 {
			t.Error("not found by", key)
		}
	}
	detail := h.audited(workflow.VerbRegisterDeputy, "Deputy", d.ID, "COUNTY_ADMIN@430121000000", guoyuan)
	if strings.Contains(detail, "重小雨") || strings.Contains(detail, "8000") || !strings.Contains(detail, m.ID.String()) {
		t.Error("audit detail:", detail)
	}
	// Without a constituency the home is the congress's own; not confirmed is elected.
	in = person("江一帆", h.congress[county], nil)
	in.Mandate.Confirmed = false
	d, err = h.desk.RegisterDeputy(h.county(), in)
	if err != nil {
		t.Fatal(err)
	}
	if d.Code != county || d.TownshipCode != nil || d.PhoneMasked != nil ||
		h.count(`mandate WHERE deputy_id = $1 AND status = 'ELECTED' AND code = 430121000000`, d.ID) != 1 {
		t.Error("registered", d)
	}
}

func TestRegisterDeputyRefusals(t *testing.T) {
	h := newHouse(t)
	type change = func(*workflow.RegisterDeputy)
	for title, c := range map[string]struct {
		change change
		want   refusal
	}{
		"no name":        {func(in *workflow.RegisterDeputy) { in.Name = "" }, invalid("input.name REQUIRED")},
		"name of one":    {func(in *workflow.RegisterDeputy) { in.Name = "江" }, invalid("input.name TOO_SHORT")},
		"name of 41":     {func(in *workflow.RegisterDeputy) { in.Name = strings.Repeat("江", 41) }, invalid("input.name TOO_LONG")},
		"gender":         {func(in *workflow.RegisterDeputy) { in.Gender = "X" }, invalid("input.gender UNKNOWN_VALUE")},
		"no ethnicity":   {func(in *workflow.RegisterDeputy) { in.Ethnicity = "" }, invalid("input.ethnicity REQUIRED")},
		"long work unit": {func(in *workflow.RegisterDeputy) { in.WorkUnit = ptr(strings.Repeat("江", 101)) }, invalid("input.workUnit TOO_LONG")},
		"long job title": {func(in *workflow.RegisterDeputy) { in.JobTitle = ptr(strings.Repeat("江", 61)) }, invalid("input.jobTitle TOO_LONG")},
		"phone":          {func(in *workflow.RegisterDeputy) { in.Phone = ptr("12345") }, invalid("input.phone MALFORMED")},
		"born in 1905":   {func(in *workflow.RegisterDeputy) { in.BirthMonth = day("1905-01-01") }, invalid("input.birthMonth IMPOSSIBLE_DATE")},
		"born in 3024":   {func(in *workflow.RegisterDeputy) { in.BirthMonth = day("3024-01-01") }, invalid("input.birthMonth IMPOSSIBLE_DATE")},
		"17 at the election": {
			func(in *workflow.RegisterDeputy) { in.BirthMonth = day("2003-12-01") }, invalid("input.birthMonth IMPOSSIBLE_DATE"),
		},
		"election":     {func(in *workflow.RegisterDeputy) { in.Mandate.Election = "" }, invalid("input.mandate.election UNKNOWN_VALUE")},
		"term 0":       {func(in *workflow.RegisterDeputy) { in.Mandate.Term = 0 }, invalid("input.mandate.term OUT_OF_RANGE")},
		"term unknown": {func(in *workflow.RegisterDeputy) { in.Mandate.Term = 19 }, notFound("input.mandate.term")},
		"elected tomorrow": {
			func(in *workflow.RegisterDeputy) { in.Mandate.ElectedOn = day("2026-06-16") }, invalid("input.mandate.electedOn IMPOSSIBLE_DATE"),
		},
		"elected too early": {
			func(in *workflow.RegisterDeputy) { in.Mandate.ElectedOn = day("2020-11-30") }, invalid("input.mandate.electedOn IMPOSSIBLE_DATE"),
		},
		"a term that is over": {
			func(in *workflow.RegisterDeputy) { in.Mandate.Term, in.Mandate.ElectedOn = 17, day("2021-11-30") },
			conflict("input.mandate.term TERM_OVER"),
		},
		"several": {
			func(in *workflow.RegisterDeputy) {
				in.Name, in.Gender, in.Mandate.Term, in.Mandate.ElectedOn = "江", "", -1, day("1900-01-01")
			},
			invalid("input.name TOO_SHORT", "input.gender UNKNOWN_VALUE", "input.mandate.term OUT_OF_RANGE", "input.mandate.electedOn IMPOSSIBLE_DATE"),
		},
		"congress above":           {func(in *workflow.RegisterDeputy) { in.Mandate.Congress = h.congress[changsha] }, notFound("input.mandate.congress")},
		"congress beside":          {func(in *workflow.RegisterDeputy) { in.Mandate.Congress = h.congress[beihu] }, notFound("input.mandate.congress")},
		"congress that never was":  {func(in *workflow.RegisterDeputy) { in.Mandate.Congress = uuid.New() }, notFound("input.mandate.congress")},
		"constituency of another":  {func(in *workflow.RegisterDeputy) { in.Mandate.Constituency = ptr(h.constituency[county]) }, invalid("input.mandate.constituency MISMATCH")},
		"constituency not there":   {func(in *workflow.RegisterDeputy) { in.Mandate.Constituency = ptr(uuid.New()) }, notFound("input.mandate.constituency")},
		"key without an end":       {func(in *workflow.RegisterDeputy) { in.IdempotencyKey = ptr(strings.Repeat("k", 101)) }, invalid("input.idempotencyKey TOO_LONG")},
		"name that turns the text": {func(in *workflow.RegisterDeputy) { in.Name = "江\u202e帆" }, invalid("input.name MALFORMED")},
	} {
		t.Run(title, func(t *testing.T) {
			in := person("江一帆", h.congress[county], nil)
			c.change(&in)
			h.sub(t).refused(c.want, func() error {
				_, err := h.desk.RegisterDeputy(h.county(), in)
				return err
			})
		})
	}
	// The bounds themselves are allowed.
	in := person("江一帆", h.congress[county], nil)
	in.BirthMonth, in.Mandate.ElectedOn = day("2003-11-30"), day("2021-11-01")
	if _, err := h.desk.RegisterDeputy(h.county(), in); err != nil {
		t.Error("18 on the day:", err)
	}
	in = person("江二帆", h.congress[county], nil)
	in.Mandate.ElectedOn = day("2020-12-01")
	if _, err := h.desk.RegisterDeputy(h.county(), in); err != nil {
		t.Error("a year before the term:", err)
	}
}

func TestDeputyTwins(t *testing.T) {
	h := newHouse(t)
	h.register(h.county(), "江一帆", h.congress[huangxin], nil)
	twin := func(ctx context.Context, congress place.Code, change func(*workflow.RegisterDeputy)) error {
		in := person("江一帆", h.congress[congress], nil)
		if change != nil {
			change(&in)
		}
		_, err := h.desk.RegisterDeputy(ctx, in)
		return err
	}
	// The township cannot see the neighbour's deputy, yet must not register the same person again.
	h.refused(conflict("input.name DUPLICATE"), func() error { return twin(h.township(), guoyuan, nil) })
	h.refused(conflict("input.name DUPLICATE"), func() error {
		return twin(h.township(), guoyuan, func(in *workflow.RegisterDeputy) { in.BirthMonth = day("1980-03-31") })
	})
	h.refused(conflict("input.name DUPLICATE"), func() error { return twin(h.county(), county, nil) })
	for title, err := range map[string]error{
		"another gender": twin(h.township(), guoyuan, func(in *workflow.RegisterDeputy) { in.Gender = kind.Male }),
		"another month":  twin(h.township(), guoyuan, func(in *workflow.RegisterDeputy) { in.BirthMonth = day("1980-04-01") }),
		"another name":   twin(h.township(), guoyuan, func(in *workflow.RegisterDeputy) { in.Name = "江二帆" }),
		"another county": twin(h.beihu(), beihu, nil),
		"at the city":    twin(h.city(), changsha, nil),
	} {
		if err != nil {
			t.Error(title, err)
		}
	}
	// Where the tree has no county above the home, the place itself counts.
	h.refused(conflict("input.name DUPLICATE"), func() error { return twin(h.city(), changsha, nil) })

	// Two townships that register the same person at once.
	in := person("林一舟", h.congress[guoyuan], nil)
	other := person("林一舟", h.congress[huangxin], nil)
	errs := h.atOnce("registry:430121000000:林一舟:FEMALE:1980-03-01",
		func() error { _, err := h.desk.RegisterDeputy(h.township(), in); return err },
		func() error {
			_, err := h.desk.RegisterDeputy(h.as(viewer.TownshipAdmin, huangxin), other)
			return err
		})
	if (errs[0] == nil) == (errs[1] == nil) {
		t.Fatal("of two that register one person:", errs)
	}
	conflict("input.name DUPLICATE").check(t, errors.Join(errs...))
}

func TestPhonesBelongToCountyAndTownship(t *testing.T) {
	h := newHouse(t)
	in := person("江一帆", h.congress[county], nil)
	in.Phone = ptr("13800138000")
	for name, ctx := range map[string]context.Context{"city": h.city(), "province": h.province(), "nation": h.nation()} {
		h.refused(denied("input.phone"), func() error {
			_, err := h.desk.RegisterDeputy(ctx, in)
			if err == nil {
				t.Error(name, "writes a number")
			}
			return err
		})
	}
	d, err := h.desk.RegisterDeputy(h.county(), in)
	if err != nil {
		t.Fatal(err)
	}
	for _, phone := range []workflow.Change[string]{workflow.To("13900139000"), workflow.Emptied[string]()} {
		h.refused(denied("input.phone"), func() error {
			_, err := h.desk.UpdateDeputy(h.city(), workflow.UpdateDeputy{ID: d.ID, Phone: phone})
			return err
		})
	}
}

func TestUpdateDeputy(t *testing.T) {
	h := newHouse(t)
	in := person("江一帆", h.congress[county], ptr(h.constituency[guoyuan]))
	in.Phone, in.WorkUnit = ptr("13800138000"), ptr("果园镇中心小学")
	d, err := h.desk.RegisterDeputy(h.county(), in)
	if err != nil {
		t.Fatal(err)
	}
	update := func(in workflow.UpdateDeputy) *gen.Deputy {
		t.Helper()
		in.ID = d.ID
		changed, err := h.desk.UpdateDeputy(h.township(), in)
		if err != nil {
			t.Fatal(err)
		}
		return changed
	}
	got := update(workflow.UpdateDeputy{
		ExpectedVersion: ptr(1), Name: workflow.To("江一凡"), Gender: workflow.To(kind.Male), BirthMonth: workflow.To(day("1981-07-09")),
		Ethnicity: workflow.To("土家族"), WorkUnit: workflow.Emptied[string](), JobTitle: workflow.To("校长"), Phone: workflow.To("0731 84000000"),
	})
	if got.Version != 2 || got.Name != "江一凡" || got.Gender != kind.Male || !got.BirthMonth.Equal(day("1981-07-01")) ||
		got.Ethnicity != "土家族" || got.WorkUnit != nil || *got.JobTitle != "校长" || *got.PhoneMasked != "073****00" {
		t.Error("changed to", got)
	}
	detail := h.audited(workflow.VerbUpdateDeputy, "Deputy", d.ID, "TOWNSHIP_ADMIN@430121107000", guoyuan)
	if detail != `{"changed": ["birthMonth", "ethnicity", "gender", "jobTitle", "name", "phone", "workUnit"]}` {
		t.Error("audit detail:", detail)
	}
	if h.count(`deputy_contact WHERE phone = '0731 84000000' AND version = 2`) != 1 ||
		h.count(`deputy_key WHERE key IN ('江一凡', 'jiangyifan')`) != 2 || h.count(`deputy_key WHERE key = '江一帆'`) != 0 {
		t.Error("number or keys are the old ones")
	}
	// The number alone, taken back, and entered again.
	if got = update(workflow.UpdateDeputy{Phone: workflow.Emptied[string]()}); got.PhoneMasked != nil || got.Version != 3 {
		t.Error("changed to", got)
	}
	if h.count(`deputy_contact`) != 0 {
		t.Error("the number is still there")
	}
	if got = update(workflow.UpdateDeputy{Phone: workflow.To("13700137000")}); *got.PhoneMasked != "137****7000" {
		t.Error("changed to", got)
	}
	before := h.state()
	got = update(workflow.UpdateDeputy{Phone: workflow.To("13700137000"), Name: workflow.To("江一凡"), BirthMonth: workflow.To(day("1981-07-30"))})
	if got.Version != 4 || h.state() != before {
		t.Error("an update to the same changed", got)
	}
}

func TestUpdateDeputyRefusals(t *testing.T) {
	h := newHouse(t)
	d := h.deputyOf(h.register(h.county(), "江一帆", h.congress[county], nil))
	h.register(h.county(), "江二帆", h.congress[county], nil)
	elsewhere := h.register(h.nation(), "江三帆", h.congress[hunan], nil)
	guest := h.register(h.beihu(), "江四帆", h.congress[beihu], nil)
	s := h.station(guoyuan, "果园镇人大代表联络站")
	h.post(h.nation(), guest, s.ID, kind.PostingCross, "2024-01-01")
	name := workflow.To("新名字")
	for title, c := range map[string]struct {
		in   workflow.UpdateDeputy
		want refusal
	}{
		"nothing":           {workflow.UpdateDeputy{ID: d}, invalid("input EMPTY")},
		"name emptied":      {workflow.UpdateDeputy{ID: d, Name: workflow.Emptied[string]()}, invalid("input.name REQUIRED")},
		"gender emptied":    {workflow.UpdateDeputy{ID: d, Gender: workflow.Emptied[kind.Gender]()}, invalid("input.gender REQUIRED")},
		"month emptied":     {workflow.UpdateDeputy{ID: d, BirthMonth: workflow.Emptied[time.Time]()}, invalid("input.birthMonth REQUIRED")},
		"ethnicity emptied": {workflow.UpdateDeputy{ID: d, Ethnicity: workflow.To(" ")}, invalid("input.ethnicity REQUIRED")},
		"17 when elected":   {workflow.UpdateDeputy{ID: d, BirthMonth: workflow.To(day("2003-12-01"))}, invalid("input.birthMonth IMPOSSIBLE_DATE")},
		"version":           {workflow.UpdateDeputy{ID: d, ExpectedVersion: ptr(3), Name: name}, conflict("input.expectedVersion VERSION")},
		"never was":         {workflow.UpdateDeputy{ID: uuid.New(), Name: name}, notFound("input.id")},
		"out of sight":      {workflow.UpdateDeputy{ID: h.deputyOf(elsewhere), Name: name}, notFound("input.id")},
		"a guest":           {workflow.UpdateDeputy{ID: h.deputyOf(guest), Name: name}, denied("input.id")},
		"twin":              {workflow.UpdateDeputy{ID: d, Name: workflow.To("江二帆")}, conflict("input.name DUPLICATE")},
	} {
		t.Run(title, func(t *testing.T) {
			h.sub(t).refused(c.want, func() error {
				_, err := h.desk.UpdateDeputy(h.county(), c.in)
				return err
			})
		})
	}
}
