package kind

// DivisionChange is what becomes of divisions (区划调整类型).
type DivisionChange string

// The changes: 更名, 变更代码, 分设, 合并, 划转, 撤销.
const (
	ChangeRename   DivisionChange = "RENAME"
	ChangeRecode   DivisionChange = "RECODE"
	ChangeSplit    DivisionChange = "SPLIT"
	ChangeMerge    DivisionChange = "MERGE"
	ChangeTransfer DivisionChange = "TRANSFER"
	ChangeAbolish  DivisionChange = "ABOLISH"
)

// DivisionChanges lists the changes.
var DivisionChanges = []DivisionChange{ChangeRename, ChangeRecode, ChangeSplit, ChangeMerge, ChangeTransfer, ChangeAbolish}

// Values lists the changes as text.
func (DivisionChange) Values() []string { return vocabulary(DivisionChanges...) }
