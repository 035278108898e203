package config

import (
	"bytes"
	"errors"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

// env makes a Lookup of the pairs name, value, name, value …
func env(pairs ...string) Lookup {
	return func(name string) (string, bool) {
		for i := 0; i < len(pairs); i += 2 {
			if pairs[i] == name {
				return pairs[i+1], true
			}
		}
		return "", false
	}
}

// file writes a config file and gives its path.
func file(t *testing.T, name, text string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), name)
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

func TestDefault(t *testing.T) {
	want := Config{
		Addr:            "127.0.0.1:8080",
		RequestTimeout:  15 * time.Second,
		ShutdownTimeout: 10 * time.Second,
		DataDir:         ".data",
		Demo:            true,
		SMSGateway:      "file",
		MaxConns:        20,
		Issuer:          "lianluo",
		Audience:        "lianluo-api",
		TokenTTL:        15 * time.Minute,
		RefreshTTL:      30 * 24 * time.Hour,
		LogLevel:        "info",
		LogFormat:       "text",
	}
	if diff := cmp.Diff(want, Default()); diff != "" {
		t.Errorf("defaults (-want +got):\n%s", diff)
	}
	if !Default().Embedded() {
		t.Error("without a database URL the PostgreSQL is not the embedded one")
	}
}

func TestPrecedence(t *testing.T) {
	const inFile = "addr: 127.0.0.1:3\nmax-conns: 3\n"
	envAll := []string{"LIANLUO_ADDR", "127.0.0.1:2", "LIANLUO_MAX_CONNS", "12"}
	for name, tc := range map[string]struct {
		args []string
		env  []string
		file string
		addr string
	}{
		"default":                      {addr: "127.0.0.1:8080"},
		"file over default":            {file: inFile, addr: "127.0.0.1:3"},
		"environment over default":     {env: envAll, addr: "127.0.0.1:2"},
		"environment over file":        {env: envAll, file: inFile, addr: "127.0.0.1:2"},
		"flag over all":                {args: []string{"--addr=127.0.0.1:1"}, env: envAll, file: inFile, addr: "127.0.0.1:1"},
		"an empty variable is not set": {env: []string{"LIANLUO_ADDR", ""}, file: inFile, addr: "127.0.0.1:3"},
	} {
		t.Run(name, func(t *testing.T) {
			args := tc.args
			if tc.file != "" {
				args = append(args, "--config", file(t, "lianluo.yaml", tc.file))
			}
			got, err := Parse(args, env(tc.env...), io.Discard)
			if err != nil {
				t.Fatal(err)
			}
			if got.Addr != tc.addr {
				t.Errorf("addr %q, want %q", got.Addr, tc.addr)
			}
		})
	}
}

// The process's environment must not reach the settings but through Lookup.
func TestEnvironmentIsPassedIn(t *testing.T) {
	t.Setenv("LIANLUO_ADDR", "127.0.0.1:1")
	if got := Default().Addr; got != "127.0.0.1:8080" {
		t.Errorf("addr %q was read from the process's environment", got)
	}
}

func TestFileNamedByEnvironmentAndFlag(t *testing.T) {
	one := file(t, "one.yaml", "issuer: one\n")
	two := file(t, "two.json", "{\n\t\"issuer\": \"two\",\n\t\"demo\": false\n}\n")
	got, err := Parse(nil, env("LIANLUO_CONFIG", one), io.Discard)
	if err != nil || got.Issuer != "one" {
		t.Errorf("LIANLUO_CONFIG: issuer %q, %v", got.Issuer, err)
	}
	got, err = Parse([]string{"--config", two}, env("LIANLUO_CONFIG", one), io.Discard)
	if err != nil || got.Issuer != "two" || got.Demo {
		t.Errorf("--config: issuer %q, demo %t, %v", got.Issuer, got.Demo, err)
	}
}

