package engine

import (
	"strconv"
	"strings"
	"unicode/utf16"
)

// halfSurrogate tells whether a text with the escapes of JSON has half of a surrogate pair alone (\ud800), which is no character: some
// readers put U+FFFD in its place, others keep it or refuse.
func halfSurrogate(text string) bool {
	for {
		i := strings.IndexByte(text, '\\')
		if i < 0 || i+1 >= len(text) {
			return false
		}
		unit, ok := escapedUnit(text[i:])
		if !ok || !utf16.IsSurrogate(unit) {
			// A backslash that is escaped itself begins no escape.
			text = text[i+2:]
			continue
		}
		second, ok := escapedUnit(text[i+6:])
		if !ok || utf16.DecodeRune(unit, second) == '\ufffd' {
			return true
		}
		text = text[i+12:]
	}
}

// escapedUnit reads \uXXXX at the beginning of a text.
func escapedUnit(text string) (unit rune, ok bool) {
	if len(text) < 6 || text[0] != '\\' || text[1] != 'u' {
		return 0, false
	}
	n, err := strconv.ParseUint(text[2:6], 16, 16)
	return rune(n), err == nil
}
