package main

import (
	"context"
	"database/sql"
	"fmt"
	"os"
	"runtime"
	"strconv"
	"strings"
)

// settings are those of the database that times depend on.
var settings = []string{"shared_buffers", "work_mem", "fsync", "synchronous_commit", "full_page_writes", "random_page_cost", "effective_cache_size"}

// describe says what is measured on.
func describe(ctx context.Context, owner *sql.DB) (m machine, err error) {
	m = machine{Cores: runtime.NumCPU(), Memory: memory(), System: runtime.GOOS + "/" + runtime.GOARCH, Go: runtime.Version()}
	if err := owner.QueryRowContext(ctx, `SELECT split_part(current_setting('server_version'), ' ', 1)`).Scan(&m.PostgreSQL); err != nil {
		return m, err
	}
	for _, s := range settings {
		var value string
		if err := owner.QueryRowContext(ctx, `SELECT current_setting($1)`, s).Scan(&value); err != nil {
			return m, fmt.Errorf("setting %s: %w", s, err)
		}
		m.Settings = append(m.Settings, s+" = "+value)
	}
	return m, nil
}

// memory is what the machine has; 0 when it cannot be told.
func memory() int64 {
	text, err := os.ReadFile("/proc/meminfo")
	if err != nil {
		return 0
	}
	fields := strings.Fields(string(text)) // MemTotal: n kB
	if len(fields) < 2 {
		return 0
	}
	kilobytes, err := strconv.ParseInt(fields[1], 10, 64)
	if err != nil {
		return 0
	}
	return kilobytes << 10
}

// tables are those whose sizes say how large the data is.
var tables = []string{"division", "station", "deputy", "mandate", "posting", "visit_day", "activity", "attendance", "opinion", "opinion_event", "fact"}

// sizes are how many rows the tables have, as the last ANALYZE counted.
func sizes(ctx context.Context, owner *sql.DB) (out []rows, err error) {
	for _, t := range tables {
		r := rows{Table: t}
		err := owner.QueryRowContext(ctx, `SELECT greatest(reltuples, 0)::bigint FROM pg_class WHERE oid = to_regclass($1)`, t).Scan(&r.Count)
		if err != nil {
			return nil, fmt.Errorf("size of %s: %w", t, err)
		}
		out = append(out, r)
	}
	return out, nil
}
