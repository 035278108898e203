package divisions

import (
	"bytes"
	"cmp"
	"compress/gzip"
	_ "embed"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/lianluo/lianluo/ent/place"
)

//go:embed data/divisions-2023.csv.gz
var table []byte

// Size is the number of rows that All answers: the divisions of the embedded table and the nation.
const Size = 665_272

// ErrTable is returned for a table that cannot be read as the tree: a malformed line, a level that its code
// contradicts, or a division whose ancestors are missing.
var ErrTable = errors.New("bad table of divisions")

// All reads the embedded national table: 665,271 divisions and the nation, sorted by code. It takes about half a second and 200 MB,
// so callers read it once and let go of it.
func All() ([]Row, error) {
	zr, err := gzip.NewReader(bytes.NewReader(table))
	if err != nil {
		return nil, fmt.Errorf("embedded table of divisions: %w", err)
	}
	rows, err := Parse(zr)
	if err != nil {
		return nil, fmt.Errorf("embedded table of divisions: %w", err)
	}
	return rows, nil
}

// Parse reads a table in the form of data/README.md, in any order of lines, and returns the nation and the divisions,
// sorted by code. A code that stands at several levels becomes one row at the highest. A fault in the table is an ErrTable.
func Parse(r io.Reader) ([]Row, error) {
	lines, err := readLines(r)
	if err != nil {
		return nil, err
	}
	slices.SortFunc(lines, func(a, b line) int {
		return cmp.Or(cmp.Compare(a.code, b.code), cmp.Compare(a.depth, b.depth))
	})
	lines = slices.CompactFunc(lines, func(a, b line) bool { return a.code == b.code })
	return grow(lines)
}

// line is one line of the table.
type line struct {
	code  place.Code
	depth int // of the level as stated: 1 province … 5 village
	name  string
}

func readLines(r io.Reader) ([]line, error) {
	cr := csv.NewReader(r)
	cr.ReuseRecord = true
	cr.FieldsPerRecord = 3
	header, err := cr.Read()
	if errors.Is(err, io.EOF) {
		return nil, fmt.Errorf("%w: it is empty", ErrTable)
	}
	if err != nil {
		return nil, readError(err)
	}
	if header[0] != "code" || header[1] != "level" || header[2] != "name" {
		return nil, fmt.Errorf("%w: header is %q, not code,level,name", ErrTable, header)
	}
	var lines []line
	for {
		record, err := cr.Read()
		if errors.Is(err, io.EOF) {
			return lines, nil
		}
		if err != nil {
			return nil, readError(err)
		}
		l, err := readLine(record)
		if err != nil {
			at, _ := cr.FieldPos(0)
			return nil, fmt.Errorf("%w: line %d: %w", ErrTable, at, err)
		}
		lines = append(lines, l)
	}
}

// readError tells a table that is no CSV from a reader that failed.
func readError(err error) error {
	var malformed *csv.ParseError
	if errors.As(err, &malformed) {
		return fmt.Errorf("%w: %w", ErrTable, err)
	}
	return fmt.Errorf("read the table of divisions: %w", err)
}

func readLine(record []string) (line, error) {
	if len(record[0]) != 12 {
		return line{}, fmt.Errorf("code %q is not 12 digits", record[0])
	}
	code, err := place.Parse(record[0])
	if err != nil {
		return line{}, fmt.Errorf("code %q: %w", record[0], err)
	}
	if code == place.Nation {
		return line{}, errors.New("the nation is not in the table")
	}
	level := record[1]
	if len(level) != 1 || level[0] < '1' || level[0] > '5' {
		return line{}, fmt.Errorf("level %q is not 1 to 5", level)
	}
	name := strings.TrimSpace(record[2])
	if name == "" {
		return line{}, errors.New("no name")
	}
	return line{code: code, depth: int(level[0] - '0'), name: name}, nil
}

// heading tells whether the line is a heading of the table rather than a place. All of them stand where a city would.
func (l line) heading() bool {
	if place.Levels[l.depth] != place.LevelCity {
		return false
	}
	switch l.name {
	case "市辖区", "县", "省直辖县级行政区划", "自治区直辖县级行政区划":
		return true
	}
	return false
}

// grow makes the tree of lines that are sorted by code and name every code once. Sorted so, a division comes after its
// ancestors, and those are the last seen at their levels.
func grow(lines []line) ([]Row, error) {
	rows := make([]Row, 0, len(lines)+1)
	nation := new(place.Code)
	rows = append(rows, Row{ID: ID(place.Nation), Level: place.LevelNation, Name: NationName, ValidFrom: tableDate})

	var seen [6]place.Code    // by depth: the last code, headings included
	var places [6]*place.Code // by depth: the last place; nil where the last was a heading or lay on another branch
	places[0] = nation
	for _, l := range lines {
		level := place.Levels[l.depth]
		if l.code.Shape() != level {
			return nil, fmt.Errorf("%w: %s %s: level %d does not fit the code", ErrTable, l.code, l.name, l.depth)
		}
		for _, above := range place.Levels[1:l.depth] {
			if up := l.code.At(above); seen[up.Shape().Depth()] != up {
				return nil, fmt.Errorf("%w: %s %s: no division %s above it", ErrTable, l.code, l.name, up)
			}
		}
		row := Row{
			ID: ID(l.code), Code: l.code, Level: level, Name: l.name, Placeholder: l.heading(), ValidFrom: tableDate,
		}
		seen[l.depth] = l.code
		clear(places[l.depth:])
		if !row.Placeholder && level != place.LevelVillage {
			own := l.code
			places[l.depth] = &own // shared by everything below
		}
		for _, p := range places[:l.depth] {
			if p != nil {
				row.Parent = p
			}
		}
		row.Province, row.City, row.County, row.Township = places[1], places[2], places[3], places[4]
		rows = append(rows, row)
	}
	return rows, nil
}
