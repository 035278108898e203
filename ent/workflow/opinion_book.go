package workflow

import (
	"context"
	"encoding/base64"
	"fmt"
	"io"
	"strings"
	"time"

	"github.com/google/uuid"
	"github.com/lib/pq"

	"github.com/lianluo/lianluo/ent/calendar"
	"github.com/lianluo/lianluo/ent/dossier"
	"github.com/lianluo/lianluo/ent/fault"
	"github.com/lianluo/lianluo/ent/gen"
	"github.com/lianluo/lianluo/ent/kind"
	"github.com/lianluo/lianluo/ent/place"
	"github.com/lianluo/lianluo/ent/spelling"
	"github.com/lianluo/lianluo/ent/state"
	"github.com/lianluo/lianluo/ent/viewer"
)

// newID makes a time-ordered key, as the entities' own default does.
func newID() uuid.UUID { return uuid.Must(uuid.NewV7()) }

// booking is an opinion about to be booked.
type booking struct {
	id       uuid.UUID
	channel  kind.Channel
	deputy   *uuid.UUID
	external *string
	at       time.Time // when it came in; the zero value is now
	OpinionContent
}

// book makes an opinion of what a citizen said, with the first event of its timeline, whichever way it came in.
func (t *task) book(ctx context.Context, s *gen.Station, b booking) (*gen.Opinion, error) {
	if b.Category != nil {
		if _, err := t.tx.Category.Get(ctx, *b.Category); gen.IsNotFound(err) {
			return nil, fault.NotFound("问题分类不存在", "input", "category")
		} else if err != nil {
			return nil, err
		}
	}
	now := b.at
	if now.IsZero() {
		now = t.desk.clock()
	}
	number, err := newNumber(t.desk.random, now)
	if err != nil {
		return nil, err
	}
	home := areaOfStation(s).grouped()
	level := levelOf(home)
	e := dossier.Event{
		Sequence: 1, Step: state.StepSubmit, To: state.OpinionSubmitted, At: now,
		Facts: dossier.Facts{Holder: &home.Code, Level: level},
	}
	create := t.tx.Opinion.Create().
		SetID(b.id).
		SetCodeThen(s.Code).
		SetNumber(number).
		SetStationID(s.ID).
		SetNillableDeputyID(b.deputy).
		SetChannel(b.channel).
		SetNillableExternalID(b.external).
		SetContent(b.Content).
		SetNillableLocation(b.Location).
		SetNillableCategoryHintID(b.Category).
		SetSubmittedAt(now)
	if b.Name != nil {
		create.SetSubmitterMasked(maskName(*b.Name))
	}
	if b.Phone != nil {
		create.SetPhoneMasked(MaskPhone(*b.Phone))
	}
	areaOfStation(s).put(create.Mutation())
	if e.Clock, err = t.firstClock(ctx, home.Code, now); err != nil {
		return nil, err
	}
	if err := keepCase(create.Mutation(), dossier.Case{}.Apply(e), true); err != nil {
		return nil, err
	}
	o, err := create.Save(ctx)
	if err != nil {
		return nil, err
	}
	event, err := t.keepEvent(ctx, o, e, t.booker(), true, doing{step: state.StepSubmit, files: b.Files})
	if err != nil {
		return nil, err
	}
	if err := t.keepSubmitter(ctx, o, b.OpinionContent, now); err != nil {
		return nil, err
	}
	if err := t.keepText(ctx, o); err != nil {
		return nil, err
	}
	if err := t.announceStep(ctx, event); err != nil {
		return nil, err
	}
	return o, t.audit(ctx, gen.TypeOpinion, o.ID, areaOfOpinion(o), map[string]any{"station": s.ID, "channel": o.Channel})
}

// booker is as which party the viewer books an opinion.
func (t *task) booker() state.Party {
	switch {
	case t.viewer.Kind == viewer.Receipt:
		return state.PartySubmitter
	case t.viewer.Role == viewer.Deputy:
		return state.PartyDeputy
	}
	return state.PartyStation
}

