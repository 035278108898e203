package duty_test

import (
	"slices"
	"testing"
	"time"

	"github.com/google/uuid"
	"pgregory.net/rapid"

	"github.com/lianluo/lianluo/ent/duty"
	"github.com/lianluo/lianluo/ent/kind"
)

func day(text string) time.Time {
	if text == "" {
		return time.Time{}
	}
	t, err := time.Parse(time.DateOnly, text)
	if err != nil {
		panic(err)
	}
	return t
}

func span(from, to string) duty.Span { return duty.Span{From: day(from), To: day(to)} }

func attended(on string, way kind.Way) duty.Deed {
	return duty.Deed{Kind: kind.DeedAttendance, ID: uuid.New(), Day: day(on), Way: way}
}

// The monthly and yearly lines of 和顺县's 八个一, as far as they differ in kind.
var norms = []duty.NormItem{
	{Key: "RECEPTION", Name: "每月接待一次选民群众", Filter: duty.Filter{Deed: kind.DeedAttendance, Ways: []kind.Way{kind.WayReception}}, Period: kind.PeriodMonth, Required: 1},
	{Key: "STATION", Name: "每月参加一次进站活动", Filter: duty.Filter{Deed: kind.DeedAttendance}, Period: kind.PeriodMonth, Required: 1},
	{Key: "STORY", Name: "每年撰写一篇履职故事", Filter: duty.Filter{Deed: kind.DeedRecord, Records: []kind.Record{kind.RecordStory}}, Period: kind.PeriodYear, Required: 1},
}

func TestComply(t *testing.T) {
	service := duty.Service{Span: span("2021-10-15", ""), Suspended: []duty.Span{span("2025-03-20", "2025-04-02")}}
	deeds := []duty.Deed{
		attended("2025-01-15", kind.WayReception), attended("2025-02-01", kind.WayLecture), attended("2025-02-28", kind.WayLecture),
		attended("2025-03-15", kind.WayReception), attended("2024-12-31", kind.WayReception),
		{Kind: kind.DeedRecord, ID: uuid.New(), Day: day("2025-12-31"), Record: kind.RecordJournal},
	}
	checks := duty.Comply(norms, span("2025-01-01", ""), service, deeds, span("2025-01-01", "2025-12-31"), day("2025-06-30"))
	want := map[string][]duty.Standing{
		// January to June: March and April are suspended in part, June is not over yet on its last day.
		"RECEPTION": {duty.Met, duty.Missing, duty.NotApplicable, duty.NotApplicable, duty.Missing, duty.Pending},
		"STATION":   {duty.Met, duty.Met, duty.NotApplicable, duty.NotApplicable, duty.Missing, duty.Pending},
		"STORY":     {duty.NotApplicable},
	}
	got := map[string][]duty.Standing{}
	for _, c := range checks {
		got[c.Item.Key] = append(got[c.Item.Key], c.Standing)
		if c.Item.Key == "STATION" && c.Period == span("2025-02-01", "2025-02-28") && c.Done != 2 {
			t.Errorf("%d deeds in February, want 2", c.Done)
		}
	}
	for key, standings := range want {
		if !slices.Equal(got[key], standings) {
			t.Errorf("%s: %v, want %v", key, got[key], standings)
		}
	}
}

