package main

import (
	"bytes"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/uuid"

	"github.com/lianluo/lianluo/ent/place"
	"github.com/lianluo/lianluo/ent/viewer"
	"github.com/lianluo/lianluo/server/auth"
)

// clearEnv keeps the environment of whoever runs the tests out of them.
func clearEnv(t *testing.T) {
	t.Helper()
	for _, name := range []string{"LIANLUO_DATA_DIR", "LIANLUO_ISSUER", "LIANLUO_AUDIENCE"} {
		t.Setenv(name, "")
		if err := os.Unsetenv(name); err != nil {
			t.Fatal(err)
		}
	}
}

// verify checks the command's output as the server on the same data directory would.
func verify(t *testing.T, dir, issuer, audience, output string) *auth.Claims {
	t.Helper()
	token, ok := strings.CutSuffix(output, "\n")
	if !ok || strings.ContainsAny(token, " \n") {
		t.Fatalf("not just a token and a line's end: %q", output)
	}
	keys, err := auth.LoadOrCreateKeys(dir, nil)
	if err != nil {
		t.Fatal(err)
	}
	v, err := auth.NewVerifier(keys, auth.VerifierConfig{Issuer: issuer, Audience: audience})
	if err != nil {
		t.Fatal(err)
	}
	claims, err := v.Verify(token)
	if err != nil {
		t.Fatal(err)
	}
	return claims
}

func TestRun(t *testing.T) {
	const id = "019a0000-0000-7000-8000-000000000001"
	person := uuid.MustParse(id)
	for name, test := range map[string]struct {
		args     string
		want     auth.Grant
		lifetime time.Duration // zero: an hour
		note     string
	}{
		"county": {
			args: "--role COUNTY_ADMIN --division 430121",
			want: auth.Grant{Role: viewer.CountyAdmin, Division: place.MustParse("430121")},
		},
		"nation without division": {
			args: "--role NATION_ADMIN",
			want: auth.Grant{Role: viewer.NationAdmin},
		},
		"nation, written out": {
			args: "--role=NATION_ADMIN --division=000000000000",
			want: auth.Grant{Role: viewer.NationAdmin},
		},
		"2 digits": {
			args: "--role PROVINCE_ADMIN --division 43",
			want: auth.Grant{Role: viewer.ProvinceAdmin, Division: place.MustParse("43")},
		},
		"4 digits": {
			args: "--role CITY_ADMIN --division 4301",
			want: auth.Grant{Role: viewer.CityAdmin, Division: place.MustParse("4301")},
		},
		"9 digits": {
			args: "--role TOWNSHIP_ADMIN --division 430121101",
			want: auth.Grant{Role: viewer.TownshipAdmin, Division: place.MustParse("430121101")},
		},
		"12 digits, station": {
			args: "--role STATION_KEEPER --division 430121101001 --station " + id,
			want: auth.Grant{Role: viewer.StationKeeper, Division: place.MustParse("430121101001"), Station: person},
		},
		"deputy": {
			args: "--role DEPUTY --division 430121 --person " + id,
			want: auth.Grant{Role: viewer.Deputy, Division: place.MustParse("430121"), Person: person},
		},
		"deputy who is nobody": {
			args: "--role DEPUTY --division 430121",
			want: auth.Grant{Role: viewer.Deputy, Division: place.MustParse("430121")},
			note: "--person",
		},
		"department": {
			args: "--role DEPARTMENT --division 430121 --organ " + id,
			want: auth.Grant{Role: viewer.Department, Division: place.MustParse("430121"), Organ: person},
		},
		"department that is none": {
			args: "--role DEPARTMENT --division 430121",
			want: auth.Grant{Role: viewer.Department, Division: place.MustParse("430121")},
			note: "--organ",
		},
		"a day, by name": {
			args:     "--role PORTAL --division 430121 --ttl 24h --name li.ming",
			want:     auth.Grant{Subject: "operator:li.ming", Role: viewer.Portal, Division: place.MustParse("430121")},
			lifetime: 24 * time.Hour,
		},
	} {
		t.Run(name, func(t *testing.T) {
			clearEnv(t)
			dir := filepath.Join(t.TempDir(), "data")
			var stdout, stderr bytes.Buffer
			args := append(strings.Fields(test.args), "--data-dir", dir)
			if err := run(t.Context(), args, &stdout, &stderr); err != nil {
				t.Fatal(err)
			}
			claims := verify(t, dir, auth.DefaultIssuer, auth.DefaultAudience, stdout.String())
			if test.want.Subject == "" {
				test.want.Subject = "operator:console"
			}
			if diff := cmp.Diff(test.want, claims.Grant); diff != "" {
				t.Error(diff)
			}
			if test.lifetime == 0 {
				test.lifetime = time.Hour
			}
			if got := claims.ExpiresAt.Sub(claims.IssuedAt); got != test.lifetime {
				t.Errorf("lasts %v, want %v", got, test.lifetime)
			}
			if !strings.Contains(stderr.String(), test.note) || (test.note == "") != (stderr.Len() == 0) {
				t.Errorf("stderr %q, want a note on %q", stderr.String(), test.note)
			}
		})
	}
}

