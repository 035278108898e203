package seed

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"slices"

	"github.com/lianluo/lianluo/ent/kind"
	"github.com/lianluo/lianluo/ent/place"
	"github.com/lianluo/lianluo/ent/state"
	"github.com/lianluo/lianluo/ent/viewer"
)

// DemoAccount is an account of the demonstration.
type DemoAccount struct {
	Username string
	Role     viewer.Role
	Division place.Code
	// About says in a few words, in Chinese and English, who it is.
	About string

	// find chooses, among the rows of the demonstration, whom or what the account stands for; nil: its division.
	find func(*rows, *account) bool
}

// PasswordPurpose names the password of an account to what derives it from the data directory's secret (auth.Secret), so
// that the server and the tools make the same one.
func PasswordPurpose(username string) string { return "demonstration account " + username }

var (
	xingsha  = place.MustParse("430121001")
	binhe    = place.MustParse("140723400005")
	songyan  = place.MustParse("140723102")
	yixing   = place.MustParse("140723100")
	xiayang  = place.MustParse("430225100")
	luyuan   = place.MustParse("430225105")
	jinzhong = place.MustParse("1407")
	zhuzhou  = place.MustParse("4302")
)

// Accounts lists the accounts of the demonstration, for printing: at least one of each role, and everyone who has a part in the loop
// of an opinion.
func Accounts() []DemoAccount {
	return []DemoAccount{
		{"nation", viewer.NationAdmin, place.Nation, "全国 (nation)", nil},
		{"hunan", viewer.ProvinceAdmin, place.MustParse("43"), "湖南省 (Hunan)", nil},
		{"shanxi", viewer.ProvinceAdmin, shanxi, "山西省 (Shanxi)", nil},
		{"changsha", viewer.CityAdmin, changsha, "长沙市 (Changsha)", nil},
		{"zhuzhou", viewer.CityAdmin, zhuzhou, "株洲市 (Zhuzhou)", nil},
		{"jinzhong", viewer.CityAdmin, jinzhong, "晋中市 (Jinzhong)", nil},
		{"chenzhou", viewer.CityAdmin, place.MustParse("4310"), "郴州市 (Chenzhou)", nil},
		{"shenzhen", viewer.CityAdmin, shenzhen, "深圳市 (Shenzhen)", nil},
		{"changsha-county", viewer.CountyAdmin, changshaCounty, "长沙县 (Changsha County)", nil},
		{"beihu", viewer.CountyAdmin, beihu, "北湖区 (Beihu)", nil},
		{"guiyang", viewer.CountyAdmin, guiyang, "桂阳县 (Guiyang)", nil},
		{"hetang", viewer.CountyAdmin, hetang, "荷塘区 (Hetang)", nil},
		{"yanling", viewer.CountyAdmin, yanling, "炎陵县 (Yanling)", nil},
		{"heshun", viewer.CountyAdmin, heshun, "和顺县 (Heshun)", nil},
		{"xingsha", viewer.TownshipAdmin, xingsha, "星沙街道 (Xingsha)", nil},
		{"yixing", viewer.TownshipAdmin, yixing, "和顺县义兴镇 (Yixing)", nil},
		{"xiayang", viewer.TownshipAdmin, xiayang, "炎陵县霞阳镇 (Xiayang)", nil},
		{"binhe-keeper", viewer.StationKeeper, binhe, "和顺县滨河社区联络员 (keeper of a station)", keeperOf(binhe)},
		{"songyan-keeper", viewer.StationKeeper, songyan, "和顺县松烟镇联络员 (keeper of a station)", keeperOf(songyan)},
		{"xingsha-keeper", viewer.StationKeeper, xingsha, "长沙县星沙街道联络员 (keeper of a station)", keeperOf(xingsha)},
		{"luyuan-keeper", viewer.StationKeeper, luyuan, "炎陵县鹿原镇联络员 (keeper of a station)", keeperOf(luyuan)},
		{"deputy", viewer.Deputy, xingsha, "星沙街道的长沙县人大代表 (a deputy)", deputyAt(xingsha)},
		{"heshun-deputy", viewer.Deputy, yixing, "义兴镇的和顺县人大代表 (a deputy)", deputyAt(yixing)},
		{"housing", viewer.Department, changshaCounty, "长沙县住房和城乡建设局 (a department)", department(changshaCounty, housing)},
		{"urban", viewer.Department, changshaCounty, "长沙县城市管理和综合执法局 (a department)", department(changshaCounty, cityCare)},
		{"heshun-housing", viewer.Department, heshun, "和顺县住房和城乡建设局 (a department)", department(heshun, housing)},
		{"heshun-transport", viewer.Department, heshun, "和顺县交通运输局 (a department)", department(heshun, transport)},
		{"heshun-farming", viewer.Department, heshun, "和顺县农业农村局 (a department)", department(heshun, farming)},
		{"heshun-water", viewer.Department, heshun, "和顺县水利局 (a department)", department(heshun, water)},
		{"yanling-traffic", viewer.Department, yanling, "炎陵县交通运输局 (a department)", department(yanling, transport)},
		{"yanling-welfare", viewer.Department, yanling, "炎陵县民政局 (a department)", department(yanling, welfare)},
		{"changsha-staff", viewer.CommitteeStaff, changsha, "长沙市人大常委会工作人员 (reads only)", nil},
		{"supervisor", viewer.Supervisor, changshaCounty, "长沙县督办人员 (special committee)", nil},
		{"heshun-overseer", viewer.Supervisor, heshun, "和顺县督办人员 (special committee)", nil},
		{"portal", viewer.Portal, changshaCounty, "长沙县智慧人大平台 (a portal: published facts)", nil},
	}
}

