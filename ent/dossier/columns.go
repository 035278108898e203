package dossier

import (
	"time"

	"github.com/google/uuid"
)

// Columns are the columns of an opinion's row that hold what its timeline adds up to; nil is null.
func (c Case) Columns() map[string]any {
	return map[string]any{
		"state":              c.State,
		"resume_state":       orNil(c.Resume),
		"waits_on":           c.WaitsOn(),
		"open":               c.State.Open(),
		"state_since":        c.Since,
		"updated_at":         c.At,
		"due_on":             value(c.Clock.Due),
		"amber_on":           value(c.Clock.Amber),
		"days_left":          value(c.Clock.Left),
		"warned":             c.Warned,
		"overdue":            c.Overdue,
		"late":               c.Late,
		"events":             c.Events,
		"version":            c.Events, // each event is one change
		"holder_code":        c.Holder,
		"level":              c.Level,
		"category_id":        value(c.Category),
		"urgency":            orNil(c.Urgency),
		"hardship":           c.Hardship,
		"lead_organ_id":      value(c.Lead),
		"main_id":            value(c.Main),
		"extended":           c.Extended,
		"outcome":            orNil(c.Outcome),
		"rating":             orNil(c.Rating),
		"dissatisfied":       c.Dissatisfied,
		"reworks":            c.Reworks,
		"supervisor_id":      value(c.Supervisor),
		"supervision_due_on": value(c.SupervisionDue),
		"key_case":           c.Key,
		"published":          c.Published,
		"suggestion_id":      value(c.Suggestion),
		"accepted_at":        value(c.AcceptedAt),
		"replied_at":         value(c.RepliedAt),
		"fed_back_at":        value(c.FedBackAt),
		"rated_at":           value(c.RatedAt),
		"closed_at":          value(c.ClosedAt),
	}
}

func orNil[T ~string](word T) any {
	if word == "" {
		return nil
	}
	return word
}

func value[T time.Time | uuid.UUID | int](v *T) any {
	if v == nil {
		return nil
	}
	return *v
}
