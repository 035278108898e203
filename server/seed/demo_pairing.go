package seed

import (
	"fmt"
	"slices"
	"time"

	"github.com/lianluo/lianluo/ent/kind"
	"github.com/lianluo/lianluo/ent/place"
)

// pairLeaders ties each leader of the standing committee to two townships (1名常委会领导包联2个乡镇); they go there twice a month, and one of them has
// fallen behind. Their contacts count for the standing committee.
func (d *diary) pairLeaders() {
	since := date(2025, 1, 6)
	d.expect(kind.PairingLeaderTownship, 2, 2, 2, kind.PeriodMonth, since)
	i := slices.IndexFunc(d.all.organs, func(o *organ) bool { return o.in == d.county && o.kind == kind.OrganStandingCommittee })
	committee := d.all.organs[i]
	var towns []*division
	for _, t := range d.county.below(place.LevelTownship) {
		if t.town() {
			towns = append(towns, t)
		}
	}
	for leader := range len(towns) / 2 {
		name, title := d.names.name(d.random, gender(d.random)), "常委会副主任"
		if leader == 0 {
			title = "常委会主任"
		}
		until := date(2025, 12, 31)
		if leader == len(towns)/2-1 {
			until = date(2025, 9, 30)
		}
		for _, t := range towns[2*leader : 2*leader+2] {
			p := &pairing{
				record: d.recordAt(clockTime(since, 10, 0), t), congress: d.congress, kind: kind.PairingLeaderTownship,
				organ: committee, name: name, title: title, division: t, started: since,
			}
			d.pairings = append(d.pairings, p)
			for _, month := range months(date(2025, 1, 1), until) {
				d.meet(p, d.Add(month.AddDate(0, 0, 7), 1), kind.ContactVisit, "深入联络站,指导规范会议程序、完善监督台账")
				d.meet(p, d.Add(month.AddDate(0, 0, 21), 1), kind.ContactMeeting, "听取乡镇人大工作情况和代表意见")
			}
		}
	}
}

// pairMembers ties members of the standing committee to five to eight deputies each (1名常委会组成人员结对联系5至8名基层代表); they meet once a quarter,
// and every seventh pair has fallen behind.
func (d *diary) pairMembers(members []*mandate) {
	since := date(2025, 1, 6)
	d.expect(kind.PairingMemberDeputy, 5, 8, 1, kind.PeriodQuarter, since)
	chosen := spreadOver(members, 12)
	others := slices.DeleteFunc(slices.Clone(members), func(m *mandate) bool { return slices.Contains(chosen, m) })
	next := 0
	for i, leader := range chosen {
		for range 5 + i%4 {
			led := others[next]
			next++
			p := &pairing{
				record: d.recordAt(clockTime(since, 11, 0), led.in), congress: d.congress, kind: kind.PairingMemberDeputy,
				leader: leader.deputy, name: leader.deputy.name, title: "常委会委员", deputy: led.deputy, started: since,
			}
			d.pairings = append(d.pairings, p)
			for quarter := range 4 {
				if next%7 == 3 && quarter >= 2 {
					continue
				}
				day := date(2025, time.Month(3*quarter+1), 8+d.random.IntN(70))
				way := pick(d.random, []kind.ContactWay{kind.ContactVisit, kind.ContactTelephone, kind.ContactMeeting, kind.ContactActivity})
				d.meet(p, day, way, "了解履职情况,听取意见建议")
			}
		}
	}
}

// expect sets what the county's congress expects of a kind of pairing.
func (d *diary) expect(k kind.Pairing, least, most, times int, each kind.Period, from time.Time) {
	d.pairingRules = append(d.pairingRules, &pairingRule{
		record: d.recordAt(clockTime(from.AddDate(0, 0, -5), 9, 0), d.county), congress: d.congress, kind: k, least: least, most: most,
		times: times, period: each, from: from,
	})
}

// meet logs a contact.
func (d *diary) meet(p *pairing, day time.Time, way kind.ContactWay, note string) {
	if day.Before(p.started) {
		d.fail(fmt.Errorf("a contact of %s before the pairing", p.name))
	}
	d.pairingContacts = append(d.pairingContacts, &pairingContact{
		record: d.recordAt(clockTime(day, 18, 0), p.in), pairing: p, day: day, way: way, note: note,
	})
}
