package graph

import (
	"context"

	"github.com/google/uuid"

	"github.com/lianluo/lianluo/ent/archive"
	"github.com/lianluo/lianluo/ent/gen"
	"github.com/lianluo/lianluo/ent/globalid"
	"github.com/lianluo/lianluo/graph/batch"
	"github.com/lianluo/lianluo/graph/model"
	"github.com/lianluo/lianluo/graph/node"
	"github.com/lianluo/lianluo/graph/page"
)

// dutyArchive reads the archive of a mandate.
func (r *Resolver) dutyArchive(ctx context.Context, mandate string) (*archive.Archive, error) {
	id, err := keyOf(mandate, gen.TypeMandate, "mandate")
	if err != nil {
		return nil, err
	}
	a, err := archive.Read(ctx, r.client, id, r.clock())
	if err != nil {
		return nil, err
	}
	batch.Siblings(ctx, []*gen.Deputy{a.Deputy})
	batch.Siblings(ctx, []*gen.Mandate{a.Mandate})
	return a, nil
}

// timeline answers a page of an archive's time line.
func timeline(ctx context.Context, a *archive.Archive, sections []archive.Section, year *int, args page.Args) (*page.Connection[archive.Entry], error) {
	only := 0
	if year != nil {
		only = *year
	}
	entries := a.Timeline(sections, only)
	rows := make([]*archive.Entry, len(entries))
	for i := range entries {
		rows[i] = &entries[i]
	}
	found, err := page.Rows(rows, 'd', func(e *archive.Entry) (int64, uuid.UUID) { return e.Day.Unix(), e.Key }, args)
	if err != nil {
		return nil, err
	}
	batch.Siblings(ctx, found.Nodes())
	seen := map[*gen.Station]bool{}
	var stations []*gen.Station
	for _, e := range found.Nodes() {
		if e.Station != nil && !seen[e.Station] {
			seen[e.Station] = true
			stations = append(stations, e.Station)
		}
	}
	batch.Siblings(ctx, stations)
	return found, nil
}

// entrySources reads the records that entries come from, with one statement a type.
func (r *Resolver) entrySources(ctx context.Context, entries []*archive.Entry) (map[*archive.Entry]node.Node, error) {
	wanted := map[string][]uuid.UUID{}
	for _, e := range entries {
		if e.Type != "" {
			wanted[e.Type] = append(wanted[e.Type], e.ID)
		}
	}
	finders, found := r.finders(), map[string]node.Node{}
	for typ, ids := range wanted {
		find, ok := finders[typ]
		if !ok {
			continue
		}
		rows, err := find(ctx, ids)
		if err != nil {
			return nil, err
		}
		for _, row := range rows {
			found[row.GlobalID()] = row
		}
	}
	out := make(map[*archive.Entry]node.Node, len(entries))
	for _, e := range entries {
		if n, ok := found[globalid.Encode(e.Type, e.ID)]; ok {
			out[e] = n
		}
	}
	return out, nil
}

// archiveExports names where the archive is fetched as a file.
func (r *Resolver) archiveExports(ctx context.Context, a *archive.Archive) (*model.DutyArchiveExports, error) {
	out := &model.DutyArchiveExports{}
	for form, into := range map[string]*string{"xlsx": &out.Xlsx, "html": &out.HTML, "docx": &out.Docx} {
		url, err := r.archiveURL(ctx, a.Mandate.ID, form)
		if err != nil {
			return nil, err
		}
		*into = url
	}
	return out, nil
}

// orNone is nil for an empty text.
func orNone(text string) *string {
	if text == "" {
		return nil
	}
	return &text
}
