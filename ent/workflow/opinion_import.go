package workflow

import (
	"context"
	"errors"
	"slices"
	"strings"
	"time"

	"github.com/google/uuid"

	"github.com/lianluo/lianluo/ent/calendar"
	"github.com/lianluo/lianluo/ent/fault"
	"github.com/lianluo/lianluo/ent/gen"
	"github.com/lianluo/lianluo/ent/gen/opinion"
	"github.com/lianluo/lianluo/ent/gen/station"
	"github.com/lianluo/lianluo/ent/kind"
	"github.com/lianluo/lianluo/ent/viewer"
)

// ImportOpinions is a table of opinions that were booked elsewhere, as CSV (导入). docs/opinion-import.md tells its columns.
type ImportOpinions struct {
	CSV string
	// DryRun checks the table and writes nothing.
	DryRun bool
	// Consent is the version of the text that those who submitted the opinions agreed to.
	Consent string
}

// Import is what became of a table. Nothing is written when there are errors.
type Import struct {
	// Rows is how many rows the table has, Known how many of them were imported before, Created how many were imported now.
	Rows, Known, Created int
	// Errors are what is wrong, row by row; at most mostImportErrors.
	Errors []ImportError
}

// ImportError is what is wrong with a cell.
type ImportError struct {
	// Row counts from 1, the heading being row 1.
	Row int
	// Column is its name in the heading; empty when the whole row or table is meant.
	Column, Code, Message string
}

// The bounds of a table.
const (
	mostImportRows   = 1000
	mostImportErrors = 100
)

var (
	columnExternal  = column{"external_id", "外部编号", true}
	columnStation   = column{"station", "站点", true}
	columnChannel   = column{"channel", "来源渠道", true}
	columnContent   = column{"content", "内容", true}
	columnLocation  = column{"location", "地点", false}
	columnCategory  = column{"category", "问题分类", false}
	columnName      = column{"name", "姓名", false}
	columnPhone     = column{"phone", "电话", false}
	columnSubmitted = column{"submitted_on", "提交日期", false}

	opinionColumns = []column{
		columnExternal, columnStation, columnChannel, columnContent, columnLocation, columnCategory, columnName, columnPhone, columnSubmitted,
	}
)

// channelNames are the channels as people write them in a table.
var channelNames = map[string]kind.Channel{
	"来站": kind.ChannelInPerson, "走访": kind.ChannelVisit, "来电": kind.ChannelTelephone, "网上": kind.ChannelOnline,
	string(kind.ChannelInPerson): kind.ChannelInPerson, string(kind.ChannelVisit): kind.ChannelVisit,
	string(kind.ChannelTelephone): kind.ChannelTelephone, string(kind.ChannelOnline): kind.ChannelOnline,
}

// ImportOpinions books the opinions of a table, all or none. A row whose external id the station has already, with the same content, counts as
// known and is left alone, so that a table can be sent again.
func (d *Desk) ImportOpinions(ctx context.Context, in ImportOpinions) (*Import, error) {
	v, err := d.admit(ctx, VerbImportOpinions)
	if err != nil {
		return nil, err
	}
	var c checker
	if c.consent(in.Consent); c.list.Err() != nil {
		return nil, c.list.Err()
	}
	sheet, err := readSheet(in.CSV, opinionColumns, mostImportRows)
	if err != nil {
		return nil, err
	}
	if v.Role == viewer.StationKeeper && v.Station == uuid.Nil {
		return nil, forbidden("只能办理本站点的事项", "input")
	}
	return transact(ctx, d, VerbImportOpinions, v, func(t *task) (*Import, error) {
		own := *sheet // what is wrong with its rows is noted in it
		own.errors = slices.Clone(sheet.errors)
		i := &importer{task: t, consent: in.Consent, sheet: &own, seen: map[string]int{}}
		return i.run(ctx, in.DryRun)
	})
}

// Unwrap is the import itself, which holds nothing of the transaction.
func (i *Import) Unwrap() *Import { return i }

// importer is an import at work.
type importer struct {
	*task
	consent string
	*sheet

	stations   map[string][]*gen.Station
	categories map[string]uuid.UUID
	// seen are the rows by station and external id.
	seen map[string]int
}

// ready is a row that can be booked.
type ready struct {
	station *gen.Station
	booking booking
}

func (i *importer) run(ctx context.Context, dry bool) (*Import, error) {
	if err := i.look(ctx); err != nil {
		return nil, err
	}
	var rows []ready
	for n := range i.rows {
		rows = append(rows, i.read(n))
	}
	out := &Import{Rows: len(i.rows)}
	if err := i.lockStations(ctx); err != nil {
		return nil, err
	}
	fresh, err := i.unknown(ctx, rows)
	if err != nil {
		return nil, err
	}
	out.Known = len(rows) - len(fresh)
	if len(i.errors) > 0 {
		out.Known, out.Errors = 0, i.errors[:min(len(i.errors), mostImportErrors)]
		return out, nil
	}
	if dry {
		return out, nil
	}
	for _, r := range fresh {
		if _, err := i.book(ctx, r.station, r.booking); err != nil {
			return nil, err
		}
		out.Created++
	}
	return out, nil
}

