package workflow

import (
	"context"
	"fmt"

	"github.com/google/uuid"

	"github.com/lianluo/lianluo/ent/fault"
	"github.com/lianluo/lianluo/ent/gen"
	"github.com/lianluo/lianluo/ent/gen/activitystation"
	"github.com/lianluo/lianluo/ent/gen/attendance"
	"github.com/lianluo/lianluo/ent/kind"
)

// JoinActivity is which stations take part in a joint activity from now on, and which no longer (联合站点).
type JoinActivity struct {
	ActivityRef
	Add, Remove []uuid.UUID
}

var (
	added   = at("加入的站点", "add")
	removed = at("移除的站点", "remove")
)

// JoinActivity has stations take part in a joint activity, or no longer, by an administrator who sees the host and them. One from which someone
// came stays.
func (d *Desk) JoinActivity(ctx context.Context, in JoinActivity) (*gen.Activity, error) {
	return d.arrange(ctx, arrangement{
		verb: VerbJoinActivity, on: in.ActivityRef,
		check: func(c *checker) {
			if len(in.Add)+len(in.Remove) == 0 {
				c.add(added, "REQUIRED", "和移除的站点不能都为空")
			}
			c.partners(added, in.Add, uuid.Nil)
			c.partners(removed, in.Remove, uuid.Nil)
		},
		do: func(ctx context.Context, t *task, a *gen.Activity, do *arranging) error {
			if a.Setting != kind.SettingJoint {
				return fault.Conflict("NOT_JOINT", "该活动不是跨区域联合活动", "input", "id")
			}
			if err := t.part(ctx, a, in.Remove); err != nil {
				return err
			}
			for _, id := range in.Add {
				if err := t.notYet(ctx, a, id); err != nil {
					return err
				}
			}
			if err := t.join(ctx, a, in.Add, added); err != nil {
				return err
			}
			text := fmt.Sprintf("加入 %d 个、移除 %d 个联合站点", len(in.Add), len(in.Remove))
			do.text, do.detail["add"], do.detail["remove"] = &text, in.Add, in.Remove
			return nil
		},
	})
}

// notYet refuses a station that takes part already.
func (t *task) notYet(ctx context.Context, a *gen.Activity, id uuid.UUID) error {
	if id == a.StationID {
		return fault.Invalid("MISMATCH", "不能是主办站点本身", added.path...)
	}
	there, err := t.tx.ActivityStation.Query().Where(activitystation.ActivityID(a.ID), activitystation.StationID(id)).Exist(ctx)
	if err != nil {
		return err
	}
	if there {
		return fault.Conflict("DUPLICATE", "该站点已在联合站点之列", added.path...)
	}
	return nil
}

// part has stations take part no longer. The viewer sees each of them, and so who came there.
func (t *task) part(ctx context.Context, a *gen.Activity, stations []uuid.UUID) error {
	for _, id := range stations {
		s, err := t.tx.ActivityStation.Query().
			Where(activitystation.ActivityID(a.ID), activitystation.StationID(id)).Only(ctx)
		switch {
		case gen.IsNotFound(err), err == nil && !t.viewer.Sees(s.Code):
			return fault.NotFound("该站点不在联合站点之列,或不在辖区内", removed.path...)
		case err != nil:
			return err
		}
		came, err := t.tx.Attendance.Query().Where(attendance.ActivityID(a.ID), attendance.StationID(id)).Exist(ctx)
		if err != nil {
			return err
		}
		if came {
			return fault.Conflict("HAS_ATTENDANCE", "该站点已有出席记录,不能移除", removed.path...)
		}
		if err := t.tx.ActivityStation.DeleteOne(s).Exec(ctx); err != nil {
			return err
		}
	}
	return nil
}