func TestRunByEnvironment(t *testing.T) {
	dir := t.TempDir()
	t.Setenv("LIANLUO_DATA_DIR", dir)
	t.Setenv("LIANLUO_ISSUER", "county-430121")
	t.Setenv("LIANLUO_AUDIENCE", "county-api")
	var stdout, stderr bytes.Buffer
	if err := run(t.Context(), []string{"--role", "NATION_ADMIN"}, &stdout, &stderr); err != nil {
		t.Fatal(err)
	}
	verify(t, dir, "county-430121", "county-api", stdout.String())

	// A flag beats the environment.
	stdout.Reset()
	if err := run(t.Context(), []string{"--role", "NATION_ADMIN", "--issuer", "x", "--audience", "y"}, &stdout, &stderr); err != nil {
		t.Fatal(err)
	}
	verify(t, dir, "x", "y", stdout.String())
}

func TestRunUsage(t *testing.T) {
	for name, args := range map[string]string{
		"nothing":               "",
		"no division":           "--role COUNTY_ADMIN",
		"unknown role":          "--role EMPEROR --division 430121",
		"role in lower case":    "--role county_admin --division 430121",
		"3 digits":              "--role COUNTY_ADMIN --division 430",
		"no digits":             "--role COUNTY_ADMIN --division 长沙县",
		"role of another level": "--role COUNTY_ADMIN --division 4301",
		"nation at a province":  "--role NATION_ADMIN --division 43",
		"person no UUID":        "--role DEPUTY --division 430121 --person me",
		"too long":              "--role NATION_ADMIN --ttl 24h1s",
		"no time":               "--role NATION_ADMIN --ttl 0s",
		"negative":              "--role NATION_ADMIN --ttl=-1h",
		"ttl without unit":      "--role NATION_ADMIN --ttl 60",
		"bad name":              "--role NATION_ADMIN --name a:b",
		"no issuer":             "--role NATION_ADMIN --issuer=",
		"unknown flag":          "--role NATION_ADMIN --sudo",
		"argument":              "--role NATION_ADMIN 430121",
	} {
		t.Run(name, func(t *testing.T) {
			clearEnv(t)
			dir := filepath.Join(t.TempDir(), "data")
			var stdout, stderr bytes.Buffer
			err := run(t.Context(), append(strings.Fields(args), "--data-dir="+dir), &stdout, &stderr)
			if err == nil || exitCode(err) != 2 {
				t.Errorf("error %v, exit code %d", err, exitCode(err))
			}
			if stdout.Len() != 0 {
				t.Errorf("stdout %q", stdout.String())
			}
			if _, err := os.Stat(dir); !errors.Is(err, os.ErrNotExist) {
				t.Error("the data directory was made for nothing")
			}
		})
	}
}

func TestRunFailure(t *testing.T) {
	clearEnv(t)
	file := filepath.Join(t.TempDir(), "file")
	if err := os.WriteFile(file, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	var stdout, stderr bytes.Buffer
	err := run(t.Context(), []string{"--role", "NATION_ADMIN", "--data-dir", file}, &stdout, &stderr)
	if err == nil || exitCode(err) != 1 || stdout.Len() != 0 {
		t.Errorf("a file as data directory: %v, stdout %q", err, stdout.String())
	}
	err = run(t.Context(), []string{"--role", "NATION_ADMIN", "--data-dir", t.TempDir()}, broken{}, &stderr)
	if !errors.Is(err, errBroken) || exitCode(err) != 1 {
		t.Errorf("a broken pipe: %v", err)
	}
}

var errBroken = errors.New("broken pipe")

type broken struct{}

func (broken) Write([]byte) (int, error) { return 0, errBroken }

func TestHelp(t *testing.T) {
	clearEnv(t)
	var stdout, stderr bytes.Buffer
	if err := run(t.Context(), []string{"--help"}, &stdout, &stderr); err != nil {
		t.Fatal(err)
	}
	for _, r := range viewer.Roles {
		if !strings.Contains(stdout.String(), string(r)) || !strings.Contains(stdout.String(), r.About()) {
			t.Errorf("--help does not explain %s", r)
		}
	}
	for _, name := range []string{"LIANLUO_DATA_DIR", "LIANLUO_ISSUER", "LIANLUO_AUDIENCE"} {
		if !strings.Contains(stdout.String(), name) {
			t.Errorf("--help does not name %s", name)
		}
	}
}
