package engine

import (
	"encoding/json"
	"testing"
)

func TestHalfSurrogate(t *testing.T) {
	for text, want := range map[string]bool{
		`"联络站"`: false, `"\n\\\""`: false, `"\u8054"`: false, `"\ud83d\ude00"`: false, `"\uD83D\uDE00\\ud83d"`: false, `"\ufffd"`: false, `"�"`: false,
		`"\ud83d"`: true, `"\ude00"`: true, `"\ud83d\ud83d"`: true, `"\ude00\ud83d"`: true, `"\ud83dx\ude00"`: true, `"\\\ud83d"`: true,
		`"\ud83d\u0041"`: true, `"\ud83d\\ude00"`: true, `"\uDBFF"`: true,
	} {
		if got := halfSurrogate(text); got != want {
			t.Errorf("%s: %t", text, got)
		}
		if !json.Valid([]byte(text)) {
			t.Errorf("%s is no JSON", text)
		}
	}
	for _, text := range []string{``, `\`, `\u`, `\ud83`, `\u{D83D}`, `\ud83d`[:5]} { // what the reader refuses for another reason
		if halfSurrogate(text) {
			t.Errorf("%q", text)
		}
	}
}
