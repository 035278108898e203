package seed

import (
	"math/rand/v2"
	"strconv"
	"strings"
	"time"

	"github.com/lianluo/lianluo/ent/kind"
)

// Surnames, the commonest first, and characters of given names. The lists are short of some, so that no name of a well-known
// person can come out.
const (
	surnames = "王李张刘陈杨黄赵吴周徐孙马朱胡郭何林高罗郑梁谢宋唐许韩冯邓曹彭曾肖田董潘袁蔡蒋余于杜叶程魏苏吕丁任卢" +
		"姚沈钟姜崔谭陆范汪廖石金贾韦夏付方邹熊白孟秦邱侯尹薛闫雷龙黎史陶贺毛郝顾龚邵万覃武钱戴严莫孔向常汤"
	maleFirst    = "建志国文明海永少新世光正德子天大玉金学云佳俊浩宇嘉思振兴宏家启承"
	maleSecond   = "华强辉勇峰林斌波生良飞龙刚祥武荣宏亮成根旺初元才发松柏泉"
	maleOnly     = "磊斌峰辉亮勇超"
	femaleFirst  = "晓雪丽秀玉慧雅思佳美桂海文红冬金翠素淑梦欣静"
	femaleSecond = "英芳梅霞玲燕娟萍琴云莲敏娜婷珍凤菊香妮蓉兰"
	femaleOnly   = "敏静婷燕娟霞玲"
)

// nameParts are the lists as characters.
type nameParts struct {
	surnames            []rune
	first, second, only map[kind.Gender][]rune
}

func newNameParts() *nameParts {
	return &nameParts{
		surnames: []rune(surnames),
		first:    map[kind.Gender][]rune{kind.Male: []rune(maleFirst), kind.Female: []rune(femaleFirst)},
		second:   map[kind.Gender][]rune{kind.Male: []rune(maleSecond), kind.Female: []rune(femaleSecond)},
		only:     map[kind.Gender][]rune{kind.Male: []rune(maleOnly), kind.Female: []rune(femaleOnly)},
	}
}

// gender draws a gender; about one deputy in three is a woman.
func gender(r *rand.Rand) kind.Gender {
	if r.IntN(100) < 34 {
		return kind.Female
	}
	return kind.Male
}

// name draws a name. The square of a chance prefers the front of the list of surnames, about as much as life does.
func (p *nameParts) name(r *rand.Rand, g kind.Gender) string {
	u := r.Float64()
	name := []rune{p.surnames[int(u*u*float64(len(p.surnames)))]}
	if r.IntN(100) < 8 {
		return string(append(name, pick(r, p.only[g])))
	}
	return string(append(name, pick(r, p.first[g]), pick(r, p.second[g])))
}

// born draws a month of birth, of people between 25 and 65 years old in 2021.
func born(r *rand.Rand) time.Time {
	return date(1956, 1, 1).AddDate(0, r.IntN(40*12), 0)
}

// phone draws a number from a range that is not given out: 1990000 and four digits.
func phone(r *rand.Rand) string { return "1990000" + pad(r.IntN(10_000), 4) }

// officePhone draws a public number of an office: no number begins with 000 after the area code.
func officePhone(r *rand.Rand, areaCode string) string {
	return areaCode + "-000" + pad(r.IntN(100_000), 5)
}

func pad(n, width int) string {
	s := strconv.Itoa(n)
	return strings.Repeat("0", max(width-len(s), 0)) + s
}

func pick[T any](r *rand.Rand, list []T) T { return list[r.IntN(len(list))] }

// minorities are peoples after whom autonomous areas and townships are named.
var minorities = []string{
	"蒙古族", "回族", "藏族", "维吾尔族", "苗族", "彝族", "壮族", "布依族", "朝鲜族", "满族", "侗族", "瑶族", "白族", "土家族", "哈尼族",
	"哈萨克族", "傣族", "黎族", "傈僳族", "佤族", "畲族", "拉祜族", "水族", "东乡族", "纳西族", "景颇族", "柯尔克孜族", "土族", "羌族", "仡佬族",
}

// people is the nationality that the name of a place names, or empty.
func people(place string) string {
	for _, m := range minorities {
		if strings.Contains(place, m) {
			return m
		}
	}
	return ""
}

// work is what a deputy does: where, with the deputy's township or village before it, and as what.
type work struct{ unit, title string }

// The work of deputies, by what stands before the unit.
var (
	villageWork = []work{
		{"", "党总支书记"},
		{"", "村(居)民委员会主任"},
		{"", "村(居)民"},
		{"种养专业合作社", "理事长"},
		{"卫生室", "医生"},
		{"", "村(居)民小组组长"},
		{"家庭农场", "负责人"},
		{"便民商店", "经营者"},
	}
	townWork = []work{
		{"中心学校", "教师"},
		{"卫生服务中心", "医师"},
		{"机关", "副职干部"},
		{"便民服务中心", "主任"},
		{"文化站", "站长"},
		{"商会", "会长"},
		{"某制造企业", "总经理"},
		{"某建筑企业", "项目经理"},
		{"某物流企业", "车间主任"},
	}
	countyWork = []work{
		{"某科技企业", "董事长"},
		{"某食品企业", "总经理"},
		{"第一中学", "校长"},
		{"人民医院", "主任医师"},
		{"农业农村局", "研究员"},
		{"工商业联合会", "副主席"},
		{"某律师事务所", "律师"},
		{"某机械企业", "高级技师"},
	}
)

// enterprise tells whether a deputy works in an enterprise (企业界代表).
func (d *deputy) enterprise() bool { return strings.HasSuffix(d.workUnit, "企业") }
