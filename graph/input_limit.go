package graph

import (
	"github.com/lianluo/lianluo/ent/gen"
	"github.com/lianluo/lianluo/ent/workflow"
	"github.com/lianluo/lianluo/graph/model"
)

func setOpinionLimit(in model.SetOpinionLimitInput) (workflow.SetOpinionLimit, error) {
	var r reader
	out := workflow.SetOpinionLimit{
		Congress: r.id(in.Congress, gen.TypeCongress, "congress"), State: in.State, Days: in.Days, AmberDays: in.AmberDays,
	}
	return out, r.faults.Err()
}
