package workflow_test

import (
	"slices"
	"testing"

	"github.com/lianluo/lianluo/ent/kind"
	"github.com/lianluo/lianluo/ent/spelling"
	"github.com/lianluo/lianluo/ent/workflow"
)

func TestNameUniform(t *testing.T) {
	for _, c := range []struct {
		kind                     kind.Station
		name, division, township string
		want                     bool
	}{
		{kind.StationStation, "果园镇人大代表联络站", "果园镇", "", true},
		{kind.StationStation, "星沙街道人大代表联络站", "星沙街道", "", true},
		{kind.StationStation, "星沙街道人大代表联络站", "星沙街道办事处", "", true},
		{kind.StationStation, "北湖区人大代表联络站", "北湖区", "", true},
		{kind.StationHome, "果园镇人大代表联络站", "果园镇", "", true},
		{kind.StationHome, "果园镇人大代表之家", "果园镇", "", true},
		{kind.StationHome, "果园镇代表之家", "果园镇", "", false},
		{kind.StationStation, "果园镇人大代表之家", "果园镇", "", false},
		{kind.StationStation, "黄兴镇人大代表联络站", "果园镇", "", false},
		{kind.StationStation, "果园镇人大代表活动室", "果园镇", "", false},
		{kind.StationStation, "长沙县果园镇人大代表联络站", "果园镇", "", false},
		{kind.StationStation, "人大代表联络站", "果园镇", "", false},
		{kind.StationStation, "果园镇花果村人大代表联络站", "花果村委会", "果园镇", true},
		{kind.StationStation, "果园镇花果村委会人大代表联络站", "花果村委会", "果园镇", false},
		{kind.StationStation, "花果村人大代表联络站", "花果村委会", "果园镇", false},
		{kind.StationStation, "果园镇人大代表联络站", "花果村委会", "果园镇", false},
		{kind.StationStation, "黄兴镇花果村人大代表联络站", "花果村委会", "果园镇", false},
		{kind.StationStation, "果园镇古井社区人大代表联络站", "古井社区居委会", "果园镇", true},
		{kind.StationStation, "果园镇古井人大代表联络站", "古井社区居委会", "果园镇", false},
		{kind.StationStation, "黄花镇黄龙新村人大代表联络站", "黄龙新村村委会", "黄花镇", true},
		{kind.StationStation, "甲镇春风村人大代表联络站", "春风村村民委员会", "甲镇", true},
		{kind.StationStation, "甲镇和平村人大代表联络站", "和平村民委员会", "甲镇", true},
		{kind.StationStation, "甲镇孟村社区人大代表联络站", "孟村社区居民委员会", "甲镇", true},
		{kind.StationStation, "甲镇路集社区人大代表联络站", "路集社区村民委员会", "甲镇", true},
		{kind.StationStation, "甲镇清溪路社区人大代表联络站", "清溪路居委会", "甲镇", true},
		{kind.StationStation, "甲镇新村人大代表联络站", "新村居委会", "甲镇", true},
		{kind.StationStation, "甲镇新村社区人大代表联络站", "新村居委会", "甲镇", true},
		{kind.StationStation, "甲镇城东社区人大代表联络站", "城东社区委员会", "甲镇", true},
		{kind.StationStation, "甲街道解放路社区人大代表联络站", "解放路社区", "甲街道办事处", true},
		{kind.StationStation, "甲镇九连生活区人大代表联络站", "九连生活区", "甲镇", true},
		{kind.StationPoint, "随便什么", "果园镇", "", true},
		{kind.StationPost, "随便什么", "果园镇", "", true},
		{kind.StationBase, "随便什么", "果园镇", "", true},
		{kind.StationOnline, "随便什么", "果园镇", "", true},
	} {
		if got := workflow.NameUniform(c.kind, c.name, c.division, c.township); got != c.want {
			t.Errorf("%s %s at %s %s: %v", c.kind, c.name, c.township, c.division, got)
		}
	}
}

func TestMaskPhone(t *testing.T) {
	for phone, want := range map[string]string{
		"13800138000": "138****8000", "138-0013-8000": "138****8000", "138 0013 8000": "138****8000",
		"0731-84000000": "073****00", "84000000": "840****00", "123456": "123****56", "12345": "****", "": "****",
	} {
		if got := workflow.MaskPhone(phone); got != want {
			t.Errorf("%s is masked as %s, want %s", phone, got, want)
		}
	}
}

func TestKeys(t *testing.T) {
	keys := workflow.StationKeys(spelling.NewSpeller(), "果园站", "", "果园镇", "果园镇")
	for _, want := range []string{"果园站", "guoyuanzhan", "gyz", "果园镇", "guoyuanzhen"} {
		if !slices.Contains(keys, want) {
			t.Error("not found by", want)
		}
	}
	if !slices.IsSorted(keys) || len(slices.Compact(slices.Clone(keys))) != len(keys) || slices.Contains(keys, "") {
		t.Error("keys are not each once and in order:", keys)
	}
}
