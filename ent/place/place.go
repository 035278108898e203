// Package place holds the 12-digit statistical division code (区划代码) and the levels of the tree.
//
// A subtree is one contiguous range of codes, so a code alone answers "what lies below it?".
// The package knows nothing of the database or of viewers and imports nothing of ours.
package place

import (
	"errors"
	"fmt"
	"strconv"
)

// Code is a 12-digit division code as a number: two digits each for province, city and county,
// three each for township and village (GB/T 2260 + GB/T 10114 + village). Zero is the nation.
type Code int64

// Nation is the root of the tree (全国).
const Nation Code = 0

// MaxCode is the largest code that can be written in 12 digits.
const MaxCode Code = 999_999_999_999

// ErrMalformed is returned for text that is not a division code of 2, 4, 6, 9 or 12 digits.
var ErrMalformed = errors.New("malformed division code")

// Level is the level of a division in the tree (层级).
type Level string

// The levels, from the root down.
const (
	LevelNation   Level = "NATION"
	LevelProvince Level = "PROVINCE"
	LevelCity     Level = "CITY"
	LevelCounty   Level = "COUNTY"
	LevelTownship Level = "TOWNSHIP"
	LevelVillage  Level = "VILLAGE"
)

// Levels lists the levels from the root down.
var Levels = []Level{LevelNation, LevelProvince, LevelCity, LevelCounty, LevelTownship, LevelVillage}

// Values lists the levels as text, for ent enum fields.
func (Level) Values() []string {
	out := make([]string, len(Levels))
	for i, l := range Levels {
		out[i] = string(l)
	}
	return out
}

// Depth counts the steps from the nation (0) to a village (5); -1 for an unknown level.
func (l Level) Depth() int {
	for i, known := range Levels {
		if l == known {
			return i
		}
	}
	return -1
}

// unit is, by depth, the size of the code range that a division of that depth covers.
var unit = [...]Code{1_000_000_000_000, 10_000_000_000, 100_000_000, 1_000_000, 1_000, 1}

// Parse reads a code of 2, 4, 6, 9 or 12 digits; a short code is filled up with zeros on the right.
func Parse(s string) (Code, error) {
	switch len(s) {
	case 2, 4, 6, 9, 12:
	default:
		return 0, fmt.Errorf("%w: %d characters", ErrMalformed, len(s))
	}
	var n Code
	for _, c := range []byte(s) {
		if c < '0' || c > '9' {
			return 0, fmt.Errorf("%w: not a digit", ErrMalformed)
		}
		n = n*10 + Code(c-'0')
	}
	for i := len(s); i < 12; i++ {
		n *= 10
	}
	return n, nil
}

// MustParse is Parse for codes written in the program; it panics on a malformed one.
func MustParse(s string) Code {
	c, err := Parse(s)
	if err != nil {
		panic(err)
	}
	return c
}

// String writes the code in 12 digits.
func (c Code) String() string { return fmt.Sprintf("%012d", int64(c)) }

// MarshalText writes the code in 12 digits.
func (c Code) MarshalText() ([]byte, error) { return []byte(c.String()), nil }

// UnmarshalText reads a code of 2, 4, 6, 9 or 12 digits.
func (c *Code) UnmarshalText(b []byte) error {
	parsed, err := Parse(string(b))
	if err != nil {
		return err
	}
	*c = parsed
	return nil
}

// Shape is the level that the zeros of the code suggest. It is the true level of every place but the
// few that skip one: a city without counties still has the shape of a city.
func (c Code) Shape() Level {
	for depth, size := range unit {
		if c%size == 0 {
			return Levels[depth]
		}
	}
	return LevelVillage
}

// Range is the half-open range of codes [lo, hi) of the place and all places below it.
func (c Code) Range() (lo, hi Code) {
	return c, c + unit[c.Shape().Depth()]
}

// Contains tells whether d is c itself or lies below it.
func (c Code) Contains(d Code) bool {
	lo, hi := c.Range()
	return d >= lo && d < hi
}

// At cuts the code to a level: the code of the ancestor that the digits name there, which need not exist in the tree.
func (c Code) At(l Level) Code {
	d := l.Depth()
	if d < 0 {
		panic("place: unknown level " + strconv.Quote(string(l)))
	}
	return c - c%unit[d]
}

// Named is a division as it is, or was, known: code, name and level.
type Named struct {
	Code  Code   `json:"code"`
	Name  string `json:"name"`
	Level Level  `json:"level"`
}
