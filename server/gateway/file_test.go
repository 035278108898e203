package gateway_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/uuid"

	"github.com/lianluo/lianluo/ent/kind"
	"github.com/lianluo/lianluo/server/gateway"
)

var someone = gateway.Message{
	ID: uuid.MustParse("019a0000-0000-7000-8000-000000000001"), Channel: kind.MessageSMS, To: "13800001234", Text: "已收到\n<b>&",
}

// evening is a time that is the next day in China.
var evening = time.Date(2026, time.June, 14, 16, 30, 0, 0, time.UTC)

func open(t *testing.T, folder string, clock func() time.Time) *gateway.File {
	t.Helper()
	g, err := gateway.OpenFile(folder, clock)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = g.Close() })
	return g
}

func send(t *testing.T, g gateway.Gateway, m gateway.Message) {
	t.Helper()
	if err := g.Send(t.Context(), m); err != nil {
		t.Fatal(err)
	}
}

func read(t *testing.T, folder, name string) []string {
	t.Helper()
	text, err := os.ReadFile(filepath.Join(folder, name))
	if err != nil {
		t.Fatal(err)
	}
	if !strings.HasSuffix(string(text), "\n") {
		t.Errorf("%s ends in the middle of a line", name)
	}
	return strings.Split(strings.TrimSuffix(string(text), "\n"), "\n")
}

func TestFile(t *testing.T) {
	folder := filepath.Join(t.TempDir(), "a", "outbox")
	at := evening
	g := open(t, folder, func() time.Time { return at })
	send(t, g, someone)
	at = at.Add(24 * time.Hour)
	send(t, g, someone)
	send(t, open(t, folder, func() time.Time { return at }), someone) // after a restart
	lines := read(t, folder, "2026-06-15.jsonl")
	var got map[string]string
	if err := json.Unmarshal([]byte(lines[0]), &got); err != nil || len(lines) != 1 {
		t.Fatal(lines, err)
	}
	want := map[string]string{
		"id": someone.ID.String(), "at": "2026-06-14T16:30:00Z", "channel": "SMS", "to": "13800001234", "text": "已收到\n<b>&",
	}
	if fmt.Sprint(got) != fmt.Sprint(want) {
		t.Errorf("%v, want %v", got, want)
	}
	if n := len(read(t, folder, "2026-06-16.jsonl")); n != 2 {
		t.Errorf("%d lines of the second day", n)
	}
	if runtime.GOOS == "windows" {
		return
	}
	for name, mode := range map[string]fs.FileMode{"": 0o700, "2026-06-15.jsonl": 0o600} {
		if info, err := os.Stat(filepath.Join(folder, name)); err != nil || info.Mode().Perm() != mode {
			t.Errorf("%q is %v, %v", name, info.Mode(), err)
		}
	}
}

func TestFileAfterHalfALine(t *testing.T) {
	folder := t.TempDir()
	if err := os.WriteFile(filepath.Join(folder, "2026-06-15.jsonl"), []byte(`{"id":"half`), 0o600); err != nil {
		t.Fatal(err)
	}
	g := open(t, folder, func() time.Time { return evening })
	send(t, g, someone)
	send(t, g, someone)
	if lines := read(t, folder, "2026-06-15.jsonl"); len(lines) != 3 || !json.Valid([]byte(lines[1])) || !json.Valid([]byte(lines[2])) {
		t.Errorf("%q", lines)
	}
}

func TestFileAtOnce(t *testing.T) {
	folder := t.TempDir()
	one, two := open(t, folder, func() time.Time { return evening }), open(t, folder, func() time.Time { return evening })
	var wg sync.WaitGroup
	for i := range 100 {
		wg.Go(func() {
			m := someone
			m.Text = fmt.Sprint(i)
			if err := []*gateway.File{one, two}[i%2].Send(t.Context(), m); err != nil {
				t.Error(err)
			}
		})
	}
	wg.Wait()
	var texts []string
	for _, l := range read(t, folder, "2026-06-15.jsonl") {
		if l == "" {
			continue
		}
		var got struct{ Text string }
		if err := json.Unmarshal([]byte(l), &got); err != nil {
			t.Fatal(err)
		}
		texts = append(texts, got.Text)
	}
	slices.Sort(texts)
	if len(slices.Compact(texts)) != 100 {
		t.Errorf("%d messages", len(texts))
	}
}

// What goes wrong is told without the number.
func TestFileFails(t *testing.T) {
	folder := t.TempDir()
	if err := os.Mkdir(filepath.Join(folder, "2026-06-15.jsonl"), 0o700); err != nil {
		t.Fatal(err)
	}
	g := open(t, folder, func() time.Time { return evening })
	err := g.Send(t.Context(), someone)
	if err == nil || strings.Contains(err.Error(), someone.To) {
		t.Error("to a folder:", err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if err := open(t, t.TempDir(), nil).Send(ctx, someone); !errors.Is(err, context.Canceled) {
		t.Error("too late:", err)
	}
	if _, err := gateway.OpenFile(folder+"\x00", nil); err == nil {
		t.Error("a folder that cannot be")
	}
}

func TestMessageHidesItself(t *testing.T) {
	var log strings.Builder
	slog.New(slog.NewTextHandler(&log, nil)).Info("sent", "message", someone)
	for _, text := range []string{
		fmt.Sprint(someone), fmt.Sprintf("%v %+v %#v %s %q %d", someone, someone, someone, someone, someone, someone), log.String(),
	} {
		if strings.Contains(text, someone.To) || strings.Contains(text, "已收到") || !strings.Contains(text, someone.ID.String()) {
			t.Error(text)
		}
	}
}