func TestEverySourceSetsEverything(t *testing.T) {
	want := Config{
		Addr:            "[::1]:0",
		CORSOrigins:     []string{"https://portal.example.cn", "http://localhost:5173"},
		TrustedProxies:  []string{"10.0.0.0/8", "::1"},
		RequestTimeout:  20 * time.Second,
		ShutdownTimeout: 30 * time.Second,
		DataDir:         "elsewhere",
		Demo:            false,
		DatabaseURL:     "postgres://owner:a%2Cb@db.example.cn:5432/lianluo?sslmode=require",
		AppDatabaseURL:  "postgresql://app:secret@db.example.cn/lianluo",
		PublicURL:       "https://lianluo.example.cn",
		StoreURL:        "s3://key:secret@store.example.cn/lianluo",
		AuditAnchor:     "/mnt/worm/audit-anchor",
		SMSGateway:      "none",
		MaxConns:        7,
		Issuer:          "https://id.example.cn",
		Audience:        "api",
		TokenTTL:        5 * time.Minute,
		RefreshTTL:      48 * time.Hour,
		LogLevel:        "debug",
		LogFormat:       "json",
	}
	values := []struct{ flag, env, value string }{
		{"addr", "LIANLUO_ADDR", "[::1]:0"},
		{"cors-origins", "LIANLUO_CORS_ORIGINS", "https://portal.example.cn,http://localhost:5173"},
		{"trusted-proxies", "LIANLUO_TRUSTED_PROXIES", "10.0.0.0/8,::1"},
		{"request-timeout", "LIANLUO_REQUEST_TIMEOUT", "20s"},
		{"shutdown-timeout", "LIANLUO_SHUTDOWN_TIMEOUT", "30s"},
		{"data-dir", "LIANLUO_DATA_DIR", "elsewhere"},
		{"demo", "LIANLUO_DEMO", "false"},
		{"database-url", "DATABASE_URL", string(want.DatabaseURL)},
		{"app-database-url", "LIANLUO_APP_DATABASE_URL", string(want.AppDatabaseURL)},
		{"public-url", "LIANLUO_PUBLIC_URL", "https://lianluo.example.cn"},
		{"store-url", "LIANLUO_STORE_URL", string(want.StoreURL)},
		{"audit-anchor", "LIANLUO_AUDIT_ANCHOR", "/mnt/worm/audit-anchor"},
		{"sms-gateway", "LIANLUO_SMS_GATEWAY", "none"},
		{"max-conns", "LIANLUO_MAX_CONNS", "7"},
		{"issuer", "LIANLUO_ISSUER", "https://id.example.cn"},
		{"audience", "LIANLUO_AUDIENCE", "api"},
		{"token-ttl", "LIANLUO_TOKEN_TTL", "5m"},
		{"refresh-ttl", "LIANLUO_REFRESH_TTL", "48h"},
		{"log-level", "LIANLUO_LOG_LEVEL", "debug"},
		{"log-format", "LIANLUO_LOG_FORMAT", "json"},
	}
	var args, pairs []string
	var text strings.Builder
	for _, v := range values {
		args = append(args, "--"+v.flag+"="+v.value)
		pairs = append(pairs, v.env, v.value)
		text.WriteString(v.flag + ": '" + v.value + "'\n")
	}
	for name, read := range map[string]func() (Config, error){
		"flags":       func() (Config, error) { return Parse(args, env(), io.Discard) },
		"environment": func() (Config, error) { return Parse(nil, env(pairs...), io.Discard) },
		"file": func() (Config, error) {
			return Parse([]string{"--config", file(t, "lianluo.yaml", text.String())}, env(), io.Discard)
		},
	} {
		got, err := read()
		if err != nil {
			t.Errorf("%s: %v", name, err)
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%s (-want +got):\n%s", name, diff)
		}
	}
	help := new(bytes.Buffer)
	if _, err := Parse([]string{"--help"}, env(), help); !errors.Is(err, ErrShown) {
		t.Fatalf("--help gave %v", err)
	}
	for _, v := range values {
		if !strings.Contains(help.String(), v.env) || !strings.Contains(help.String(), v.flag) {
			t.Errorf("the help does not explain %s (%s)", v.flag, v.env)
		}
	}
}

func TestDemoFlag(t *testing.T) {
	for arg, want := range map[string]bool{"--demo": true, "--demo=true": true, "--demo=false": false, "--no-demo": false} {
		got, err := Parse([]string{arg}, env("LIANLUO_DEMO", "1"), io.Discard)
		if err != nil || got.Demo != want {
			t.Errorf("%s: demo %t, %v", arg, got.Demo, err)
		}
	}
}

func TestVersionIsShown(t *testing.T) {
	var out bytes.Buffer
	if _, err := Parse([]string{"--version"}, env(), &out); !errors.Is(err, ErrShown) {
		t.Fatalf("--version gave %v", err)
	}
	if got := out.String(); got != "lianluo "+Version()+"\n" {
		t.Errorf("--version printed %q", got)
	}
}

