package config

import (
	"errors"
	"log/slog"
	"net/url"
)

// DatabaseURL is the address of a PostgreSQL, with credentials: postgres://user:password@host/database.
// It prints and logs without its password and parameters; string(u) gives it whole, for the driver.
type DatabaseURL string

// hidden stands where a database URL cannot be shown in part.
const hidden = "(hidden)"

// String shows user, host and database only; the parameters may carry passwords too.
func (u DatabaseURL) String() string {
	if u == "" {
		return ""
	}
	parsed, err := u.parse()
	if err != nil {
		return hidden
	}
	shown := url.URL{Scheme: parsed.Scheme, Host: parsed.Host, Path: parsed.Path}
	if name := parsed.User.Username(); name != "" {
		shown.User = url.User(name)
	}
	return shown.String()
}

// GoString is String, quoted by no one: secrets stay hidden under %#v too.
func (u DatabaseURL) GoString() string { return u.String() }

// LogValue is String.
func (u DatabaseURL) LogValue() slog.Value { return slog.StringValue(u.String()) }

// MarshalText is String, so that JSON holds no secret either.
func (u DatabaseURL) MarshalText() ([]byte, error) { return []byte(u.String()), nil }

var errDatabaseURL = errors.New("is not of the form postgres://user:password@host:port/database")

// parse reads the URL. Its error never quotes the text: net/url's own would show the password.
func (u DatabaseURL) parse() (*url.URL, error) {
	parsed, err := url.Parse(string(u))
	if err != nil || parsed.Opaque != "" || (parsed.Scheme != "postgres" && parsed.Scheme != "postgresql") {
		return nil, errDatabaseURL
	}
	if _, err := url.ParseQuery(parsed.RawQuery); err != nil {
		return nil, errDatabaseURL
	}
	return parsed, nil
}
