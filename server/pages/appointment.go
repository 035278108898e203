package pages

import (
	"crypto/rand"
	"net/http"
	"strings"
	"time"

	"github.com/google/uuid"

	"github.com/lianluo/lianluo/ent/workflow"
)

const appointTitle = "预约代表接待"

// AppointmentPath is where citizens see what became of the appointments they asked for.
const AppointmentPath = "/appointment"

// appointPage is the form that asks for an appointment.
type appointPage struct {
	Code string
	Open *workflow.OpenDays
	Days []choosable
	Form appointForm
	// Key is the idempotency key of the form.
	Key     string
	Consent workflow.Consent
	Wrong   map[string]string
}

// appointForm is what was typed.
type appointForm struct {
	// Choice is the day and the deputy that were chosen, or the day alone for an official, with a slash after the day.
	Choice, Organ, Title, Topic, Name, Phone, Consent string
}

// choosable is a visit day as the form shows it.
type choosable struct {
	// When is the day with its hours in words, Official the choice of an official on it.
	When, Official  string
	Location, Theme *string
	Deputies        []choice
}

func (p *Pages) showAppoint(w http.ResponseWriter, r *http.Request) {
	p.appointForm(w, r, http.StatusOK, "", appointPage{Key: rand.Text()})
}

// appointForm shows the form, empty or as it was sent.
func (p *Pages) appointForm(w http.ResponseWriter, r *http.Request, status int, alert string, page appointPage) {
	page.Code = r.PathValue("code")
	var err error
	if page.Open, err = p.Counter.OpenDays(r.Context(), page.Code); err != nil {
		p.refuse(w, r, appointTitle, err)
		return
	}
	for _, d := range page.Open.Days {
		c := choosable{When: hours(d.Begins, d.Ends), Official: d.Key.String() + "/", Location: d.Location, Theme: d.Theme}
		for _, who := range d.Deputies {
			c.Deputies = append(c.Deputies, choice{c.Official + who.Key.String(), who.Name + "(" + levels[who.Level] + ")"})
		}
		page.Days = append(page.Days, c)
	}
	page.Consent = workflow.AppointmentConsentInForce()
	p.show(w, r, status, "appoint", view{Title: appointTitle, Alert: alert, Content: page})
}

// hours are a day with its hours, as clocks there show them.
func hours(begins, ends time.Time) string {
	return begins.In(china).Format("2006-01-02 15:04") + " 至 " + ends.In(china).Format("15:04")
}

// appoint takes the form. Its key is the idempotency key: sent twice, it makes one appointment.
func (p *Pages) appoint(w http.ResponseWriter, r *http.Request) {
	r.Body = http.MaxBytesReader(w, r.Body, mostForm)
	field := func(name string) string { return typed(r.PostFormValue(name)) }
	page := appointPage{Key: field("key"), Form: appointForm{
		Choice: field("choice"), Organ: field("organ"), Title: field("title"), Topic: field("topic"),
		Name: field("name"), Phone: field("phone"), Consent: field("consent"),
	}}
	if page.Key == "" {
		page.Key = rand.Text()
	}
	booked, err := p.Counter.BookAppointment(r.Context(), page.wanted())
	if err == nil {
		p.show(w, r, http.StatusCreated, "appointed", view{Title: "已提交预约", Content: struct{ Number, Token string }{
			booked.Appointment.Number, booked.Token,
		}})
		return
	}
	why, ok := problemOf(w, err)
	if !ok {
		p.refuse(w, r, appointTitle, err)
		return
	}
	if why.fields["idempotencyKey"] != "" {
		// The form was sent before, as it was then: from here on it is another one.
		why.alert = "这份表单已经提交过一次;如需另外预约,请检查后再次提交"
		page.Key = rand.Text()
	}
	page.Wrong = why.fields
	p.appointForm(w, r, why.status, why.alert, page)
}

// wanted is what is asked for by the form. What is no choice is none, and refused as such.
func (page *appointPage) wanted() workflow.BookAppointment {
	form := &page.Form
	in := workflow.BookAppointment{IdempotencyKey: &page.Key, Petitioner: workflow.Petitioner{
		Name: form.Name, Phone: form.Phone, Consent: form.Consent,
	}}
	in.Topic = form.Topic
	day, deputy, _ := strings.Cut(form.Choice, "/")
	in.VisitDay, _ = uuid.Parse(day)
	if key, err := uuid.Parse(deputy); err == nil {
		in.Deputy = &key
		return in
	}
	if key, err := uuid.Parse(form.Organ); err == nil {
		in.Organ = &key
	}
	in.OfficialTitle = given(form.Title)
	return in
}

const meetingTitle = "约见结果"

// meetingPage is how an appointment stands.
type meetingPage struct {
	// Number and Secret are the receipt, to go on with.
	Number, Secret, When string
	Status               *workflow.AppointmentStatus
}

func (p *Pages) showMeetingLookup(w http.ResponseWriter, r *http.Request) {
	p.show(w, r, http.StatusOK, "meeting_lookup", view{Title: meetingTitle, Content: lookupPage{}})
}

func (p *Pages) lookUpMeeting(w http.ResponseWriter, r *http.Request) {
	r.Body = http.MaxBytesReader(w, r.Body, mostForm)
	by, secret := pass(r)
	found, err := p.Counter.AppointmentStatus(r.Context(), by)
	p.meeting(w, r, by, secret, found, err)
}

func (p *Pages) withdraw(w http.ResponseWriter, r *http.Request) {
	r.Body = http.MaxBytesReader(w, r.Body, mostForm)
	by, secret := pass(r)
	found, err := p.Counter.WithdrawAppointment(r.Context(), by)
	p.meeting(w, r, by, secret, found, err)
}

// meeting shows how an appointment stands, or asks for the receipt once more.
func (p *Pages) meeting(w http.ResponseWriter, r *http.Request, by workflow.Pass, secret string, found *workflow.AppointmentStatus, err error) {
	if err == nil {
		p.show(w, r, http.StatusOK, "meeting", view{Title: meetingTitle, Content: meetingPage{
			by.Number, secret, hours(found.Begins, found.Ends), found,
		}})
		return
	}
	why, ok := problemOf(w, err)
	if !ok {
		p.refuse(w, r, meetingTitle, err)
		return
	}
	p.show(w, r, why.status, "meeting_lookup", view{Title: meetingTitle, Alert: why.alert, Content: lookupPage{by.Number, why.fields}})
}
