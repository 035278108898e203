package app

import (
	"context"
	"database/sql"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/lianluo/lianluo/ent/kind"
	"github.com/lianluo/lianluo/ent/place"
	"github.com/lianluo/lianluo/ent/viewer"
	"github.com/lianluo/lianluo/ent/workflow"
	"github.com/lianluo/lianluo/server/config"
	"github.com/lianluo/lianluo/server/jobs"
	"github.com/lianluo/lianluo/server/postgres"
	"github.com/lianluo/lianluo/server/postgres/pgtest"
	"github.com/lianluo/lianluo/server/store"
)

// TestJobsRun starts the part as the server does: a citizen's opinion brings about a message in the folder of outgoing ones.
func TestJobsRun(t *testing.T) {
	for gateway, want := range map[string]string{
		"file": "查看:https://lianluo.example.cn/receipt", "none": "",
	} {
		t.Run(gateway, func(t *testing.T) {
			url := pgtest.New(t).AppURL
			pool, err := postgres.Open(url, postgres.Options{MaxOpen: jobs.Connections})
			if err != nil {
				t.Fatal(err)
			}
			t.Cleanup(func() { _ = pool.Close() })
			kept, err := store.OpenDir(filepath.Join(t.TempDir(), "attachments"))
			if err != nil {
				t.Fatal(err)
			}
			t.Cleanup(func() { _ = kept.Close() })
			cfg := config.Default()
			cfg.DataDir, cfg.SMSGateway, cfg.PublicURL = t.TempDir(), gateway, "https://lianluo.example.cn"
			part := (&jobRunner{cfg: cfg, log: discard, store: kept}).component(func() *sql.DB { return pool })
			ctx, cancel := context.WithCancel(t.Context())
			if err := part.start(ctx); err != nil {
				t.Fatal(err)
			}
			cancel() // the server is to stop; the part goes on until it is told to
			submit(t, pool)
			system := viewer.NewContext(t.Context(), viewer.SystemJob("test"))
			for start, left := time.Now(), 1; left > 0; time.Sleep(20 * time.Millisecond) {
				if time.Since(start) > 3*time.Minute {
					t.Fatal("the jobs are never done")
				}
				err := pool.QueryRowContext(system, `SELECT count(*) FROM river_job
					WHERE kind IN ('opinion_step', 'message') AND state <> 'completed'`).Scan(&left)
				if err != nil {
					t.Fatal(err)
				}
			}
			if err := part.stop(t.Context()); err != nil {
				t.Error(err)
			}
			var text strings.Builder
			files, _ := filepath.Glob(filepath.Join(cfg.DataDir, "outbox", "*.jsonl"))
			for _, name := range files {
				content, err := os.ReadFile(name)
				if err != nil {
					t.Fatal(err)
				}
				text.Write(content)
			}
			if got := text.String(); !strings.Contains(got, want) || (want == "") != (got == "") {
				t.Errorf("sent %q, want %q", got, want)
			}
		})
	}
}

// submit books an opinion of a citizen with a number, at a station of its own.
func submit(t *testing.T, pool *sql.DB) {
	t.Helper()
	desk := workflow.NewDesk(postgres.Client(pool), workflow.Options{})
	v, err := viewer.For("admin", viewer.CountyAdmin, place.MustParse("430121"))
	if err != nil {
		t.Fatal(err)
	}
	ctx := viewer.NewContext(t.Context(), v)
	s, err := desk.CreateStation(ctx, workflow.CreateStation{
		Division: v.Division, Kind: kind.StationStation, Name: "长沙县人大代表联络站", OpenedOn: time.Date(2022, 5, 1, 0, 0, 0, 0, time.UTC),
	})
	if err != nil {
		t.Fatal(err)
	}
	phone := "13800001234"
	if _, err := desk.RecordOpinion(ctx, workflow.RecordOpinion{
		Station: s.ID, Channel: kind.ChannelInPerson,
		OpinionContent: workflow.OpinionContent{Content: "路灯不亮已有一周", Phone: &phone, Consent: "2026-1"},
	}); err != nil {
		t.Fatal(err)
	}
}

// What cannot be started leaves nothing behind.
func TestJobsDoNotStart(t *testing.T) {
	cfg := config.Default()
	cfg.DataDir = filepath.Join(t.TempDir(), "a file")
	if err := os.WriteFile(cfg.DataDir, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	if err := (&jobRunner{cfg: cfg, log: discard, store: &store.Dir{}}).start(t.Context(), nil); err == nil {
		t.Error("started without a folder for messages")
	}
	pool, err := postgres.Open("postgres:///gone?host=/nowhere", postgres.Options{})
	if err != nil {
		t.Fatal(err)
	}
	cfg.DataDir = t.TempDir()
	if err := (&jobRunner{cfg: cfg, log: discard, store: &store.Dir{}}).start(t.Context(), pool); err == nil {
		t.Error("started without a database")
	}
	if err := pool.Close(); err != nil {
		t.Error(err)
	}
}
