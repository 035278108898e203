package apitest

import (
	"fmt"

	"github.com/lianluo/lianluo/server/app/oracle"
)

// name invents the next person's name.
func (w *World) name() string {
	const (
		families = "周吴郑王冯陈褚卫蒋沈韩杨朱秦尤许何吕施张"
		given    = "安宁清和明远志诚文博思齐嘉禾子衿若水云舒"
	)
	n := w.people
	w.people++
	f, g := []rune(families), []rune(given)
	return string([]rune{f[n%len(f)], g[n/len(f)%len(g)], g[n*7%len(g)]})
}

func (w *World) addDeputy(id, home string) {
	name := w.name()
	phone := fmt.Sprintf("138%08d", 73_100_000+w.people)
	d := &oracle.Deputy{ID: id, Name: name, Home: home, Phone: phone, Masked: phone[:3] + "****" + phone[7:]}
	w.Deputies = append(w.Deputies, d)
	w.add("deputy", id, home, row{
		"name": name, "gender": "FEMALE", "birth_month": "1980-03-01", "ethnicity": "土家族", "work_unit": "某中学", "job_title": "教师",
		"phone_masked": d.Masked,
	})
	w.add("deputy_contact", contactOf(id), home, row{"deputy_id": id, "phone": phone})
	for _, key := range []string{name, "d" + home} {
		w.rows["deputy_key"] = append(w.rows["deputy_key"], row{"key": key, "deputy_id": id, "code": number(home)})
	}
	w.Index()
}

func contactOf(deputy string) string { return id("contact " + deputy) }

// addMandate gives a deputy a seat in the congress of one place, grouped at another.
func (w *World) addMandate(id, deputy, seat, at, status, constituency string) {
	s := w.spots[seat]
	m := &oracle.Mandate{
		ID: id, Deputy: deputy, Congress: s.Congress, Term: s.Term, Constituency: constituency,
		Level: congressLevel[w.Place(seat).Level], Seat: seat, At: at, Status: status, ElectedOn: elected,
	}
	r := row{
		"deputy_id": deputy, "congress_id": m.Congress, "term_id": m.Term, "level": m.Level, "seat_code": number(seat), "term_number": 18,
		"election": "GENERAL", "status": status, "elected_on": elected,
	}
	if constituency != "" {
		r["constituency_id"] = constituency
	}
	if status == "ENDED" {
		m.EndedOn = shut
		r["ended_on"], r["end_reason"], r["end_note"] = shut, "RESIGNED", "本人请辞"
	}
	w.Mandates = append(w.Mandates, m)
	w.add("mandate", id, at, r)
	w.Index()
}

func (w *World) addPosting(id, mandate, station, basis, ended string) {
	m := oracle.Get[*oracle.Mandate](&w.World, mandate)
	p := &oracle.Posting{ID: id, Station: station, Deputy: m.Deputy, Mandate: mandate, StartedOn: opened, EndedOn: ended}
	w.Postings = append(w.Postings, p)
	r := row{"station_id": station, "deputy_id": m.Deputy, "mandate_id": mandate, "basis": basis, "started_on": opened}
	if ended != "" {
		r["ended_on"], r["end_reason"] = ended, "调整"
	}
	w.Index()
	w.add("posting", id, w.At(station), r)
	w.addCode(CodeOf(id), station, id, ended != "")
}

// person is a special case: a deputy with a mandate and, unless a posting is empty, the home posting and a cross-posting.
func (w *World) person(name, seat, at, status, constituency, home, cross string) {
	at, deputy, mandate := Full(at), Who(name), Who(name, "mandate")
	w.addDeputy(deputy, at)
	w.addMandate(mandate, deputy, Full(seat), at, status, constituency)
	ended := ""
	if status == "ENDED" {
		ended = shut
	}
	if home != "" {
		w.addPosting(Who(name, "home"), mandate, w.Spot(home).Station, "PROXIMITY", ended)
	}
	if cross != "" {
		w.addPosting(Who(name, "cross"), mandate, w.Spot(cross).Station, "CROSS", ended)
	}
}

