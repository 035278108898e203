package workflow

import (
	"context"
	"fmt"
	"slices"

	"github.com/google/uuid"

	"github.com/lianluo/lianluo/ent/gen"
	"github.com/lianluo/lianluo/ent/gen/account"
	"github.com/lianluo/lianluo/ent/gen/notification"
	"github.com/lianluo/lianluo/ent/kind"
)

// announce has those told whom a notice about an entity (gen.Type…) concerns, once the transaction is through. Whom, the platform's own job works
// out (Clockwork.Notify), so that a verb need not see everyone it concerns.
func (t *task) announce(ctx context.Context, notice kind.Notice, entity string, id uuid.UUID) error {
	if _, err := t.tx.ExecContext(ctx, `SELECT enqueue_notice($1, $2, $3)`, string(notice), entity, id); err != nil {
		return fmt.Errorf("announce: %w", err)
	}
	return nil
}

// Notice is something that happened, of which those concerned are told (通知).
type Notice struct {
	What kind.Notice
	// Entity and ID are what it is about.
	Entity string
	ID     uuid.UUID
	// Cause is the one happening; whoever is told of it is told once.
	Cause uuid.UUID
	// By is the subject of whoever did it, who is not told.
	By string
}

// VerbNotify is how the platform tells accounts and citizens what happened.
const VerbNotify Verb = "notify"

// Notify tells those whom a notice concerns, as things are when it does: their accounts are notified, and citizens with an appointment are sent a
// message.
func (c *Clockwork) Notify(ctx context.Context, n Notice) error {
	ctx, v := c.as(ctx, "notices")
	return c.work(ctx, VerbNotify, v, func(t *task) error {
		concerned, err := t.concerned(ctx, n)
		if err != nil {
			return err
		}
		if err := t.tell(ctx, n, concerned); err != nil {
			return err
		}
		if !c.messages {
			return nil
		}
		return t.sendWord(ctx, n, concerned, c.appointmentPage)
	})
}

// mostTold bounds the notifications of one statement.
const mostTold = 1000

// tell puts a notice before every account it concerns, but that of whoever caused it.
func (t *task) tell(ctx context.Context, n Notice, who *concerned) error {
	if len(who.accounts) == 0 {
		return nil
	}
	accounts, err := t.tx.Account.Query().Where(inUse, account.Or(who.accounts...)).Order(account.ByID()).IDs(ctx)
	if err != nil {
		return fmt.Errorf("find whom to notify: %w", err)
	}
	accounts = slices.DeleteFunc(accounts, func(id uuid.UUID) bool { return id.String() == n.By })
	now := t.desk.clock()
	for some := range slices.Chunk(accounts, mostTold) {
		rows := make([]*gen.NotificationCreate, len(some))
		for i, id := range some {
			rows[i] = t.tx.Notification.Create().SetSubject(id.String()).SetNotice(n.What).
				SetEntity(n.Entity).SetEntityID(n.ID).SetCauseID(n.Cause).SetCreatedAt(now).SetUpdatedAt(now)
		}
		err := t.tx.Notification.CreateBulk(rows...).
			OnConflictColumns(notification.FieldCauseID, notification.FieldSubject).DoNothing().Exec(ctx)
		if err != nil {
			return fmt.Errorf("notify: %w", err)
		}
	}
	return nil
}
