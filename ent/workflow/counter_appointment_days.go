package workflow

import (
	"context"
	"fmt"
	"time"

	"github.com/google/uuid"

	"github.com/lianluo/lianluo/ent/gen"
	"github.com/lianluo/lianluo/ent/gen/appointment"
	"github.com/lianluo/lianluo/ent/gen/visitday"
	"github.com/lianluo/lianluo/ent/gen/visitduty"
	"github.com/lianluo/lianluo/ent/globalid"
	"github.com/lianluo/lianluo/ent/kind"
	"github.com/lianluo/lianluo/ent/place"
	"github.com/lianluo/lianluo/ent/state"
	"github.com/lianluo/lianluo/ent/viewer"
)

// OpenDays is what a citizen who has scanned a code may ask for (可预约接待日).
type OpenDays struct {
	// Station is the station's name, Place its division's from the province down.
	Station, Place string
	// Days are the published visit days that have not begun, the next first.
	Days []*OpenDay
	// Departments are those whose officials may be asked to the station.
	Departments []*Department
}

// OpenDay is a visit day that appointments may be asked for.
type OpenDay struct {
	Key             uuid.UUID
	Day             time.Time
	Begins, Ends    time.Time
	Location, Theme *string
	Deputies        []*OpenDeputy
}

// GlobalID is the day's id in the API.
func (d *OpenDay) GlobalID() string { return globalid.Encode(gen.TypeVisitDay, d.Key) }

// OpenDeputy is a deputy on duty on a visit day.
type OpenDeputy struct {
	Key  uuid.UUID
	Name string
	// Level is that of the congress the deputy is on duty for.
	Level kind.CongressLevel
}

// GlobalID is the deputy's id in the API.
func (d *OpenDeputy) GlobalID() string { return globalid.Encode(gen.TypeDeputy, d.Key) }

// Department is a department that officials may be asked from.
type Department struct {
	Key  uuid.UUID
	Name string
}

// GlobalID is the department's id in the API.
func (d *Department) GlobalID() string { return globalid.Encode(gen.TypeOrgan, d.Key) }

// mostDays bounds the days that are shown at once.
const mostDays = 31

// OpenDays tells what may be asked for at the station of a scanned code; by a deputy's code, on which days that deputy is on duty. A code that is not
// good leads nowhere, as with Code.
func (c *Counter) OpenDays(ctx context.Context, text string) (*OpenDays, error) {
	code, err := c.goodCode(ctx, text)
	if err != nil {
		return nil, err
	}
	ctx = asCounter(ctx)
	out := &OpenDays{Station: code.Edges.Station.Name}
	if out.Place, err = c.placeName(ctx, areaOfCode(code)); err != nil {
		return nil, err
	}
	serving := func(q *gen.VisitDutyQuery) {
		q.Where(visitduty.Replaced(false), visitduty.HasMandateWith(inService)).WithDeputy().WithMandate().Order(visitduty.ByID())
	}
	days := c.system.VisitDay.Query().Where(visitday.StationID(code.StationID), visitday.StateEQ(state.VisitDayPublished),
		visitday.BeginsAtGT(c.desk.clock())).WithDuties(serving).Order(visitday.ByBeginsAt(), visitday.ByID()).Limit(mostDays)
	if p := code.Edges.Posting; p != nil {
		days.Where(visitday.HasDutiesWith(visitduty.Replaced(false), visitduty.DeputyID(p.DeputyID)))
	} else if out.Departments, err = c.departments(ctx, code.Code); err != nil {
		return nil, err
	}
	rows, err := days.All(ctx)
	if err != nil {
		return nil, err
	}
	for _, d := range rows {
		open := &OpenDay{Key: d.ID, Day: d.Day, Begins: d.BeginsAt, Ends: d.EndsAt, Location: d.Location, Theme: d.Theme}
		for _, duty := range d.Edges.Duties {
			if p := code.Edges.Posting; p == nil || p.DeputyID == duty.DeputyID {
				open.Deputies = append(open.Deputies, &OpenDeputy{duty.DeputyID, duty.Edges.Deputy.Name, duty.Edges.Mandate.Level})
			}
		}
		out.Days = append(out.Days, open)
	}
	return out, nil
}

// departments are those that work at a place or above, the nearest first.
func (c *Counter) departments(ctx context.Context, at place.Code) (out []*Department, err error) {
	rows, err := c.system.QueryContext(ctx, `SELECT id, name FROM departments_over($1)`, int64(at))
	if err != nil {
		return nil, fmt.Errorf("find departments: %w", err)
	}
	defer func() { _ = rows.Close() }() // what went wrong is in rows.Err
	for rows.Next() {
		d := &Department{}
		if err := rows.Scan(&d.Key, &d.Name); err != nil {
			return nil, err
		}
		out = append(out, d)
	}
	return out, rows.Err()
}

// AppointmentStatus is how an appointment stands, as whoever asked is shown it (约见结果).
type AppointmentStatus struct {
	Number string
	State  state.Appointment
	// StateTitle is the state in words.
	StateTitle  string
	RequestedAt time.Time
	Topic       string
	Station     string
	Day         time.Time
	Begins      time.Time
	Ends        time.Time
	Location    *string
	// Deputy is the name of the deputy asked, or Organ that of the department, with the office of whom in it.
	Deputy, Organ, OfficialTitle *string
	Reason                       *string
	// MayWithdraw tells whether the appointment can be taken back now.
	MayWithdraw bool
}

// AppointmentStatus tells the holder of a pass how the appointment stands.
func (c *Counter) AppointmentStatus(ctx context.Context, p Pass) (*AppointmentStatus, error) {
	var list checker
	p.check(&list, argument)
	if err := list.list.Err(); err != nil {
		return nil, err
	}
	ctx, err := c.enter(ctx, p, c.findAppointment)
	if err != nil {
		return nil, err
	}
	return c.appointmentStatus(ctx)
}

// appointmentStatus tells how the appointment stands whose receipt the context's viewer holds, with the names of what the viewer may know of but not
// look up.
func (c *Counter) appointmentStatus(ctx context.Context) (*AppointmentStatus, error) {
	a, err := c.desk.client.Appointment.Get(ctx, viewer.FromContext(ctx).Receipt)
	if err != nil {
		return nil, err
	}
	around, err := c.system.Appointment.Query().Where(appointment.ID(a.ID)).
		WithStation().WithVisitDay().WithDeputy().WithOrgan().Only(asCounter(ctx))
	if err != nil {
		return nil, err
	}
	day := around.Edges.VisitDay
	_, open := state.Appointments.Next(a.State, string(VerbWithdrawAppointment))
	out := &AppointmentStatus{
		Number: a.Number, State: a.State, StateTitle: state.Appointments.Titles[a.State], RequestedAt: a.RequestedAt, Topic: a.Topic,
		Station: around.Edges.Station.Name, Day: day.Day, Begins: day.BeginsAt, Ends: day.EndsAt, Location: day.Location,
		OfficialTitle: a.OfficialTitle, Reason: a.Reason, MayWithdraw: open && c.desk.clock().Before(day.BeginsAt),
	}
	if d := around.Edges.Deputy; d != nil {
		out.Deputy = &d.Name
	}
	if o := around.Edges.Organ; o != nil {
		out.Organ = &o.Name
	}
	return out, nil
}
