package app

import (
	"net/http"
	"net/http/httptest"
	"net/netip"
	"testing"

	"github.com/lianluo/lianluo/server/config"
)

func TestClientAddress(t *testing.T) {
	trust := func(networks ...string) (out []netip.Prefix) {
		for _, n := range networks {
			p, err := config.ParseNetwork(n)
			if err != nil {
				t.Fatal(err)
			}
			out = append(out, p)
		}
		return out
	}
	proxies := trust("10.0.0.0/8", "::1")
	for name, c := range map[string]struct {
		remote    string
		forwarded []string
		trusted   []netip.Prefix
		want      string
	}{
		"straight":                      {"203.0.113.7:4711", nil, nil, "203.0.113.7"},
		"straight, IPv6":                {"[2001:db8::7]:4711", nil, nil, "2001:db8::7"},
		"straight, IPv6 with a zone":    {"[fe80::7%eth0]:4711", nil, nil, "fe80::7"},
		"straight, IPv4 in IPv6":        {"[::ffff:203.0.113.7]:4711", nil, nil, "203.0.113.7"},
		"no one is trusted":             {"10.0.0.1:4711", []string{"198.51.100.1"}, nil, "10.0.0.1"},
		"someone else is trusted":       {"203.0.113.7:4711", []string{"198.51.100.1"}, proxies, "203.0.113.7"},
		"a proxy":                       {"10.0.0.1:4711", []string{"198.51.100.1"}, proxies, "198.51.100.1"},
		"a proxy, IPv6":                 {"[::1]:4711", []string{"2001:db8::7"}, proxies, "2001:db8::7"},
		"a proxy, with a port":          {"10.0.0.1:4711", []string{"198.51.100.1:99"}, proxies, "198.51.100.1"},
		"a proxy, in brackets":          {"10.0.0.1:4711", []string{"[2001:db8::7]"}, proxies, "2001:db8::7"},
		"a proxy, brackets and port":    {"10.0.0.1:4711", []string{"[2001:db8::7]:99"}, proxies, "2001:db8::7"},
		"two proxies":                   {"10.0.0.1:4711", []string{"198.51.100.1, 10.0.0.2"}, proxies, "198.51.100.1"},
		"two headers":                   {"10.0.0.1:4711", []string{"198.51.100.1", "10.0.0.2"}, proxies, "198.51.100.1"},
		"made up by the client":         {"10.0.0.1:4711", []string{"1.1.1.1, 198.51.100.1"}, proxies, "198.51.100.1"},
		"a proxy made up by the client": {"10.0.0.1:4711", []string{"1.1.1.1, 10.0.0.9, 198.51.100.1, 10.0.0.2"}, proxies, "198.51.100.1"},
		"a proxy asks for itself":       {"10.0.0.1:4711", nil, proxies, "10.0.0.1"},
		"nonsense by a proxy":           {"10.0.0.1:4711", []string{"unknown"}, proxies, "10.0.0.1"},
		"nonsense by the client":        {"10.0.0.1:4711", []string{"'; DROP TABLE, 10.0.0.2"}, proxies, "10.0.0.2"},
		"empty":                         {"10.0.0.1:4711", []string{""}, proxies, "10.0.0.1"},
		"all are proxies":               {"10.0.0.1:4711", []string{"10.0.0.3, 10.0.0.2"}, proxies, "10.0.0.3"},
		"no connection of a network":    {"@", []string{"198.51.100.1"}, proxies, "invalid IP"},
	} {
		r := httptest.NewRequest(http.MethodGet, "/", nil)
		r.RemoteAddr = c.remote
		for _, value := range c.forwarded {
			r.Header.Add("x-forwarded-for", value)
		}
		if got := clientAddress(r, c.trusted); got.String() != c.want {
			t.Errorf("%s: %s, want %s", name, got, c.want)
		}
	}
	if _, err := withAddress([]string{"proxy.example.cn"}, http.NotFoundHandler()); err == nil {
		t.Error("a proxy is trusted by its name")
	}
}
