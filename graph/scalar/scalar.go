// Package scalar reads and writes the API's own scalars and the codes of divisions.
//
// It may import place; the generated executor calls it.
package scalar

import (
	"fmt"
	"io"
	"strconv"
	"time"

	"github.com/99designs/gqlgen/graphql"

	"github.com/lianluo/lianluo/ent/place"
)

// MarshalCode writes a division code in 12 digits.
func MarshalCode(c place.Code) graphql.Marshaler {
	return graphql.WriterFunc(func(w io.Writer) { _, _ = io.WriteString(w, strconv.Quote(c.String())) })
}

// UnmarshalCode reads a division code of 2, 4, 6, 9 or 12 digits.
func UnmarshalCode(v any) (place.Code, error) {
	s, ok := v.(string)
	if !ok {
		return 0, fmt.Errorf("division code must be a string, got %T", v)
	}
	return place.Parse(s)
}

// MarshalDate writes a calendar day.
func MarshalDate(t time.Time) graphql.Marshaler {
	return graphql.WriterFunc(func(w io.Writer) { _, _ = io.WriteString(w, t.Format(`"2006-01-02"`)) })
}

// UnmarshalDate reads a calendar day, as midnight UTC.
func UnmarshalDate(v any) (time.Time, error) {
	s, ok := v.(string)
	if !ok {
		return time.Time{}, fmt.Errorf("a date must be a string, got %T", v)
	}
	t, err := time.Parse(time.DateOnly, s)
	if err != nil {
		return time.Time{}, fmt.Errorf("not a date as YYYY-MM-DD (日期格式应为 YYYY-MM-DD)")
	}
	return t, nil
}

// MarshalTenths writes a number that is kept in tenths, as points and hours are.
func MarshalTenths(n int) graphql.Marshaler {
	return graphql.WriterFunc(func(w io.Writer) { _, _ = io.WriteString(w, strconv.FormatFloat(float64(n)/10, 'f', -1, 64)) })
}

// UnmarshalTenths refuses: what comes in is checked, and made tenths, where it is read.
func UnmarshalTenths(any) (int, error) { return 0, fmt.Errorf("tenths are only written") }
