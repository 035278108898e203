// Package gateway hands messages to citizens (短信, 微信) over to whoever delivers them.
//
// A newcomer needs [Gateway], the small thing that an operator's own connection to a provider implements, and [File], the
// one that comes with the platform: it writes messages down for another program to send. What a message says and to whom it
// goes is decided in ent/workflow; it may import ent/kind, for the channels, and ent/calendar, for the day.
package gateway

import (
	"context"
	"fmt"
	"log/slog"

	"github.com/google/uuid"

	"github.com/lianluo/lianluo/ent/kind"
)

// Message is one message to one person.
type Message struct {
	// ID stays the same when a message is tried again: a gateway that can should not deliver it twice.
	ID      uuid.UUID
	Channel kind.MessageChannel
	// To is the number, or the account with the channel's provider. It is personal: it stands in no log and no error.
	To   string
	Text string
}

// String tells a message by its id alone.
func (m Message) String() string { return fmt.Sprintf("%s %s", m.Channel, m.ID) }

// GoString tells a message by its id alone.
func (m Message) GoString() string { return m.String() }

// Format tells a message by its id alone, whatever the verb.
func (m Message) Format(f fmt.State, _ rune) { _, _ = fmt.Fprint(f, m.String()) }

// LogValue tells a message by its id alone.
func (m Message) LogValue() slog.Value { return slog.StringValue(m.String()) }

// Gateway delivers messages. It must be safe for concurrent use.
type Gateway interface {
	// Send returns nil when the message is on its way, and an error when it is not and may be tried again. It ends when its context does.
	Send(ctx context.Context, m Message) error
}
