package seed_test

import (
	"cmp"
	"database/sql"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"

	"github.com/lianluo/lianluo/ent/dossier"
	"github.com/lianluo/lianluo/ent/kind"
	"github.com/lianluo/lianluo/ent/place"
	"github.com/lianluo/lianluo/ent/state"
	"github.com/lianluo/lianluo/ent/viewer"
)

// line is an event as it is stored.
type line struct {
	dossier.Event
	party         state.Party
	subject       string
	role          viewer.Role
	code          sql.NullInt64
	organ, deputy uuid.NullUUID
	text          sql.NullString
	decline       sql.NullString
	shown         bool
}

// timelines are the events of all opinions, in order.
func timelines(t *testing.T, db *sql.DB) map[uuid.UUID][]line {
	t.Helper()
	rows, err := db.QueryContext(t.Context(), `SELECT opinion_id, sequence, step, coalesce(from_state, ''), to_state, occurred_at, due_on, amber_on, days_left, facts,
		party, subject, coalesce(role, ''), actor_code, organ_id, deputy_id, text, decline_reason, shown FROM opinion_event ORDER BY opinion_id, sequence`)
	if err != nil {
		t.Fatal(err)
	}
	defer rows.Close()
	out := map[uuid.UUID][]line{}
	for rows.Next() {
		var opinion uuid.UUID
		var l line
		var facts []byte
		if err := rows.Scan(&opinion, &l.Sequence, &l.Step, &l.From, &l.To, &l.At, &l.Clock.Due, &l.Clock.Amber, &l.Clock.Left, &facts,
			&l.party, &l.subject, &l.role, &l.code, &l.organ, &l.deputy, &l.text, &l.decline, &l.shown); err != nil {
			t.Fatal(err)
		}
		if err := json.Unmarshal(facts, &l.Facts); err != nil {
			t.Fatal(err)
		}
		out[opinion] = append(out[opinion], l)
	}
	if err := rows.Err(); err != nil {
		t.Fatal(err)
	}
	return out
}

// replayed replays every timeline from what the database holds: each step must be one that the table allows to that party, and the case it ends
// in must be the row.
func replayed(t *testing.T, db *sql.DB) {
	t.Helper()
	w := witnesses(t, db)
	lines := timelines(t, db)
	columns := slices.Sorted(maps.Keys(dossier.Case{}.Columns()))
	rows, err := db.QueryContext(t.Context(), `SELECT id, code, coalesce(township_code, code), coalesce(county_code, -1), coalesce(city_code, -1), station_id,
		`+strings.Join(columns, ", ")+` FROM opinion`)
	if err != nil {
		t.Fatal(err)
	}
	defer rows.Close()
	count := 0
	for rows.Next() {
		var o scene
		var id uuid.UUID
		held := make([]any, len(columns))
		into := []any{&id, &o.code, &o.responsible, &o.county, &o.city, &o.station}
		for i := range held {
			into = append(into, &held[i])
		}
		if err := rows.Scan(into...); err != nil {
			t.Fatal(err)
		}
		count++
		var c dossier.Case
		for i, l := range lines[id] {
			if l.Sequence != i+1 || l.From != c.State {
				t.Errorf("%s: event %d is number %d, from %s in %s", id, i+1, l.Sequence, l.From, c.State)
			}
			if to, ok := state.Next(c.State, l.Step, c.Resume); !ok || to != l.To {
				t.Errorf("%s: the table does not lead from %s by %s to %s", id, c.State, l.Step, l.To)
			}
			if why := cmp.Or(w.may(o, id, c, l), w.rule(o, c, l)); why != "" {
				t.Errorf("%s: %s by %s %s: %s", id, l.Step, l.party, l.subject, why)
			}
			c = c.Apply(l.Event)
		}
		for i, name := range columns {
			if want := c.Columns()[name]; !same(want, held[i]) {
				t.Errorf("%s: %s is %v, its timeline makes %v", id, name, held[i], want)
			}
		}
	}
	if err := rows.Err(); err != nil {
		t.Fatal(err)
	}
	if count != len(lines) || count != 1041+563+211 {
		t.Errorf("%d opinions, %d timelines", count, len(lines))
	}
}

