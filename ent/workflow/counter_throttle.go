package workflow

import (
	"context"
	"net/netip"
	"time"

	"github.com/lianluo/lianluo/ent/fault"
)

// Bound is something that strangers may do only so often (频次限制).
type Bound string

// The bounds. Those of an address and something else keep one address from using up what all others share.
const (
	// BoundSubmitAddress counts submissions of an address, BoundSubmitPhone those that name a telephone number,
	// BoundSubmitCode those by a code.
	BoundSubmitAddress      Bound = "submit address"
	BoundSubmitPhone        Bound = "submit phone"
	BoundSubmitPhoneAddress Bound = "submit phone address"
	BoundSubmitCode         Bound = "submit code"
	BoundSubmitCodeAddress  Bound = "submit code address"
	// BoundUploadAddress counts the files that an address sends.
	BoundUploadAddress Bound = "upload address"
	// BoundReadAddress counts whatever an address looks up, BoundMissAddress what there was not: wrong codes and receipts.
	BoundReadAddress Bound = "read address"
	BoundMissAddress Bound = "miss address"
	// BoundMissNumber counts wrong telephone numbers for a receipt number. Tokens are not counted: they cannot be guessed,
	// so who has the token is never kept out by others.
	BoundMissNumber        Bound = "miss number"
	BoundMissNumberAddress Bound = "miss number address"
)

// Bounds lists the bounds.
var Bounds = []Bound{
	BoundSubmitAddress, BoundSubmitPhone, BoundSubmitPhoneAddress, BoundSubmitCode, BoundSubmitCodeAddress,
	BoundUploadAddress, BoundReadAddress, BoundMissAddress, BoundMissNumber, BoundMissNumberAddress,
}

// Bucket is what is left of a bound for one key.
type Bucket struct {
	Bound Bound
	Key   string
}

// Throttle keeps the buckets. It is safe for concurrent use.
type Throttle interface {
	// Take takes one from each bucket when each has one, else from none. It answers how long it takes until each will have one; 0
	// when they were taken.
	Take(buckets ...Bucket) (wait time.Duration)
	// Wait answers the same and takes nothing.
	Wait(buckets ...Bucket) (wait time.Duration)
}

type addressKey struct{}

// WithAddress returns a context that carries the address of the client that asks.
func WithAddress(ctx context.Context, client netip.Addr) context.Context {
	return context.WithValue(ctx, addressKey{}, client)
}

// addressOf is the key of the client's address: an IPv4 address, or the network that one IPv6 subscriber has. All whose address
// is unknown share a key.
func addressOf(ctx context.Context) string {
	client, _ := ctx.Value(addressKey{}).(netip.Addr)
	client = client.Unmap().WithZone("")
	if client.Is6() {
		if network, err := client.Prefix(64); err == nil {
			return network.String()
		}
	}
	return client.String()
}

// take refuses what comes too often.
func (c *Counter) take(buckets ...Bucket) error {
	if c.throttle == nil {
		return nil
	}
	if wait := c.throttle.Take(buckets...); wait > 0 {
		return fault.RateLimited(wait)
	}
	return nil
}

// spare refuses when one of the buckets is empty, and takes nothing.
func (c *Counter) spare(buckets ...Bucket) error {
	if c.throttle == nil {
		return nil
	}
	if wait := c.throttle.Wait(buckets...); wait > 0 {
		return fault.RateLimited(wait)
	}
	return nil
}

// missed counts something that there was not.
func (c *Counter) missed(buckets ...Bucket) {
	if c.throttle != nil {
		c.throttle.Take(buckets...)
	}
}
