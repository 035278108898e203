package app_test

import (
	"encoding/json"
	"fmt"
	"maps"
	"testing"

	"github.com/google/uuid"

	"github.com/lianluo/lianluo/server/app/apitest"
	"github.com/lianluo/lianluo/server/app/oracle"
)

// try makes an attempt whose target's id stands in one field of the input.
func (m *matrix) try(verb, field, typ, thing string, target oracle.Target, input map[string]any) attempt {
	input = maps.Clone(input)
	unknown := maps.Clone(input)
	input[field] = globalID(typ, thing)
	unknown[field] = globalID(typ, uuid.NewString())
	return attempt{verb: verb, input: input, target: target, thing: thing, unknown: unknown}
}

// tryMandate is try for a field of the input's mandate.
func (m *matrix) tryMandate(verb, field, typ, thing string, target oracle.Target, input, mandate map[string]any) attempt {
	out := m.try(verb, field, typ, thing, target, mandate)
	for _, in := range []*map[string]any{&out.input, &out.unknown} {
		whole := maps.Clone(input)
		whole["mandate"] = *in
		*in = whole
	}
	return out
}

// number makes names and keys differ from attempt to attempt.
func (m *matrix) number() int64 { return m.counter.Add(1) }

// someone is a name nobody else has.
func (m *matrix) someone() string { return fmt.Sprintf("安某%d", m.number()) }

// places off the viewer's own: a reference of a new station at the viewer's own place.
func references(m *matrix, a asker, s *apitest.Spot, at string) []attempt {
	base := map[string]any{"division": a.At, "kind": "POINT", "name": fmt.Sprintf("便民联络点%d", m.number()), "openedOn": "2025-01-01"}
	out := []attempt{
		m.try("createStation", "zone", "Zone", s.Zone, oracle.Target{At: at}, base),
		m.try("createStation", "parent", "Station", s.Station, oracle.Target{At: at}, base),
	}
	if s.Organ != "" {
		out = append(out, m.try("createStation", "organ", "Organ", s.Organ, oracle.Target{At: at}, base))
	}
	if s.Constituency != "" {
		out = append(out, m.try("createStation", "constituency", "Constituency", s.Constituency, oracle.Target{At: at}, base))
	}
	for i := range out {
		name := fmt.Sprintf("便民联络点%d", m.number())
		out[i].input["name"], out[i].unknown["name"] = name, name
	}
	return out
}

// verbProbes is how every mutation of a viewer is tried.
func verbProbes() map[string]verbProbe {
	station, staff, deputy := []string{"station { id }"}, []string{"staff { id }"}, []string{"deputy { id }"}
	mandate, posting := []string{"mandate { id }", "postingsEnded"}, []string{"posting { id }"}
	out := map[string]verbProbe{
		"createStation": {payload: station, at: func(m *matrix, a asker, at string) []attempt {
			input := map[string]any{"division": at, "kind": "POINT", "name": fmt.Sprintf("便民联络点%d", m.number()), "openedOn": "2025-01-01"}
			unknown := maps.Clone(input)
			unknown["division"] = nowhere
			own := attempt{verb: "createStation", input: input, target: oracle.Target{At: at}, thing: m.world.Place(at).ID, unknown: unknown}
			return append([]attempt{own}, references(m, a, m.world.Spot(at), at)...)
		}},
		"updateStation": {payload: station, at: func(m *matrix, _ asker, at string) []attempt {
			return []attempt{m.onStation("updateStation", m.world.Spot(at).Station, at, map[string]any{"openingRule": fmt.Sprintf("每月%d日", m.number())})}
		}},
		"closeStation": {
			payload: station,
			at: func(m *matrix, _ asker, at string) []attempt {
				return []attempt{m.onStation("closeStation", m.world.Spot(at).Station, at, closing)}
			},
			spare: func(m *matrix, t *testing.T, _ asker, at string) []attempt {
				return []attempt{m.onStation("closeStation", m.spareStation(t, at), at, closing)}
			},
		},
		"appointStaff": {payload: staff, at: appointments},
		"dismissStaff": {
			payload: staff,
			at: func(m *matrix, _ asker, at string) []attempt {
				return []attempt{m.onStaff(m.world.Spot(at).Staff, at)}
			},
			spare: func(m *matrix, t *testing.T, _ asker, at string) []attempt {
				return []attempt{m.onStaff(m.spareStaff(t, at), at)}
			},
		},
		"registerDeputy": {payload: deputy, at: registrations},
		"updateDeputy": {payload: deputy, at: func(m *matrix, a asker, at string) []attempt {
			return m.onDeputies(a, "updateDeputy", at, func(id string, target oracle.Target) attempt {
				return m.try("updateDeputy", "id", "Deputy", id, target, map[string]any{"jobTitle": fmt.Sprintf("教师%d", m.number())})
			})
		}},
		"giveMandate": {payload: mandate, at: gifts, spare: spareGifts},
		"changeMandate": {
			payload: mandate,
			at: func(m *matrix, a asker, at string) []attempt {
				return m.onMandates(a, "changeMandate", at, map[string]any{"status": "SUSPENDED"})
			},
			spare: func(m *matrix, t *testing.T, _ asker, at string) []attempt {
				return m.onSpareMandate(t, "changeMandate", at, map[string]any{"status": "SUSPENDED"})
			},
		},
		"endMandate": {
			payload: mandate,
			at:      func(m *matrix, a asker, at string) []attempt { return m.onMandates(a, "endMandate", at, ending) },
			spare: func(m *matrix, t *testing.T, _ asker, at string) []attempt {
				return m.onSpareMandate(t, "endMandate", at, ending)
			},
		},
		"postDeputy": {payload: posting, at: postings, spare: sparePostings},
		"withdrawPosting": {
			payload: posting,
			at: func(m *matrix, _ asker, at string) []attempt {
				if id := m.world.Spot(at).Posting; id != "" {
					return []attempt{m.try("withdrawPosting", "id", "Posting", id, oracle.Target{At: at}, withdrawal)}
				}
				return nil
			},
			spare: func(m *matrix, t *testing.T, _ asker, at string) []attempt {
				return []attempt{m.try("withdrawPosting", "id", "Posting", m.sparePosting(t, at), oracle.Target{At: at}, withdrawal)}
			},
		},
	}
	maps.Copy(out, opinionProbesOfVerbs())
	maps.Copy(out, dutyProbesOfVerbs())
	maps.Copy(out, changeProbes())
	return out
}

