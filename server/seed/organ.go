package seed

import (
	"strings"
	"time"

	"github.com/lianluo/lianluo/ent/kind"
	"github.com/lianluo/lianluo/ent/place"
)

// reform is the first day of the departments that the reform of 2018 and 2019 founded.
var reform = date(2019, 3, 1)

// departments are those that most citizens' opinions go to, with the names they bore before the reform.
var departments = []struct{ name, former string }{
	{"住房和城乡建设局", ""},
	{"城市管理和综合执法局", "城市管理局"},
	{"自然资源局", "国土资源局"},
	{"农业农村局", "农业局"},
	{"交通运输局", ""},
	{"教育局", ""},
	{"民政局", ""},
	{"水利局", ""},
	{"卫生健康局", "卫生和计划生育局"},
	{"人力资源和社会保障局", ""},
	{"应急管理局", "安全生产监督管理局"},
	{"公安局", ""},
}

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
	for _, name := range []string{"监察和司法委员会", "财政经济委员会", "社会建设委员会"} {
		b.organ(d, kind.OrganSpecialCommittee, d.name+"人大"+name)
	}
	for _, dep := range departments {
		o := b.organ(d, kind.OrganDepartment, d.name+dep.name)
		if dep.former != "" {
			o.former, o.until = d.name+dep.former, reform.AddDate(0, 0, -1)
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
