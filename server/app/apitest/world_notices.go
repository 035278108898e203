package apitest

import (
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"fmt"

	"github.com/google/uuid"

	"github.com/lianluo/lianluo/ent/spelling"
	"github.com/lianluo/lianluo/server/app/oracle"
)

// What lies beside the opinions: who submitted them, by what they are found, what people are told.

// Receipt is the token that the submitter of an opinion of the world was given.
func Receipt(opinion string) string {
	id := uuid.MustParse(opinion)
	return base64.RawURLEncoding.EncodeToString(id[:])
}

func hashOf(secret string) string {
	sum := sha256.Sum256([]byte(secret))
	return "\\x" + hex.EncodeToString(sum[:])
}

// addPerson adds who submitted an opinion, the receipt, the text to search by, and a message that no viewer ever sees.
func (w *World) addPerson(o *oracle.Opinion) {
	s := &oracle.Submitter{
		ID: id("submitter " + o.ID), Opinion: o.ID, Name: "宋" + string([]rune("甲乙丙丁戊己庚辛")[w.told%8]),
		Phone: "1390731" + lastFour(w.told),
	}
	w.Submitters = append(w.Submitters, s)
	w.add("opinion_submitter", s.ID, o.At, row{
		"opinion_id": o.ID, "station_id": o.Station, "name": s.Name, "phone": s.Phone, "phone_digits": s.Phone, "call_back": true,
		"consent_version": "2026-1", "consent_purpose": "办理、反馈和回访所反映的问题", "consented_at": moment(1),
	})
	w.add("opinion_receipt", id("receipt "+o.ID), "", row{"opinion_id": o.ID, "token_hash": hashOf(Receipt(o.ID))})
	w.add("message", id("message "+o.ID), "", row{
		"opinion_id": o.ID, "event_id": id(fmt.Sprintf("event %s 1", o.ID)), "channel": "SMS", "address": s.Phone, "text": "已收到",
		"status": "SENT", "attempts": 1, "sent_at": moment(1),
	})
	t := &oracle.Text{ID: id("text " + o.ID), Opinion: o.ID}
	w.Texts = append(w.Texts, t)
	body := w.content(o.At)
	pairs := spelling.Bigrams(body)
	words := ""
	for _, p := range pairs {
		words += "'" + p + "' "
	}
	w.rows["opinion_text"] = append(w.rows["opinion_text"], row{
		"opinion_id": o.ID, "code": number(o.At), "body": spelling.Fold(body), "grams": pairs, "words": words,
	})
}

// addLimits adds limits of congresses.
func (w *World) addLimits() {
	for _, l := range []struct {
		at, state   string
		days, amber int
	}{
		{"0", "REWORK", 20, 4},
		{"43", "HANDLING", 30, 5},
		{"4301", "HANDLING", 20, 5},
		{"430121", "HANDLING", 12, 2},
		{"430121", "ACCEPTED", 2, 1},
		{"430121107", "ACCEPTED", 1, 0},
		{"431002", "HANDLING", 18, 3},
		{"430102", "ANALYSED", 4, 1},
	} {
		x := &oracle.Limit{
			ID: id("limit " + l.at + l.state), Congress: w.Spot(l.at).Congress, State: l.state, Days: l.days, Amber: l.amber,
		}
		w.Limits = append(w.Limits, x)
		w.add("opinion_limit", x.ID, Full(l.at), row{"congress_id": x.Congress, "state": l.state, "days": l.days, "amber_days": l.amber})
	}
}

// addNotices adds what accounts are told: of cases in sight and, since sight may be lost, of one that is not; and what a portal is
// never told.
func (w *World) addNotices() {
	near := w.Spot("430121").Case
	for _, n := range []struct {
		to, opinion string
		read        bool
	}{
		{"COUNTY_ADMIN-430121", near, true},
		{"COUNTY_ADMIN-430121", w.Spot("430121107").Opinion, false},
		{"COUNTY_ADMIN-430102", near, false}, // out of sight
		{"COUNTY_ADMIN-431002", w.Spot("431002").Case, false},
		{"NATION_ADMIN-0", near, false},
		{"PROVINCE_ADMIN-44", w.Spot("44").Case, false},
		{"CITY_ADMIN-4310", w.Spot("4310").Case, false},
		{"TOWNSHIP_ADMIN-430121107", w.Spot("430121107").Case, false},
		{"STATION_KEEPER-430121", near, false},
		{"DEPUTY-430121107-double", InState("430121107201", "RATED"), false},
		{"COMMITTEE_STAFF-430121", near, false},
		{"SUPERVISOR-430121", near, false},
		{"STATION_KEEPER-430121107201", w.Spot("430121107201").Opinion, false},
		{"DEPARTMENT-430121", near, false},
		{"DEPARTMENT-430121", w.Spot("430121").Past, false},
		{"DEPUTY-430121107-crossing", w.Spot("430121107").Opinion, false},
		{"PORTAL-430121", near, false},
	} {
		x := &oracle.Notification{
			ID: id("notice " + n.to + n.opinion), Subject: "operator:" + n.to, Opinion: n.opinion,
			Event: id(fmt.Sprintf("event %s 1", n.opinion)), Read: n.read,
		}
		w.Notifications = append(w.Notifications, x)
		r := row{"notice": "OPINION_STEP", "subject": x.Subject, "opinion_id": x.Opinion, "event_id": x.Event}
		if n.read {
			r["read_at"] = moment(2)
		}
		w.add("notification", x.ID, "", r)
	}
}

// The secrets of the world's uploads: one sent just now, or rather in a time yet to come, and one sent long ago.
const (
	FreshUpload = "fresh-upload"
	StaleUpload = "stale-upload"
)

// addQueue adds uploads, the job queue's rows and a seal of the audit, which are the platform's alone. The job is over, so that no one does it.
func (w *World) addQueue() {
	for _, u := range []struct{ secret, sent string }{{FreshUpload, "2031-01-01T00:00:00Z"}, {StaleUpload, stamp}} {
		r := fileOf(u.secret)
		r["secret_hash"], r["created_at"] = hashOf(u.secret), u.sent
		w.add("upload", id("upload "+u.secret), "", r)
	}
	w.rows["river_job"] = []row{{
		"id": -1, "state": "completed", "attempt": 1, "max_attempts": 25, "created_at": stamp, "scheduled_at": stamp, "finalized_at": stamp,
		"priority": 1, "args": row{"event": id("event none")}, "kind": "opinion_step", "metadata": row{}, "queue": "default", "tags": []string{},
	}}
	w.rows["river_leader"] = []row{{"elected_at": stamp, "expires_at": stamp, "leader_id": "world", "name": "default"}}
	w.rows["river_queue"] = []row{{"name": "world", "created_at": stamp, "metadata": row{}, "updated_at": stamp}}
	w.rows["audit_seal"] = []row{{
		"position": 1, "entry_id": id("audit " + Full("43")), "place": []any{number(Full("43")), number(Full("43")), nil, nil, nil},
		"digest": "\\x00", "hash": "\\x00", "suite": "SHA-256", "sealed_at": stamp,
	}}
	w.rows["river_notification"] = []row{{"id": -1, "created_at": stamp, "payload": "{}", "topic": "world"}}
}