// lockStations has imports into the same stations wait for each other, so that the second of two equal tables finds the first one's rows.
func (i *importer) lockStations(ctx context.Context) error {
	var names []string
	for _, found := range i.stations {
		for _, s := range found {
			names = append(names, "import:"+s.ID.String())
		}
	}
	return i.lock(ctx, names...)
}

// look reads the open stations and the categories that the table names.
func (i *importer) look(ctx context.Context) error {
	names := i.values(columnStation)
	q := i.tx.Station.Query().Where(station.NameIn(names...), station.ClosedOnIsNil())
	if i.viewer.Role == viewer.StationKeeper {
		q.Where(station.ID(i.viewer.Station))
	}
	stations, err := q.All(ctx)
	if err != nil {
		return err
	}
	i.stations = map[string][]*gen.Station{}
	for _, s := range stations {
		i.stations[s.Name] = append(i.stations[s.Name], s)
	}
	categories, err := i.tx.Category.Query().All(ctx)
	if err != nil {
		return err
	}
	i.categories = map[string]uuid.UUID{}
	for _, c := range categories {
		i.categories[c.Number], i.categories[c.Name] = c.ID, c.ID
	}
	return nil
}

// read checks a row and notes what is wrong with it.
func (i *importer) read(n int) ready {
	r := ready{booking: booking{id: newID(), OpinionContent: OpinionContent{
		Content: i.cell(n, columnContent), Location: i.optionalCell(n, columnLocation),
		Name: i.optionalCell(n, columnName), Phone: i.optionalCell(n, columnPhone), Consent: i.consent,
	}}}
	var c checker
	external := c.text(field{columnExternal.title, []string{columnExternal.name}}, i.cell(n, columnExternal), 1, 100)
	r.booking.external = &external
	r.booking.check(&c)
	i.note(n, c)
	switch found := i.stations[i.cell(n, columnStation)]; len(found) {
	case 0:
		i.wrong(n, columnStation, "NOT_FOUND", "站点不存在或不在辖区内")
	case 1:
		r.station = found[0]
	default:
		i.wrong(n, columnStation, "AMBIGUOUS", "辖区内有多个同名站点")
	}
	channel, ok := channelNames[i.cell(n, columnChannel)]
	if !ok {
		i.wrong(n, columnChannel, "UNKNOWN_VALUE", "来源渠道应为来站、走访、来电或网上")
	}
	r.booking.channel = channel
	if text := i.cell(n, columnCategory); text != "" {
		id, ok := i.categories[text]
		if !ok {
			i.wrong(n, columnCategory, "NOT_FOUND", "问题分类不存在")
		}
		r.booking.Category = &id
	}
	r.booking.at = i.submitted(n, r.station)
	if r.station != nil {
		key := r.station.ID.String() + external
		if first, ok := i.seen[key]; ok {
			i.wrong(n, columnExternal, "REPEATED", repeatsRow(first))
		}
		i.seen[key] = n
	}
	return r
}

// submitted is the moment an opinion came in: noon of the day that the table names, now without one.
func (i *importer) submitted(n int, s *gen.Station) time.Time {
	text := i.cell(n, columnSubmitted)
	now := i.desk.clock()
	if text == "" {
		return now
	}
	day, err := time.Parse(time.DateOnly, strings.ReplaceAll(text, "/", "-"))
	switch {
	case err != nil:
		i.wrong(n, columnSubmitted, "MALFORMED", "日期应为 2025-03-15 的形式")
	case day.After(calendar.Today(now)):
		i.wrong(n, columnSubmitted, impossibleDate, "不能晚于今天")
	case s != nil && day.Before(calendar.Day(s.OpenedOn)):
		i.wrong(n, columnSubmitted, impossibleDate, "不能早于建站日期")
	}
	if day.Equal(calendar.Today(now)) {
		return now
	}
	return day.Add(4 * time.Hour) // noon in China
}

// unknown are the rows that were not imported before. The same external id with another content is an error.
func (i *importer) unknown(ctx context.Context, rows []ready) ([]ready, error) {
	var stations []uuid.UUID
	var externals []string
	for _, r := range rows {
		if r.station != nil {
			stations, externals = append(stations, r.station.ID), append(externals, *r.booking.external)
		}
	}
	known, err := i.tx.Opinion.Query().Where(opinion.StationIDIn(stations...), opinion.ExternalIDIn(externals...)).All(ctx)
	if err != nil {
		return nil, err
	}
	before := make(map[string]*gen.Opinion, len(known))
	for _, o := range known {
		before[o.StationID.String()+*o.ExternalID] = o
	}
	var fresh []ready
	for n, r := range rows {
		if r.station == nil {
			continue
		}
		switch o := before[r.station.ID.String()+*r.booking.external]; {
		case o == nil:
			fresh = append(fresh, r)
		case o.Content != strings.TrimSpace(r.booking.Content):
			i.wrong(n, columnContent, "CONFLICT", "该外部编号已导入过另一内容")
		}
	}
	return fresh, nil
}

// note takes over what a checker found, by its columns.
func (i *importer) note(n int, c checker) {
	f, ok := errors.AsType[*fault.Fault](c.list.Err())
	if !ok {
		return
	}
	for _, w := range f.Fields {
		i.errors = append(i.errors, ImportError{n + 2, w.Path[len(w.Path)-1], w.Code, w.Message})
	}
}
