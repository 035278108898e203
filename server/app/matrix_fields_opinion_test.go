package app_test

import (
	"cmp"
	"slices"
	"strings"

	"github.com/lianluo/lianluo/server/app/oracle"
)

// The fields of opinions and of what belongs to them.

func opinionProbes() []probe {
	o := func(c cell) *oracle.Opinion { return the[*oracle.Opinion](c) }
	probes := []probe{
		own(), scalar("version", "version"), scalar("number", "number"), scalar("channel", "channel"), scalar("content", "content"),
		scalar("location", "location"), scalar("submitterMasked", "submitter_masked"), scalar("phoneMasked", "phone_masked"),
		{field: "submitter", selection: selectionOf("OpinionSubmitter"), cost: 14, judge: judgeSubmitter},
		moment("submittedAt", "submitted_at"),
		edge("station", func(c cell) string { return o(c).Station }),
		edge("deputy", func(c cell) string { return o(c).Deputy }),
		value("division", "", selectionOf("DivisionRef"), 12, func(c cell) any { return c.ref(o(c).At) }),
		value("divisionThen", "", "", 1, func(c cell) any { return c.world.WrittenAt(c.id) }),
		scalar("state", "state"), scalar("resumeState", "resume_state"),
		value("waitsOn", "", "", 1, func(c cell) any { return o(c).WaitsOn() }),
		value("open", "", "", 1, func(c cell) any { return o(c).Open() }),
		moment("stateSince", "state_since"), scalar("dueOn", "due_on"), scalar("amberOn", "amber_on"),
		value("clock", "", "", 1, func(c cell) any {
			if clock := c.clock(c.id); clock != "" {
				return clock
			}
			return nil
		}),
		scalar("late", "late"),
		value("holder", "", selectionOf("DivisionRef"), 12, func(c cell) any { return c.ref(o(c).Holder) }),
		value("level", "", "", 1, func(c cell) any { return o(c).Level }),
		edge("category", func(c cell) string { return o(c).Category }),
		edge("categoryHint", func(c cell) string { return c.reference("category_hint_id") }),
		scalar("urgency", "urgency"), scalar("hardship", "hardship"),
		edge("leadOrgan", func(c cell) string { return o(c).Lead }),
		{field: "assignments", selection: "{ organ { id } part assignedAt endedAt }", cost: 24, judge: judgeAssignments},
		edge("main", func(c cell) string { return o(c).Main }),
		connection("merged", "first: 100", func(c cell) []string {
			return c.newestFirst(collect(c.world.Opinions, func(x *oracle.Opinion) string { return x.ID },
				func(x *oracle.Opinion) bool { return x.Main == c.id }))
		}),
		scalar("extended", "extended"), scalar("outcome", "outcome"), scalar("rating", "rating"), scalar("dissatisfied", "dissatisfied"),
		scalar("reworks", "reworks"),
		edge("supervisor", func(c cell) string { return o(c).Supervisor }),
		scalar("supervisionDueOn", "supervision_due_on"), scalar("keyCase", "key_case"),
		value("published", "", "", 1, func(c cell) any { return o(c).Published }),
		edge("publishedCase", func(c cell) string {
			for _, x := range c.world.Cases {
				if x.Opinion == c.id && !x.Withdrawn {
					return x.ID
				}
			}
			return ""
		}),
		edge("suggestion", func(c cell) string { return c.reference("suggestion_id") }),
		moment("acceptedAt", "accepted_at"), moment("repliedAt", "replied_at"), moment("fedBackAt", "fed_back_at"), moment("ratedAt", "rated_at"),
		moment("closedAt", "closed_at"),
		{field: "timeline", selection: "{ id }", cost: 40, judge: func(c cell, got any) {
			c.judgeIDs(idsOf(got), c.seen(collect(c.told[c.id], func(e *oracle.Event) string { return e.ID },
				func(*oracle.Event) bool { return true })), true)
		}},
		list("attachments", "", func(c cell) []string {
			return collect(c.world.Attachments, func(a *oracle.Attachment) string { return a.ID },
				func(a *oracle.Attachment) bool { return a.Opinion == c.id })
		}),
		moment("createdAt", "created_at"), moment("updatedAt", "updated_at"),
	}
	return probes
}

