package workflow

import (
	"context"
	"errors"
	"fmt"
	"regexp"
	"strings"
	"time"

	"github.com/google/uuid"

	"github.com/lianluo/lianluo/ent/gen"
	"github.com/lianluo/lianluo/ent/gen/message"
	"github.com/lianluo/lianluo/ent/gen/opinionsubmitter"
	"github.com/lianluo/lianluo/ent/kind"
	"github.com/lianluo/lianluo/ent/state"
)

// tidings are the steps that a citizen is sent a message of, and what it says happened.
var tidings = map[state.Step]string{
	state.StepSubmit:         "已收到",
	state.StepDecline:        "未予受理,原因请查看",
	state.StepAsk:            "需要您补充情况",
	state.StepFeedBack:       "已有办理结果,请查看并评价",
	state.StepFollowFeedback: "已有办理结果,请查看并评价",
	state.StepClose:          "已办结",
	state.StepLapse:          "因逾期未评价,已办结",
	state.StepConvert:        "已转为代表建议,本件办结",
	state.StepFollowClose:    "已办结",
}

// mobile is a number that a text message reaches.
var mobile = regexp.MustCompile(`^1[0-9]{10}$`)

// newsFor is how long a step is news. A table of last year's opinions that is imported sends no one a message.
const newsFor = 7 * aDay

// write writes the citizen a message of the step, if it is one that citizens are sent and there is a number to send it to, and has it sent. It is written
// once for each step.
func (t *task) write(ctx context.Context, what *incident, statusPage string) error {
	text, ok := tiding(what, statusPage)
	if !ok || t.desk.clock().Sub(what.event.OccurredAt) > newsFor {
		return nil
	}
	submitter, err := t.tx.OpinionSubmitter.Query().Where(opinionsubmitter.OpinionID(what.opinion.ID)).Only(ctx)
	if gen.IsNotFound(err) {
		return nil
	}
	if err != nil {
		return fmt.Errorf("find the submitter: %w", err)
	}
	to := deref(submitter.PhoneDigits)
	if !mobile.MatchString(to) {
		return nil
	}
	_, err = t.tx.ExecContext(ctx, `
		WITH written AS (
			INSERT INTO message (id, created_at, updated_at, opinion_id, event_id, channel, address, text)
			VALUES ($1, $2, $2, $3, $4, $5, $6, $7)
			ON CONFLICT (event_id, channel) DO NOTHING
			RETURNING id
		)
		INSERT INTO river_job (kind, queue, args, max_attempts)
		SELECT 'message', 'messages', jsonb_build_object('message', id), 10 FROM written`,
		newID(), t.desk.clock(), what.opinion.ID, what.event.ID, string(kind.MessageSMS), to, text)
	if err != nil {
		return fmt.Errorf("write a message: %w", err)
	}
	return nil
}

// tiding is the text of the message of a step: the receipt number, what happened and where to look, nothing that the citizen or the case could be known
// by; false for a step that citizens are not sent.
func tiding(what *incident, statusPage string) (string, bool) {
	happened, ok := tidings[what.event.Step]
	if !ok {
		return "", false
	}
	var b strings.Builder
	b.WriteString("【人大代表联络站】您反映的事项(受理编号 " + what.opinion.Number + ")" + happened)
	if due := what.after.Clock.Due; due != nil && what.after.WaitsOn() == state.PartySubmitter {
		b.WriteString("(截止 " + due.Format(time.DateOnly) + ")")
	}
	b.WriteString("。凭受理编号和手机号查看:")
	if statusPage == "" {
		b.WriteString("请扫联络站二维码。")
	} else {
		b.WriteString(statusPage)
	}
	return b.String(), true
}

// Send hands a message to a gateway. The id stays the same when a message is tried again.
type Send func(ctx context.Context, id uuid.UUID, channel kind.MessageChannel, to, text string) error

// gatewayPatience is how long a gateway may take for a message. The message's row is held meanwhile.
const gatewayPatience = 20 * time.Second

// SendMessage sends a message that was not sent yet, and notes it. The error of a gateway is told without the number; after it the message may be tried
// again, unless this was the last attempt. A message goes out twice only when the platform dies, or loses its database, between the gateway's word and its own
// note of it.
func (c *Clockwork) SendMessage(ctx context.Context, id uuid.UUID, last bool, send Send) error {
	ctx, v := c.as(ctx, "messages")
	var refused error
	err := c.workOnce(ctx, VerbSendMessage, v, func(t *task) error {
		m, err := t.tx.Message.Query().Where(message.ID(id), message.StatusEQ(kind.MessagePending)).ForUpdate().Only(ctx)
		if gen.IsNotFound(err) {
			return nil
		}
		if err != nil {
			return err
		}
		update := t.tx.Message.UpdateOne(m).AddVersion(1).AddAttempts(1)
		if refused = hand(ctx, m, send); refused == nil {
			return update.SetStatus(kind.MessageSent).SetSentAt(c.desk.clock()).Exec(ctx)
		}
		if last {
			update.SetStatus(kind.MessageFailed)
		}
		return update.Exec(ctx)
	})
	return errors.Join(err, refused)
}

// hand gives a message to the gateway. What a gateway says may repeat the number: it is taken out.
func hand(ctx context.Context, m *gen.Message, send Send) error {
	ctx, cancel := context.WithTimeout(ctx, gatewayPatience)
	defer cancel()
	err := send(ctx, m.ID, m.Channel, m.Address, m.Text)
	if err == nil {
		return nil
	}
	said := strings.ReplaceAll(err.Error(), m.Address, "***")
	return errors.New("the gateway did not take the message: " + said)
}
