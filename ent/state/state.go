// Package state holds the state machines of the platform as tables: which state may follow which.
//
// Workflows ask it before they write; tests try every pair. Imports nothing of ours.
package state

// Mandate is the state of a deputy's seat (代表资格状态).
type Mandate string

// The states: 当选, 资格确认, 暂停, 终止.
const (
	MandateElected   Mandate = "ELECTED"
	MandateConfirmed Mandate = "CONFIRMED"
	MandateSuspended Mandate = "SUSPENDED"
	MandateEnded     Mandate = "ENDED"
)

// Mandates lists the states in the order of a mandate's life.
var Mandates = []Mandate{MandateElected, MandateConfirmed, MandateSuspended, MandateEnded}

// mandates: a confirmed mandate may be suspended and taken up again; every mandate ends once.
var mandates = map[Mandate][]Mandate{
	MandateElected:   {MandateConfirmed, MandateEnded},
	MandateConfirmed: {MandateSuspended, MandateEnded},
	MandateSuspended: {MandateConfirmed, MandateEnded},
	MandateEnded:     {},
}

// Values lists the states as text.
func (Mandate) Values() []string { return texts(Mandates) }

// Next lists the states that may follow.
func (m Mandate) Next() []Mandate { return mandates[m] }

// CanBecome tells whether the state may change to the given one.
func (m Mandate) CanBecome(to Mandate) bool {
	for _, n := range mandates[m] {
		if n == to {
			return true
		}
	}
	return false
}

// OnRoll tells whether a mandate of the state stands on the roll (在册): every one that has not ended.
func (m Mandate) OnRoll() bool { return m != MandateEnded && m != "" }

// Suggestion is the state of a deputy's suggestion (代表建议).
type Suggestion string

// SuggestionDraft is a suggestion that its deputy is still writing (草稿).
const SuggestionDraft Suggestion = "DRAFT"

// Suggestions lists the states.
var Suggestions = []Suggestion{SuggestionDraft}

// Values lists the states as text.
func (Suggestion) Values() []string { return texts(Suggestions) }