// reference is the id that a column of the thing's row holds.
func (c cell) reference(column string) string {
	id, _ := c.stored(c.id)[column].(string)
	return id
}

// clock is how an opinion's clock stands: the world's days lie well apart from any on which it is asked.
func (m *matrix) clock(opinion string) string {
	const then = "2025-01-01"
	due, _ := m.stored(opinion)["due_on"].(string)
	amber, _ := m.stored(opinion)["amber_on"].(string)
	switch {
	case due == "":
		return ""
	case due < then:
		return "RED"
	case amber < then:
		return "AMBER"
	}
	return "GREEN"
}

func idsOf(got any) []string {
	rows, _ := got.([]any)
	ids := make([]string, len(rows))
	for i, row := range rows {
		ids[i], _ = row.(map[string]any)["id"].(string)
	}
	return ids
}

// judgeSubmitter compares who submitted an opinion with what the viewer may know.
func judgeSubmitter(c cell, got any) {
	if given, ok := got.(map[string]any); ok {
		given["consentedAt"] = utc(given["consentedAt"])
	}
	var want any
	for _, s := range c.world.Submitters {
		if s.Opinion == c.id && c.world.Sees(c.Viewer, s.ID) {
			want = map[string]any{
				"name": s.Name, "phone": s.Phone, "callBack": true, "consentVersion": "2026-1", "consentPurpose": "办理、反馈和回访所反映的问题",
				"consentedAt": utc("2024-03-01T08:00:00Z"),
			}
		}
	}
	c.same(got, want)
}

// judgeAssignments compares the parts of departments in a case, in any order of those at work and of those that are over.
func judgeAssignments(c cell, got any) {
	var parts, want []string
	rows, _ := got.([]any)
	for _, r := range rows {
		a, _ := r.(map[string]any)
		organ, _ := a["organ"].(map[string]any)
		id, _ := organ["id"].(string)
		parts = append(parts, strings.Join([]string{id, a["part"].(string), trueIf(a["endedAt"] != nil), trueIf(a["assignedAt"] != nil)}, " "))
	}
	for _, a := range c.world.Assignments {
		if a.Opinion != c.id || !c.world.Sees(c.Viewer, a.ID) {
			continue
		}
		organ := ""
		if c.world.Sees(c.Viewer, a.Organ) {
			organ = c.globalID(a.Organ)
		}
		want = append(want, strings.Join([]string{organ, a.Part, trueIf(a.Ended), "true"}, " "))
	}
	if slices.ContainsFunc(parts, func(p string) bool { return strings.HasSuffix(p, "true true") }) && strings.HasSuffix(parts[0], "true true") && len(parts) > 1 {
		c.mismatch(parts, "those at work first")
	}
	slices.Sort(parts)
	slices.Sort(want)
	c.same(parts, want)
}

func eventProbes() []probe {
	return []probe{
		own(), scalar("sequence", "sequence"), scalar("step", "step"), scalar("from", "from_state"), scalar("to", "to_state"),
		moment("occurredAt", "occurred_at"), scalar("party", "party"), scalar("role", "role"),
		edge("opinion", func(c cell) string { return the[*oracle.Event](c).Opinion }),
		value("actorDivision", "", "", 1, func(c cell) any {
			if code, ok := c.stored(c.id)["actor_code"].(float64); ok {
				return codeOfNumber(code)
			}
			return nil
		}),
		edge("organ", func(c cell) string { return c.reference("organ_id") }),
		edge("deputy", func(c cell) string { return c.reference("deputy_id") }),
		scalar("declineReason", "decline_reason"),
		value("outcome", "", "", 1, func(c cell) any { return c.fact("outcome") }),
		value("rating", "", "", 1, func(c cell) any { return c.fact("rating") }),
		scalar("text", "text"), scalar("dueOn", "due_on"), scalar("shown", "shown"),
		list("attachments", "", func(c cell) []string {
			return collect(c.world.Attachments, func(a *oracle.Attachment) string { return a.ID },
				func(a *oracle.Attachment) bool { return a.Event == c.id })
		}),
	}
}

