package state

import "slices"

// Line is one line of a table of transitions: what is done, in which states, where it leads, and who may do it.
type Line[S ~string] struct {
	// Verb is its name in the API, or of the platform's own job.
	Verb string
	// Title is its name in Chinese.
	Title string
	// From are the states in which it may be done; none where something begins by it.
	From []S
	// To is the state it leads to; empty when it leaves the state.
	To S
	// By are the parties that may do it.
	By []Party
}

// Table is the states of one thing and what leads from one to another.
type Table[S ~string] struct {
	// Name is the thing's name in code, Title in Chinese.
	Name, Title string
	// States are in the order of the thing's life, Titles their names in Chinese.
	States []S
	Titles map[S]string
	Lines  []Line[S]
}

// Next tells where a verb leads from a state; false for one that may not be done in it. The empty state is before the beginning.
func (t *Table[S]) Next(from S, verb string) (S, bool) {
	for _, l := range t.Lines {
		switch {
		case l.Verb != verb:
		case from == "" && len(l.From) == 0:
			return l.To, true
		case slices.Contains(l.From, from) && l.To == "":
			return from, true
		case slices.Contains(l.From, from):
			return l.To, true
		}
	}
	return "", false
}

func among[S ~string](states ...S) []S { return states }
