package main

import (
	"net"
	"strings"
	"testing"
)

func noEnv(string) (string, bool) { return "", false }

func TestHelpAndVersion(t *testing.T) {
	for arg, want := range map[string]string{"--help": "LIANLUO_DATA_DIR", "-h": "--addr", "--version": "lianluo "} {
		var stdout, stderr strings.Builder
		if code := run(t.Context(), []string{arg}, &stdout, &stderr, noEnv); code != exitOK {
			t.Errorf("%s: exit code %d", arg, code)
		}
		if !strings.Contains(stdout.String(), want) || stderr.Len() > 0 {
			t.Errorf("%s: standard output %q, standard error %q", arg, stdout.String(), stderr.String())
		}
	}
}

func TestWrongSettingsAreToldBeforeAnythingStarts(t *testing.T) {
	for name, tc := range map[string]struct {
		args []string
		env  string // value of LIANLUO_ADDR
		want string
	}{
		"unknown flag":   {args: []string{"--adr=:1"}, want: "--adr"},
		"wrong flag":     {args: []string{"--addr=nowhere", "--max-conns=0"}, want: "--max-conns"},
		"wrong variable": {env: "nowhere", want: "--addr"},
		"argument":       {args: []string{"serve"}, want: "serve"},
	} {
		var stdout, stderr strings.Builder
		env := func(key string) (string, bool) { return tc.env, key == "LIANLUO_ADDR" }
		if code := run(t.Context(), tc.args, &stdout, &stderr, env); code != exitUsage {
			t.Errorf("%s: exit code %d, want %d", name, code, exitUsage)
		}
		if !strings.Contains(stderr.String(), tc.want) || stdout.Len() > 0 {
			t.Errorf("%s: standard output %q, standard error %q", name, stdout.String(), stderr.String())
		}
	}
}

func TestFailureToStart(t *testing.T) {
	taken, err := new(net.ListenConfig).Listen(t.Context(), "tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = taken.Close() }()
	var stdout, stderr strings.Builder
	code := run(t.Context(), []string{"--addr", taken.Addr().String(), "--data-dir", t.TempDir(), "--log-format=json"}, &stdout, &stderr, noEnv)
	if code != exitFailure || !strings.Contains(stderr.String(), "address already in use") || !strings.HasPrefix(stderr.String(), "{") {
		t.Errorf("exit code %d, standard error %q", code, stderr.String())
	}
}
