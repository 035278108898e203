package config

import (
	"io"
	"strings"
	"testing"
	"time"
)

func TestValidateRefuses(t *testing.T) {
	for name, tc := range map[string]struct {
		change func(*Config)
		flag   string
	}{
		"no address":              {func(c *Config) { c.Addr = "" }, "addr"},
		"no port":                 {func(c *Config) { c.Addr = "127.0.0.1" }, "addr"},
		"empty port":              {func(c *Config) { c.Addr = "127.0.0.1:" }, "addr"},
		"port too high":           {func(c *Config) { c.Addr = "127.0.0.1:65536" }, "addr"},
		"negative port":           {func(c *Config) { c.Addr = "127.0.0.1:-1" }, "addr"},
		"named port":              {func(c *Config) { c.Addr = "127.0.0.1:http" }, "addr"},
		"no such IPv4":            {func(c *Config) { c.Addr = "127.0.0.256:80" }, "addr"},
		"IPv6 without brackets":   {func(c *Config) { c.Addr = "::1:80" }, "addr"},
		"host with a space":       {func(c *Config) { c.Addr = "my host:80" }, "addr"},
		"URL for an address":      {func(c *Config) { c.Addr = "http://127.0.0.1:80" }, "addr"},
		"any origin":              {func(c *Config) { c.CORSOrigins = []string{"*"} }, "cors-origins"},
		"wildcard origin":         {func(c *Config) { c.CORSOrigins = []string{"https://*.example.cn"} }, "cors-origins"},
		"null origin":             {func(c *Config) { c.CORSOrigins = []string{"null"} }, "cors-origins"},
		"empty origin":            {func(c *Config) { c.CORSOrigins = []string{""} }, "cors-origins"},
		"origin without scheme":   {func(c *Config) { c.CORSOrigins = []string{"portal.example.cn"} }, "cors-origins"},
		"origin with a path":      {func(c *Config) { c.CORSOrigins = []string{"https://portal.example.cn/"} }, "cors-origins"},
		"origin in upper case":    {func(c *Config) { c.CORSOrigins = []string{"https://Portal.example.cn"} }, "cors-origins"},
		"origin with a user":      {func(c *Config) { c.CORSOrigins = []string{"https://u@portal.example.cn"} }, "cors-origins"},
		"origin of a file":        {func(c *Config) { c.CORSOrigins = []string{"file://x"} }, "cors-origins"},
		"second origin":           {func(c *Config) { c.CORSOrigins = []string{"https://a.example.cn", "x"} }, "cors-origins"},
		"proxy by name":           {func(c *Config) { c.TrustedProxies = []string{"proxy.example.cn"} }, "trusted-proxies"},
		"no proxy":                {func(c *Config) { c.TrustedProxies = []string{""} }, "trusted-proxies"},
		"network too wide":        {func(c *Config) { c.TrustedProxies = []string{"10.0.0.0/33"} }, "trusted-proxies"},
		"network with host bits":  {func(c *Config) { c.TrustedProxies = []string{"10.0.0.1/8"} }, "trusted-proxies"},
		"proxy with a zone":       {func(c *Config) { c.TrustedProxies = []string{"fe80::1%eth0"} }, "trusted-proxies"},
		"proxy with a port":       {func(c *Config) { c.TrustedProxies = []string{"10.0.0.1:80"} }, "trusted-proxies"},
		"second proxy":            {func(c *Config) { c.TrustedProxies = []string{"10.0.0.1", "x"} }, "trusted-proxies"},
		"request timeout zero":    {func(c *Config) { c.RequestTimeout = 0 }, "request-timeout"},
		"request timeout long":    {func(c *Config) { c.RequestTimeout = 5*time.Minute + 1 }, "request-timeout"},
		"shutdown timeout short":  {func(c *Config) { c.ShutdownTimeout = time.Second - 1 }, "shutdown-timeout"},
		"shutdown timeout long":   {func(c *Config) { c.ShutdownTimeout = time.Hour }, "shutdown-timeout"},
		"no folder":               {func(c *Config) { c.DataDir = "" }, "data-dir"},
		"zero byte in the folder": {func(c *Config) { c.DataDir = "a\x00b" }, "data-dir"},
		"other database":          {func(c *Config) { c.DatabaseURL = "mysql://u@h/d" }, "database-url"},
		"key=value database":      {func(c *Config) { c.DatabaseURL = "host=h user=u" }, "database-url"},
		"opaque database":         {func(c *Config) { c.DatabaseURL = "postgres:d" }, "database-url"},
		"database bad escape":     {func(c *Config) { c.DatabaseURL = "postgres://u:p%zz@h/d" }, "database-url"},
		"database bad query":      {func(c *Config) { c.DatabaseURL = "postgres://u@h/d?a=%zz" }, "database-url"},
		"app without database":    {func(c *Config) { c.AppDatabaseURL = "postgres://app@h/d" }, "app-database-url"},
		"app malformed":           {func(c *Config) { c.DatabaseURL, c.AppDatabaseURL = "postgres://u@h/d", "app" }, "app-database-url"},
		"app without a user":      {func(c *Config) { c.DatabaseURL, c.AppDatabaseURL = "postgres://u@h/d", "postgres://h/d" }, "app-database-url"},
		"app is the owner":        {func(c *Config) { c.DatabaseURL, c.AppDatabaseURL = "postgres://u@h/d", "postgres://u:p@h/d" }, "app-database-url"},
		"unknown gateway":         {func(c *Config) { c.SMSGateway = "fax" }, "sms-gateway"},
		"no word for no gateway":  {func(c *Config) { c.SMSGateway = "" }, "sms-gateway"},
		"too few connections":     {func(c *Config) { c.MaxConns = 1 }, "max-conns"},
		"too many connections":    {func(c *Config) { c.MaxConns = 1001 }, "max-conns"},
		"no issuer":               {func(c *Config) { c.Issuer = "" }, "issuer"},
		"issuer with a space":     {func(c *Config) { c.Issuer = "a b" }, "issuer"},
		"no audience":             {func(c *Config) { c.Audience = "" }, "audience"},
		"long audience":           {func(c *Config) { c.Audience = strings.Repeat("a", 201) }, "audience"},
		"unprintable audience":    {func(c *Config) { c.Audience = "a\x1b" }, "audience"},
		"token life short":        {func(c *Config) { c.TokenTTL = time.Minute - 1 }, "token-ttl"},
		"token life long":         {func(c *Config) { c.TokenTTL = 25 * time.Hour }, "token-ttl"},
		"refresh not longer":      {func(c *Config) { c.RefreshTTL = c.TokenTTL }, "refresh-ttl"},
		"refresh too long":        {func(c *Config) { c.RefreshTTL = 2161 * time.Hour }, "refresh-ttl"},
		"unknown level":           {func(c *Config) { c.LogLevel = "INFO" }, "log-level"},
		"unknown format":          {func(c *Config) { c.LogFormat = "xml" }, "log-format"},
	} {
		t.Run(name, func(t *testing.T) {
			c := Default()
			tc.change(&c)
			err := c.Validate()
			if err == nil {
				t.Fatal("no error")
			}
			if lines := strings.Split(err.Error(), "\n"); len(lines) != 1 || !strings.HasPrefix(lines[0], "--"+tc.flag+" ") {
				t.Errorf("the error is not one line on --%s: %v", tc.flag, err)
			}
		})
	}
}

