package fault_test

import (
	"errors"
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/lianluo/lianluo/ent/fault"
)

var kinds = []error{
	fault.ErrUnauthenticated, fault.ErrForbidden, fault.ErrNotFound, fault.ErrInvalid, fault.ErrConflict, fault.ErrRateLimited,
}

func TestFaults(t *testing.T) {
	for name, c := range map[string]struct {
		fault *fault.Fault
		kind  error
		code  string // of the field; none if empty
		text  string
	}{
		"unauthenticated": {fault.Unauthenticated("请先登录"), fault.ErrUnauthenticated, "", "unauthenticated: 请先登录"},
		"forbidden":       {fault.Forbidden("不行"), fault.ErrForbidden, "", "forbidden: 不行"},
		"not found":       {fault.NotFound("没有", "input", "id"), fault.ErrNotFound, "NOT_FOUND", "not found: 没有 (input.id NOT_FOUND)"},
		"nowhere":         {fault.NotFound("没有"), fault.ErrNotFound, "", "not found: 没有"},
		"invalid":         {fault.Invalid("TOO_LONG", "太长", "input", "name"), fault.ErrInvalid, "TOO_LONG", "invalid: 太长 (input.name TOO_LONG)"},
		"conflict":        {fault.Conflict("VERSION", "已改", "input"), fault.ErrConflict, "VERSION", "conflict: 已改 (input VERSION)"},
		"rate limited":    {fault.RateLimited(time.Second), fault.ErrRateLimited, "", "rate limited: 操作过于频繁,请在 1 秒后再试"},
	} {
		t.Run(name, func(t *testing.T) {
			err := fmt.Errorf("verb: %w", c.fault)
			for _, kind := range kinds {
				if errors.Is(err, kind) != errors.Is(kind, c.kind) {
					t.Errorf("is %v: %v", kind, errors.Is(err, kind))
				}
			}
			var f *fault.Fault
			if !errors.As(err, &f) || f != c.fault || f.Error() != c.text {
				t.Errorf("%v, want %s", f, c.text)
			}
			switch {
			case c.code == "":
				if len(f.Fields) != 0 {
					t.Error("fields:", f.Fields)
				}
			case len(f.Fields) != 1 || f.Fields[0].Code != c.code || f.Fields[0].Message != f.Message:
				t.Error("fields:", f.Fields)
			}
		})
	}
}

func TestList(t *testing.T) {
	var list fault.List
	if err := list.Err(); err != nil {
		t.Error("nothing is wrong, but", err)
	}
	list.Add("REQUIRED", "名称不能为空", "input", "name")
	list.Add("OUT_OF_RANGE", "楼层不对", "input", "floor")
	err := list.Err()
	var f *fault.Fault
	if !errors.As(err, &f) || !errors.Is(err, fault.ErrInvalid) || f.Message != "名称不能为空;楼层不对" || len(f.Fields) != 2 {
		t.Fatal(err)
	}
	second := f.Fields[1]
	if second.Code != "OUT_OF_RANGE" || second.Message != "楼层不对" || !slices.Equal(second.Path, []string{"input", "floor"}) {
		t.Error("second field:", second)
	}
}

func TestRateLimited(t *testing.T) {
	for wait, want := range map[time.Duration]struct {
		after time.Duration
		text  string
	}{
		0:                                 {time.Second, "操作过于频繁,请在 1 秒后再试"},
		1500 * time.Millisecond:           {2 * time.Second, "操作过于频繁,请在 2 秒后再试"},
		time.Minute:                       {time.Minute, "操作过于频繁,请在 60 秒后再试"},
		time.Minute + time.Nanosecond:     {61 * time.Second, "操作过于频繁,请在 2 分钟后再试"},
		time.Hour:                         {time.Hour, "操作过于频繁,请在 60 分钟后再试"},
		time.Hour + 1500*time.Millisecond: {time.Hour + 2*time.Second, "操作过于频繁,请在 2 小时后再试"},
	} {
		if f := fault.RateLimited(wait); f.RetryAfter != want.after || f.Message != want.text {
			t.Errorf("%v: %v %s", wait, f.RetryAfter, f.Message)
		}
	}
}
