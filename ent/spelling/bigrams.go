package spelling

import (
	"unicode"
	"unicode/utf8"
)

// Bigrams lists the pairs of neighbouring characters of a text, each once, in the order they first come: what a text is searched
// and compared by, since Chinese has no spaces. The text is folded (Fold) first. Only letters, digits and Chinese characters are
// paired, and nothing is paired across what stands between them; a character that stands alone has no pair.
func Bigrams(text string) []string {
	folded := Fold(text)
	// A pair is a piece of the folded text, from the character before on.
	var pairs []string
	met := make(map[string]bool, utf8.RuneCountInString(folded))
	before := -1
	for at, r := range folded {
		if !unicode.IsLetter(r) && !unicode.IsDigit(r) {
			before = -1
			continue
		}
		if before >= 0 {
			if pair := folded[before : at+utf8.RuneLen(r)]; !met[pair] {
				met[pair] = true
				pairs = append(pairs, pair)
			}
		}
		before = at
	}
	return pairs
}
