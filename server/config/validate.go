package config

import (
	"errors"
	"fmt"
	"net"
	"net/netip"
	"net/url"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode"
)

// The bounds of what may be set. They keep slips of the pen out (a timeout of 15 nanoseconds, a token
// for a century); nothing else depends on them.
const (
	minTimeout, maxTimeout = time.Second, 5 * time.Minute
	minToken, maxToken     = time.Minute, 24 * time.Hour
	maxRefresh             = 90 * 24 * time.Hour
	minConns, maxConns     = 2, 1000
	maxName                = 200 // characters of an issuer or audience
)

// These list what may be set.
var (
	smsGateways = []string{"file", "none"}
	logLevels   = []string{"debug", "info", "warn", "error"}
	logFormats  = []string{"text", "json"}
)

// Validate names every wrong setting, each by its flag; the error joins them, one a line. It looks at the
// values alone, not at the disk or the network.
func (c Config) Validate() error {
	var faults []error
	check := func(flag string, err error) {
		if err != nil {
			faults = append(faults, fmt.Errorf("--%s %w", flag, err))
		}
	}
	check("addr", checkAddr(c.Addr))
	if c.PublicURL != "" {
		check("public-url", checkOrigin(c.PublicURL))
	}
	if c.StoreURL != "" {
		_, err := c.StoreURL.Bucket()
		check("store-url", err)
	}
	for _, origin := range c.CORSOrigins {
		check("cors-origins", checkOrigin(origin))
	}
	for _, network := range c.TrustedProxies {
		_, err := ParseNetwork(network)
		check("trusted-proxies", err)
	}
	check("request-timeout", between(c.RequestTimeout, minTimeout, maxTimeout))
	check("shutdown-timeout", between(c.ShutdownTimeout, minTimeout, maxTimeout))
	check("data-dir", checkFolder(c.DataDir))
	owner, err := checkDatabase(c.DatabaseURL)
	check("database-url", err)
	check("app-database-url", c.checkApp(owner))
	check("sms-gateway", oneOf(c.SMSGateway, smsGateways))
	check("max-conns", between(c.MaxConns, minConns, maxConns))
	check("issuer", checkName(c.Issuer))
	check("audience", checkName(c.Audience))
	check("token-ttl", between(c.TokenTTL, minToken, maxToken))
	check("refresh-ttl", c.checkRefresh())
	check("log-level", oneOf(c.LogLevel, logLevels))
	check("log-format", oneOf(c.LogFormat, logFormats))
	return errors.Join(faults...)
}

// hostname is what an address may name instead of an IP address (RFC 1123).
var hostname = regexp.MustCompile(`^[A-Za-z0-9]([A-Za-z0-9-]*[A-Za-z0-9])?(\.[A-Za-z0-9]([A-Za-z0-9-]*[A-Za-z0-9])?)*$`)

func checkAddr(addr string) error {
	host, port, err := net.SplitHostPort(addr)
	if err != nil {
		return fmt.Errorf("%q is not of the form host:port", addr)
	}
	if _, err := strconv.ParseUint(port, 10, 16); err != nil {
		return fmt.Errorf("%q has no port between 0 and 65535", addr)
	}
	if host == "" || hostname.MatchString(host) && !allDigitsAndDots(host) {
		return nil
	}
	if _, err := netip.ParseAddr(host); err != nil {
		return fmt.Errorf("%q names no host: %q is neither an IP address nor a host name", addr, host)
	}
	return nil
}

// allDigitsAndDots tells a mistyped IPv4 address such as 127.0.0.256 from a host name.
func allDigitsAndDots(s string) bool { return strings.Trim(s, "0123456789.") == "" }

func checkOrigin(origin string) error {
	u, err := url.Parse(origin)
	if err != nil || u.Scheme != "https" && u.Scheme != "http" || u.Host == "" || strings.Contains(u.Host, "*") ||
		u.User != nil || origin != u.Scheme+"://"+strings.ToLower(u.Host) {
		return fmt.Errorf("%q is not an origin: write scheme://host[:port] in lower case, without path and without *", origin)
	}
	return nil
}

// ParseNetwork reads a network such as 10.0.0.0/8 or a single address.
func ParseNetwork(text string) (netip.Prefix, error) {
	if p, err := netip.ParsePrefix(text); err == nil && p == p.Masked() {
		return p, nil
	}
	if a, err := netip.ParseAddr(text); err == nil && a.Zone() == "" {
		return netip.PrefixFrom(a, a.BitLen()), nil
	}
	return netip.Prefix{}, fmt.Errorf("%q is neither an IP address nor a network such as 10.0.0.0/8", text)
}

func checkFolder(dir string) error {
	if dir == "" || strings.ContainsRune(dir, 0) {
		return errors.New("names no folder")
	}
	return nil
}

// checkDatabase gives the URL's user, empty where it names none.
func checkDatabase(u DatabaseURL) (user string, err error) {
	if u == "" {
		return "", nil
	}
	parsed, err := u.parse()
	if err != nil {
		return "", err
	}
	return parsed.User.Username(), nil
}

// checkApp refuses the owner as the user to serve as: row-level security must bind that user.
func (c Config) checkApp(owner string) error {
	if c.AppDatabaseURL == "" {
		return nil
	}
	if c.Embedded() {
		return errors.New("needs --database-url: the embedded PostgreSQL manages its own users")
	}
	user, err := checkDatabase(c.AppDatabaseURL)
	switch {
	case err != nil:
		return err
	case user == "":
		return errors.New("names no user")
	case user == owner:
		return errors.New("names the same user as --database-url: the user to serve as must own nothing")
	}
	return nil
}

func (c Config) checkRefresh() error {
	if c.RefreshTTL <= c.TokenTTL {
		return fmt.Errorf("is %s, but must be longer than --token-ttl, %s", c.RefreshTTL, c.TokenTTL)
	}
	if c.RefreshTTL > maxRefresh {
		return fmt.Errorf("is %s, but must be at most %s", c.RefreshTTL, maxRefresh)
	}
	return nil
}

func checkName(s string) error {
	switch {
	case s == "":
		return errors.New("is empty")
	case len(s) > maxName:
		return fmt.Errorf("is longer than %d characters", maxName)
	case strings.ContainsFunc(s, func(r rune) bool { return unicode.IsSpace(r) || !unicode.IsPrint(r) }):
		return fmt.Errorf("%q holds a space or an unprintable character", s)
	}
	return nil
}

func between[T int | time.Duration](v, least, most T) error {
	if v < least || v > most {
		return fmt.Errorf("is %v, but must be between %v and %v", v, least, most)
	}
	return nil
}

func oneOf(s string, allowed []string) error {
	if !slices.Contains(allowed, s) {
		return fmt.Errorf("%q is none of %s", s, strings.Join(allowed, ", "))
	}
	return nil
}
