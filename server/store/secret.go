package store

import (
	"fmt"
	"log/slog"
)

// Secret is the secret half of an access key. It prints, logs and marshals as "(hidden)", or as nothing when it
// is empty; string(s) gives it whole, for the client.
type Secret string

// String tells only whether there is one.
func (s Secret) String() string {
	if s == "" {
		return ""
	}
	return "(hidden)"
}

// Format is String, whatever the verb.
func (s Secret) Format(f fmt.State, _ rune) { _, _ = fmt.Fprint(f, s.String()) }

// LogValue is String.
func (s Secret) LogValue() slog.Value { return slog.StringValue(s.String()) }

// MarshalText is String, so that JSON holds no secret either.
func (s Secret) MarshalText() ([]byte, error) { return []byte(s.String()), nil }
