package testschema

import (
	"errors"
	"fmt"
	"io"
	"strconv"
)

// Code is a scalar that reads its values itself: twelve digits as a text.
type Code string

// UnmarshalGQL implements graphql.Unmarshaler.
func (c *Code) UnmarshalGQL(v any) error {
	text, ok := v.(string)
	if !ok {
		return fmt.Errorf("a code is a text, not %T", v)
	}
	if len(text) != 12 {
		return errors.New("a code has twelve digits")
	}
	*c = Code(text)
	return nil
}

// MarshalGQL implements graphql.Marshaler.
func (c Code) MarshalGQL(w io.Writer) { _, _ = io.WriteString(w, strconv.Quote(string(c))) }

// Division is a node of a tree without end.
type Division struct {
	Code Code
	Name string
}

// IsNode marks the type as a Node.
func (Division) IsNode() {}

// IsPlace marks the type as a Place.
func (Division) IsPlace() {}

// GetID is its place in the interface.
func (d Division) GetID() string { return string(d.Code) }

// Station stands in a division.
type Station struct {
	ID   string
	Name *string
	Kind string
}

// IsNode marks the type as a Node.
func (Station) IsNode() {}

// IsPlace marks the type as a Place.
func (Station) IsPlace() {}

// GetID is its place in the interface.
func (s Station) GetID() string { return s.ID }
