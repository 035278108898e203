// Package spelling tells under which pinyin a Chinese name is found. It imports nothing of ours.
package spelling

import (
	"slices"
	"strings"

	"github.com/mozillazg/go-pinyin"
	"golang.org/x/text/width"
)

// maxReadings bounds the spellings of one name. Of the 44,694 places down to the townships one in a hundred has more.
const maxReadings = 8

// generic lists the endings of names whose characters are read in one way there, though the dictionary knows others
// (会 kuai, 员 yun, 区 ou). Their other readings would use up maxReadings for nothing.
var generic = []string{
	"社区居民委员会", "社区村民委员会", "村民委员会", "居民委员会", "社区居委会", "社区村委会", "社区委员会", "村委会", "居委会", "委员会",
	"街道办事处", "办事处", "街道", "社区", "生活区", "管理区", "开发区", "自治县", "自治州", "自治区", "村", "镇", "乡", "区", "县", "市", "省",
}

// Speller tells under which pinyin a name is found. It remembers the readings of the characters it has met, which makes it
// fast over many names, and is for one goroutine.
type Speller struct {
	dictionary pinyin.Args
	readings   map[rune][]string
}

// NewSpeller makes a Speller that has met no character yet.
func NewSpeller() *Speller {
	args := pinyin.NewArgs()
	args.Heteronym = true
	return &Speller{dictionary: args, readings: make(map[rune][]string, 6000)}
}

// Fold brings a name, or what a person typed to find one, into the form of search keys: half-width, lower case, ü written v,
// without spaces and the apostrophe of xi'an.
func Fold(text string) string {
	return strings.Map(func(r rune) rune {
		switch r {
		case ' ', '\'', '’', '\u3000':
			return -1
		case 'ü', 'Ü':
			return 'v'
		}
		return r
	}, strings.ToLower(width.Fold.String(text)))
}

// Keys lists what a name is found by, each once: the folded name itself, its spellings in pinyin ("changshaxian") and their
// initials ("csx"). With characters of several readings (长 chang, zhang) there are several spellings, at most 8, those that
// differ least from the commonest first.
func (s *Speller) Keys(name string) []string {
	folded := Fold(name)
	keys := []string{folded}

	var syllables, initials [][]string
	stem := strings.TrimSuffix(folded, ending(folded))
	for i, r := range folded {
		all := s.of(r)
		if len(all) == 0 {
			continue
		}
		if i >= len(stem) {
			all = all[:1]
		}
		syllables = append(syllables, all)
		initials = append(initials, heads(all))
	}
	for _, spelling := range append(spell(syllables), spell(initials)...) {
		if spelling != "" && !slices.Contains(keys, spelling) {
			keys = append(keys, spelling)
		}
	}
	return keys
}

// ending is the longest generic ending of the name that leaves something before it.
func ending(name string) string {
	longest := ""
	for _, e := range generic {
		if len(e) > len(longest) && len(e) < len(name) && strings.HasSuffix(name, e) {
			longest = e
		}
	}
	return longest
}

// of lists the readings of a character, without tones, the commonest first; none for a character that is not spoken.
func (s *Speller) of(r rune) []string {
	if known, ok := s.readings[r]; ok {
		return known
	}
	var out []string
	if r >= '0' && r <= '9' || r >= 'a' && r <= 'z' {
		out = []string{string(r)}
	}
	for _, reading := range pinyin.SinglePinyin(r, s.dictionary) {
		if strings.Trim(reading, "abcdefghijklmnopqrstuvwxyz") != "" {
			continue // the dictionary's few readings that no keyboard writes, such as m̀
		}
		out = append(out, reading)
		if reading == "lve" || reading == "nve" {
			out = append(out, reading[:1]+"ue") // both are typed
		}
	}
	s.readings[r] = out
	return out
}

// heads lists the first letters of the readings, each once.
func heads(readings []string) []string {
	out := make([]string, 0, len(readings))
	for _, reading := range readings {
		if h := reading[:1]; !slices.Contains(out, h) {
			out = append(out, h)
		}
	}
	return out
}

// spell puts one reading of each character together in every way, those with the fewest uncommon readings first, up to maxReadings.
func spell(characters [][]string) []string {
	chosen := make([]string, len(characters))
	for i, readings := range characters {
		chosen[i] = readings[0]
	}
	var out []string
	for uncommon := 0; uncommon <= len(characters) && len(out) < maxReadings; uncommon++ {
		before := len(out)
		out = vary(out, chosen, characters, 0, uncommon)
		if len(out) == before {
			break // no character is left to vary
		}
	}
	return out
}

// vary appends the spellings that take an uncommon reading at exactly the given number of characters from one on.
func vary(out, chosen []string, characters [][]string, from, uncommon int) []string {
	if uncommon == 0 {
		return append(out, strings.Join(chosen, ""))
	}
	for i := from; i < len(characters); i++ {
		for _, reading := range characters[i][1:] {
			if len(out) == maxReadings {
				return out
			}
			chosen[i] = reading
			out = vary(out, chosen, characters, i+1, uncommon-1)
		}
		chosen[i] = characters[i][0]
	}
	return out
}