// keeperOf makes an account that of the first station of a place.
func keeperOf(code place.Code) func(*rows, *account) bool {
	return func(all *rows, a *account) bool {
		i := slices.IndexFunc(all.stations, func(s *station) bool { return s.in.code == code })
		if i >= 0 {
			a.station = all.stations[i]
			a.display = a.station.name
		}
		return i >= 0
	}
}

// deputyAt makes an account that of a deputy of a county at home in a township, of one who also sits in another congress if there is one.
func deputyAt(code place.Code) func(*rows, *account) bool {
	return func(all *rows, a *account) bool {
		for _, d := range all.deputies {
			at := d.in.code == code && len(d.seats) > 0 && d.seats[0].status == state.MandateConfirmed &&
				d.seats[0].term.congress.level == kind.County
			if at && (a.deputy == nil || len(d.seats) > len(a.deputy.seats)) {
				a.deputy, a.display = d, d.name
			}
		}
		return a.deputy != nil
	}
}

// department makes an account that of a department of a place.
func department(at place.Code, name string) func(*rows, *account) bool {
	return func(all *rows, a *account) bool {
		i := slices.IndexFunc(all.organs, func(o *organ) bool { return o.in.code == at && o.name == o.in.name+name })
		if i >= 0 {
			a.organ = all.organs[i]
			a.display = a.organ.name
		}
		return i >= 0
	}
}

var errNobody = errors.New("no one to give the account to")

// accounts makes the accounts, still without passwords. Without the rows of the demonstration they are those that stand for a
// place that was filled; with them there are also the clerks, who never get one.
func (w *world) accounts(all *rows) ([]*account, error) {
	s := w.scribe(place.Nation, forRoster)
	var out []*account
	for _, a := range Accounts() {
		d, err := w.tree.find(a.Division)
		if all == nil && (err != nil || a.find != nil) {
			continue
		}
		if err != nil {
			return nil, err
		}
		made := &account{record: s.record(d), username: a.Username, role: a.Role, display: d.name + a.Role.Title()}
		if a.find != nil && !a.find(all, made) {
			return nil, fmt.Errorf("account %s: %w", a.Username, errNobody)
		}
		out = append(out, made)
	}
	if all != nil {
		out = append(out, clerks(&s, all, out)...)
	}
	return out, nil
}

// withHashes gives accounts their passwords: new ones if Options makes them, else those that were stored. Others are left out, but
// for the clerks.
func withHashes(accounts []*account, o Options, stored map[string]string) ([]*account, error) {
	var out []*account
	for _, a := range accounts {
		a.hash = stored[a.username]
		if o.Passwords != nil && !a.clerk {
			var err error
			if a.hash, err = o.Passwords(a.username); err != nil {
				return nil, fmt.Errorf("password of account %s: %w", a.username, err)
			}
		}
		if a.hash != "" || a.clerk {
			out = append(out, a)
		}
	}
	return out, nil
}

// storedHashes reads the passwords of the accounts that are there.
func storedHashes(ctx context.Context, q querier) (map[string]string, error) {
	rows, err := q.QueryContext(ctx, `SELECT username, password_hash FROM account`)
	if err != nil {
		return nil, fmt.Errorf("read the accounts: %w", err)
	}
	defer func() { _ = rows.Close() }()
	hashes := map[string]string{}
	for rows.Next() {
		var username, hash string
		if err := rows.Scan(&username, &hash); err != nil {
			return nil, fmt.Errorf("read the accounts: %w", err)
		}
		hashes[username] = hash
	}
	return hashes, rows.Err()
}

// completeAccounts adds the accounts that a demonstration lacks, as after a load by a tool that had no passwords.
func completeAccounts(ctx context.Context, db *sql.DB, o Options) error {
	if o.Passwords == nil {
		return nil
	}
	stored, err := storedHashes(ctx, db)
	if err != nil || complete(stored) {
		return err
	}
	return transact(ctx, db, func(s *session) error {
		stored, err := storedHashes(ctx, s)
		if err != nil || complete(stored) {
			return err
		}
		// The same rows come out as those that are stored, so the accounts find theirs.
		_, _, accounts, err := makeDemo(ctx, s, Options{})
		if err != nil {
			return err
		}
		accounts = slices.DeleteFunc(accounts, func(a *account) bool { return a.clerk || stored[a.username] != "" })
		if accounts, err = withHashes(accounts, o, nil); err != nil {
			return err
		}
		return without(ctx, s, []string{accountTable.name}, false, func() error {
			return writing(ctx, s, false, func(w *writer) error { return w.write(&rows{accounts: accounts}) })
		}, nil)
	})
}

func complete(stored map[string]string) bool {
	return !slices.ContainsFunc(Accounts(), func(a DemoAccount) bool { return stored[a.Username] == "" })
}
