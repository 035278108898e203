package workflow_test

import (
	"strings"
	"testing"

	"github.com/google/uuid"

	"github.com/lianluo/lianluo/ent/gen"
	"github.com/lianluo/lianluo/ent/kind"
	"github.com/lianluo/lianluo/ent/place"
	"github.com/lianluo/lianluo/ent/workflow"
)

// newStation is a station as small as it may be.
func newStation(at place.Code, name string) workflow.CreateStation {
	return workflow.CreateStation{Division: at, Kind: kind.StationStation, Name: name, OpenedOn: day("2022-05-01")}
}

func (h *house) station(at place.Code, name string) *gen.Station {
	h.Helper()
	s, err := h.desk.CreateStation(h.nation(), newStation(at, name))
	if err != nil {
		h.Fatal(err)
	}
	return s
}

func TestCreateStation(t *testing.T) {
	h := newHouse(t)
	main := h.station(guoyuan, "果园镇人大代表联络站")
	s, err := h.desk.CreateStation(h.county(), workflow.CreateStation{
		Division: huaguo, Kind: kind.StationStation, Name: " 果园镇花果村人大代表联络站 ", OpenedOn: day("2026-06-15"),
		Address: ptr("花果村 1 号"), Longitude: ptr(113.2), Latitude: ptr(28.3), Floor: ptr(-1), AreaM2: ptr(20.5),
		OpeningRule: ptr("每月15日"), Brand: ptr("屋场恳谈"), Phone: ptr("0731-8400 0000"),
		Parent: &main.ID, Organ: ptr(h.organ[county]), Zone: ptr(h.zone[guoyuan]), Constituency: ptr(h.constituency[guoyuan]),
	})
	if err != nil {
		t.Fatal(err)
	}
	if s.Name != "果园镇花果村人大代表联络站" || !s.NameUniform || s.Version != 1 || s.Code != huaguo || *s.TownshipCode != guoyuan ||
		*s.CountyCode != county || *s.CityCode != changsha || *s.ProvinceCode != hunan || h.count(`qr_code WHERE station_id = $1 AND length(text) = 26`, s.ID) != 1 {
		t.Errorf("made %v", s)
	}
	detail := h.audited(workflow.VerbCreateStation, "Station", s.ID, "COUNTY_ADMIN@430121000000", huaguo)
	if !strings.Contains(detail, "果园镇花果村人大代表联络站") {
		t.Error("audit detail:", detail)
	}
	for key, want := range map[string]int{
		"guoyuanzhen": 2, "花果村委会": 1, "hgcwh": 1, "wuchangkentan": 1, "gyzhgcrddbllz": 1, "heihei": 0,
	} {
		got := h.count(`(SELECT DISTINCT station_id FROM station_key WHERE key = $1) k`, key)
		if got != want {
			t.Errorf("%d stations are found by %s, want %d", got, key, want)
		}
	}
	// An entity that a verb hands out is out of the transaction: its edges can be read.
	if up, err := s.QueryParent().Only(h.county()); err != nil || up.ID != main.ID {
		t.Error("parent:", up, err)
	}
}

func TestCreateStationOffTheNamingRule(t *testing.T) {
	h := newHouse(t)
	s, err := h.desk.CreateStation(h.township(), newStation(guoyuan, "果园镇人大代表活动室"))
	if err != nil {
		t.Fatal(err)
	}
	if s.NameUniform {
		t.Error("the name is said to follow the rule")
	}
}