func (w *World) addPeople() {
	w.person(Crossing, "430121", "430121107", "CONFIRMED", w.Spot("430121").Constituency, "430121107", "430102")
	w.person(Far, "440305", "440305", "CONFIRMED", "", "440305", "431002001")
	w.person(Retired, "430121", "430121", "ENDED", "", "430121", "")
	w.person(Provincial, "43", "430102", "CONFIRMED", w.Spot("43").Constituency, "430102", "430121")
	w.person(National, "0", "430121", "CONFIRMED", "", "430121", "")
	w.person(Suspended, "431002", "431002", "SUSPENDED", "", "", "")
	w.person(Elected, "430121", "430121102", "ELECTED", w.Spot("430121").Below, "", "")
	w.person(Gap, "4419", "441900003", "CONFIRMED", "", "441900003", "")

	w.person(Left, "430102", "430102", "CONFIRMED", "", "430102", "")
	w.addPosting(Who(Left, "ended"), Who(Left, "mandate"), w.Spot("431002").Station, "CROSS", shut)

	w.person(Moved, "430102", "430102002", "CONFIRMED", "", "430102002", "")
	w.addMandate(Who(Moved, "before"), Who(Moved), Full("431002"), Full("431002"), "ENDED", w.Spot("431002").Constituency)

	w.person(Double, "430121107", "430121107", "CONFIRMED", w.Spot("430121107").Constituency, "430121107201", "")
	w.addMandate(Who(Double, "county"), Who(Double), Full("430121"), Full("430121107"), "CONFIRMED", w.Spot("430121").Below)
	w.addPosting(Who(Double, "county posting"), Who(Double, "county"), w.Spot("430121107").Station, "CONSTITUENCY", "")

	// Offices that deputies hold: a guest's is seen with the person, one who has left is not seen any more.
	w.addStaff(id("staff guest"), w.Spot("430102").Station, "DEPUTY_CHIEF", Who(Crossing), "")
	w.addStaff(id("staff left"), w.Spot("431002").Station, "DEPUTY_CHIEF", Who(Left), "")
	w.assign(w.Spot("430102").Grid, Who(Crossing, "cross"), "")
	w.assign(w.Spot("431002").Grid, Who(Left, "ended"), "")
}

// Online is the id of a place's online station. There is one at 4301, with branches at 430102 and 430121, which has branches at
// 430121102 and 430121107; and one at 4310 with a branch at 431002.
func Online(at string) string { return id("online " + Full(at)) }

// addOnline adds the online stations.
func (w *World) addOnline() {
	parent := map[string]string{}
	for _, s := range []struct{ at, below string }{
		{"4301", ""}, {"430102", "4301"}, {"430121", "4301"}, {"430121107", "430121"}, {"430121102", "430121"}, {"4310", ""}, {"431002", "4310"},
	} {
		at := Full(s.at)
		parent[s.at] = Online(s.at)
		w.addStation(&oracle.Station{
			ID: parent[s.at], At: at, Name: w.Place(at).Name + "网上代表联络站", Kind: "ONLINE", OpenedOn: "2023-03-01", Parent: parent[s.below],
		})
	}
}

// addUnseen adds rows that no one is ever shown: accounts, tokens, the audit and others' idempotency keys.
func (w *World) addUnseen() {
	for _, at := range []string{"43", "4301", "430121", "430102"} {
		code := Full(at)
		account := id("account " + code)
		w.add("account", account, code, row{
			"division_id": w.Place(code).ID, "username": "world-" + at, "password_hash": "none", "display_name": "无", "role": "COMMITTEE_STAFF",
			"status": "CLOSED",
		})
		w.add("refresh_token", id("token "+code), "", row{
			"account_id": account, "family_id": id("family " + code), "token_hash": "\\x" + fmt.Sprintf("%012x", number(code)), "expires_at": stamp,
		})
		w.add("audit_entry", id("audit "+code), code, row{
			"subject": account, "role": "COMMITTEE_STAFF", "viewer_code": number(code), "verb": "signIn", "entity": "Account", "entity_id": account,
		})
		w.add("idempotency_key", id("key "+code), "", row{
			"subject": account, "key": "k-" + at, "verb": "createStation", "request_hash": "\\x00", "entity_id": w.spots[code].Station,
		})
	}
}
