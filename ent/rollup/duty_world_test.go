package rollup_test

import (
	"bytes"
	"maps"
	"math/rand/v2"
	"slices"
	"time"

	"github.com/google/uuid"

	"github.com/lianluo/lianluo/ent/kind"
	"github.com/lianluo/lianluo/ent/rollup"
	"github.com/lianluo/lianluo/ent/state"
)

type (
	visitDayRecord struct {
		station *stationRecord
		day     time.Time
		state   state.VisitDay
	}
	activityRecord struct {
		id      uuid.UUID
		station *stationRecord
		joined  []*stationRecord
		day     time.Time
		way     kind.Way
		mode    kind.Mode // or none
		setting kind.Setting
		state   state.Activity
		figures map[uuid.UUID]int64
	}
	// attendanceRecord is a deputy's when it has a mandate, and an official's when not.
	attendanceRecord struct {
		activity *activityRecord
		station  *stationRecord
		mandate  *mandateRecord
		guest    bool
		organ    uuid.UUID
		official string
	}
	standingRecord struct {
		mandate      *mandateRecord
		ended        time.Time
		met, missing int64
	}
	contactRecord struct {
		at    *spot
		organ uuid.UUID // uuid.Nil when a deputy leads
		day   time.Time
	}
)

// nationalFigures are the key figures that every activity may count.
var nationalFigures = map[uuid.UUID]rollup.Measure{
	uuid.MustParse("01930000-0000-7000-8000-000000000001"): rollup.PeopleReceived,
	uuid.MustParse("01930000-0000-7000-8000-000000000002"): rollup.PeopleVisited,
	uuid.MustParse("01930000-0000-7000-8000-000000000003"): rollup.Lectures,
	uuid.MustParse("01930000-0000-7000-8000-000000000004"): rollup.ProblemsSolved,
}

// work is what deputies do in a world.
type work struct {
	visitDays   []*visitDayRecord
	activities  []*activityRecord
	attendances []*attendanceRecord
	contacts    []*contactRecord
	standings   []*standingRecord
}

func pick[T any](r *rand.Rand, from []T) T { return from[r.IntN(len(from))] }

func words[T ~string](texts []string) (out []T) {
	for _, text := range texts {
		out = append(out, T(text))
	}
	return out
}

// toil has deputies and officials come to the stations.
func (w *world) toil(r *rand.Rand) {
	someday := func() time.Time { return day("2025-01-05").AddDate(0, 0, r.IntN(60)) }
	stations := w.stations[:40]
	taken := map[any]bool{}
	for range 200 {
		d := &visitDayRecord{pick(r, stations), someday(), pick(r, state.VisitDays.States)}
		if key := [2]any{d.station, d.day}; !taken[key] {
			taken[key] = true
			w.visitDays = append(w.visitDays, d)
		}
	}
	figures, organs := make([]uuid.UUID, 6), make([]uuid.UUID, 5)
	for i := range figures {
		figures[i] = randomID(r)
	}
	copy(figures, slices.SortedFunc(maps.Keys(nationalFigures), func(a, b uuid.UUID) int { return bytes.Compare(a[:], b[:]) }))
	for i := range organs {
		organs[i] = randomID(r)
	}
	for range 250 {
		a := &activityRecord{
			id: randomID(r), station: pick(r, stations), day: someday(), way: pick(r, kind.Ways),
			mode: pick(r, append([]kind.Mode{""}, kind.Modes...)), setting: pick(r, words[kind.Setting](kind.Setting("").Values())),
			state: pick(r, append(state.Activities.States, state.ActivityConfirmed, state.ActivityConfirmed)), figures: map[uuid.UUID]int64{},
		}
		for range r.IntN(4) {
			a.figures[pick(r, figures)] = r.Int64N(1000)
		}
		at := []*stationRecord{a.station}
		if r.IntN(4) == 0 {
			if other := pick(r, stations); other != a.station {
				a.joined = append(a.joined, other)
				at = append(at, other)
			}
		}
		w.activities = append(w.activities, a)
		for range r.IntN(8) {
			came := &attendanceRecord{activity: a, station: pick(r, at)}
			var who any
			if r.IntN(4) == 0 {
				came.organ, came.official = pick(r, organs), pick(r, []string{"赵局长", "钱局长", "孙主任"})
				who = came.organ.String() + came.official
			} else {
				came.mandate, came.guest = pick(r, w.mandates[:80]), r.IntN(4) == 0
				who = came.mandate.deputy
			}
			if key := [2]any{a, who}; !taken[key] {
				taken[key] = true
				w.attendances = append(w.attendances, came)
			}
		}
	}
	for _, m := range w.mandates[:60] {
		for _, ended := range []time.Time{day("2024-12-31"), day("2025-01-31"), day("2025-02-28")} {
			w.standings = append(w.standings, &standingRecord{m, ended, r.Int64N(4), r.Int64N(4)})
		}
	}
	spots := w.real()
	for range 80 {
		c := &contactRecord{at: pick(r, spots), day: someday()}
		if r.IntN(3) > 0 {
			c.organ = pick(r, organs)
		}
		w.contacts = append(w.contacts, c)
	}
}

