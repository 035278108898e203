package seed

import (
	"strings"
	"time"

	"github.com/lianluo/lianluo/ent/kind"
	"github.com/lianluo/lianluo/ent/place"
)

// reform is the first day of the departments that the reform of 2018 and 2019 founded.
var reform = date(2019, 3, 1)

// The departments that most citizens' opinions go to, as their names end.
const (
	housing     = "住房和城乡建设局"
	cityCare    = "城市管理和综合执法局"
	land        = "自然资源局"
	farming     = "农业农村局"
	transport   = "交通运输局"
	schooling   = "教育局"
	welfare     = "民政局"
	water       = "水利局"
	health      = "卫生健康局"
	labour      = "人力资源和社会保障局"
	emergency   = "应急管理局"
	police      = "公安局"
	environment = "生态环境局"
	market      = "市场监督管理局"
	insurance   = "医疗保障局"
	culture     = "文化旅游广电体育局"
	veterans    = "退役军人事务局"
	industry    = "工业和信息化局"
)

// departments are all of them, with the names they bore before the reform; new ones were founded by it.
var departments = []struct {
	name, former string
	isNew        bool
}{
	{name: housing},
	{name: cityCare, former: "城市管理局"},
	{name: land, former: "国土资源局"},
	{name: farming, former: "农业局"},
	{name: transport},
	{name: schooling},
	{name: welfare},
	{name: water},
	{name: health, former: "卫生和计划生育局"},
	{name: labour},
	{name: emergency, former: "安全生产监督管理局"},
	{name: police},
	{name: environment, former: "环境保护局"},
	{name: market, former: "工商行政管理局"},
	{name: insurance, isNew: true},
	{name: culture, former: "文化体育广电新闻出版局"},
	{name: veterans, isNew: true},
	{name: industry},
}

// overseer is the special committee that supervises opinions (督办).
const overseer = "社会建设委员会"

// committees gives a division above the townships its committee and what works for it, once.
func (b *builder) committees(d *division) *organ {
	standing := b.organ(d, kind.OrganStandingCommittee, d.name+"人民代表大会常务委员会")
	standing.since = date(1980, 1, 1)
	deputies := b.organ(d, kind.OrganDeputyCommittee, d.name+"人大常委会代表工作委员会")
	deputies.former, deputies.until = d.name+"人大常委会联络工作委员会", date(2024, 6, 30)
	if d.level == place.LevelProvince {
		deputies.former = d.name + "人大常委会选举任免联络工作委员会"
	}
	deputies.since = date(2000, 1, 1)
	return deputies
}

// departmentsOf gives a county or city the special committees of its congress and its departments.
func (b *builder) departmentsOf(d *division) {
	for _, name := range []string{"监察和司法委员会", "财政经济委员会", overseer} {
		b.organ(d, kind.OrganSpecialCommittee, d.name+"人大"+name)
	}
	for _, dep := range departments {
		o := b.organ(d, kind.OrganDepartment, d.name+dep.name)
		if dep.former != "" {
			o.former, o.until = d.name+dep.former, reform.AddDate(0, 0, -1)
		}
		if dep.isNew {
			o.since = reform
		}
	}
}

func (b *builder) organ(d *division, k kind.Organ, name string) *organ {
	o := &organ{record: b.record(d), kind: k, name: name, since: time.Date(2010, 1, 1, 0, 0, 0, 0, time.UTC)}
	b.organs = append(b.organs, o)
	return o
}

// countyOrgans gives a county its organs and those of its townships, and what lies above it its committees.
func (b *builder) countyOrgans() {
	for up := b.root.parent; up != nil; up = up.parent {
		if !b.w.organs[up] {
			b.w.organs[up] = true
			b.committees(up)
			if up.level == place.LevelCity {
				b.departmentsOf(up)
			}
		}
	}
	b.organOf[b.root] = b.committees(b.root)
	b.departmentsOf(b.root)
	for _, t := range b.towns {
		switch {
		case t.town():
			b.organOf[t] = b.organ(t, kind.OrganPresidium, t.name+"人民代表大会主席团")
		case t.street():
			b.organOf[t] = b.organ(t, kind.OrganStreetCommittee, t.short()+"人大工作委员会")
		case strings.HasSuffix(t.name, "区"):
			b.organOf[t] = b.organ(t, kind.OrganStreetCommittee, t.name+"人大工作委员会")
		}
	}
}
