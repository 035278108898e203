package spelling_test

import (
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"

	"github.com/lianluo/lianluo/ent/spelling"
)

func TestBigrams(t *testing.T) {
	for text, want := range map[string][]string{
		"路灯不亮":           {"路灯", "灯不", "不亮"},
		"路灯，路灯坏了":        {"路灯", "灯坏", "坏了"}, // each once; none across the comma
		"修路\n路面":         {"修路", "路面"},       // nor across a line
		"１０８国道IT Park":   {"10", "08", "8国", "国道", "道i", "it", "tp", "pa", "ar", "rk"},
		"长沙\u3000县":      {"长沙", "沙县"}, // folding takes the space away, here as in names
		"水":              nil,
		"水、电、气":          nil,
		"":               nil,
		"，。！<>'%_\\\x00": nil,
		"\xff路\xff灯":     nil, // what is no character parts its neighbours
		"啊啊啊":            {"啊啊"},
		"𠮷野家":            {"𠮷野", "野家"}, // a character beyond the first plane
	} {
		if diff := cmp.Diff(want, spelling.Bigrams(text)); diff != "" {
			t.Errorf("%q (-want +got):\n%s", text, diff)
		}
	}
}

// What is found by its pairs is what is found by its folded text: each pair of a phrase is among the pairs of a text that holds it.
func FuzzBigrams(f *testing.F) {
	for _, text := range []string{"长沙县星沙街道", "１０８国道,路灯", "\xff\ue170ẞ", "ŉİ"} {
		f.Add(text, "前")
	}
	f.Fuzz(func(t *testing.T, phrase, around string) {
		body := spelling.Fold(around + phrase + around)
		pairs := spelling.Bigrams(body)
		met := map[string]bool{}
		for _, pair := range pairs {
			if met[pair] {
				t.Errorf("%q has %q twice", body, pair)
			}
			met[pair] = true
			if utf8.RuneCountInString(pair) != 2 || !strings.Contains(body, pair) {
				t.Errorf("%q is no pair of %q", pair, body)
			}
			for _, r := range pair {
				if !unicode.IsLetter(r) && !unicode.IsDigit(r) {
					t.Errorf("%q of %q holds %q", pair, body, r)
				}
			}
		}
		if !strings.Contains(body, spelling.Fold(phrase)) {
			return // folding may depend on what stands beside
		}
		for _, pair := range spelling.Bigrams(spelling.Fold(phrase)) {
			if !met[pair] {
				t.Errorf("%q of %q is not among those of %q", pair, phrase, body)
			}
		}
	})
}
