package graph_test

import (
	"slices"
	"testing"

	"github.com/lianluo/lianluo/ent/kind"
	"github.com/lianluo/lianluo/ent/place"
	"github.com/lianluo/lianluo/ent/rollup"
	"github.com/lianluo/lianluo/ent/state"
	"github.com/lianluo/lianluo/ent/viewer"
	"github.com/lianluo/lianluo/graph/exec"
)

// TestVocabularies holds the API's words to those of the vocabularies that they are read into and written from.
func TestVocabularies(t *testing.T) {
	schema := exec.NewExecutableSchema(exec.Config{}).Schema()
	for name, words := range map[string][]string{
		"Role": viewer.Role("").Values(), "DivisionLevel": place.Level("").Values(), "CongressLevel": kind.CongressLevel("").Values(),
		"StationKind": kind.Station("").Values(), "StaffOffice": kind.Staff("").Values(), "StaffOrigin": kind.StaffOrigin("").Values(),
		"ZoneKind": kind.Zone("").Values(), "OrganKind": kind.Organ("").Values(), "MandateStatus": state.Mandate("").Values(),
		"ElectionKind": kind.Election("").Values(), "MandateEndReason": kind.EndReason("").Values(), "PostingBasis": kind.Posting("").Values(),
		"Gender": kind.Gender("").Values(), "ConstituencyBasis": kind.Constituency("").Values(),
		"OpinionState": state.Opinion("").Values(), "OpinionStep": state.Step("").Values(), "OpinionParty": state.Party("").Values(),
		"OpinionChannel": kind.Channel("").Values(), "Urgency": kind.Urgency("").Values(), "OpinionOutcome": kind.Outcome("").Values(),
		"OpinionRating": kind.Rating("").Values(), "DeclineReason": kind.DeclineReason("").Values(), "AssignmentPart": kind.Assignment("").Values(),
		"SuggestionState": state.Suggestion("").Values(),
		"PairingKind":     kind.Pairing("").Values(), "ContactWay": kind.ContactWay("").Values(), "EvaluatedSubject": kind.Evaluated("").Values(),
		"CampaignState": state.Campaign("").Values(), "EvaluationState": state.Evaluation("").Values(),
		"DivisionChange": kind.DivisionChange("").Values(),
		"RollupBy":       texts(rollup.Bys), "RollupComparison": texts(rollup.Comparisons), "RollupInterval": texts(rollup.Intervals),
		"RollupMeasure": texts(rollup.Measures), "RollupTree": texts(rollup.Trees),
	} {
		var values []string
		for _, v := range schema.Types[name].EnumValues {
			values = append(values, v.Name)
		}
		slices.Sort(values)
		if words = slices.Sorted(slices.Values(words)); !slices.Equal(values, words) {
			t.Errorf("%s has %v, the vocabulary %v", name, values, words)
		}
	}
}

func texts[T ~string](words []T) []string {
	out := make([]string, len(words))
	for i, w := range words {
		out[i] = string(w)
	}
	return out
}
