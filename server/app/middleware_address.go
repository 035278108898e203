package app

import (
	"fmt"
	"net/http"
	"net/netip"
	"slices"
	"strings"

	"github.com/lianluo/lianluo/ent/workflow"
	"github.com/lianluo/lianluo/server/config"
)

// forwardedFor is the header in which proxies hand on whom they serve, each adding the address that it was asked from.
const forwardedFor = "X-Forwarded-For"

// withAddress tells what is inside the client's address: that of the connection, or, where a trusted proxy asks, the one that it hands on.
func withAddress(trustedProxies []string, next http.Handler) (http.Handler, error) {
	trusted := make([]netip.Prefix, len(trustedProxies))
	for i, text := range trustedProxies {
		var err error
		if trusted[i], err = config.ParseNetwork(text); err != nil {
			return nil, fmt.Errorf("--trusted-proxies %w", err)
		}
	}
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		client := clientAddress(r, trusted)
		next.ServeHTTP(w, r.WithContext(workflow.WithAddress(r.Context(), client)))
	}), nil
}

// clientAddress goes back along the proxies as long as they are trusted: what stands before the first that is not may be made up.
func clientAddress(r *http.Request, trusted []netip.Prefix) netip.Addr {
	client, ok := parseAddress(r.RemoteAddr)
	if !ok {
		return netip.Addr{}
	}
	hops := strings.Split(strings.Join(r.Header.Values(forwardedFor), ","), ",")
	isProxy := func(n netip.Prefix) bool { return n.Contains(client) }
	for i := len(hops) - 1; i >= 0 && slices.ContainsFunc(trusted, isProxy); i-- {
		hop, ok := parseAddress(strings.TrimSpace(hops[i]))
		if !ok {
			break
		}
		client = hop
	}
	return client
}

// parseAddress reads an address, with a port or without.
func parseAddress(text string) (netip.Addr, bool) {
	if withPort, err := netip.ParseAddrPort(text); err == nil {
		return withPort.Addr().Unmap().WithZone(""), true
	}
	a, err := netip.ParseAddr(strings.Trim(text, "[]"))
	return a.Unmap().WithZone(""), err == nil
}
