package workflow_test

import (
	"context"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/uuid"

	"github.com/lianluo/lianluo/ent/gen"
	"github.com/lianluo/lianluo/ent/kind"
	"github.com/lianluo/lianluo/ent/place"
	"github.com/lianluo/lianluo/ent/viewer"
	"github.com/lianluo/lianluo/ent/workflow"
)

// land is a house whose township 果园镇 has something of everything that must follow when the tree changes.
type land struct {
	*house
	own, below *gen.Station // of the township and of its village 花果村
	mandate    uuid.UUID    // of the county's congress, posted at the village's station
	seated     uuid.UUID    // of the township's congress
	opinion    *gen.Opinion // open, held by the township
	account    uuid.UUID    // the township's administrator
	attendance uuid.UUID    // at the village's station, in May 2026
}

func newLand(t *testing.T) *land {
	t.Helper()
	l := &land{house: newHouse(t)}
	l.own, l.below = l.station(guoyuan, "果园镇人大代表联络站"), l.station(huaguo, "果园镇花果村人大代表联络站")
	l.mandate = l.register(l.county(), "江三帆", l.congress[county], ptr(l.constituency[guoyuan]))
	l.seated = l.register(l.county(), "白云", l.congress[guoyuan], nil)
	l.post(l.county(), l.mandate, l.below.ID, kind.PostingProximity, "2026-01-01")
	booked, err := l.desk.RecordOpinion(l.officer(l.below), workflow.RecordOpinion{
		Station: l.below.ID, Channel: kind.ChannelInPerson, OpinionContent: workflow.OpinionContent{Content: "村口的路灯坏了三个月", Phone: ptr("13800001234"), Name: ptr("赵甲"), Consent: "2026-1"},
	})
	if err != nil {
		t.Fatal(err)
	}
	l.opinion = booked.Opinion
	l.account = l.row("account", guoyuan, map[string]any{
		"division_id": l.divisionID(guoyuan), "username": "guoyuan", "password_hash": "x", "display_name": "果园镇", "role": viewer.TownshipAdmin,
	})
	l.attendance = l.worked(l.below, l.mandate, "2026-05-15", kind.WayReception)
	l.sumsHold()
	return l
}

// sumsHold compares the sums kept with a count of the records.
func (l *land) sumsHold() {
	l.Helper()
	if n := l.count(`fact_differences()`); n != 0 {
		l.Errorf("%d sums are not what the records say", n)
	}
}

// codes are the places of what must follow: of the stations, mandates, opinion, account, attendance, and of the holder of the opinion.
func (l *land) codes() map[string]place.Code {
	l.Helper()
	out := map[string]place.Code{
		"own": l.codeOf("station", l.own.ID), "below": l.codeOf("station", l.below.ID), "mandate": l.codeOf("mandate", l.mandate),
		"township": l.codeOf("mandate", l.seated), "opinion": l.codeOf("opinion", l.opinion.ID), "account": l.codeOf("account", l.account),
		"attendance": l.codeOf("attendance", l.attendance),
	}
	var seat, holder int64
	err := l.owner.QueryRowContext(l.Context(), `SELECT m.seat_code, o.holder_code FROM mandate m, opinion o WHERE m.id = $1 AND o.id = $2`,
		l.seated, l.opinion.ID).Scan(&seat, &holder)
	if err != nil {
		l.Fatal(err)
	}
	out["seat"], out["holder"] = place.Code(seat), place.Code(holder)
	return out
}

// liesAt checks the places of all that must follow: the township's own, and the village's with who holds its case.
func (l *land) liesAt(township, village place.Code) {
	l.Helper()
	for what, code := range l.codes() {
		want := township
		switch what {
		case "below", "opinion", "attendance":
			want = village
		case "holder": // the organ of the township that the case lies in
			want = village.At(place.LevelTownship)
		}
		if code != want {
			l.Errorf("%s lies at %s, want %s", what, code, want)
		}
	}
}

// consistent checks that every row has the ancestors of its division, that all codes are those of divisions, and that the sums hold.
func (l *land) consistent() {
	l.Helper()
	for _, table := range tables {
		if l.count(`information_schema.columns WHERE table_name = $1 AND column_name = 'county_code'`, table) == 0 {
			continue
		}
		n := l.count(table + ` t LEFT JOIN division d ON d.code = t.code
			WHERE d.id IS NULL OR (t.province_code, t.city_code, t.county_code, t.township_code) IS DISTINCT FROM (d.province_code, d.city_code, d.county_code, d.township_code)`)
		if n != 0 {
			l.Errorf("%d rows of %s lie askew", n, table)
		}
	}
	for query, what := range map[string]string{
		`division d LEFT JOIN division p ON p.id = d.parent_id WHERE d.code <> 0 AND (p.code IS DISTINCT FROM d.parent_code)`: "parents do not agree",
		`station_key k JOIN station s ON s.id = k.station_id WHERE k.code <> s.code`:                                          "keys of stations lie elsewhere",
		`deputy_key k JOIN deputy s ON s.id = k.deputy_id WHERE k.code <> s.code`:                                             "keys of deputies lie elsewhere",
		`opinion_text k JOIN opinion o ON o.id = k.opinion_id WHERE k.code <> o.code`:                                         "texts lie elsewhere",
		`station s JOIN division d ON d.id = s.division_id WHERE d.code <> s.code`:                                            "stations belong elsewhere",
		`account a JOIN division d ON d.id = a.division_id WHERE d.code <> a.code`:                                            "accounts belong elsewhere",
		`mandate m JOIN congress c ON c.id = m.congress_id WHERE c.code <> m.seat_code`:                                       "seats are not those of their congresses",
	} {
		if n := l.count(query); n != 0 {
			l.Errorf("%d %s", n, what)
		}
	}
	l.sumsHold()
}

// decree is one of the day of the tests.
func decree() workflow.Decree {
	return workflow.Decree{Day: today, Document: ptr("湘民行批〔2026〕1号")}
}

// tryFirst does a change as a dry run, which must change nothing, then in earnest, which must do what the dry run told.
func tryFirst[T any](ctx context.Context, l *land, do func(context.Context, T) (*workflow.Reorganisation, error), in T, dry func(*T)) *workflow.Reorganisation {
	l.Helper()
	before := l.state()
	trial := in
	dry(&trial)
	told, err := do(ctx, trial)
	if err != nil {
		l.Fatal(err)
	}
	if told.Event != nil || l.state() != before {
		l.Error("the dry run changed something")
	}
	done, err := do(ctx, in)
	if err != nil {
		l.Fatal(err)
	}
	if diff := cmp.Diff(told.Moved, done.Moved); diff != "" {
		l.Errorf("moved (-told +done):\n%s", diff)
	}
	if diff := cmp.Diff(told.Successors, done.Successors); diff != "" {
		l.Errorf("successors (-told +done):\n%s", diff)
	}
	if done.Event == nil || done.Event.Kind != told.Kind {
		l.Errorf("%v", done)
	}
	l.consistent()
	return done
}
