package seed

import (
	"encoding/json"
	"fmt"
	"maps"
	"reflect"
	"slices"
	"strings"
	"time"

	"github.com/google/uuid"

	"github.com/lianluo/lianluo/ent/dossier"
	"github.com/lianluo/lianluo/ent/kind"
	"github.com/lianluo/lianluo/ent/place"
	"github.com/lianluo/lianluo/ent/spelling"
	"github.com/lianluo/lianluo/ent/state"
	"github.com/lianluo/lianluo/ent/viewer"
	"github.com/lianluo/lianluo/ent/workflow"
)

// opinion is what came in, and what its timeline has added up to.
type opinion struct {
	record
	number    string
	station   *station
	deputy    *deputy // the one it came to, if any
	channel   kind.Channel
	content   string
	location  string
	hint      uuid.UUID // what the citizen takes it for
	submitter *submitter
	kept      map[string]any // what its timeline has added up to, by column
}

// body is the text that the opinion is found by.
func (o *opinion) body() string { return o.content + "\n" + o.location }

// submitter is who submitted an opinion, as far as the person said.
type submitter struct {
	record
	opinion     *opinion
	name, phone string
	callBack    bool
}

// event is one line of an opinion's timeline.
type event struct {
	record
	dossier.Event
	opinion *opinion
	by      actor
	decline kind.DeclineReason
	text    string
	shown   bool
}

// actor is who does a step, and as what. A citizen and a job have no role.
type actor struct {
	party         state.Party
	subject       string
	role          viewer.Role
	code          place.Code // of the actor's division
	organ, deputy uuid.UUID
}

// part is a department's part in a case.
type part struct {
	record
	opinion *opinion
	organ   *organ
	part    kind.Assignment
	ended   time.Time
}

// published is a closed case as it is told to the public.
type published struct {
	record
	opinion               *opinion
	category              *uuid.UUID
	title, matter, answer string
	withdrawn             time.Time
}

// suggestion is the draft that an opinion was converted into.
type suggestion struct {
	record
	opinion        *opinion
	mandate        *mandate
	title, content string
}

