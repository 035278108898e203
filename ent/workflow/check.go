package workflow

import (
	"fmt"
	"math"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/lianluo/lianluo/ent/fault"
)

// field is a field of the input: what people call it and where it stands.
type field struct {
	label string
	path  []string
}

// at names a field by its path below the argument "input".
func at(label string, path ...string) field {
	return field{label, append([]string{"input"}, path...)}
}

// checker looks at the fields of an input one by one and gathers all that is wrong with them.
type checker struct{ list fault.List }

func (c *checker) add(f field, code, message string) { c.list.Add(code, f.label+message, f.path...) }

// text checks a text that must be there and returns it without the spaces around it. Lengths are in characters.
func (c *checker) text(f field, value string, shortest, longest int) string {
	value = strings.TrimSpace(value)
	n := utf8.RuneCountInString(value)
	switch {
	case !utf8.ValidString(value) || strings.ContainsFunc(value, unwritable):
		c.add(f, "MALFORMED", "含有不允许的字符")
	case n == 0:
		c.add(f, "REQUIRED", "不能为空")
	case n < shortest:
		c.add(f, "TOO_SHORT", fmt.Sprintf("至少 %d 个字", shortest))
	case n > longest:
		c.add(f, "TOO_LONG", fmt.Sprintf("最多 %d 个字", longest))
	}
	return value
}

// unwritable tells characters that no one types into a form, such as those that turn the direction of writing. Line breaks are fine.
func unwritable(r rune) bool {
	return r != '\n' && (unicode.IsControl(r) || unicode.Is(unicode.Cf, r) || r == utf8.RuneError)
}

// optional checks a text that may be missing; an empty one counts as none.
func (c *checker) optional(f field, value *string, longest int) *string {
	if value == nil || strings.TrimSpace(*value) == "" {
		return nil
	}
	checked := c.text(f, *value, 1, longest)
	return &checked
}

// newText checks the change of a text that must not become empty.
func (c *checker) newText(f field, ch Change[string], shortest, longest int) Change[string] {
	if !ch.Given {
		return ch
	}
	value := ""
	if ch.Value != nil {
		value = *ch.Value
	}
	return To(c.text(f, value, shortest, longest))
}

// newOptional checks the change of a text that may become empty.
func (c *checker) newOptional(f field, ch Change[string], longest int) Change[string] {
	ch.Value = c.optional(f, ch.Value, longest)
	return ch
}

// key checks an idempotency key. It is not trimmed: what differs is another key.
func (c *checker) key(value *string) {
	if value == nil {
		return
	}
	f := at("幂等键", "idempotencyKey")
	switch n := utf8.RuneCountInString(*value); {
	case !utf8.ValidString(*value) || strings.ContainsFunc(*value, unwritable):
		c.add(f, "MALFORMED", "含有不允许的字符")
	case n == 0:
		c.add(f, "REQUIRED", "不能为空")
	case n > 100:
		c.add(f, "TOO_LONG", "最多 100 个字")
	}
}

// word checks that a value is one of its vocabulary.
func word[T interface {
	~string
	Values() []string
}](c *checker, f field, value T,
) {
	if !slices.Contains(value.Values(), string(value)) {
		c.add(f, "UNKNOWN_VALUE", "的取值无效")
	}
}

// newWord checks the change of a word that must not become empty.
func newWord[T interface {
	~string
	Values() []string
}](c *checker, f field, ch Change[T],
) {
	switch {
	case !ch.Given:
	case ch.Value == nil:
		c.add(f, "REQUIRED", "不能为空")
	default:
		word(c, f, *ch.Value)
	}
}

// between checks a number that may be missing against bounds, both included.
func (c *checker) between(f field, value *float64, low, high float64) {
	if value != nil && (math.IsNaN(*value) || *value < low || *value > high) {
		c.add(f, "OUT_OF_RANGE", fmt.Sprintf("应在 %g 至 %g 之间", low, high))
	}
}

// count checks a number of things, from one up to the most there may be.
func (c *checker) count(f field, value, most int) {
	if value < 1 || value > most {
		c.add(f, "OUT_OF_RANGE", fmt.Sprintf("应在 1 至 %d 之间", most))
	}
}

// phone checks a telephone number that may be missing: 6 to 20 characters, at least 6 of them digits, the others spaces and hyphens.
func (c *checker) phone(f field, value *string) *string {
	if value == nil || strings.TrimSpace(*value) == "" {
		return nil
	}
	number := strings.TrimSpace(*value)
	strange := strings.ContainsFunc(number, func(r rune) bool { return !isDigit(r) && r != ' ' && r != '-' })
	if strange || len(number) > 20 || len(digits(number)) < 6 {
		c.add(f, "MALFORMED", "应为 6 至 20 位数字,可用空格或连字符分隔")
	}
	return &number
}

// newPhone checks the change of a telephone number.
func (c *checker) newPhone(f field, ch Change[string]) Change[string] {
	ch.Value = c.phone(f, ch.Value)
	return ch
}

func isDigit(r rune) bool { return r >= '0' && r <= '9' }

func digits(number string) string {
	return strings.Map(func(r rune) rune {
		if isDigit(r) {
			return r
		}
		return -1
	}, number)
}

// MaskPhone hides the middle of a telephone number: 138****1234 of a mobile number, the first three and last two digits of another.
func MaskPhone(phone string) string {
	d := digits(phone)
	switch {
	case len(d) == 11:
		return d[:3] + "****" + d[7:]
	case len(d) >= 6:
		return d[:3] + "****" + d[len(d)-2:]
	}
	return "****"
}
