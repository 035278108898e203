package seed

import (
	"math/rand/v2"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/lianluo/lianluo/ent/kind"
	"github.com/lianluo/lianluo/ent/place"
)

// topic is one thing that people tell a station, how they put it, and what may come of it. In the texts {地} stands for the village or
// community, {处} for a spot in it, {数} for a small number, {户} for a number of households, {米} for a length.
type topic struct {
	// category is the number of its category (问题分类).
	category string
	// lead and co are the departments that deal with it, by the end of their names; co may be empty.
	lead, co string
	// setting is where it happens, anywhere when empty; spots are where exactly, the usual ones when there are none.
	setting setting
	spots   []string
	// from and to are the months in which it happens, all year when zero; north is for places that are heated.
	from, to time.Month
	north    bool
	// hard topics may be an urgent hardship (急难愁盼); lasting ones have been so for some time; rare ones come up less than the others.
	hard, lasting, rare bool
	// told are ways to put it, wishes what is asked for.
	told, wishes []string
	// spot is what a station can answer at once, empty when it cannot; explains says that it does no more than explain.
	spot     string
	explains bool
	// solved, underWay, planned and explained are what the department answers, by outcome.
	solved, underWay, planned, explained string
}

// setting is the kind of place that a topic is at home in.
type setting string

const (
	rural setting = "RURAL"
	urban setting = "URBAN"
)

// topics are all of them.
var topics = slices.Concat(topicsOfBuilding, topicsOfServices, topicsOfCountry, topicsOfPeople)

// settingOf tells which setting a place has.
func settingOf(d *division) setting {
	if d.group().street() || strings.HasSuffix(d.short(), "社区") || d.group().name == "城区" {
		return urban
	}
	return rural
}

// fits tells whether the topic may come up at a place in a month.
func (t *topic) fits(at *division, month time.Month) bool {
	if t.setting != "" && t.setting != settingOf(at) || t.north && at.province != shanxi {
		return false
	}
	switch {
	case t.from == 0:
		return true
	case t.from <= t.to:
		return month >= t.from && month <= t.to
	}
	return month >= t.from || month <= t.to // over the turn of the year
}

// suits tells whether the topic can take a course.
func (t *topic) suits(c course) bool {
	if c.spot && (t.spot == "" || c.outcome != "" && c.outcome != t.onTheSpot()) {
		return false
	}
	weighty := c.key || c.supervised || c.convert || c.publish || c.stop != ""
	return (t.hard || !c.hardship) && (t.lasting || !weighty)
}

// shanxi is the province of 和顺县, where winters are cold.
var shanxi = place.MustParse("14")

// onTheSpot is what comes of an answer on the spot.
func (t *topic) onTheSpot() kind.Outcome {
	if t.explains {
		return kind.OutcomeExplained
	}
	return kind.OutcomeSolved
}

// answer is what the department answers, by outcome.
func (t *topic) answer(o kind.Outcome) string {
	switch o {
	case kind.OutcomeSolved:
		return t.solved
	case kind.OutcomeUnderWay:
		return t.underWay
	case kind.OutcomePlanned:
		return t.planned
	}
	return t.explained
}

// Spots of a place, where things happen.
var spots = map[setting][]string{
	rural: {"村口", "村委会旁", "小学门口", "卫生室前", "文化广场边", "一组", "三组", "五组", "河边", "桥头", "通组公路", "老井旁", "集贸市场旁"},
	urban: {"小区东门", "菜市场旁", "公交站旁", "学校门口", "卫生服务站前", "三栋楼下", "步行街口", "北侧支路", "十字路口", "休闲广场旁", "老旧家属院"},
}

// Ways to begin and to end what is told; the empty ones are the commonest. What an officer writes down begins otherwise than what people
// write themselves.
var (
	openings  = []string{"", "", "", "", "您好，", "代表好，", "我是附近居民，", "想反映一个情况：", "替邻居反映一下："}
	notedDown = []string{"", "", "", "群众反映：", "有群众反映：", "多名群众反映："}
	durations = []string{"", "", "", "最近，", "这几个月，", "大半年了，", "一直以来，"}
	endings   = []string{"", "", "", "谢谢！", "希望能有个答复。", "请帮忙协调一下。", "大家都盼着能解决。"}
)

// scene is where a topic comes up, with the numbers in it.
type scene struct {
	topic             *topic
	at                *division // a village or community
	spot              string
	few, homes, metre int
}

// scene draws a scene of a topic.
func (t *topic) scene(r *rand.Rand, at *division) scene {
	where := t.spots
	if where == nil {
		where = spots[settingOf(at)]
	}
	return scene{topic: t, at: at, spot: pick(r, where), few: 2 + r.IntN(8), homes: 6 + r.IntN(90), metre: 10 * (3 + r.IntN(60))}
}

// fill puts the scene into a text.
func (s scene) fill(text string) string {
	if !strings.Contains(text, "{") {
		return text
	}
	return strings.NewReplacer("{地}", s.at.short(), "{处}", s.spot, "{数}", strconv.Itoa(s.few),
		"{户}", strconv.Itoa(s.homes), "{米}", strconv.Itoa(s.metre)).Replace(text)
}

// told is the scene as someone tells it, another way each time; noted when an officer writes it down.
func (s scene) told(r *rand.Rand, noted bool) string {
	text := pick(r, openings)
	if noted {
		text = pick(r, notedDown)
	}
	if s.topic.lasting {
		text += pick(r, durations)
	}
	text += pick(r, s.topic.told)
	if r.IntN(100) < 80 {
		text += pick(r, s.topic.wishes)
	}
	if !noted {
		text += pick(r, endings)
	}
	return s.fill(text)
}

// location is the place in words, as an officer writes it down.
func (s scene) location() string {
	name := s.at.group().short()
	if s.at.level == place.LevelVillage {
		name += s.at.short()
	}
	if strings.Contains(s.topic.told[0], "{处}") {
		name += s.spot
	}
	return name
}
