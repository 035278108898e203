package embedded

import "testing"

func TestParseStat(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]struct {
		name  string
		state byte
	}{
		"12 (postgres) S 1 12":  {"postgres", 'S'},
		"12 (a) b (c) Z 1 12":   {"a) b (c", 'Z'},
		"12 (postgres":          {"", 0},
		"":                      {"", 0},
		"12 (postgres) Z 1 1 0": {"postgres", 'Z'},
	} {
		if name, state := parseStat([]byte(text)); name != want.name || state != want.state {
			t.Errorf("parseStat(%q) = %q, %c", text, name, state)
		}
	}
}