// same tells whether a column holds what it should.
func same(want, held any) bool {
	switch want := want.(type) {
	case nil:
		return held == nil
	case time.Time:
		at, ok := held.(time.Time)
		return ok && at.Equal(want)
	case bool:
		return held == want
	case int:
		return held == int64(want)
	case place.Code:
		return held == int64(want)
	case uuid.UUID:
		text, ok := held.([]byte)
		return ok && string(text) == want.String()
	}
	return fmt.Sprint(want) == held
}

// scene is where an opinion lies.
type scene struct {
	code, responsible, county, city int64
	station                         uuid.UUID
}

// person is an account.
type person struct {
	role                   viewer.Role
	code                   int64
	deputy, organ, station uuid.NullUUID
}

// witness knows who the actors of timelines are.
type witness struct {
	accounts map[string]person
	codes    map[string]uuid.UUID // the stations of codes
	organs   map[uuid.UUID]int64  // the places of organs
	posted   map[uuid.UUID]map[uuid.UUID]bool
}

func witnesses(t *testing.T, db *sql.DB) *witness {
	t.Helper()
	w := &witness{
		accounts: map[string]person{}, codes: map[string]uuid.UUID{}, organs: map[uuid.UUID]int64{}, posted: map[uuid.UUID]map[uuid.UUID]bool{},
	}
	scan := func(query string, row func(*sql.Rows) error) {
		rows, err := db.QueryContext(t.Context(), query)
		if err != nil {
			t.Fatal(err)
		}
		defer rows.Close()
		for rows.Next() {
			if err := row(rows); err != nil {
				t.Fatal(err)
			}
		}
		if err := rows.Err(); err != nil {
			t.Fatal(err)
		}
	}
	scan(`SELECT id, role, code, deputy_id, organ_id, station_id FROM account`, func(r *sql.Rows) error {
		var id string
		var a person
		err := r.Scan(&id, &a.role, &a.code, &a.deputy, &a.organ, &a.station)
		w.accounts[id] = a
		return err
	})
	scan(`SELECT id, station_id FROM qr_code`, func(r *sql.Rows) error {
		var id string
		var station uuid.UUID
		err := r.Scan(&id, &station)
		w.codes["code:"+id] = station
		return err
	})
	scan(`SELECT id, code FROM organ WHERE kind = 'DEPARTMENT'`, func(r *sql.Rows) error {
		var id uuid.UUID
		var code int64
		err := r.Scan(&id, &code)
		w.organs[id] = code
		return err
	})
	scan(`SELECT station_id, deputy_id FROM posting WHERE ended_on IS NULL`, func(r *sql.Rows) error {
		var station, deputy uuid.UUID
		err := r.Scan(&station, &deputy)
		if w.posted[station] == nil {
			w.posted[station] = map[uuid.UUID]bool{}
		}
		w.posted[station][deputy] = true
		return err
	})
	return w
}

// may tells why an actor may not do a step as the party that is told; empty when it may.
func (w *witness) may(o scene, id uuid.UUID, c dossier.Case, l line) string {
	move, _ := state.MoveOf(l.Step)
	waitsOn := c.WaitsOn()
	if c.State == state.OpinionWaiting {
		waitsOn = c.Resume.WaitsOn(c.Lead != nil)
	}
	switch {
	case !move.Does(l.party) && (!move.Does(state.PartyHolder) || l.party != waitsOn):
		return "not that party's"
	case l.shown != move.Shown:
		return "shown otherwise"
	case l.decline.Valid != (l.Step == state.StepDecline):
		return "a reason of refusal"
	}
	a, known := w.accounts[l.subject]
	if !known {
		return w.mayUnknown(o, id, l)
	}
	if l.role != a.role || l.code.Int64 != a.code || !l.code.Valid || l.organ != a.organ || l.deputy != a.deputy {
		return "the account is another"
	}
	in := func(codes ...int64) bool { return slices.Contains(codes, a.code) }
	ok := false
	switch l.party {
	case state.PartyStation:
		ok = a.role == viewer.StationKeeper && a.station.UUID == o.station || admin(a.role) && a.code == o.responsible
	case state.PartyOrgan:
		ok = admin(a.role) && a.code == int64(c.Holder)
	case state.PartyLead:
		ok = a.role == viewer.Department && c.Lead != nil && a.organ.UUID == *c.Lead
	case state.PartyHandler:
		ok = a.role == viewer.Department && (a.organ.UUID == *c.Lead || slices.Contains(c.Co, a.organ.UUID))
	case state.PartyDeputy:
		ok = a.role == viewer.Deputy && w.posted[o.station][a.deputy.UUID]
	case state.PartyAbove:
		ok = (admin(a.role) || a.role == viewer.Supervisor) && in(o.responsible, o.county, o.city)
	}
	if !ok {
		return "the account is not that party"
	}
	return ""
}

