package main

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/lianluo/lianluo/ent/place"
	"github.com/lianluo/lianluo/ent/viewer"
	"github.com/lianluo/lianluo/server/auth"
	"github.com/lianluo/lianluo/server/postgres/embedded"
)

// asServer makes the test binary be the server, so that it can be killed as a process.
const asServer = "LIANLUO_TEST_AS_SERVER"

func TestMain(m *testing.M) {
	if os.Getenv(asServer) != "" {
		main()
		return
	}
	os.Exit(m.Run())
}

// process is a running server.
type process struct {
	t   *testing.T
	cmd *exec.Cmd
	// lines delivers what it prints on standard output.
	lines chan string
	begun time.Time
}

func launch(t *testing.T, dataDir string) *process {
	t.Helper()
	p := &process{t: t, lines: make(chan string, 1000), begun: time.Now()}
	p.cmd = exec.CommandContext(context.WithoutCancel(t.Context()), os.Args[0], "--addr=127.0.0.1:0", "--data-dir="+dataDir, "--log-level=warn")
	p.cmd.Env = append(os.Environ(), asServer+"=1", "DATABASE_URL=")
	p.cmd.Stderr = os.Stderr
	out, err := p.cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := p.cmd.Start(); err != nil {
		t.Fatal(err)
	}
	go func() {
		defer close(p.lines)
		for s := bufio.NewScanner(out); s.Scan(); {
			p.lines <- s.Text()
		}
	}()
	t.Cleanup(func() { _ = p.cmd.Process.Kill(); _, _ = p.cmd.Process.Wait() })
	return p
}

// until waits for a line that contains a text, and answers it.
func (p *process) until(text string) string {
	p.t.Helper()
	limit := time.After(3 * time.Minute)
	for {
		select {
		case line, ok := <-p.lines:
			if !ok {
				p.t.Fatalf("the server ended before it printed %q", text)
			}
			if strings.Contains(line, text) {
				return line
			}
		case <-limit:
			p.t.Fatalf("no %q in three minutes", text)
		}
	}
}

// ready waits until the server serves, and answers the URL of the API and the time that took.
func (p *process) ready() (url string, took time.Duration) {
	p.t.Helper()
	line := p.until("/graphql")
	return regexp.MustCompile(`http://\S+`).FindString(line), time.Since(p.begun)
}

func (p *process) kill() {
	p.t.Helper()
	if err := p.cmd.Process.Kill(); err != nil {
		p.t.Fatal(err)
	}
	_ = p.cmd.Wait()
}

func (p *process) interrupt() {
	p.t.Helper()
	if err := p.cmd.Process.Signal(syscall.SIGINT); err != nil {
		p.t.Fatal(err)
	}
	if err := p.cmd.Wait(); err != nil {
		p.t.Errorf("after an interrupt the server ended with %v", err)
	}
}

// TestFirstStartSurvivesKill kills the first start at several moments, lets the next one make good, asks the README's first
// query, and starts once more.
func TestFirstStartSurvivesKill(t *testing.T) {
	if testing.Short() {
		t.Skip("loads the whole national table")
	}
	dataDir := filepath.Join(t.TempDir(), "data")
	t.Cleanup(func() {
		if err := embedded.Remove(context.Background(), dataDir); err != nil && !errors.Is(err, embedded.ErrNotRunning) {
			t.Errorf("remove the cluster: %v", err)
		}
	})

	p := launch(t, dataDir)
	time.Sleep(300 * time.Millisecond) // in the midst of making the cluster, or soon after
	p.kill()
	p = launch(t, dataDir)
	p.until("divisions") // in the midst of loading the tree
	p.kill()

	p = launch(t, dataDir)
	url, first := p.ready()
	askFirstQuery(t, url, dataDir)
	memory := residentMiB(p.cmd.Process.Pid)
	p.interrupt()

	p = launch(t, dataDir)
	url, later := p.ready()
	askFirstQuery(t, url, dataDir)
	p.interrupt()
	t.Logf("first start %.1f s, idle memory after it %d MiB, later start %.2f s", first.Seconds(), memory, later.Seconds())
}

