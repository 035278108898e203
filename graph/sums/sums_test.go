package sums_test

import (
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/lianluo/lianluo/ent/rollup"
	"github.com/lianluo/lianluo/graph/exec"
	"github.com/lianluo/lianluo/graph/sums"
)

// recorder notes which measures are asked.
type recorder struct{ asked []rollup.Measure }

func (r *recorder) Of(m rollup.Measure) int64 {
	r.asked = append(r.asked, m)
	return 0
}

// TestFieldsAreMadeFromTheirMeasures asks every field of the schema which measures it reads: those are told to the engine, and no measure is left out.
func TestFieldsAreMadeFromTheirMeasures(t *testing.T) {
	schema := exec.NewExecutableSchema(exec.Config{}).Schema()
	told := map[rollup.Measure]bool{}
	check := func(typ string, made map[string][]rollup.Measure, of func(*recorder) any) {
		for _, field := range schema.Types[typ].Fields {
			if strings.HasPrefix(field.Name, "__") || field.Name == "coverage" {
				continue
			}
			r := &recorder{}
			method := reflect.ValueOf(of(r)).MethodByName(strings.ToUpper(field.Name[:1]) + field.Name[1:])
			if !method.IsValid() {
				t.Errorf("%s.%s is not there", typ, field.Name)
				continue
			}
			method.Call(nil)
			want := slices.Sorted(slices.Values(made[field.Name]))
			if asked := slices.Compact(slices.Sorted(slices.Values(r.asked))); len(asked) == 0 || !slices.Equal(asked, want) {
				t.Errorf("%s.%s is made from %v, said to be from %v", typ, field.Name, asked, want)
			}
			for _, m := range r.asked {
				told[m] = true
			}
		}
	}
	check("Rollup", sums.Fields, func(r *recorder) any { return sums.New(r) })
	check("Coverage", sums.CoverageFields, func(r *recorder) any { return sums.New(r).Coverage() })
	for _, m := range rollup.Measures {
		if !told[m] {
			t.Errorf("no field tells %s", m)
		}
	}
}

// counts are numbers as a test has them.
type counts map[rollup.Measure]int64

func (c counts) Of(m rollup.Measure) int64 { return c[m] }

func TestRates(t *testing.T) {
	r := sums.New(counts{
		rollup.OpinionsAccepted: 200, rollup.OpinionsClosed: 150, rollup.OpinionsLate: 20, rollup.OpinionsSolved: 120,
		rollup.OpinionsAnswered: 160, rollup.OpinionsReworked: 8, rollup.OpinionsRated: 50, rollup.OpinionsSatisfied: 30,
		rollup.OpinionsBasicallySatisfied: 15, rollup.OpinionsDissatisfied: 5, rollup.Hardships: 4, rollup.HardshipsSolved: 1,
		rollup.VisitDaysHeld: 9, rollup.VisitDaysMissed: 1, rollup.Activities: 30, rollup.ActivitiesRecorded: 10,
		rollup.Townships: 18, rollup.TownshipsCovered: 9, rollup.Villages: 10, rollup.VillagesCovered: 1,
	})
	for name, test := range map[string]struct {
		got                    sums.Rate
		numerator, denominator int64
		value                  float64
	}{
		"closing":         {r.ClosingRate(), 150, 200, 0.75},
		"on time":         {r.OnTimeRate(), 180, 200, 0.9},
		"solved":          {r.SolvedRate(), 120, 150, 0.8},
		"satisfaction":    {r.SatisfactionRate(), 45, 50, 0.9},
		"rework":          {r.ReworkRate(), 8, 160, 0.05},
		"hardship solved": {r.HardshipsSolvedRate(), 1, 4, 0.25},
		"visit days":      {r.VisitDayRate(), 9, 10, 0.9},
		"confirmed":       {r.ConfirmedRate(), 30, 40, 0.75},
		"townships":       {r.Coverage().TownshipRate(), 9, 18, 0.5},
		"villages":        {r.Coverage().VillageRate(), 1, 10, 0.1},
	} {
		value := test.got.Value()
		if test.got.Numerator != test.numerator || test.got.Denominator != test.denominator || value == nil || *value != test.value {
			t.Errorf("%s: %+v = %v, want %d of %d = %v", name, test.got, value, test.numerator, test.denominator, test.value)
		}
	}
	for name, none := range map[string]sums.Rate{"adoption": r.AdoptionRate(), "constituencies": r.Coverage().ConstituencyRate()} {
		if none.Value() != nil {
			t.Errorf("%s among none is %v", name, *none.Value())
		}
	}
}

func TestPointsAreTenths(t *testing.T) {
	if got := sums.Value(rollup.Points, 125); got != 12.5 {
		t.Errorf("125 tenths are %v points", got)
	}
	if got := sums.Value(rollup.Lectures, 125); got != 125 {
		t.Errorf("125 lectures are %v", got)
	}
}
