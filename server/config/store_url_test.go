package config

import (
	"fmt"
	"strings"
	"testing"
)

func TestStoreURL(t *testing.T) {
	const whole = StoreURL("s3://key:geheim@store.example.cn:9000/lianluo?region=cn-north-1&tls=false")
	b, err := whole.Bucket()
	want := Bucket{Endpoint: "store.example.cn:9000", Name: "lianluo", Region: "cn-north-1", AccessKey: "key", Secret: "geheim"}
	if err != nil || b != want {
		t.Errorf("%+v %v", b, err)
	}
	if b, err := StoreURL("s3://key:geheim@h/b").Bucket(); err != nil || !b.TLS || b.Region != "" {
		t.Errorf("%+v %v", b, err)
	}
	if got := whole.String(); got != "s3://key@store.example.cn:9000/lianluo" {
		t.Error(got)
	}
	for _, verb := range []string{"%v", "%+v", "%#v", "%s", "%q"} {
		if got := fmt.Sprintf(verb, struct{ U StoreURL }{whole}); strings.Contains(got, "geheim") {
			t.Errorf("%s tells the secret: %s", verb, got)
		}
	}
	for _, bad := range []StoreURL{
		"x", "https://key:geheim@h/b", "s3://h/b", "s3://key@h/b", "s3://:geheim@h/b", "s3://key:geheim@/b", "s3://key:geheim@h/",
		"s3://key:geheim@h/a/b", "s3://key:geheim@h/b?tls=maybe", "s3://key:geheim@h/b?tls=true&tls=false", "s3://key:geheim@h/b?x=1",
		"s3://key:ge%zzheim@h/b", "s3://key:geheim@h/b#c",
	} {
		c := Default()
		c.StoreURL = bad
		err := c.Validate()
		if err == nil || !strings.Contains(err.Error(), "--store-url") || strings.Contains(err.Error(), "geheim") {
			t.Errorf("%s: %v", bad.String(), err)
		}
	}
	for public, good := range map[string]bool{
		"": true, "https://lianluo.example.cn": true, "http://127.0.0.1:8080": true, "https://lianluo.example.cn/": false, "lianluo.example.cn": false,
		"https://lianluo.example.cn/x": false, "ftp://h": false,
	} {
		c := Default()
		c.PublicURL = public
		if err := c.Validate(); (err == nil) != good {
			t.Errorf("%q: %v", public, err)
		}
	}
}