var (
	closing    = map[string]any{"closedOn": "2025-06-30", "reason": "合并"}
	ending     = map[string]any{"endedOn": "2025-06-30", "reason": "RESIGNED"}
	withdrawal = map[string]any{"endedOn": "2025-06-30"}
)

func (m *matrix) onStation(verb, id, at string, input map[string]any) attempt {
	return m.try(verb, "id", "Station", id, oracle.Target{At: at, Station: id}, input)
}

func (m *matrix) onStaff(id, at string) attempt {
	return m.try("dismissStaff", "id", "StationStaff", id,
		oracle.Target{At: at, Station: m.world.Spot(at).Station}, map[string]any{"endedOn": "2025-06-30"})
}

// clone copies a row with some columns changed and answers the copy's id.
func (m *matrix) clone(t *testing.T, table, id string, changes map[string]any) string {
	t.Helper()
	changes["id"] = uuid.NewString()
	text, err := json.Marshal(changes)
	if err != nil {
		t.Fatal(err)
	}
	_, err = m.server.Owner.ExecContext(t.Context(), fmt.Sprintf(
		`INSERT INTO %[1]s SELECT (jsonb_populate_record(t, $2)).* FROM %[1]s t WHERE id = $1`, table), id, string(text))
	if err != nil {
		t.Fatal(err)
	}
	return changes["id"].(string)
}

func (m *matrix) spareStation(t *testing.T, at string) string {
	n := fmt.Sprint(m.number())
	return m.clone(t, "station", m.world.Spot(at).Station, map[string]any{"name": "备用站" + n})
}

func (m *matrix) spareStaff(t *testing.T, at string) string {
	return m.clone(t, "station_staff", m.world.Spot(at).Staff, map[string]any{"name": m.someone()})
}

func (m *matrix) spareDeputy(t *testing.T, at string) string {
	return m.clone(t, "deputy", m.world.Spot(at).Deputy, map[string]any{"name": m.someone()})
}

func (m *matrix) spareMandate(t *testing.T, at string) (deputy, mandate string) {
	deputy = m.spareDeputy(t, at)
	return deputy, m.clone(t, "mandate", m.world.Spot(at).Mandate, map[string]any{"deputy_id": deputy})
}

func (m *matrix) sparePosting(t *testing.T, at string) string {
	deputy, mandate := m.spareMandate(t, at)
	return m.clone(t, "posting", m.world.Spot(at).Posting, map[string]any{"deputy_id": deputy, "mandate_id": mandate})
}
