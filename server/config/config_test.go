package config

import (
	"bytes"
	"encoding/json"
	"fmt"
	"log/slog"
	"strings"
	"testing"
)

const (
	secretURL = "postgres://owner:geheim@db.example.cn:5432/lianluo?sslpassword=geheim"
	shownURL  = "postgres://owner@db.example.cn:5432/lianluo"
)

func TestSecretsAreNotShown(t *testing.T) {
	c := Default()
	c.DatabaseURL = secretURL
	c.AppDatabaseURL = "postgres://app:geheim@db.example.cn/%zz"
	shown := map[string]string{}
	for _, verb := range []string{"%v", "%+v", "%#v", "%s", "%q", "%d", "%x"} {
		shown["Config "+verb] = fmt.Sprintf(verb, c)
		shown["pointer "+verb] = fmt.Sprintf(verb, &c)
		shown["nested "+verb] = fmt.Sprintf(verb, struct{ C []Config }{[]Config{c}})
	}
	for _, verb := range []string{"%v", "%+v", "%#v", "%s", "%q"} {
		shown["URL "+verb] = fmt.Sprintf(verb, c.DatabaseURL)
	}
	var text, js bytes.Buffer
	for name, log := range map[string]*slog.Logger{
		"text": slog.New(slog.NewTextHandler(&text, nil)),
		"json": slog.New(slog.NewJSONHandler(&js, nil)),
	} {
		log.Info("start", "config", c, "pointer", &c, "url", c.DatabaseURL, "handler", name)
	}
	shown["text log"], shown["json log"] = text.String(), js.String()
	marshalled, err := json.Marshal(c)
	if err != nil {
		t.Fatal(err)
	}
	shown["json"] = string(marshalled)
	for name, s := range shown {
		if strings.Contains(s, "geheim") || strings.Contains(s, fmt.Sprintf("%x", "geheim")) {
			t.Errorf("%s tells the password: %s", name, s)
		}
		if !strings.Contains(s, shownURL) {
			t.Errorf("%s does not tell where the database is: %s", name, s)
		}
	}
}

func TestDatabaseURLString(t *testing.T) {
	for in, want := range map[DatabaseURL]string{
		"":                                 "",
		secretURL:                          shownURL,
		"postgres://h/d":                   "postgres://h/d",
		"postgres:///d?password=geheim":    "postgres:///d",
		"host=h password=geheim":           hidden,
		"postgres://u:ge%zzheim@h/d":       hidden,
		"postgres:geheim":                  hidden,
		"postgresql://u:p@h/d?x=%zzgeheim": hidden,
	} {
		if got := in.String(); got != want {
			t.Errorf("%q shows as %q, want %q", string(in), got, want)
		}
	}
}