func TestValidateAccepts(t *testing.T) {
	for name, change := range map[string]func(*Config){
		"every interface":  func(c *Config) { c.Addr = ":8080" },
		"free port":        func(c *Config) { c.Addr = "127.0.0.1:0" },
		"host name":        func(c *Config) { c.Addr = "localhost:65535" },
		"IPv6":             func(c *Config) { c.Addr = "[::]:80" },
		"IPv6 with a zone": func(c *Config) { c.Addr = "[fe80::1%eth0]:80" },
		"origins":          func(c *Config) { c.CORSOrigins = []string{"https://a.example.cn", "http://127.0.0.1:5173"} },
		"proxies": func(c *Config) {
			c.TrustedProxies = []string{"10.0.0.0/8", "192.0.2.1", "fd00::/8", "::1", "0.0.0.0/0"}
		},
		"socket":            func(c *Config) { c.DatabaseURL = "postgres:///lianluo?host=/var/run/postgresql" },
		"two users":         func(c *Config) { c.DatabaseURL, c.AppDatabaseURL = "postgres://u@h/d", "postgres://app@h/d" },
		"no messages":       func(c *Config) { c.SMSGateway = "none" },
		"least":             func(c *Config) { c.MaxConns, c.TokenTTL, c.RequestTimeout = 2, time.Minute, time.Second },
		"most":              func(c *Config) { c.MaxConns, c.TokenTTL, c.RefreshTTL = 1000, 24*time.Hour, 2160*time.Hour },
		"issuer is an URL":  func(c *Config) { c.Issuer = "https://id.example.cn" },
		"Chinese audience":  func(c *Config) { c.Audience = "联络站" },
		"structured errors": func(c *Config) { c.LogFormat, c.LogLevel = "json", "error" },
	} {
		c := Default()
		change(&c)
		if err := c.Validate(); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestValidateNamesAllFaults(t *testing.T) {
	_, err := Parse([]string{
		"--addr=x", "--cors-origins=*,y", "--trusted-proxies=x", "--request-timeout=1ms", "--shutdown-timeout=1h", "--data-dir=", "--database-url=x",
		"--app-database-url=y", "--max-conns=0", "--issuer=", "--audience=", "--token-ttl=1s", "--refresh-ttl=1s", "--log-level=x", "--log-format=x",
	}, env(), io.Discard)
	if err == nil {
		t.Fatal("no error")
	}
	lines := strings.Split(err.Error(), "\n")
	if len(lines) != 16 {
		t.Errorf("%d faults named, want 16:\n%v", len(lines), err)
	}
}
