package apitest

import (
	"context"
	"database/sql"
	_ "embed"
	"strconv"
	"strings"
	"testing"
)

// CrowdSize is how many of everything Crowd adds.
const CrowdSize = 100

// CrowdAt is the township of the crowd, CrowdName what all its names begin with.
const (
	CrowdAt   = "430121107"
	CrowdName = "众"
)

//go:embed crowd.sql
var crowdSQL string

// Crowd adds villages to a township of the world, each with a station, a deputy posted there, staff, a grid and so on: lists
// of a hundred rows. The world's facts do not know them.
func (w *World) Crowd(t testing.TB, owner *sql.DB) {
	t.Helper()
	s := w.Spot(CrowdAt)
	script := strings.NewReplacer(
		":size", strconv.Itoa(CrowdSize), ":township", strings.TrimLeft(Full(CrowdAt), "0"),
		":village", Full(CrowdAt+"201"), ":deputy", s.Deputy,
	).Replace(crowdSQL)
	if _, err := owner.ExecContext(context.Background(), script+"ANALYZE"); err != nil {
		t.Fatal(err)
	}
}
