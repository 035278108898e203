package anchor_test

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/lianluo/lianluo/ent/audit"
	"github.com/lianluo/lianluo/server/anchor"
)

func head(position int64) audit.Head {
	return audit.Head{
		Position: position, Hash: bytes.Repeat([]byte{byte(position)}, 32), Suite: "SHA-256",
		SealedAt: time.Date(2026, time.June, 15, 4, 0, 0, int(position)*1000, time.UTC),
	}
}

// heads reads a file to its end, or to what is wrong.
func heads(t *testing.T, path string) (out []audit.Head, err error) {
	t.Helper()
	r, err := anchor.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = r.Close() }()
	for h, err := range r.Heads() {
		if err != nil {
			return out, err
		}
		out = append(out, h)
	}
	return out, nil
}

// All heads stay, and a program that starts anew knows the last.
func TestHeadsStay(t *testing.T) {
	path := filepath.Join(t.TempDir(), "anchor")
	f := anchor.New(path)
	if last, err := f.Last(); err != nil || last.Position != 0 {
		t.Errorf("before the first: %v %v", last, err)
	}
	var want []audit.Head
	for n := range int64(100) {
		if n%10 == 0 {
			f = anchor.New(path)
		}
		if err := f.Append(head(n + 1)); err != nil {
			t.Fatal(err)
		}
		want = append(want, head(n+1))
		for _, again := range []*anchor.File{f, anchor.New(path)} {
			if last, err := again.Last(); err != nil || !cmp.Equal(last, head(n+1)) {
				t.Errorf("after %d: %v %v", n+1, last, err)
			}
		}
	}
	if got, err := heads(t, path); err != nil || !cmp.Equal(got, want) {
		t.Errorf("%s %v", cmp.Diff(want, got), err)
	}
	info, err := os.Stat(path)
	if err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("%v %v", info.Mode(), err)
	}
}

// What a crash left of a line is no head, wherever it was cut off, and the next head takes its place.
func TestCutOffLine(t *testing.T) {
	path := filepath.Join(t.TempDir(), "anchor")
	for _, n := range []int64{1, 2} {
		if err := anchor.New(path).Append(head(n)); err != nil {
			t.Fatal(err)
		}
	}
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	first := bytes.IndexByte(text, '\n') + 1
	for cut := range len(text) {
		if err := os.WriteFile(path, text[:cut], 0o600); err != nil {
			t.Fatal(err)
		}
		whole := 0
		if cut >= first {
			whole = 1
		}
		got, err := heads(t, path)
		if last, lastErr := anchor.New(path).Last(); err != nil || lastErr != nil || len(got) != whole || last.Position != int64(whole) {
			t.Fatalf("cut at %d: %v %v %v %v", cut, got, err, last, lastErr)
		}
		if err := anchor.New(path).Append(head(7)); err != nil {
			t.Fatal(err)
		}
		if got, err := heads(t, path); err != nil || len(got) != whole+1 || got[whole].Position != 7 {
			t.Fatalf("cut at %d, and gone on: %v %v", cut, got, err)
		}
	}
}

// A reader has what was there when it was opened.
func TestReaderStays(t *testing.T) {
	path := filepath.Join(t.TempDir(), "anchor")
	f := anchor.New(path)
	if err := f.Append(head(1)); err != nil {
		t.Fatal(err)
	}
	r, err := anchor.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = r.Close() }()
	if err := f.Append(head(2)); err != nil {
		t.Fatal(err)
	}
	n := 0
	for h, err := range r.Heads() {
		if n++; err != nil || h.Position != 1 {
			t.Errorf("%v %v", h, err)
		}
	}
	if n != 1 {
		t.Errorf("%d heads", n)
	}
}

func TestWhatIsNoAnchor(t *testing.T) {
	path := filepath.Join(t.TempDir(), "anchor")
	for _, text := range []string{
		"{}\n", "x\n", `{"position":1,"hash":"zz","suite":"SHA-256"}` + "\n", `{"position":0,"hash":"00","suite":"SHA-256"}` + "\n", "\n", strings.Repeat("x", 10_000) + "\n",
	} {
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		if got, err := heads(t, path); err == nil || len(got) != 0 {
			t.Errorf("%.20q is %v", text, got)
		}
		if last, err := anchor.New(path).Last(); err == nil {
			t.Errorf("%.20q ends with %v", text, last)
		}
	}
	// What has no line at all is overwritten by nobody.
	if err := os.WriteFile(path, bytes.Repeat([]byte{'x'}, 10_000), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := anchor.New(path).Append(head(1)); err == nil {
		t.Error("a head was added to what is no anchor")
	}
	if err := anchor.New(filepath.Join(path, "below")).Append(head(1)); err == nil {
		t.Error("a head was added below a file")
	}
}