func TestFileForms(t *testing.T) {
	for text, want := range map[string][]string{
		"":                 nil,
		"cors-origins: []": nil,
		"cors-origins: [https://a.example.cn, https://b.example.cn]":     {"https://a.example.cn", "https://b.example.cn"},
		"cors-origins:\n- https://a.example.cn\n":                        {"https://a.example.cn"},
		"cors-origins: https://a.example.cn,https://b.example.cn # both": {"https://a.example.cn", "https://b.example.cn"},
		`{"cors-origins": ["https://a.example.cn"]}`:                     {"https://a.example.cn"},
	} {
		got, err := Parse([]string{"--config", file(t, "lianluo.yaml", text)}, env(), io.Discard)
		if err != nil {
			t.Errorf("%q: %v", text, err)
		}
		if diff := cmp.Diff(want, got.CORSOrigins); diff != "" && len(want)+len(got.CORSOrigins) > 0 {
			t.Errorf("%q (-want +got):\n%s", text, diff)
		}
	}
}

func TestWrongSources(t *testing.T) {
	regular := file(t, "regular", "")
	for name, tc := range map[string]struct {
		args []string
		env  []string
		file string // written and named by --config unless empty
		want []string
	}{
		"unknown flag":                  {args: []string{"--adr=x"}, want: []string{"--adr", "--addr"}},
		"argument":                      {args: []string{"serve"}, want: []string{"unexpected argument serve"}},
		"no value":                      {args: []string{"--addr"}, want: []string{"--addr"}},
		"not a number":                  {args: []string{"--max-conns=many"}, want: []string{"--max-conns", `"many"`}},
		"not a duration":                {args: []string{"--token-ttl=15"}, want: []string{"--token-ttl", "missing unit"}},
		"not a truth":                   {args: []string{"--demo=maybe"}, want: []string{"--demo", `"maybe"`}},
		"folder is a file":              {args: []string{"--data-dir", regular}, want: []string{"--data-dir", "is not a folder"}},
		"wrong variable":                {env: []string{"LIANLUO_MAX_CONNS", "x"}, want: []string{"--max-conns", "from LIANLUO_MAX_CONNS"}},
		"invalid variable":              {env: []string{"LIANLUO_LOG_LEVEL", "loud"}, want: []string{"--log-level", `"loud"`}},
		"missing file":                  {args: []string{"--config=/no/such.yaml"}, want: []string{"--config", `no file "/no/such.yaml"`}},
		"missing file, env":             {env: []string{"LIANLUO_CONFIG", "/no/such.yaml"}, want: []string{"--config", `no file "/no/such.yaml"`}},
		"folder as file":                {args: []string{"--config", t.TempDir()}, want: []string{"--config", "is a directory"}},
		"unknown keys":                  {file: "adr: x\ndemo: false\nfoo: y\n", want: []string{`unknown key "adr"`, `unknown key "foo"`, "addr, app-database-url"}},
		"key of no setting":             {file: "config: x.yaml\n", want: []string{`unknown key "config"`}},
		"double key":                    {file: "addr: 127.0.0.1:1\naddr: 127.0.0.1:2\n", want: []string{"--config", "already defined"}},
		"not a map":                     {file: "- addr\n", want: []string{"--config", "not a YAML or JSON file of settings"}},
		"broken":                        {file: "issuer: \"\n", want: []string{"--config", "not a YAML or JSON file of settings"}},
		"no value in file":              {file: "issuer:\n", want: []string{"--issuer has no value"}},
		"list for a value":              {file: "addr: [127.0.0.1:1]\n", want: []string{"--addr is a list"}},
		"map for a value":               {file: "database-url: {password: geheim}\n", want: []string{"--database-url is a map"}},
		"map in a list":                 {file: "cors-origins: [{a: b}]\n", want: []string{"--cors-origins in its list: is a map"}},
		"wrong in file":                 {file: "max-conns: 20.5\n", want: []string{"--max-conns", `"20.5"`, "from ", "lianluo.yaml"}},
		"wrong in file, hidden by flag": {args: []string{"--issuer=x"}, file: "issuer:\n", want: []string{"--issuer has no value"}},
	} {
		t.Run(name, func(t *testing.T) {
			args := tc.args
			if tc.file != "" {
				args = append(args, "--config", file(t, "lianluo.yaml", tc.file))
			}
			got, err := Parse(args, env(tc.env...), io.Discard)
			if err == nil || errors.Is(err, ErrShown) {
				t.Fatalf("no error, but %v", got)
			}
			for _, part := range tc.want {
				if !strings.Contains(err.Error(), part) {
					t.Errorf("the error does not say %q: %v", part, err)
				}
			}
			if strings.Contains(err.Error(), "geheim") {
				t.Errorf("the error tells the password: %v", err)
			}
		})
	}
}
