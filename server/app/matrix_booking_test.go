package app_test

import (
	"github.com/lianluo/lianluo/server/app/apitest"
	"github.com/lianluo/lianluo/server/app/oracle"
)

// checkBooking asks what is open to those who want to meet a deputy, without an account: on which days deputies are at a station, by the code on its wall,
// and how an appointment stands for who has its receipt. What citizens do on their own is tried by TestCitizensAppointment.
func (m *matrix) checkBooking(nobody *apitest.Caller) {
	const days = `query($code: String!) { r: openVisitDays(code: $code) { days { id } } }`
	unknown := nobody.Do(days, apitest.Vars{"code": "QRnone"})
	for _, id := range m.fewCodes() { // asking is bounded
		code := oracle.Get[*oracle.Code](&m.world.World, id)
		at := m.world.At(code.ID)
		c := cell{matrix: m, id: code.ID, what: "openVisitDays", at: at, asker: asker{name: "nobody", Viewer: oracle.Viewer{Role: oracle.Citizen, At: at}}}
		answer := nobody.Do(days, apitest.Vars{"code": "QR" + code.ID})
		station := oracle.Get[*oracle.Station](&m.world.World, code.Station)
		if code.Revoked || station.ClosedOn != "" {
			c.refused(answer, oracle.NotFound)
			m.indistinguishable(c.asker, "openVisitDays", code.ID, answer, unknown)
			continue
		}
		var data struct{ R struct{ Days []any } }
		if !m.understood(c.asker, &data, days, answer) {
			continue
		}
		got := make([]any, 0, len(data.R.Days))
		for _, d := range data.R.Days {
			got = append(got, keyOf(idsOf([]any{d})[0]))
		}
		want := []any{} // published, and to come before long: none of the world's is
		for _, id := range got {
			d := oracle.Get[*oracle.VisitDay](&m.world.World, id.(string))
			if d != nil && d.Station == code.Station && d.State == "PUBLISHED" {
				want = append(want, id)
			}
		}
		c.same(got, want)
	}
	const status = `query($number: String!, $token: String) { r: appointmentStatus(number: $number, token: $token) { number state topic } }`
	const withdraw = `mutation($input: WithdrawAppointmentInput!) { r: withdrawAppointment(input: $input) { appointment { number } } }`
	none := nobody.Do(status, apitest.Vars{"number": "240301-ZZZZZZZZ", "token": "none"})
	noneToWithdraw := nobody.Do(withdraw, apitest.Vars{"input": map[string]any{"number": "240301-ZZZZZZZZ", "token": "none"}})
	for i, a := range m.world.Appointments[:1] { // asking is bounded
		other := m.world.Appointments[i+1]
		c := cell{matrix: m, id: a.ID, what: "appointmentStatus", asker: asker{name: "the citizen of " + a.ID, Viewer: oracle.Viewer{
			Role: oracle.Citizen, At: m.world.At(a.ID), Receipt: a.ID,
		}}}
		number := m.stored(a.ID)["number"]
		var data struct{ R any }
		if m.understood(c.asker, &data, status, nobody.Do(status, apitest.Vars{"number": number, "token": apitest.Receipt(a.ID)})) {
			c.same(data.R, map[string]any{"number": number, "state": a.State, "topic": m.stored(a.ID)["topic"]})
		}
		// The receipt of another opens nothing, and takes nothing back.
		answer := nobody.Do(status, apitest.Vars{"number": number, "token": apitest.Receipt(other.ID)})
		c.refused(answer, oracle.NotFound)
		m.indistinguishable(c.asker, "appointmentStatus", a.ID, answer, none)
		c.what = "withdrawAppointment"
		answer = nobody.Do(withdraw, apitest.Vars{"input": map[string]any{"number": number, "token": apitest.Receipt(other.ID)}})
		c.refused(answer, oracle.NotFound)
		m.indistinguishable(c.asker, "withdrawAppointment", a.ID, answer, noneToWithdraw)
	}
}

// fewCodes are codes of a place: that on the wall, and the one before it.
func (m *matrix) fewCodes() []string {
	var out []string
	for _, at := range []string{"430121107"} {
		s := m.world.Spot(at)
		out = append(out, s.Code, s.Revoked)
	}
	return out
}
