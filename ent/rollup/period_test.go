package rollup_test

import (
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/lianluo/lianluo/ent/fault"
	"github.com/lianluo/lianluo/ent/rollup"
)

func TestPeriodValidate(t *testing.T) {
	for name, tt := range map[string]struct {
		from, to string
		refused  []string // field and code
	}{
		"a day":             {"2026-06-15", "2026-06-15", nil},
		"a year":            {"2025-01-01", "2025-12-31", nil},
		"20 years":          {"2006-06-15", "2026-06-14", nil},
		"20 years, leap":    {"2004-02-29", "2024-02-28", nil},
		"from the founding": {"1949-10-01", "1949-10-01", nil},
		"a year ahead":      {"2027-06-15", "2027-06-15", nil},
		"reversed":          {"2026-06-15", "2026-06-14", []string{"period.to REVERSED"}},
		"a day too long":    {"2006-06-15", "2026-06-15", []string{"period.to TOO_LONG"}},
		"before it all":     {"1949-09-30", "1950-01-01", []string{"period.from IMPOSSIBLE_DATE"}},
		"too far ahead":     {"2027-06-15", "2027-06-16", []string{"period.to IMPOSSIBLE_DATE"}},
		"both impossible":   {"3024-01-01", "1024-01-01", []string{"period.from IMPOSSIBLE_DATE", "period.to IMPOSSIBLE_DATE"}},
		"no days":           {"0001-01-01", "0001-01-01", []string{"period.from IMPOSSIBLE_DATE", "period.to IMPOSSIBLE_DATE"}},
	} {
		t.Run(name, func(t *testing.T) {
			// Hours and zones do not count: each time stands for the day it shows.
			today := time.Date(2026, time.June, 15, 1, 0, 0, 0, time.FixedZone("Asia/Shanghai", 8*60*60))
			p := rollup.Period{From: day(tt.from).Add(23 * time.Hour), To: day(tt.to)}
			err := p.Validate(today)
			var got []string
			var refusal *fault.Fault
			if errors.As(err, &refusal) {
				if !errors.Is(err, fault.ErrInvalid) {
					t.Errorf("%v is not invalid input", err)
				}
				for _, f := range refusal.Fields {
					got = append(got, strings.Join(f.Path, ".")+" "+f.Code)
				}
			} else if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(tt.refused, got); diff != "" {
				t.Errorf("(-want +got)\n%s", diff)
			}
		})
	}
}
