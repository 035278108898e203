package workflow

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/lib/pq"
	"github.com/lib/pq/pqerror"
	"pgregory.net/rapid"

	"github.com/lianluo/lianluo/ent/fault"
	"github.com/lianluo/lianluo/ent/place"
)

// codes draws division codes, many of them related.
func codes() *rapid.Generator[place.Code] {
	return rapid.Custom(func(t *rapid.T) place.Code {
		digit := rapid.Int64Range(0, 2)
		code := place.Code(40_00_00_000_000 + digit.Draw(t, "province")*10_000_000_000 + digit.Draw(t, "city")*100_000_000 +
			digit.Draw(t, "county")*1_000_000 + digit.Draw(t, "township")*1_000)
		return code.At(place.Levels[rapid.IntRange(0, 4).Draw(t, "level")])
	})
}

// One chain is the same as: sorted, each seat lies in the area of the one before.
func TestChainProperty(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		seats := rapid.SliceOfN(codes(), 0, 5).Draw(t, "seats")
		sorted := slices.Sorted(slices.Values(seats))
		want := true
		for i := 1; i < len(sorted); i++ {
			want = want && sorted[i-1].Contains(sorted[i])
		}
		if got := onOneChain(seats); got != want {
			t.Fatalf("%v: %v, want %v", seats, got, want)
		}
	})
	// A person's own ancestors always are.
	rapid.Check(t, func(t *rapid.T) {
		home := codes().Draw(t, "home")
		var seats []place.Code
		for _, l := range rapid.SliceOf(rapid.SampledFrom(place.Levels)).Draw(t, "levels") {
			seats = append(seats, home.At(l))
		}
		if !onOneChain(seats) {
			t.Fatal(seats)
		}
	})
}

func TestRefusal(t *testing.T) {
	const secret = `INSERT INTO "deputy" ("name") VALUES ('江一帆')`
	said := func(code pqerror.Code, constraint, routine string) error {
		return fmt.Errorf("save: %w", &pq.Error{
			Code: code, Constraint: constraint, Routine: routine, Message: "duplicate key value", Detail: secret, Table: "deputy",
		})
	}
	forbiddenVerb := fault.Forbidden("不行")
	for name, c := range map[string]struct {
		err  error
		kind error // nil: a fault of the platform
		code string
	}{
		"refused already":     {fmt.Errorf("x: %w", forbiddenVerb), fault.ErrForbidden, ""},
		"known index":         {said(pqerror.UniqueViolation, "station_one_name", ""), fault.ErrConflict, "DUPLICATE"},
		"unknown index":       {said(pqerror.UniqueViolation, "qr_code_text_key", ""), nil, ""},
		"number drawn twice":  {said(pqerror.UniqueViolation, "opinion_number_key", ""), fault.ErrConflict, "RETRY"},
		"row out of the area": {said(pqerror.InsufficientPrivilege, "", "ExecWithCheckOptions"), fault.ErrNotFound, "NOT_FOUND"},
		"missing grant":       {said(pqerror.InsufficientPrivilege, "", "aclcheck_error"), nil, ""},
		"check":               {said(pqerror.CheckViolation, "station_area", ""), fault.ErrInvalid, "MALFORMED"},
		"encoding":            {said(pqerror.CharacterNotInRepertoire, "", ""), fault.ErrInvalid, "MALFORMED"},
		"serialization":       {said(pqerror.TRSerializationFailure, "", ""), fault.ErrConflict, "RETRY"},
		"deadlock":            {said(pqerror.TRDeadlockDetected, "", ""), fault.ErrConflict, "RETRY"},
		"lock":                {said(pqerror.LockNotAvailable, "", ""), fault.ErrConflict, "RETRY"},
		"foreign key":         {said(pqerror.ForeignKeyViolation, "x", ""), nil, ""},
		"cancelled":           {context.Canceled, nil, ""},
	} {
		t.Run(name, func(t *testing.T) {
			got := refusal(VerbCreateStation, c.err)
			var f *fault.Fault
			switch is := errors.As(got, &f); {
			case is != (c.kind != nil):
				t.Fatalf("%v", got)
			case !is:
				if !errors.Is(got, c.err) {
					t.Errorf("%v hides its cause", got)
				}
				return
			}
			if !errors.Is(f, c.kind) || c.code != "" && f.Fields[0].Code != c.code {
				t.Errorf("%v, want %v %s", f, c.kind, c.code)
			}
			if strings.Contains(got.Error(), "江一帆") || strings.Contains(got.Error(), "INSERT") || strings.Contains(got.Error(), "duplicate key") {
				t.Errorf("%v tells what the database said", got)
			}
		})
	}
	if refusal(VerbCreateStation, nil) != nil {
		t.Error("no error became one")
	}
}

// ConflictIndexes are the names of the indexes that verbs have words for.
func ConflictIndexes() []string { return slices.Sorted(maps.Keys(conflicts)) }
