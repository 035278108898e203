package seed

import "github.com/lianluo/lianluo/ent/state"

// DemoReceipt is what a citizen of the demonstration follows an opinion with: its receipt number, and the telephone number that was left.
// There are no tokens: those are only ever given to the citizen, and here is none.
type DemoReceipt struct {
	Number, Phone string
	// State is what the opinion is in when the demonstration is loaded; the platform's clock may since have noted that it is overdue.
	State state.Opinion
	// About says in a few words, in Chinese and English, what there is to see.
	About string
}

// Receipts lists some receipts of the demonstration, for printing.
func Receipts() []DemoReceipt {
	return []DemoReceipt{
		{"250117-TWKRJHZD", "19900006487", state.OpinionClosed, "炎陵县:急难愁盼,已解决并办结 (a hardship, solved)"},
		{"250310-DP7PW130", "19900001164", state.OpinionClosed, "和顺县:不满意,重办后办结 (reworked, then closed)"},
		{"251015-WV22TDTH", "19900001198", state.OpinionEscalated, "和顺县:两次不满意,已提级 (escalated)"},
		{"251222-NTHW2495", "19900001434", state.OpinionReplied, "和顺县:部门已答复,待反馈 (answered by the department)"},
	}
}
