package main

import (
	"bytes"
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	neturl "net/url"
	"path/filepath"
	"testing"
	"time"

	"github.com/lianluo/lianluo/server/postgres"
	"github.com/lianluo/lianluo/server/postgres/embedded"
)

// TestSubmissionSurvivesKill kills the server, and with it its database, when an opinion has just been committed and nobody has read the
// answer. The citizen sends the same again under the same key: there is one opinion, and the receipt works.
func TestSubmissionSurvivesKill(t *testing.T) {
	if testing.Short() {
		t.Skip("loads the whole national table")
	}
	t.Setenv("LIANLUO_DEMO", "false")
	dataDir := filepath.Join(t.TempDir(), "data")
	t.Cleanup(func() {
		if err := embedded.Remove(context.Background(), dataDir); err != nil && !errors.Is(err, embedded.ErrNotRunning) {
			t.Errorf("remove the cluster: %v", err)
		}
	})
	p := launch(t, dataDir)
	url, _ := p.ready()
	code := openStation(t, url, mint(t, dataDir, "430121"))

	const submit = `mutation($input: SubmitOpinionInput!) { submitOpinion(input: $input) { number token } }`
	var numbers []string
	const kills = 3
	for i := range kills {
		input := map[string]any{
			"idempotencyKey": fmt.Sprintf("from a phone %d", i), "code": code, "content": "村口的桥面破损,雨天积水", "consent": "2026-1",
		}
		leave := sendOnly(t, url, submit, map[string]any{"input": input})
		committed(t, dataDir, i+1)
		p.kill()
		leave()

		p = launch(t, dataDir)
		url, _ = p.ready()
		var again struct {
			SubmitOpinion struct{ Number, Token string }
		}
		ask(t, url, "", submit, map[string]any{"input": input}, &again)
		if counted := opinions(t, openDatabase(t, dataDir)); counted != i+1 {
			t.Fatalf("%d opinions after %d submissions", counted, i+1)
		}
		var receipt struct {
			Receipt struct {
				Number, State string
				Events        []struct{ Step string }
			}
		}
		ask(t, url, "", `query($number: String!, $token: String) { receipt(number: $number, token: $token) { number state events { step } } }`,
			map[string]any{"number": again.SubmitOpinion.Number, "token": again.SubmitOpinion.Token}, &receipt)
		if r := receipt.Receipt; r.Number != again.SubmitOpinion.Number || r.State != "SUBMITTED" || len(r.Events) != 1 {
			t.Errorf("the receipt shows %+v", r)
		}
		numbers = append(numbers, again.SubmitOpinion.Number)
	}
	if numbers[0] == numbers[1] || numbers[1] == numbers[2] {
		t.Errorf("different keys have one opinion: %v", numbers)
	}
	p.interrupt()
}

// openStation makes a station, and answers the text of its code.
func openStation(t *testing.T, url, token string) string {
	t.Helper()
	var made struct {
		CreateStation struct {
			Station struct{ QrCode struct{ Text string } }
		}
	}
	ask(t, url, token, `mutation($input: CreateStationInput!) { createStation(input: $input) { station { qrCode { text } } } }`, map[string]any{
		"input": map[string]any{"division": "430121107", "kind": "STATION", "name": "果园镇人大代表联络站", "openedOn": "2025-01-01"},
	}, &made)
	return made.CreateStation.Station.QrCode.Text
}

// operation is a request to the API.
func operation(t *testing.T, query string, variables map[string]any) []byte {
	t.Helper()
	body, err := json.Marshal(map[string]any{"query": query, "variables": variables})
	if err != nil {
		t.Fatal(err)
	}
	return body
}

// ask sends an operation that must succeed.
func ask(t *testing.T, url, token, query string, variables map[string]any, into any) {
	t.Helper()
	req, err := http.NewRequestWithContext(t.Context(), http.MethodPost, url, bytes.NewReader(operation(t, query, variables)))
	if err != nil {
		t.Fatal(err)
	}
	req.Header.Set("Content-Type", "application/json")
	if token != "" {
		req.Header.Set("Authorization", "Bearer "+token)
	}
	res, err := http.DefaultClient.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = res.Body.Close() }()
	text, err := io.ReadAll(res.Body)
	if err != nil {
		t.Fatal(err)
	}
	answer := struct {
		Data   any
		Errors []any
	}{Data: into}
	if err := json.Unmarshal(text, &answer); err != nil || len(answer.Errors) > 0 {
		t.Fatalf("%v %s", err, text)
	}
}

// sendOnly sends an operation and does not read what is answered. It answers how to hang up.
func sendOnly(t *testing.T, url, query string, variables map[string]any) (leave func()) {
	t.Helper()
	u, err := neturl.Parse(url)
	if err != nil {
		t.Fatal(err)
	}
	conn, err := new(net.Dialer).DialContext(t.Context(), "tcp", u.Host)
	if err != nil {
		t.Fatal(err)
	}
	body := operation(t, query, variables)
	if _, err := fmt.Fprintf(conn, "POST %s HTTP/1.1\r\nHost: %s\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n%s",
		u.Path, u.Host, len(body), body); err != nil {
		t.Fatal(err)
	}
	return func() { _ = conn.Close() }
}

// openDatabase opens the server's own database beside it.
func openDatabase(t *testing.T, dataDir string) *sql.DB {
	t.Helper()
	address, err := embedded.Running(t.Context(), dataDir)
	if err != nil {
		t.Fatal(err)
	}
	db, err := sql.Open("postgres", address.URL(postgres.EmbeddedDatabase))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = db.Close() })
	return db
}

func opinions(t *testing.T, db *sql.DB) (n int) {
	t.Helper()
	if err := db.QueryRowContext(t.Context(), `SELECT count(*) FROM opinion`).Scan(&n); err != nil {
		t.Fatal(err)
	}
	return n
}

// committed waits until the database has so many opinions, and returns at once.
func committed(t *testing.T, dataDir string, want int) {
	t.Helper()
	db := openDatabase(t, dataDir)
	for end := time.Now().Add(3 * time.Minute); opinions(t, db) < want; {
		if time.Now().After(end) {
			t.Fatal("the opinion is not committed")
		}
	}
	_ = db.Close()
}
