package main

import (
	"context"
	"database/sql"
	"encoding/base64"
	"encoding/binary"
	"net/url"
	"strconv"
	"strings"
	"time"

	"github.com/google/uuid"
	"github.com/lib/pq"

	"github.com/lianluo/lianluo/ent/place"
	"github.com/lianluo/lianluo/ent/viewer"
)

// opinionFields are what a list of opinions shows of each.
const opinionFields = `edges { node { id number state urgency hardship submittedAt dueOn content submitterMasked
	station { id name } category { id name } } } pageInfo { hasNextPage endCursor }`

// newest are the newest 20 opinions in scope, at each level.
func newest(_ context.Context, s *sample) ([]*benchCase, error) {
	var out []*benchCase
	for _, spot := range s.spots {
		level := strings.ToLower(string(spot.level))
		out = append(out, &benchCase{
			name: "newest-" + level, about: "the newest 20 opinions of a " + level, sort: list,
			query:  `query($first: Int!) { opinions(first: $first) { ` + opinionFields + ` } }`,
			byHand: newestByHand,
			asks:   []ask{{spot.who, map[string]any{"first": 20}, query("first", "20")}},
		})
	}
	return out, nil
}

type opinionRow struct {
	ID              global    `json:"id"`
	Number          string    `json:"number"`
	State           string    `json:"state"`
	Urgency         *string   `json:"urgency"`
	Hardship        bool      `json:"hardship"`
	SubmittedAt     time.Time `json:"submittedAt"`
	DueOn           *day      `json:"dueOn"`
	Content         string    `json:"content"`
	SubmitterMasked *string   `json:"submitterMasked"`
	Station         *named    `json:"station"`
	Category        *named    `json:"category"`
}

type named struct {
	ID   global `json:"id"`
	Name string `json:"name"`
}

// nameOf is a thing that may not be there.
func nameOf(typ string, id uuid.NullUUID, name sql.NullString) *named {
	if !id.Valid {
		return nil
	}
	return &named{global{typ, id.UUID}, name.String}
}

type edge[T any] struct {
	Node T `json:"node"`
}

type connection[T any] struct {
	Edges    []edge[T] `json:"edges"`
	PageInfo *pageInfo `json:"pageInfo,omitempty"`
}

type pageInfo struct {
	HasNextPage bool    `json:"hasNextPage"`
	EndCursor   *string `json:"endCursor"`
}

// connect makes a page of rows, of which there may be one too many. Name is the letter of the order in its cursor, place where a row stands in it.
func connect[T any](rows []T, size int, name byte, place func(T) (int64, uuid.UUID)) connection[T] {
	more := len(rows) > size
	rows = rows[:min(len(rows), size)]
	c := connection[T]{Edges: make([]edge[T], len(rows)), PageInfo: &pageInfo{HasNextPage: more}}
	for i, row := range rows {
		c.Edges[i].Node = row
	}
	if n := len(rows); n > 0 {
		var b [25]byte
		number, id := place(rows[n-1])
		b[0] = name
		binary.BigEndian.PutUint64(b[1:9], uint64(number))
		copy(b[9:], id[:])
		cursor := base64.RawURLEncoding.EncodeToString(b[:])
		c.PageInfo.EndCursor = &cursor
	}
	return c
}

// pageOfOpinions finds the rows of a page by the index of the order, and what belongs to them after.
const pageOfOpinions = `SELECT o.id, o.number, o.state, o.urgency, o.hardship, o.submitted_at, o.due_on, o.content, o.submitter_masked,
		s.id, s.name, c.id, c.name
	FROM (SELECT * FROM opinion o WHERE {where} ORDER BY id DESC LIMIT $1) o
	LEFT JOIN station s ON s.id = o.station_id LEFT JOIN category c ON c.id = o.category_id
	ORDER BY o.id DESC`

