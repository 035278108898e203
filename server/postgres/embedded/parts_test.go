package embedded

import (
	"io/fs"
	"os"
	"path/filepath"
	"testing"
)

func TestParseVersion(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]int{
		"postgres (PostgreSQL) 15.14 (Debian 15.14-0+deb12u1)\n": 15,
		"postgres (PostgreSQL) 18beta1":                          18,
		"postgres (PostgreSQL) 9.6.24":                           9,
		"postgres":                                               0,
		"":                                                       0,
	} {
		got, err := parseVersion(text)
		if got != want || (err == nil) != (want > 0) {
			t.Errorf("parseVersion(%q) = %d, %v, want %d", text, got, err, want)
		}
	}
}

func TestFits(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		version, cluster int
		want             bool
	}{
		{14, 0, false}, {15, 0, true}, {18, 0, true}, {15, 15, true}, {16, 15, false}, {15, 16, false},
	} {
		if got := fits(test.version, test.cluster); got != test.want {
			t.Errorf("fits(%d, %d) = %t", test.version, test.cluster, got)
		}
	}
}

func TestMayEnter(t *testing.T) {
	t.Parallel()
	who := account{uid: 100, gid: 200}
	for _, test := range []struct {
		perm     fs.FileMode
		uid, gid uint32
		want     bool
	}{
		{0o700, 100, 0, true},
		{0o077, 100, 200, false}, // the owner's class decides alone
		{0o710, 0, 200, true},
		{0o701, 0, 200, false},
		{0o701, 0, 0, true},
		{0o770, 0, 0, false},
	} {
		if got := who.mayEnter(test.perm, test.uid, test.gid); got != test.want {
			t.Errorf("mayEnter(%o, %d, %d) = %t", test.perm, test.uid, test.gid, got)
		}
	}
}

func TestReadPIDFile(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		content string
		want    pidFile
		fails   bool
	}{
		"whole": {
			content: "12\n/d\n1700000000\n5433\n/run/pg\nlocalhost\n  123  456\nready   \n",
			want:    pidFile{pid: 12, port: 5433, socketDir: "/run/pg", ready: true},
		},
		"starting": {
			content: "12\n/d\n1700000000\n5432\n/run/pg\n\n  123  456\nstarting\n",
			want:    pidFile{pid: 12, port: 5432, socketDir: "/run/pg"},
		},
		"begun":   {content: "12\n/d\n", want: pidFile{pid: 12}},
		"empty":   {fails: true},
		"garbage": {content: "x\n", fails: true},
	} {
		dir := t.TempDir()
		if err := os.WriteFile(filepath.Join(dir, "postmaster.pid"), []byte(test.content), 0o600); err != nil {
			t.Fatal(err)
		}
		got, err := readPIDFile(dir)
		if (err != nil) != test.fails || got != test.want {
			t.Errorf("%s: %+v, %v", name, got, err)
		}
	}
}

func TestHomeMarkerIsChecked(t *testing.T) {
	t.Parallel()
	for content, ok := range map[string]bool{
		"0123456789abcdef\n":       true,
		"0123456789abcdef\nmade\n": true,
		"":                         false,
		"../../../etc\n":           false,
		"0123\n":                   false,
		"0123456789abcdef a b\n":   false,
	} {
		path := filepath.Join(t.TempDir(), "postgres.home")
		if err := os.WriteFile(path, []byte(content), 0o600); err != nil {
			t.Fatal(err)
		}
		marker, err := readHomeMarker(path)
		if (err == nil) != ok {
			t.Errorf("%q: %+v, %v", content, marker, err)
		}
		if ok && marker.String() != content {
			t.Errorf("%q comes back as %q", content, marker.String())
		}
	}
}