// fact is what an event settled.
func (c cell) fact(name string) any {
	facts, _ := c.stored(c.id)["facts"].(map[string]any)
	return facts[name]
}

func attachmentProbes() []probe {
	return []probe{
		own(), scalar("mediaType", "media_type"), scalar("size", "size"), scalar("width", "width"), scalar("height", "height"),
		{field: "url", cost: 1, judge: func(c cell, got any) { // signed, for a while
			path, _ := got.(string)
			c.same(strings.HasPrefix(path, "/attachments/"+c.globalID(c.id)), true)
		}},
		moment("createdAt", "created_at"),
	}
}

func categoryProbes() []probe {
	return []probe{
		own(), scalar("number", "number"), scalar("name", "name"), edge("parent", func(c cell) string { return c.reference("parent_id") }),
		list("children", "", func(c cell) []string {
			return slices.DeleteFunc(slices.Clone(c.ids["Category"]), func(id string) bool { return c.stored(id)["parent_id"] != c.id })
		}),
	}
}

func codeProbes() []probe {
	return []probe{
		own(), scalar("text", "text"), moment("createdAt", "created_at"), moment("revokedAt", "revoked_at"), scalar("revokeReason", "revoke_reason"),
		{field: "url", cost: 1, judge: func(c cell, got any) {
			text, _ := c.stored(c.id)["text"].(string)
			path, _ := got.(string)
			c.same(strings.HasSuffix(path, "/"+text), true)
		}},
		edge("station", func(c cell) string { return the[*oracle.Code](c).Station }),
		edge("posting", func(c cell) string { return the[*oracle.Code](c).Posting }),
	}
}

func suggestionProbes() []probe {
	return []probe{
		own(), scalar("version", "version"), scalar("title", "title"), scalar("content", "content"), scalar("state", "state"),
		edge("opinion", func(c cell) string { return the[*oracle.Suggestion](c).Opinion }),
		edge("deputy", func(c cell) string { return the[*oracle.Suggestion](c).Deputy }),
		edge("mandate", func(c cell) string { return the[*oracle.Suggestion](c).Mandate }),
		moment("createdAt", "created_at"), moment("updatedAt", "updated_at"),
	}
}

func caseProbes() []probe {
	return []probe{
		own(), scalar("title", "title"), scalar("matter", "matter"), scalar("answer", "answer"), moment("publishedAt", "published_at"),
		moment("withdrawnAt", "withdrawn_at"),
		edge("category", func(c cell) string { return the[*oracle.Case](c).Category }),
		edge("station", func(c cell) string { return the[*oracle.Case](c).Station }),
		edge("division", divisionAt),
		edge("opinion", func(c cell) string { return the[*oracle.Case](c).Opinion }),
	}
}

// noticeTitles are what the world's notices are called.
var noticeTitles = map[string]string{
	"VISIT_DAY_PUBLISHED": "接待日安排", "VISIT_DAY_CANCELLED": "接待日取消", "APPOINTMENT_REQUESTED": "约见申请", "ACTIVITY_RETURNED": "活动记录被退回",
	"NORM_REMINDER": "履职提醒",
}

func notificationProbes() []probe {
	n := func(c cell) *oracle.Notification { return the[*oracle.Notification](c) }
	return []probe{
		own(), moment("createdAt", "created_at"), moment("readAt", "read_at"),
		value("title", "", "", 8, func(c cell) any {
			if n(c).About != "" {
				return noticeTitles[c.stored(c.id)["notice"].(string)]
			}
			if !c.world.Sees(c.Viewer, n(c).Event) {
				return nil
			}
			return "提交" // as all of the world's are
		}),
		scalar("notice", "notice"),
		edge("target", func(c cell) string { return cmp.Or(n(c).About, n(c).Opinion) }),
		edge("event", func(c cell) string { return n(c).Event }),
		edge("opinion", func(c cell) string { return n(c).Opinion }),
	}
}
