package seed

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"slices"

	"github.com/lianluo/lianluo/ent/kind"
	"github.com/lianluo/lianluo/ent/place"
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
	xingsha = place.MustParse("430121001")
	binhe   = place.MustParse("140723400005")
)

// Accounts lists the accounts of the demonstration, for printing: at least one of each role.
func Accounts() []DemoAccount {
	return []DemoAccount{
		{"nation", viewer.NationAdmin, place.Nation, "全国 (nation)", nil},
		{"hunan", viewer.ProvinceAdmin, place.MustParse("43"), "湖南省 (Hunan)", nil},
		{"changsha", viewer.CityAdmin, changsha, "长沙市 (Changsha)", nil},
		{"chenzhou", viewer.CityAdmin, place.MustParse("4310"), "郴州市 (Chenzhou)", nil},
		{"shenzhen", viewer.CityAdmin, shenzhen, "深圳市 (Shenzhen)", nil},
		{"changsha-county", viewer.CountyAdmin, changshaCounty, "长沙县 (Changsha County)", nil},
		{"beihu", viewer.CountyAdmin, beihu, "北湖区 (Beihu)", nil},
		{"guiyang", viewer.CountyAdmin, guiyang, "桂阳县 (Guiyang)", nil},
		{"hetang", viewer.CountyAdmin, hetang, "荷塘区 (Hetang)", nil},
		{"yanling", viewer.CountyAdmin, yanling, "炎陵县 (Yanling)", nil},
		{"heshun", viewer.CountyAdmin, heshun, "和顺县 (Heshun)", nil},
		{"xingsha", viewer.TownshipAdmin, xingsha, "星沙街道 (Xingsha)", nil},
		{"binhe-keeper", viewer.StationKeeper, binhe, "和顺县滨河社区联络员 (keeper of a station)", keeperOf(binhe)},
		{"deputy", viewer.Deputy, xingsha, "星沙街道的长沙县人大代表 (a deputy)", deputyAt(xingsha)},
		{"housing", viewer.Department, changshaCounty, "长沙县住房和城乡建设局 (a department)", department("长沙县住房和城乡建设局")},
		{"changsha-staff", viewer.CommitteeStaff, changsha, "长沙市人大常委会工作人员 (reads only)", nil},
		{"supervisor", viewer.Supervisor, changshaCounty, "长沙县督办人员 (special committee)", nil},
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

// deputyAt makes an account that of a deputy of a county who also sits in an upper congress, at home in a township.
func deputyAt(code place.Code) func(*rows, *account) bool {
	return func(all *rows, a *account) bool {
		i := slices.IndexFunc(all.deputies, func(d *deputy) bool {
			return d.in.code == code && len(d.seats) == 2 && d.seats[0].term.congress.level == kind.County
		})
		if i >= 0 {
			a.deputy = all.deputies[i]
			a.display = a.deputy.name
		}
		return i >= 0
	}
}

func department(name string) func(*rows, *account) bool {
	return func(all *rows, a *account) bool {
		i := slices.IndexFunc(all.organs, func(o *organ) bool { return o.name == name })
		if i >= 0 {
			a.organ = all.organs[i]
		}
		return i >= 0
	}
}

var errNobody = errors.New("no one to give the account to")

// accounts makes the accounts, still without passwords. Without the rows of the demonstration they are those that stand for a
// place that was filled.
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
	return out, nil
}

// withHashes gives accounts their passwords: new ones if Options makes them, else those that were stored. Others are left out.
func withHashes(accounts []*account, o Options, stored map[string]string) ([]*account, error) {
	var out []*account
	for _, a := range accounts {
		a.hash = stored[a.username]
		if o.Passwords != nil {
			var err error
			if a.hash, err = o.Passwords(a.username); err != nil {
				return nil, fmt.Errorf("password of account %s: %w", a.username, err)
			}
		}
		if a.hash != "" {
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
		_, accounts, err := makeDemo(ctx, s, Options{})
		if err != nil {
			return err
		}
		accounts = slices.DeleteFunc(accounts, func(a *account) bool { return stored[a.username] != "" })
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