func (t *task) firstClock(ctx context.Context, holder place.Code, now time.Time) (dossier.Clock, error) {
	limit, err := t.limit(ctx, holder, state.OpinionSubmitted)
	if err != nil {
		return dossier.Clock{}, err
	}
	days, err := t.workdays(ctx)
	if err != nil {
		return dossier.Clock{}, err
	}
	return dossier.Case{}.ClockAfter(dossier.Event{To: state.OpinionSubmitted, At: now}, limit, 0, days), nil
}

// levelOf is the level of a place by the ancestors it has: the place itself is the deepest of them.
func levelOf(a area) place.Level {
	for _, l := range []place.Level{place.LevelTownship, place.LevelCounty, place.LevelCity, place.LevelProvince} {
		if code, ok := a.at(l); ok && code == a.Code {
			return l
		}
	}
	return place.LevelNation
}

// keepSubmitter keeps who submitted an opinion, apart from it, and what was agreed to.
func (t *task) keepSubmitter(ctx context.Context, o *gen.Opinion, in OpinionContent, now time.Time) error {
	agreed, _ := consentOf(in.Consent)
	create := t.tx.OpinionSubmitter.Create().
		SetOpinionID(o.ID).
		SetStationID(o.StationID).
		SetNillableName(in.Name).
		SetNillablePhone(in.Phone).
		SetCallBack(in.CallBack).
		SetConsentVersion(agreed.Version).
		SetConsentPurpose(agreed.Purpose).
		SetConsentedAt(now)
	if in.Phone != nil {
		create.SetPhoneDigits(digits(*in.Phone))
	}
	areaOfOpinion(o).put(create.Mutation())
	if err := create.Exec(ctx); err != nil {
		return fmt.Errorf("keep the submitter: %w", err)
	}
	return nil
}

// keepText keeps what an opinion is found by.
func (t *task) keepText(ctx context.Context, o *gen.Opinion) error {
	body := o.Content
	if o.Location != nil {
		body += "\n" + *o.Location
	}
	pairs := spelling.Bigrams(body)
	_, err := t.tx.ExecContext(ctx,
		`INSERT INTO opinion_text (opinion_id, code, body, grams, words) VALUES ($1, $2, $3, $4, array_to_tsvector($4::text[]))`,
		o.ID, o.Code, spelling.Fold(body), pq.Array(pairs))
	if err != nil {
		return fmt.Errorf("keep the text: %w", err)
	}
	return nil
}

// giveReceipt draws a token with which the citizen follows the opinion, and keeps its hash.
func (t *task) giveReceipt(ctx context.Context, o *gen.Opinion) (string, error) {
	token, err := newToken(t.desk.random)
	if err != nil {
		return "", err
	}
	if err := t.tx.OpinionReceipt.Create().SetOpinionID(o.ID).SetTokenHash(SecretHash(token)).Exec(ctx); err != nil {
		return "", fmt.Errorf("give a receipt: %w", err)
	}
	return token, nil
}

// newToken draws the secret of a receipt.
func newToken(random io.Reader) (string, error) {
	secret := make([]byte, 16)
	if _, err := io.ReadFull(random, secret); err != nil {
		return "", fmt.Errorf("draw a receipt: %w", err)
	}
	return base64.RawURLEncoding.EncodeToString(secret), nil
}

// crockford are the characters of receipt numbers: none that are taken for another one when read aloud or written by hand.
const crockford = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"

// newNumber draws a receipt number (受理编号): the day, and eight characters that cannot be guessed from another number.
func newNumber(random io.Reader, now time.Time) (string, error) {
	drawn := make([]byte, 8)
	if _, err := io.ReadFull(random, drawn); err != nil {
		return "", fmt.Errorf("draw a number: %w", err)
	}
	var b strings.Builder
	b.WriteString(calendar.Today(now).Format("060102") + "-")
	for _, x := range drawn {
		b.WriteByte(crockford[x%32])
	}
	return b.String(), nil
}
