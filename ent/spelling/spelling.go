// Package spelling tells under which pinyin a Chinese name is found. It imports nothing of ours.
package spelling

import (
	"slices"
	"strings"

	"github.com/mozillazg/go-pinyin"
	"golang.org/x/text/width"
)

// maxReadings bounds the spellings of one name. Of the places down to the townships one in two hundred has more.
const maxReadings = 8

// generic lists the endings of names whose characters are read in one way there, though the dictionary knows others
// (会 kuai, 员 yun, 区 ou). Their other readings would use up maxReadings for nothing.
var generic = []string{
	"社区居民委员会", "社区村民委员会", "村民委员会", "居民委员会", "社区居委会", "社区村委会", "社区委员会", "村委会", "居委会", "委员会",
	"街道办事处", "办事处", "街道", "社区", "生活区", "管理区", "开发区", "自治县", "自治州", "自治区", "村", "镇", "乡", "区", "县", "市", "省",
}

// settled lists characters that are frequent in names and have one reading there, the dictionary's first; its others are archaic
// or belong to words that name nothing (庄 peng, 家 gu, 园 wan). They would make half of all spellings.
// A character that some place or family reads otherwise (洞 in 洪洞, 单 as a surname) is not among them.
const settled = "庄家南王石园路寨前平白溪和红屯沙台合青古寺塔苑明太格坑胜地市朱港洋吴洼土团达族方桃潭池广夏厂宁化丁董草杜景" +
	"横贾冯于巷百果哈英干许蔡居姚尚斯底芦潘幸月齐艾立彭甘泥叶其喀汪温陶渠桐任余宅司郝皇邓汤柴庵鹿包沈坳半坨斗尹甸焦强栗邢吾号育圪" +
	"莫陆排堆蒲省技儿虹内信圣提野呼彦霍才舍登共术思年波祝蓝脚屏厝烟机游灯裴鑫祁甫巨梧施槽冷祠治勤荒浩乃祖部杭殷怀奇将邑有腊御帕" +
	"童昆斜增耳支郢封印觉得蕉众皋喜哨盟舒芒蒿央伯奥倪淖扶母也垦拱埝眼沱核涂身转均培敦汶姬墅屈碱棵栖畜占檀枝汀革体鼎越棋位"

// Speller tells under which pinyin a name is found. It remembers the readings of the characters it has met, which makes it
// fast over many names, and is for one goroutine.
type Speller struct {
	dictionary pinyin.Args
	met        map[rune]character

	// What Keys works with, kept between names.
	syllables, initials [][]string
	chosen              []string
}

// character is how a character is read: without tones, the commonest first; not at all if it is not spoken.
type character struct{ syllables, initials []string }

// NewSpeller makes a Speller that has met no character yet.
func NewSpeller() *Speller {
	args := pinyin.NewArgs()
	args.Heteronym = true
	return &Speller{dictionary: args, met: make(map[rune]character, 6000)}
}

// Fold brings a name, or what a person typed to find one, into the form of search keys: half-width, lower case, ü written v,
// without spaces and the apostrophe of xi'an.
func Fold(text string) string {
	if strings.IndexFunc(text, func(r rune) bool { return r < '一' || r > '鿿' }) < 0 {
		return text // nearly every name
	}
	return strings.Map(func(r rune) rune {
		switch r {
		case ' ', '\'', '’', '\u3000':
			return -1
		case 'ü', 'Ü':
			return 'v'
		}
		return r
	}, strings.ToLower(width.Fold.String(text)))
}

// Keys lists what a name is found by, each once: the folded name itself, its spellings in pinyin ("changshaxian") and their
// initials ("csx"). With characters of several readings (长 chang, zhang) there are several spellings, at most 8, those that
// differ least from the commonest first.
func (s *Speller) Keys(name string) []string {
	folded := Fold(name)
	stem := len(folded) - len(ending(folded))
	s.syllables, s.initials = s.syllables[:0], s.initials[:0]
	for i, r := range folded {
		c := s.read(r)
		if len(c.syllables) == 0 {
			continue
		}
		if i >= stem {
			c = character{c.syllables[:1], c.initials[:1]}
		}
		s.syllables, s.initials = append(s.syllables, c.syllables), append(s.initials, c.initials)
	}
	keys := make([]string, 0, 6)
	if folded != "" {
		keys = append(keys, folded)
	}
	return s.spell(s.spell(keys, s.syllables), s.initials)
}

// ending is the longest generic ending of the name that leaves something before it.
func ending(name string) string {
	longest := ""
	for _, e := range generic {
		if len(e) > len(longest) && len(e) < len(name) && strings.HasSuffix(name, e) {
			longest = e
		}
	}
	return longest
}

func (s *Speller) read(r rune) character {
	c, ok := s.met[r]
	if !ok {
		c.syllables = s.lookUp(r)
		for _, syllable := range c.syllables {
			if head := syllable[:1]; !slices.Contains(c.initials, head) {
				c.initials = append(c.initials, head)
			}
		}
		s.met[r] = c
	}
	return c
}

// lookUp lists the syllables that a character may be read as.
func (s *Speller) lookUp(r rune) []string {
	if r >= '0' && r <= '9' || r >= 'a' && r <= 'z' {
		return []string{string(r)}
	}
	var out []string
	for _, reading := range pinyin.SinglePinyin(r, s.dictionary) {
		if strings.Trim(reading, "abcdefghijklmnopqrstuvwxyz") != "" {
			continue // the dictionary's few readings that no keyboard writes, such as m̀
		}
		out = append(out, reading)
		if reading == "lve" || reading == "nve" {
			out = append(out, reading[:1]+"ue") // both are typed
		}
	}
	if len(out) > 1 && strings.ContainsRune(settled, r) {
		return out[:1]
	}
	return out
}

// spell appends to keys, unless they are there, the ways to put one reading of each character together: those with the
// fewest uncommon readings first, up to maxReadings.
func (s *Speller) spell(keys []string, characters [][]string) []string {
	s.chosen = s.chosen[:0]
	varied := 0
	for _, readings := range characters {
		s.chosen = append(s.chosen, readings[0])
		if len(readings) > 1 {
			varied++
		}
	}
	v := variation{keys: keys, chosen: s.chosen, characters: characters, left: maxReadings}
	for uncommon := 0; uncommon <= varied && v.left > 0; uncommon++ {
		v.vary(0, uncommon)
	}
	return v.keys
}

// variation is the work of spelling one name.
type variation struct {
	keys       []string
	chosen     []string // the reading taken of each character
	characters [][]string
	left       int // how many spellings may still be made
}

// vary makes the spellings that take an uncommon reading at exactly the given number of characters from one on.
func (v *variation) vary(from, uncommon int) {
	if uncommon == 0 {
		v.left--
		if key := strings.Join(v.chosen, ""); key != "" && !slices.Contains(v.keys, key) {
			v.keys = append(v.keys, key)
		}
		return
	}
	for i := from; i < len(v.characters); i++ {
		for _, reading := range v.characters[i][1:] {
			if v.left == 0 {
				return
			}
			v.chosen[i] = reading
			v.vary(i+1, uncommon-1)
		}
		v.chosen[i] = v.characters[i][0]
	}
}