// Who joins or leaves within a period is not asked for anything in it; who does so at its edges is.
func TestComplyAtTheEdges(t *testing.T) {
	item := norms[1:2]
	for name, c := range map[string]struct {
		service duty.Span
		want    []duty.Standing // April to June
	}{
		"all the time":             {span("2021-10-15", ""), []duty.Standing{duty.Missing, duty.Missing, duty.Missing}},
		"joined in April":          {span("2025-04-02", ""), []duty.Standing{duty.NotApplicable, duty.Missing, duty.Missing}},
		"joined with May":          {span("2025-05-01", ""), []duty.Standing{duty.NotApplicable, duty.Missing, duty.Missing}},
		"left with the end of May": {span("2021-10-15", "2025-05-31"), []duty.Standing{duty.Missing, duty.Missing, duty.NotApplicable}},
		"left a day before":        {span("2021-10-15", "2025-05-30"), []duty.Standing{duty.Missing, duty.NotApplicable, duty.NotApplicable}},
	} {
		var got []duty.Standing
		for _, check := range duty.Comply(item, span("2020-01-01", ""), duty.Service{Span: c.service}, nil, span("2025-04-01", "2025-06-30"), day("2026-01-01")) {
			got = append(got, check.Standing)
		}
		if !slices.Equal(got, c.want) {
			t.Errorf("%s: %v, want %v", name, got, c.want)
		}
	}
	// Norms that begin or end within a period do not ask for it.
	if got := duty.Comply(item, span("2025-04-02", "2025-06-29"), duty.Service{Span: span("2021-01-01", "")}, nil, span("2025-04-01", "2025-06-30"), day("2026-01-01")); len(got) != 1 || got[0].Period.From != day("2025-05-01") {
		t.Errorf("%v, want May alone", got)
	}
}

// Whatever the deeds: a period is told once for each item, one more deed never makes things worse, and the order of deeds does not matter.
func TestComplyProperties(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		deeds := drawDeeds(t)
		today := day("2024-01-01").AddDate(0, 0, rapid.IntRange(0, 800).Draw(t, "today"))
		service := duty.Service{Span: duty.Span{From: day("2023-06-01").AddDate(0, 0, rapid.IntRange(0, 500).Draw(t, "from"))}}
		asked := span("2024-01-01", "2025-12-31")
		before := duty.Comply(norms, span("2000-01-01", ""), service, deeds, asked, today)
		seen := map[string]bool{}
		for _, c := range before {
			k := c.Item.Key + c.Period.From.String()
			if seen[k] || c.Period.From.After(today) {
				t.Fatalf("%s twice, or too early", k)
			}
			seen[k] = true
			if (c.Standing == duty.Met) != (c.Done >= c.Item.Required && !service.From.After(c.Period.From)) {
				t.Fatalf("%+v", c)
			}
		}
		slices.Reverse(deeds)
		if again := duty.Comply(norms, span("2000-01-01", ""), service, deeds, asked, today); len(again) != len(before) {
			t.Fatal("the order of deeds matters")
		}
		more := duty.Comply(norms, span("2000-01-01", ""), service, append(deeds, drawDeed(t)), asked, today)
		for i, c := range before {
			if more[i].Done < c.Done || c.Standing == duty.Met && more[i].Standing != duty.Met {
				t.Fatalf("%+v became %+v", c, more[i])
			}
		}
	})
}

func drawDeed(t *rapid.T) duty.Deed {
	d := duty.Deed{
		Kind: rapid.SampledFrom([]kind.Deed{kind.DeedAttendance, kind.DeedRecord, kind.DeedTraining, kind.DeedClaim}).Draw(t, "kind"),
		Day:  day("2024-01-01").AddDate(0, 0, rapid.IntRange(0, 730).Draw(t, "day")),
	}
	copy(d.ID[:], rapid.SliceOfN(rapid.Byte(), 16, 16).Draw(t, "id"))
	switch d.Kind {
	case kind.DeedAttendance:
		d.Way = rapid.SampledFrom(kind.Ways).Draw(t, "way")
	case kind.DeedRecord:
		d.Record = rapid.SampledFrom([]kind.Record{kind.RecordStory, kind.RecordJournal}).Draw(t, "record")
	case kind.DeedClaim:
		d.Claimed = &duty.Claimed{
			Item: rapid.SampledFrom([]string{"HONOUR", "STATION"}).Draw(t, "item"), Points: rapid.IntRange(-50, 50).Draw(t, "points"),
			Appeal: rapid.Bool().Draw(t, "appeal"),
		}
	}
	return d
}

func drawDeeds(t *rapid.T) []duty.Deed {
	n := rapid.IntRange(0, 30).Draw(t, "n")
	out := make([]duty.Deed, n)
	for i := range out {
		out[i] = drawDeed(t)
	}
	return out
}
