package workflow

import (
	"context"
	"fmt"
	"time"

	"github.com/google/uuid"

	"github.com/lianluo/lianluo/ent/calendar"
	"github.com/lianluo/lianluo/ent/fault"
	"github.com/lianluo/lianluo/ent/gen"
	"github.com/lianluo/lianluo/ent/gen/activity"
	"github.com/lianluo/lianluo/ent/gen/activitystation"
	"github.com/lianluo/lianluo/ent/gen/station"
	"github.com/lianluo/lianluo/ent/kind"
	"github.com/lianluo/lianluo/ent/state"
)

// The times of activities.
const (
	// openBefore is how long before its begin an activity may be opened, and deputies check in.
	openBefore = time.Hour
	// longestActivity bounds how long one activity may take.
	longestActivity = 7 * 24 * time.Hour
	// activityAhead is how many days ahead one may be planned.
	activityAhead = 366
	// recordWithin is how many days after its day an activity is to be recorded. Later it is late, and the reason is asked for.
	recordWithin = 7
)

// ActivityRef names the activity that a verb is about.
type ActivityRef struct {
	ID              uuid.UUID
	ExpectedVersion *int
}

// lockActivity finds an activity in view and keeps it from being changed by others. The lock is an advisory one: a partner's keeper and a deputy
// who checks in see the activity, but may not change its row.
func (t *task) lockActivity(ctx context.Context, id uuid.UUID, path ...string) (*gen.Activity, error) {
	if err := t.lock(ctx, "activity:"+id.String()); err != nil {
		return nil, err
	}
	a, err := t.tx.Activity.Query().Where(activity.ID(id)).Only(ctx)
	if gen.IsNotFound(err) {
		return nil, fault.NotFound("活动不存在或不在辖区内", path...)
	}
	return a, err
}

// hosts refuses whoever has no part in the station that hosts an activity: keepers of others, and those who see the activity because a station of
// theirs takes part.
func (t *task) hosts(a *gen.Activity) error {
	if !t.viewer.Sees(a.Code) {
		return forbidden("只能由主办站点或其所在地的人大机关办理", "input", "id")
	}
	return t.keeps(a.StationID, "input", "id")
}

// stationOf is the station in view that hosts an activity or takes part in it, and at which the viewer may enter who came.
func (t *task) stationOf(ctx context.Context, a *gen.Activity, id uuid.UUID, path ...string) (*gen.Station, error) {
	s, err := t.tx.Station.Query().Where(station.ID(id)).Only(ctx)
	if gen.IsNotFound(err) {
		return nil, noStation(path...)
	}
	if err != nil {
		return nil, err
	}
	if s.ID != a.StationID {
		joined, err := t.tx.ActivityStation.Query().
			Where(activitystation.ActivityID(a.ID), activitystation.StationID(s.ID)).Exist(ctx)
		if err != nil {
			return nil, err
		}
		if !joined {
			return nil, fault.Invalid("MISMATCH", "该站点不是主办站点,也未联合开展此活动", path...)
		}
	}
	return s, t.keeps(s.ID, path...)
}

// joined counts the stations that take part in an activity beside the host.
func (t *task) joined(ctx context.Context, a *gen.Activity) (int, error) {
	return t.tx.ActivityStation.Query().Where(activitystation.ActivityID(a.ID)).Count(ctx)
}

// partnered refuses a joint activity in which no other station takes part.
func (t *task) partnered(ctx context.Context, a *gen.Activity) error {
	if a.Setting != kind.SettingJoint {
		return nil
	}
	n, err := t.joined(ctx, a)
	if err != nil {
		return err
	}
	if n == 0 {
		return fault.Conflict("NO_PARTNERS", "跨区域联合活动还没有联合站点", "input", "id")
	}
	return nil
}

// notBefore refuses what is done too early.
func (t *task) notBefore(moment time.Time, path ...string) error {
	if t.desk.clock().Before(moment) {
		return fault.Conflict("TOO_EARLY", fmt.Sprintf("%s 后才能办理", clockTime(moment)), path...)
	}
	return nil
}

// clockTime is a moment as people in China read it.
func clockTime(t time.Time) string {
	day := calendar.Today(t)
	return day.Add(t.Sub(calendar.Begin(day))).Format("2006-01-02 15:04")
}

// activityState refuses a verb that is not for the state an activity is in.
func activityState(a *gen.Activity, verb Verb) (state.Activity, error) {
	to, ok := state.Activities.Next(a.State, string(verb))
	if !ok {
		return "", fault.Conflict("STATE", "该活动当前为“"+state.Activities.Titles[a.State]+"”,不能“"+activityTitle(verb)+"”", "input", "id")
	}
	return to, nil
}

func activityTitle(verb Verb) string {
	for _, l := range state.Activities.Lines {
		if l.Verb == string(verb) {
			return l.Title
		}
	}
	return string(verb)
}
