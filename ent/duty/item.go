package duty

import "github.com/lianluo/lianluo/ent/kind"

// NormItem is one line of a set of duty norms (履职标准): how many deeds of a sort are due in each period.
type NormItem struct {
	// Key names the item within its set and stays the same from version to version.
	Key  string `json:"key"`
	Name string `json:"name"`
	Filter
	Period kind.Period `json:"period"`
	// Required is how many deeds a period asks for.
	Required int `json:"required"`
}

// PointItem is one line of a point scheme (积分项目): what a deed brings, and how much a period can bring at most.
type PointItem struct {
	Key  string `json:"key"`
	Name string `json:"name"`
	Filter
	// Points is what one deed brings, in tenths of a point. It is negative for what takes points away.
	Points int `json:"points"`
	// Cap is the most that the item brings in a period, in tenths; nil for no bound.
	Cap       *int        `json:"cap,omitempty"`
	CapPeriod kind.Period `json:"capPeriod,omitempty"`
}

// StandardItem is one line of a checklist (考评标准).
type StandardItem struct {
	Key  string `json:"key"`
	Name string `json:"name"`
	// Points is the most that the item can be given, in tenths of a point.
	Points int `json:"points"`
	// Evidence tells that the item needs evidence, in words or as a file.
	Evidence bool `json:"evidence"`
}

// Star is from which score, in tenths of a point, how many stars are given (星级).
type Star struct {
	Stars int `json:"stars"`
	From  int `json:"from"`
}

// Score is what an item was given in an evaluation, in tenths of a point.
type Score struct {
	Key    string `json:"key"`
	Points int    `json:"points"`
	// Evidence is the evidence in words, Note what the reviewer says.
	Evidence string `json:"evidence,omitempty"`
	Note     string `json:"note,omitempty"`
}

// Suspension is a time in which a mandate was suspended (暂停执行代表职务), as days YYYY-MM-DD.
type Suspension struct {
	From string `json:"from"`
	// Until is the first day no longer suspended; empty while it is.
	Until string `json:"until,omitempty"`
}
