package rollup

import (
	"context"
	"database/sql"
	_ "embed"
	"fmt"
	"time"

	"github.com/lianluo/lianluo/ent/gen"
	"github.com/lianluo/lianluo/ent/place"
	"github.com/lianluo/lianluo/ent/state"
	"github.com/lianluo/lianluo/ent/viewer"
)

// Board is an organ's board (看板): the opinions of a division and everything below it, as they are now.
type Board struct {
	// Columns has every state, in the order of an opinion's life.
	Columns []BoardColumn
	// Total counts all opinions, Open those in states in which there is still something to be done.
	Total, Open int
	// Amber and Red count those of the columns.
	Amber, Red int
}

// BoardColumn is the opinions in one state.
type BoardColumn struct {
	State state.Opinion
	Count int
	// Amber (预警) counts those whose first day of warning has come and whose last day is not over, Red (超期) those whose last day is.
	Amber, Red int
}

// Boards answers the boards of the divisions on a day. Every division asked has an entry; one that the viewer does not see has a board of
// nothing.
//
// It is a fault.ErrForbidden for the same roles as Opinions.
func Boards(ctx context.Context, c *gen.Client, divisions []Place, today time.Time) (map[place.Code]*Board, error) {
	v, err := sees(ctx, "当前角色不能查看看板", viewer.Area, viewer.System)
	if err != nil {
		return nil, err
	}
	groups, err := byLevel(v, divisions)
	if err != nil {
		return nil, err
	}
	boards := make(map[place.Code]*Board, len(divisions))
	for _, d := range divisions {
		boards[d.Code] = emptyBoard()
	}
	for _, g := range groups {
		args := append(g.areaArgs(), today.Format(time.DateOnly))
		err := each(ctx, c, g.statement(boardSQL), args, func(rows *sql.Rows) error { return readBoard(rows, boards) })
		if err != nil {
			return nil, fmt.Errorf("board: %w", err)
		}
	}
	return boards, nil
}

func emptyBoard() *Board {
	b := &Board{Columns: make([]BoardColumn, len(state.Opinions))}
	for i, s := range state.Opinions {
		b.Columns[i].State = s
	}
	return b
}

//go:embed sql/opinion_board.sql
var boardSQL string

func readBoard(rows *sql.Rows, boards map[place.Code]*Board) error {
	var (
		code place.Code
		read BoardColumn
	)
	if err := rows.Scan(&code, &read.State, &read.Count, &read.Amber, &read.Red); err != nil {
		return err
	}
	b := boards[code]
	for i := range b.Columns {
		if b.Columns[i].State == read.State {
			b.Columns[i] = read
		}
	}
	b.Total += read.Count
	b.Amber += read.Amber
	b.Red += read.Red
	if read.State.Open() {
		b.Open += read.Count
	}
	return nil
}