// askFirstQuery asks what the README asks, as the county and as its neighbour.
func askFirstQuery(t *testing.T, url, dataDir string) {
	t.Helper()
	const query = `query First($code: String!) { division(code: $code) { name fullName level
		parent { code name } ancestors { code name level }
		children(first: 100) { totalCount edges { node { code name level } } pageInfo { hasNextPage endCursor } }
		stations(first: 20) { totalCount edges { node { id name kind } } }
		roster { level mandates } } }`
	type answer struct {
		Data struct {
			Division *struct {
				FullName string
				Children struct{ TotalCount int }
				Stations struct {
					TotalCount int
					Edges      []any
				}
				Roster []struct {
					Level    string
					Mandates int
				}
			}
		}
		Errors []any
	}
	ask := func(division string) (a answer) {
		body := fmt.Sprintf(`{"query": %q, "variables": {"code": "430121"}}`, strings.Join(strings.Fields(query), " "))
		req, err := http.NewRequestWithContext(t.Context(), http.MethodPost, url, strings.NewReader(body))
		if err != nil {
			t.Fatal(err)
		}
		req.Header.Set("Content-Type", "application/json")
		req.Header.Set("Authorization", "Bearer "+mint(t, dataDir, division))
		res, err := http.DefaultClient.Do(req)
		if err != nil {
			t.Fatal(err)
		}
		defer func() { _ = res.Body.Close() }()
		text, err := io.ReadAll(res.Body)
		if err != nil {
			t.Fatal(err)
		}
		if err := json.Unmarshal(text, &a); err != nil || len(a.Errors) > 0 {
			t.Fatalf("%v %s", err, text)
		}
		return a
	}

	got := ask("430121").Data.Division
	if got == nil {
		t.Fatal("the county does not see itself")
	}
	if got.FullName != "湖南省长沙市长沙县" || got.Children.TotalCount != 18 || got.Stations.TotalCount != 125 || len(got.Stations.Edges) != 20 {
		t.Errorf("got %+v, want 湖南省长沙市长沙县 with 18 townships and 125 stations", got)
	}
	levels := map[string]int{}
	total := 0
	for _, l := range got.Roster {
		levels[l.Level] = l.Mandates
		total += l.Mandates
	}
	if len(got.Roster) != 5 || levels["COUNTY"] != 305 || total < 1300 || total >= 1400 {
		t.Errorf("roster %v, want five levels, 305 of the county, 1,300-odd in all", levels)
	}
	if neighbour := ask("430102").Data.Division; neighbour != nil {
		t.Errorf("a neighbour sees the county: %+v", neighbour)
	}
}

// mint makes a county administrator's token with the server's own key.
func mint(t *testing.T, dataDir, division string) string {
	t.Helper()
	keys, err := auth.LoadOrCreateKeys(dataDir, nil)
	if err != nil {
		t.Fatal(err)
	}
	issuer, err := auth.NewIssuer(keys, auth.IssuerConfig{
		Issuer: auth.DefaultIssuer, Audience: auth.DefaultAudience, Lifetime: time.Minute,
	})
	if err != nil {
		t.Fatal(err)
	}
	token, _, err := issuer.Issue(auth.Grant{
		Subject: "operator:test", Role: viewer.CountyAdmin, Division: place.MustParse(division),
	})
	if err != nil {
		t.Fatal(err)
	}
	return token
}

// residentMiB is the memory of a process; 0 where the system does not say.
func residentMiB(pid int) int {
	text, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", pid))
	if err != nil {
		return 0
	}
	for line := range strings.Lines(string(text)) {
		var kib int
		if n, _ := fmt.Sscanf(line, "VmRSS: %d kB", &kib); n == 1 {
			return kib / 1024
		}
	}
	return 0
}
