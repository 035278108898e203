package spelling_test

import (
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/lianluo/lianluo/ent/spelling"
)

func TestKeys(t *testing.T) {
	for name, want := range map[string][]string{
		"长沙县":    {"长沙县", "zhangshaxian", "changshaxian", "zsx", "csx"},
		"星沙街道":   {"星沙街道", "xingshajiedao", "xsjd"},
		"村":      {"村", "cun", "c"}, // an ending with nothing before it is the name
		"庄家村村委会": {"庄家村村委会", "zhuangjiacuncunweihui", "zjccwh"},
		"１０８国道":  {"108国道", "108guodao", "108gd"},
		"IT社区":   {"it社区", "itshequ", "itsq"},
		"三·一（北）": {"三·一(北)", "sanyibei", "syb"},
		"吕略":     {"吕略", "lvlve", "lvlue", "ll"},
		"":       {},
		"、":      {"、"},
	} {
		if diff := cmp.Diff(want, spelling.NewSpeller().Keys(name)); diff != "" {
			t.Errorf("%s (-want +got):\n%s", name, diff)
		}
	}
}

// Everyone who reads a place's or a family's name finds it, whichever reading the dictionary puts first.
func TestReadingsOfNames(t *testing.T) {
	s := spelling.NewSpeller()
	for name, typed := range map[string]string{
		"重庆市": "chongqing", "厦门市": "xiamen", "六安市": "luan", "乐清市": "yueqing", "乐山市": "leshan", "蚌埠市": "bengbu",
		"番禺区": "panyu", "洪洞县": "hongtong", "铅山县": "yanshan", "大城县": "daicheng", "单县": "shan", "吴堡县": "wubu", "浚县": "xun",
		"佛山市": "foshan", "成都市": "chengdu", "长安村委会": "changan", "西藏自治区": "xizang", "阿房宫": "epanggong", "泌阳县": "biyang",
		"解放": "jie", "解": "xie", "仇": "qiu", "区": "ou", "查": "zha", "曾": "zeng", "盖": "ge", "朴": "piao", "覃": "qin", "种": "chong",
		"重阳": "cy", "单雄": "sx", "女贞": "nvzhen",
	} {
		keys := s.Keys(name)
		if !slices.ContainsFunc(keys, func(key string) bool { return len(key) >= len(typed) && key[:len(typed)] == typed }) {
			t.Errorf("%s is not found by %s: %q", name, typed, keys)
		}
	}
}

func TestSpellingsAreFewAndDistinct(t *testing.T) {
	keys := spelling.NewSpeller().Keys("都长乐重单曾解查堡埔圩")
	if len(keys) > 1+8+8 {
		t.Errorf("%d keys, want a name, at most 8 spellings and 8 initials", len(keys))
	}
	slices.Sort(keys)
	if len(slices.Compact(slices.Clone(keys))) != len(keys) {
		t.Errorf("keys stand twice: %q", keys)
	}
}

// What is typed and what is stored must meet.
func TestFold(t *testing.T) {
	for text, want := range map[string]string{
		"长沙县": "长沙县", "\u0020长沙\u0020县\u3000": "长沙县", "ChangSha": "changsha", "xi'an": "xian", "xi’an": "xian", "Lüliang": "lvliang", "ÜÜ": "vv",
		"１０８ＩＴ": "108it", "（北）": "(北)", "": "", "\ue170": "\ue170",
	} {
		if got := spelling.Fold(text); got != want {
			t.Errorf("Fold(%q) = %q, want %q", text, got, want)
		}
	}
}

// The keys of a name do not depend on the names before it.
func TestSpellerKeepsNothingOfANameButItsCharacters(t *testing.T) {
	s := spelling.NewSpeller()
	first := s.Keys("长沙县")
	kept := slices.Clone(first)
	s.Keys("重庆市渝中区乐都长街")
	if diff := cmp.Diff(kept, first); diff != "" {
		t.Errorf("keys answered before have changed:\n%s", diff)
	}
	if diff := cmp.Diff(first, s.Keys("长沙县")); diff != "" {
		t.Errorf("the same name again (-first +second):\n%s", diff)
	}
}

func FuzzKeys(f *testing.F) {
	for _, name := range []string{"长沙县", "吕略", "１０８", "\ue170\xff", ""} {
		f.Add(name)
	}
	s := spelling.NewSpeller()
	f.Fuzz(func(t *testing.T, name string) {
		keys := s.Keys(name)
		if folded := spelling.Fold(name); folded != "" && (len(keys) == 0 || keys[0] != folded) {
			t.Errorf("%q is not found by its folded self: %q", name, keys)
		}
		if slices.Contains(keys, "") {
			t.Errorf("%q has an empty key", name)
		}
	})
}
