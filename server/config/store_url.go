package config

import (
	"errors"
	"log/slog"
	"net/url"
	"strings"
)

// StoreURL is the address of a bucket that speaks S3, with credentials: s3://key:secret@host:port/bucket?region=…&tls=false.
// It prints and logs without its secret.
type StoreURL string

// Bucket is what a StoreURL says.
type Bucket struct {
	Endpoint, Name, Region, AccessKey, Secret string
	TLS                                       bool
}

// String shows key, host and bucket only.
func (u StoreURL) String() string {
	if u == "" {
		return ""
	}
	b, err := u.Bucket()
	if err != nil {
		return hidden
	}
	return (&url.URL{Scheme: "s3", User: url.User(b.AccessKey), Host: b.Endpoint, Path: "/" + b.Name}).String()
}

// GoString is String, quoted by no one: secrets stay hidden under %#v too.
func (u StoreURL) GoString() string { return u.String() }

// LogValue is String.
func (u StoreURL) LogValue() slog.Value { return slog.StringValue(u.String()) }

// MarshalText is String, so that JSON holds no secret either.
func (u StoreURL) MarshalText() ([]byte, error) { return []byte(u.String()), nil }

var errStoreURL = errors.New("is not of the form s3://key:secret@host:port/bucket?region=NAME&tls=false")

// Bucket reads the URL. Its error never quotes the text.
func (u StoreURL) Bucket() (Bucket, error) {
	parsed, err := url.Parse(string(u))
	if err != nil || parsed.Opaque != "" || parsed.Scheme != "s3" || parsed.Host == "" || parsed.Fragment != "" {
		return Bucket{}, errStoreURL
	}
	secret, given := parsed.User.Password()
	b := Bucket{
		Endpoint: parsed.Host, Name: strings.TrimPrefix(parsed.Path, "/"), AccessKey: parsed.User.Username(), Secret: secret, TLS: true,
	}
	if !given || b.AccessKey == "" || b.Name == "" || strings.Contains(b.Name, "/") {
		return Bucket{}, errStoreURL
	}
	q, err := url.ParseQuery(parsed.RawQuery)
	if err != nil {
		return Bucket{}, errStoreURL
	}
	for name, values := range q {
		switch {
		case name == "region" && len(values) == 1:
			b.Region = values[0]
		case name == "tls" && len(values) == 1 && (values[0] == "true" || values[0] == "false"):
			b.TLS = values[0] == "true"
		default:
			return Bucket{}, errStoreURL
		}
	}
	return b, nil
}
