package workflow

import (
	"context"
	"fmt"

	"github.com/google/uuid"

	"github.com/lianluo/lianluo/ent/calendar"
	"github.com/lianluo/lianluo/ent/gen"
	"github.com/lianluo/lianluo/ent/gen/appointment"
	"github.com/lianluo/lianluo/ent/gen/appointmentcontact"
	"github.com/lianluo/lianluo/ent/kind"
	"github.com/lianluo/lianluo/ent/state"
)

// sendWord writes the citizens of appointments a message of a notice, if there is a number to send it to, and has it sent; once for each appointment
// and cause.
func (t *task) sendWord(ctx context.Context, n Notice, who *concerned, page string) error {
	for _, a := range who.appointments {
		happened, ok := news(n.What, a)
		if !ok {
			continue
		}
		contact, err := t.tx.AppointmentContact.Query().Where(appointmentcontact.AppointmentID(a.ID)).Only(ctx)
		if gen.IsNotFound(err) {
			continue // an organ asks
		}
		if err != nil {
			return fmt.Errorf("find who asks: %w", err)
		}
		if !mobile.MatchString(contact.PhoneDigits) {
			continue
		}
		around, err := t.tx.Appointment.Query().Where(appointment.ID(a.ID)).WithStation().WithVisitDay().Only(ctx)
		if err != nil {
			return err
		}
		if err := t.writeWord(ctx, n, around, contact.PhoneDigits, wordOf(around, happened, page)); err != nil {
			return err
		}
	}
	return nil
}

func (t *task) writeWord(ctx context.Context, n Notice, a *gen.Appointment, to, text string) error {
	_, err := t.tx.ExecContext(ctx, `
		WITH written AS (
			INSERT INTO message (id, created_at, updated_at, appointment_id, cause_id, channel, address, text)
			VALUES ($1, $2, $2, $3, $4, $5, $6, $7)
			ON CONFLICT (cause_id, channel) DO NOTHING
			RETURNING id
		)
		INSERT INTO river_job (kind, queue, args, max_attempts)
		SELECT 'message', 'messages', jsonb_build_object('message', id), 10 FROM written`,
		// What is told of many appointments is one cause of each.
		newID(), t.desk.clock(), a.ID, uuid.NewSHA1(n.Cause, a.ID[:]), string(kind.MessageSMS), to, text)
	if err != nil {
		return fmt.Errorf("write a message: %w", err)
	}
	return nil
}

// decisions are what became of a request, of which its citizen is sent a message.
var decisions = map[state.Appointment]string{
	state.AppointmentAccepted: "已接受", state.AppointmentDeclined: "未能安排,原因请查看",
}

// news is what a citizen is told of a notice; false for what the citizen did alone or was there to see.
func news(what kind.Notice, a *gen.Appointment) (string, bool) {
	switch what {
	case kind.NoticeRequested:
		return "已收到,待确认", true
	case kind.NoticeRotaChanged:
		return "的接待安排有调整", true
	case kind.NoticeCancelled:
		return "因接待日取消而取消", true
	case kind.NoticeDecided:
		if a.State == state.AppointmentAccepted && a.Moves > 0 {
			return "已改约", true
		}
		happened, ok := decisions[a.State]
		return happened, ok
	default:
		return "", false
	}
}

// wordOf is the text of a message: the number, what happened, day and station, and where to look; nothing that the citizen or the matter could be known
// by.
func wordOf(a *gen.Appointment, happened, page string) string {
	day := a.Edges.VisitDay
	begins := day.BeginsAt.In(calendar.Begin(day.Day).Location()) // as clocks there show it
	if page == "" {
		page = "请扫联络站二维码。"
	}
	return "【人大代表联络站】您申请的约见(编号 " + a.Number + ")" + happened + "。接待日:" +
		begins.Format("2006-01-02 15:04") + "," + a.Edges.Station.Name + "。凭编号和手机号查看:" + page
}
