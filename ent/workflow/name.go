package workflow

import (
	"slices"
	"strings"

	"github.com/lianluo/lianluo/ent/kind"
)

// How every name of a liaison station ends that follows the uniform rule; a home (代表之家) may be called what it is.
const (
	uniformEnding = "人大代表联络站"
	homeEnding    = "人大代表之家"
)

// NameUniform tells whether a station's name follows the uniform rule (统一命名): ××乡镇(街道)人大代表联络站, at a village
// ××乡镇(街道)××村(社区)人大代表联络站, with the names of its own division and, at a village, of the township, which is
// empty elsewhere. The rule is for homes and stations; the names of points, posts, bases and online stations are free.
func NameUniform(k kind.Station, name, division, township string) bool {
	if k != kind.StationHome && k != kind.StationStation {
		return true
	}
	stem, ok := strings.CutSuffix(name, uniformEnding)
	if !ok && k == kind.StationHome {
		stem, ok = strings.CutSuffix(name, homeEnding)
	}
	if !ok {
		return false
	}
	if township == "" {
		return stem == division || stem == strings.TrimSuffix(division, "办事处")
	}
	for _, t := range []string{township, strings.TrimSuffix(township, "办事处")} {
		if own, ok := strings.CutPrefix(stem, t); ok && slices.Contains(villageNames(division), own) {
			return true
		}
	}
	return false
}

// villageNames lists how a village is called, given its name in the national table, which often is the name of its
// committee: 黄龙新村 for 黄龙新村村委会, 民主社区 for 民主社区居民委员会, 和平村 for 和平村民委员会.
func villageNames(name string) []string {
	for _, committee := range []struct{ ending, place string }{
		{"村民委员会", "村"}, {"居民委员会", "社区"}, {"村委会", "村"}, {"居委会", "社区"}, {"委员会", ""},
	} {
		stem, ok := strings.CutSuffix(name, committee.ending)
		switch {
		case !ok || stem == "":
			continue
		case strings.HasSuffix(stem, "社区"), strings.HasSuffix(stem, committee.place):
			return []string{stem}
		case strings.HasSuffix(stem, "村"):
			return []string{stem, stem + committee.place}
		}
		return []string{stem + committee.place}
	}
	return []string{name}
}
