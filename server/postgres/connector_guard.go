package postgres

import (
	"fmt"
	"strings"
	"unicode"
)

// class says what a statement would do to the session.
type class int

const (
	ordinary class = iota
	savepointRollback
	refused
)

// classify looks at a statement's first words only. It catches mistakes, such as a BEGIN past database/sql, which
// would hand an open transaction to the next caller; it is no defence against hostile SQL.
func classify(query string) class {
	first, rest := word(query)
	switch first {
	case "BEGIN", "START", "COMMIT", "END", "ABORT", "RESET", "DISCARD", "DEALLOCATE", "COPY":
		return refused
	case "ROLLBACK":
		second, rest := word(rest)
		if second == "WORK" || second == "TRANSACTION" {
			second, _ = word(rest)
		}
		if second == "TO" {
			return savepointRollback
		}
		return refused
	case "SET":
		return classifySet(rest)
	}
	return ordinary
}

// classifySet allows what ends with the transaction, save the viewer's own settings.
func classifySet(rest string) class {
	switch second, rest := word(rest); second {
	case "TRANSACTION", "CONSTRAINTS":
		return ordinary
	case "LOCAL":
		third, _ := word(rest)
		if third == "ROLE" || third == "SESSION" || strings.HasPrefix(third, "APP.") {
			return refused
		}
		return ordinary
	}
	return refused
}

// longestWord is enough for every word that is looked for; it bounds the work on long texts.
const longestWord = 16

// word cuts the first word off a text; the word comes in capitals.
func word(text string) (first, rest string) {
	text = strings.TrimLeftFunc(text, unicode.IsSpace)
	n := 0
	for n < len(text) && n < longestWord && text[n] > ' ' && text[n] != ';' && text[n] != '=' && text[n] != '(' {
		n++
	}
	return strings.ToUpper(text[:n]), text[n:]
}

func refuse(query string) error {
	first, _ := word(query)
	return fmt.Errorf("%w: %s", ErrStatementRefused, first)
}