// toilingWorld is a random world with deputies at work, which the seed alone decides.
func toilingWorld(seed uint64) *world {
	w := randomWorld(seed)
	w.toil(rand.New(rand.NewPCG(seed, 5)))
	return w
}

func (w *work) storeWork(exec func(string, ...any), row func(string, uuid.UUID, *spot, map[string]any)) {
	for _, s := range w.standings {
		exec(`INSERT INTO norm_standing (mandate_id, ended_on, met, missing, code, province_code, city_code, county_code, township_code)
			SELECT id, $2, $3, $4, code, province_code, city_code, county_code, township_code FROM mandate WHERE id = $1`,
			s.mandate.id, s.ended, s.met, s.missing)
	}
	for _, d := range w.visitDays {
		row("visit_day", uuid.New(), d.station.at, map[string]any{
			"code_then": int64(d.station.at.code), "station_id": d.station.id, "day": d.day, "state": d.state,
			"begins_at": shanghai(d.day).Add(9 * time.Hour), "ends_at": shanghai(d.day).Add(11 * time.Hour),
		})
	}
	for _, a := range w.activities {
		at := a.station.at
		row("activity", a.id, at, map[string]any{
			"code_then": int64(at.code), "station_id": a.station.id, "title": "代表接待日", "day": a.day, "way": a.way, "mode": word(a.mode),
			"setting": a.setting, "state": a.state,
			"begins_at": shanghai(a.day).Add(9 * time.Hour), "ends_at": shanghai(a.day).Add(11 * time.Hour),
		})
		for _, s := range a.joined {
			row("activity_station", uuid.New(), s.at, map[string]any{"activity_id": a.id, "station_id": s.id, "host_code": int64(at.code)})
		}
		for figure, value := range a.figures {
			row("activity_figure", uuid.New(), at, map[string]any{"activity_id": a.id, "figure_id": figure, "value": value})
		}
	}
	for _, x := range w.attendances {
		columns := map[string]any{
			"code_then": int64(x.station.at.code), "activity_id": x.activity.id, "station_id": x.station.id, "day": x.activity.day,
			"guest": x.guest, "source": kind.AttendanceRecorded,
		}
		if x.mandate != nil {
			columns["deputy_id"], columns["mandate_id"], columns["level"] = x.mandate.deputy, x.mandate.id, x.mandate.level
		} else {
			columns["organ_id"], columns["official_name"] = x.organ, x.official
		}
		row("attendance", uuid.New(), x.station.at, columns)
	}
	for _, c := range w.contacts {
		pairing := uuid.New()
		columns := map[string]any{
			"congress_id": uuid.New(), "kind": kind.PairingLeaderTownship, "leader_name": "李主任", "division_id": uuid.New(), "started_on": day("2024-01-01"),
		}
		if c.organ != uuid.Nil {
			columns["leader_organ_id"] = c.organ
		} else {
			columns["leader_deputy_id"] = uuid.New()
		}
		row("pairing", pairing, c.at, columns)
		row("pairing_contact", uuid.New(), c.at, map[string]any{"pairing_id": pairing, "day": c.day, "way": kind.ContactVisit, "note": "走访"})
	}
}