// mayUnknown is may for those who have no account: citizens and jobs.
func (w *witness) mayUnknown(o scene, id uuid.UUID, l line) string {
	ok := false
	switch {
	case l.role != "" || l.code.Valid || l.organ.Valid || l.deputy.Valid:
	case l.party == state.PartyClock:
		job := "job:deadlines"
		if strings.HasPrefix(string(l.Step), "FOLLOW_") {
			job = "job:steps"
		}
		ok = l.subject == job
	case l.party == state.PartySubmitter && l.Step == state.StepSubmit:
		ok = w.codes[l.subject] == o.station
	case l.party == state.PartySubmitter:
		ok = l.subject == "receipt:"+id.String()
	}
	if !ok {
		return "there is no such actor"
	}
	return ""
}

func admin(r viewer.Role) bool {
	return r == viewer.TownshipAdmin || r == viewer.CountyAdmin || r == viewer.CityAdmin
}

// silentSteps are those that need no word.
var silentSteps = []state.Step{
	state.StepSubmit, state.StepAccept, state.StepAnalyse, state.StepAssign, state.StepTake, state.StepTakeUp, state.StepRate, state.StepLapse,
	state.StepClose, state.StepConvert, state.StepMarkKey, state.StepPublish, state.StepAmber, state.StepOverdue,
}

// rule tells which rule of the verbs, beyond the table, a step does not keep; empty when it keeps all.
func (w *witness) rule(o scene, c dossier.Case, l line) string {
	f := l.Facts
	if !l.text.Valid && !slices.Contains(silentSteps, l.Step) {
		return "not a word"
	}
	if f.Holder != nil && f.Level != f.Holder.Shape() {
		return "the level is not the holder's"
	}
	if moves := []state.Step{state.StepSubmit, state.StepAnalyse, state.StepEscalate, state.StepSendBack}; (f.Holder != nil) != slices.Contains(moves, l.Step) {
		return "the holder"
	}
	above := map[int64]int64{o.responsible: o.county, o.county: o.city}
	broken := false
	switch l.Step {
	case state.StepSubmit:
		broken = int64(*f.Holder) != o.responsible
	case state.StepAnalyse:
		broken = *f.Holder != c.Holder && int64(*f.Holder) != above[int64(c.Holder)] || f.Category == nil || f.Urgency == "" || f.Hardship == nil
	case state.StepEscalate:
		broken = int64(*f.Holder) != above[int64(c.Holder)] || c.State == state.OpinionRated && (c.Rating != kind.RatingDissatisfied || c.Dissatisfied < 2)
	case state.StepSendBack:
		broken = above[int64(*f.Holder)] != int64(c.Holder)
	case state.StepAssign:
		broken = f.Lead == nil || w.organs[*f.Lead] != int64(c.Holder) || slices.Contains(f.Co, *f.Lead) ||
			slices.ContainsFunc(f.Co, func(id uuid.UUID) bool { return w.organs[id] != int64(c.Holder) })
	case state.StepAnswer, state.StepReply:
		broken = f.Outcome == ""
	case state.StepRate:
		broken = f.Rating == "" || c.FedBackAt == nil || c.Rating != ""
	case state.StepRework:
		broken = c.Rating != kind.RatingDissatisfied || c.Dissatisfied > 1
	case state.StepClose:
		broken = c.Rating == kind.RatingDissatisfied
	case state.StepExtend:
		broken = c.Extended
	case state.StepSupervise:
		broken = c.Supervisor != nil || f.Supervisor == nil || f.SupervisionDue == nil || !f.SupervisionDue.After(l.At)
	case state.StepUrge:
		broken = c.Supervisor == nil
	case state.StepMarkKey:
		broken = c.Key
	case state.StepPublish:
		broken = c.Published
	case state.StepWithdraw:
		broken = !c.Published
	}
	if broken {
		return "the verb would refuse it"
	}
	return ""
}