func TestCreateStationRefusals(t *testing.T) {
	h := newHouse(t)
	open := h.station(guoyuan, "果园镇人大代表联络站")
	other := h.station(beihu, "北湖区人大代表联络站")
	online, err := h.desk.CreateStation(h.nation(), workflow.CreateStation{
		Division: county, Kind: kind.StationOnline, Name: "网上总站", OpenedOn: day("2022-01-01"),
	})
	if err != nil {
		t.Fatal(err)
	}
	closed := h.station(guoyuan, "已撤销的站")
	_, err = h.desk.CloseStation(h.nation(), workflow.CloseStation{ID: closed.ID, ClosedOn: day("2023-01-01"), Reason: "合并"})
	if err != nil {
		t.Fatal(err)
	}
	gone := h.row("organ", county, map[string]any{
		"division_id": h.divisionID(county), "kind": kind.OrganDepartment, "name": "旧局", "valid_from": "2000-01-01", "valid_to": "2026-06-15",
	})
	long := strings.Repeat("长", 101)
	for name, c := range map[string]struct {
		change func(*workflow.CreateStation)
		want   refusal
	}{
		"no kind":       {func(in *workflow.CreateStation) { in.Kind = "" }, invalid("input.kind UNKNOWN_VALUE")},
		"strange kind":  {func(in *workflow.CreateStation) { in.Kind = "PALACE" }, invalid("input.kind UNKNOWN_VALUE")},
		"no name":       {func(in *workflow.CreateStation) { in.Name = "  " }, invalid("input.name REQUIRED")},
		"short name":    {func(in *workflow.CreateStation) { in.Name = "站" }, invalid("input.name TOO_SHORT")},
		"long name":     {func(in *workflow.CreateStation) { in.Name = long }, invalid("input.name TOO_LONG")},
		"name with NUL": {func(in *workflow.CreateStation) { in.Name = "站\x00点" }, invalid("input.name MALFORMED")},
		"name turned":   {func(in *workflow.CreateStation) { in.Name = "站\u202e点" }, invalid("input.name MALFORMED")},
		"not UTF-8":     {func(in *workflow.CreateStation) { in.Name = "站\xff点" }, invalid("input.name MALFORMED")},
		"before 1949-10-01": {
			func(in *workflow.CreateStation) { in.OpenedOn = day("1949-09-30") }, invalid("input.openedOn IMPOSSIBLE_DATE"),
		},
		"more than a year ahead": {
			func(in *workflow.CreateStation) { in.OpenedOn = day("2026-06-16") }, invalid("input.openedOn IMPOSSIBLE_DATE"),
		},
		"in 3024":         {func(in *workflow.CreateStation) { in.OpenedOn = day("3024-01-01") }, invalid("input.openedOn IMPOSSIBLE_DATE")},
		"only longitude":  {func(in *workflow.CreateStation) { in.Longitude = ptr(113.0) }, invalid("input.latitude REQUIRED")},
		"only latitude":   {func(in *workflow.CreateStation) { in.Latitude = ptr(28.0) }, invalid("input.longitude REQUIRED")},
		"floor 0":         {func(in *workflow.CreateStation) { in.Floor = ptr(0) }, invalid("input.floor OUT_OF_RANGE")},
		"floor -6":        {func(in *workflow.CreateStation) { in.Floor = ptr(-6) }, invalid("input.floor OUT_OF_RANGE")},
		"floor 201":       {func(in *workflow.CreateStation) { in.Floor = ptr(201) }, invalid("input.floor OUT_OF_RANGE")},
		"area 0":          {func(in *workflow.CreateStation) { in.AreaM2 = ptr(0.0) }, invalid("input.areaM2 OUT_OF_RANGE")},
		"area 100001":     {func(in *workflow.CreateStation) { in.AreaM2 = ptr(100001.0) }, invalid("input.areaM2 OUT_OF_RANGE")},
		"phone of words":  {func(in *workflow.CreateStation) { in.Phone = ptr("打电话") }, invalid("input.phone MALFORMED")},
		"phone of dashes": {func(in *workflow.CreateStation) { in.Phone = ptr("1-----5") }, invalid("input.phone MALFORMED")},
		"long address":    {func(in *workflow.CreateStation) { in.Address = ptr(strings.Repeat("长", 201)) }, invalid("input.address TOO_LONG")},
		"long brand":      {func(in *workflow.CreateStation) { in.Brand = ptr(long) }, invalid("input.brand TOO_LONG")},
		"long rule":       {func(in *workflow.CreateStation) { in.OpeningRule = ptr(long) }, invalid("input.openingRule TOO_LONG")},
		"empty key":       {func(in *workflow.CreateStation) { in.IdempotencyKey = ptr("") }, invalid("input.idempotencyKey REQUIRED")},
		"long key":        {func(in *workflow.CreateStation) { in.IdempotencyKey = ptr(long) }, invalid("input.idempotencyKey TOO_LONG")},
		"key with NUL":    {func(in *workflow.CreateStation) { in.IdempotencyKey = ptr("a\x00") }, invalid("input.idempotencyKey MALFORMED")},
		"all at once": {
			func(in *workflow.CreateStation) {
				in.Name, in.Longitude, in.Latitude, in.Floor = "", ptr(72.9), ptr(54.1), ptr(0)
			},
			invalid("input.name REQUIRED", "input.longitude OUT_OF_RANGE", "input.latitude OUT_OF_RANGE", "input.floor OUT_OF_RANGE"),
		},
		"division of another county": {func(in *workflow.CreateStation) { in.Division = beihu }, notFound("input.division")},
		"division above":             {func(in *workflow.CreateStation) { in.Division = changsha }, notFound("input.division")},
		"division that never was": {
			func(in *workflow.CreateStation) { in.Division = place.MustParse("430121999") }, notFound("input.division"),
		},
		"organ out of sight":        {func(in *workflow.CreateStation) { in.Organ = ptr(h.organ[beihu]) }, notFound("input.organ")},
		"organ that never was":      {func(in *workflow.CreateStation) { in.Organ = ptr(uuid.New()) }, notFound("input.organ")},
		"organ no more":             {func(in *workflow.CreateStation) { in.Organ = &gone }, conflict("input.organ CLOSED")},
		"zone out of sight":         {func(in *workflow.CreateStation) { in.Zone = ptr(h.zone[beihu]) }, notFound("input.zone")},
		"constituency not there":    {func(in *workflow.CreateStation) { in.Constituency = ptr(uuid.New()) }, notFound("input.constituency")},
		"parent out of sight":       {func(in *workflow.CreateStation) { in.Parent = &other.ID }, notFound("input.parent")},
		"parent that never was":     {func(in *workflow.CreateStation) { in.Parent = ptr(uuid.New()) }, notFound("input.parent")},
		"parent closed":             {func(in *workflow.CreateStation) { in.Parent = &closed.ID }, conflict("input.parent CLOSED")},
		"parent online":             {func(in *workflow.CreateStation) { in.Parent = &online.ID }, invalid("input.parent MISMATCH")},
		"name of an open station":   {func(in *workflow.CreateStation) { in.Name = open.Name }, conflict("input.name DUPLICATE")},
		"the same with more spaces": {func(in *workflow.CreateStation) { in.Name = open.Name + " " }, conflict("input.name DUPLICATE")},
	} {
		t.Run(name, func(t *testing.T) {
			in := newStation(guoyuan, "果园镇人大代表联络点")
			c.change(&in)
			h.sub(t).refused(c.want, func() error {
				_, err := h.desk.CreateStation(h.county(), in)
				return err
			})
		})
	}
	// The positive controls: the name of a closed station is free, the bounds themselves are allowed, online under online.
	in := newStation(guoyuan, closed.Name)
	in.Floor, in.AreaM2, in.Longitude, in.Latitude = ptr(200), ptr(100000.0), ptr(73.0), ptr(54.0)
	in.Address, in.OpenedOn = ptr(strings.Repeat("长", 200)), day("1949-10-01")
	if _, err := h.desk.CreateStation(h.county(), in); err != nil {
		t.Error(err)
	}
	in = newStation(guoyuan, strings.Repeat("长", 100))
	in.Kind, in.Parent = kind.StationOnline, &online.ID
	if _, err := h.desk.CreateStation(h.county(), in); err != nil {
		t.Error(err)
	}
}

func (h *house) divisionID(code place.Code) uuid.UUID {
	h.Helper()
	var id uuid.UUID
	if err := h.owner.QueryRowContext(h.Context(), `SELECT id FROM division WHERE code = $1`, int64(code)).Scan(&id); err != nil {
		h.Fatal(err)
	}
	return id
}