// The tables of opinions.
var (
	opinionTable = keeping(tableOf("opinion",
		number("code_then", func(o *opinion) place.Code { return o.in.code }),
		text("number", func(o *opinion) string { return o.number }),
		ref("station_id", func(o *opinion) uuid.UUID { return o.station.id }),
		ref("deputy_id", func(o *opinion) uuid.UUID { return idOf(o.deputy) }),
		text("channel", func(o *opinion) kind.Channel { return o.channel }),
		text("content", func(o *opinion) string { return o.content }),
		text("location", func(o *opinion) string { return o.location }),
		ref("category_hint_id", func(o *opinion) uuid.UUID { return o.hint }),
		textOrNull("submitter_masked", func(o *opinion) string { return maskedName(o.submitter.name) }),
		textOrNull("phone_masked", func(o *opinion) string { return masked(o.submitter.phone) }),
		moment("submitted_at", func(o *opinion) time.Time { return o.at }),
	))
	submitterTable = tableOf("opinion_submitter",
		ref("opinion_id", func(s *submitter) uuid.UUID { return s.opinion.id }),
		ref("station_id", func(s *submitter) uuid.UUID { return s.opinion.station.id }),
		textOrNull("name", func(s *submitter) string { return s.name }),
		textOrNull("phone", func(s *submitter) string { return s.phone }),
		textOrNull("phone_digits", func(s *submitter) string { return s.phone }),
		boolean("call_back", func(s *submitter) bool { return s.callBack }),
		text("consent_version", func(*submitter) string { return workflow.Consents[0].Version }),
		text("consent_purpose", func(*submitter) string { return workflow.Consents[0].Purpose }),
		moment("consented_at", func(s *submitter) time.Time { return s.at }),
	)
	opinionTextTable = table[*opinion]{"opinion_text", []column[*opinion]{
		ref("opinion_id", func(o *opinion) uuid.UUID { return o.id }),
		number("code", func(o *opinion) place.Code { return o.in.code }),
		text("body", func(o *opinion) string { return spelling.Fold(o.body()) }),
		// Letters and digits alone, which mean nothing in the text form of arrays and of tsvector.
		text("grams", func(o *opinion) string { return "{" + strings.Join(spelling.Bigrams(o.body()), ",") + "}" }),
		text("words", func(o *opinion) string { return strings.Join(spelling.Bigrams(o.body()), " ") }),
	}}
	eventTable = tableOf("opinion_event",
		ref("opinion_id", func(e *event) uuid.UUID { return e.opinion.id }),
		number("sequence", func(e *event) int { return e.Sequence }),
		text("step", func(e *event) state.Step { return e.Step }),
		textOrNull("from_state", func(e *event) state.Opinion { return e.From }),
		text("to_state", func(e *event) state.Opinion { return e.To }),
		moment("occurred_at", func(e *event) time.Time { return e.At }),
		text("party", func(e *event) state.Party { return e.by.party }),
		text("subject", func(e *event) string { return e.by.subject }),
		textOrNull("role", func(e *event) viewer.Role { return e.by.role }),
		column[*event]{"actor_code", func(l *lines, e *event) {
			if e.by.role == "" {
				l.null()
				return
			}
			l.number(int64(e.by.code))
		}},
		ref("organ_id", func(e *event) uuid.UUID { return e.by.organ }),
		ref("deputy_id", func(e *event) uuid.UUID { return e.by.deputy }),
		textOrNull("decline_reason", func(e *event) kind.DeclineReason { return e.decline }),
		textOrNull("text", func(e *event) string { return e.text }),
		day("due_on", func(e *event) time.Time { return timeOf(e.Clock.Due) }),
		day("amber_on", func(e *event) time.Time { return timeOf(e.Clock.Amber) }),
		column[*event]{"days_left", func(l *lines, e *event) {
			if e.Clock.Left == nil {
				l.null()
				return
			}
			l.number(int64(*e.Clock.Left))
		}},
		text("facts", func(e *event) string { return factsOf(e.Facts) }),
		boolean("shown", func(e *event) bool { return e.shown }),
	)
	partTable = tableOf("opinion_assignment",
		number("version", func(p *part) int { return p.version() }),
		ref("opinion_id", func(p *part) uuid.UUID { return p.opinion.id }),
		ref("organ_id", func(p *part) uuid.UUID { return p.organ.id }),
		text("part", func(p *part) kind.Assignment { return p.part }),
		moment("assigned_at", func(p *part) time.Time { return p.at }),
		moment("ended_at", func(p *part) time.Time { return p.ended }),
	)
	publishedTable = tableOf("published_case",
		number("version", func(p *published) int { return p.version() }),
		ref("opinion_id", func(p *published) uuid.UUID { return p.opinion.id }),
		ref("station_id", func(p *published) uuid.UUID { return p.opinion.station.id }),
		column[*published]{"category_id", func(l *lines, p *published) {
			if p.category == nil {
				l.null()
				return
			}
			l.uuid(*p.category)
		}},
		text("title", func(p *published) string { return p.title }),
		text("matter", func(p *published) string { return p.matter }),
		text("answer", func(p *published) string { return p.answer }),
		moment("published_at", func(p *published) time.Time { return p.at }),
		moment("withdrawn_at", func(p *published) time.Time { return p.withdrawn }),
	)
	suggestionTable = tableOf("suggestion",
		ref("deputy_id", func(s *suggestion) uuid.UUID { return s.mandate.deputy.id }),
		ref("mandate_id", func(s *suggestion) uuid.UUID { return s.mandate.id }),
		ref("opinion_id", func(s *suggestion) uuid.UUID { return s.opinion.id }),
		text("title", func(s *suggestion) string { return s.title }),
		text("content", func(s *suggestion) string { return s.content }),
		text("state", func(*suggestion) state.Suggestion { return state.SuggestionDraft }),
	)
)

// keeping adds the columns that hold what the timeline has added up to, which are also when the row was changed last.
func keeping(t table[*opinion]) table[*opinion] {
	columns := slices.DeleteFunc(t.columns, func(c column[*opinion]) bool { return c.name == "updated_at" })
	for _, name := range slices.Sorted(maps.Keys(dossier.Case{}.Columns())) {
		onDay := strings.HasSuffix(name, "_on")
		columns = append(columns, column[*opinion]{name, func(l *lines, o *opinion) { l.value(o.kept[name], onDay) }})
	}
	return table[*opinion]{t.name, columns}
}

// value writes what a column of a case holds. A time is a moment, or a day.
func (l *lines) value(v any, onDay bool) {
	switch v := v.(type) {
	case nil:
		l.null()
	case bool:
		l.boolean(v)
	case int:
		l.number(int64(v))
	case place.Code:
		l.number(int64(v))
	case uuid.UUID:
		l.uuid(v)
	case time.Time:
		if onDay {
			l.day(v)
		} else {
			l.moment(v)
		}
	default: // a word of a vocabulary
		l.str(reflect.ValueOf(v).String())
	}
}

// factsOf is how a timeline keeps the facts of an event.
func factsOf(f dossier.Facts) string {
	text, err := json.Marshal(f)
	if err != nil {
		panic(fmt.Sprintf("facts are plain values: %v", err))
	}
	return string(text)
}

func timeOf(t *time.Time) time.Time {
	if t == nil {
		return time.Time{}
	}
	return *t
}

// maskedName hides a person's name but for the surname.
func maskedName(name string) string {
	for _, surname := range name {
		return string(surname) + "**"
	}
	return ""
}