func opinionPage(ctx context.Context, db *sql.DB, size int, where string, args ...any) (any, error) {
	rows, err := collect(ctx, db, func(r *sql.Rows) (o opinionRow, err error) {
		var station, category uuid.NullUUID
		var stationName, categoryName sql.NullString
		err = r.Scan(&o.ID.id, &o.Number, &o.State, &o.Urgency, &o.Hardship, &o.SubmittedAt, &o.DueOn, &o.Content, &o.SubmitterMasked,
			&station, &stationName, &category, &categoryName)
		o.ID.typ = "Opinion"
		o.Station, o.Category = nameOf("Station", station, stationName), nameOf("Category", category, categoryName)
		return o, err
	}, strings.Replace(pageOfOpinions, "{where}", where, 1), append([]any{size + 1}, args...)...)
	if err != nil {
		return nil, err
	}
	return map[string]any{"opinions": connect(rows, size, 'n', func(o opinionRow) (int64, uuid.UUID) { return 0, o.ID.id })}, nil
}

// inArea is the condition that finds rows of a viewer's own area by an index; the first argument is numbered n.
func inArea(v *viewer.Viewer, n int) (where string, args []any) {
	arg := "$" + strconv.Itoa(n)
	if v.Hi-v.Lo == 1 {
		return "code = " + arg, []any{int64(v.Lo)}
	}
	switch v.Division.Shape() {
	case place.LevelNation:
		return "true", nil
	case place.LevelProvince, place.LevelCity, place.LevelCounty:
		return columnOf[v.Division.Shape()] + " = " + arg, []any{int64(v.Division)}
	}
	return "code >= " + arg + " AND code < $" + strconv.Itoa(n+1), []any{int64(v.Lo), int64(v.Hi)}
}

func newestByHand(ctx context.Context, db *sql.DB, q url.Values) (any, error) {
	first, err := strconv.Atoi(q.Get("first"))
	if err != nil {
		return nil, err
	}
	where, args := inArea(viewer.FromContext(ctx), 2)
	return opinionPage(ctx, db, first, where, args...)
}

// filtered is a page of a city's opinions under several conditions.
func filtered(_ context.Context, s *sample) (*benchCase, error) {
	city := s.at(place.LevelCity)
	from, to := s.today.AddDate(0, -3, 0).Format(time.DateOnly), s.today.Format(time.DateOnly)
	return &benchCase{
		name: "filtered", about: "50 opinions of a city's, by state, channel and quarter", sort: list,
		query: `query($from: Date!, $to: Date!) { opinions(first: 50, filter: {
			states: [CLOSED, CONVERTED], online: true, submitted: {from: $from, to: $to} }) { ` + opinionFields + ` } }`,
		byHand: func(ctx context.Context, db *sql.DB, q url.Values) (any, error) {
			where, args := inArea(viewer.FromContext(ctx), 6)
			begins, ends, err := daysOf(q)
			if err != nil {
				return nil, err
			}
			return opinionPage(ctx, db, 50, `state = ANY ($2) AND channel = ANY ($3) AND submitted_at >= $4 AND submitted_at < $5 AND `+where,
				append([]any{
					pq.Array([]string{"CLOSED", "CONVERTED"}), pq.Array([]string{"STATION_CODE", "DEPUTY_CODE", "ONLINE"}), begins, ends,
				}, args...)...)
		},
		asks: []ask{{city.who, map[string]any{"from": from, "to": to}, query("from", from, "to", to)}},
	}, nil
}

// china is where days are counted.
var china = time.FixedZone("CST", 8*60*60)

// daysOf reads a period of whole days in China as the moments it begins and ends.
func daysOf(q url.Values) (begins, ends time.Time, err error) {
	if begins, err = time.ParseInLocation(time.DateOnly, q.Get("from"), china); err != nil {
		return begins, ends, err
	}
	ends, err = time.ParseInLocation(time.DateOnly, q.Get("to"), china)
	return begins, ends.AddDate(0, 0, 1), err
}
