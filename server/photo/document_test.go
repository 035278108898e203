package photo_test

import (
	"crypto/sha256"
	"errors"
	"runtime"
	"strings"
	"testing"
	"testing/iotest"

	"github.com/lianluo/lianluo/server/photo"
)

// goodPDF is as small as a PDF can be.
const goodPDF = "%PDF-1.7\n%\xe2\xe3\xcf\xd3\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n2 0 obj<</Type/Pages/Kids[]/Count 0>>endobj\n" +
	"xref\n0 3\n0000000000 65535 f \n0000000015 00000 n \n0000000060 00000 n \ntrailer<</Size 3/Root 1 0 R>>\nstartxref\n108\n%%EOF\n"

func TestCheckDocument(t *testing.T) {
	body, _ := strings.CutSuffix(goodPDF, "startxref\n108\n%%EOF\n")
	for name, c := range map[string]struct {
		upload string
		want   error
	}{
		"a PDF":                  {goodPDF, nil},
		"of version 2":           {strings.Replace(goodPDF, "1.7", "2.0", 1), nil},
		"without a last newline": {strings.TrimRight(goodPDF, "\n"), nil},
		"with other newlines":    {strings.ReplaceAll(goodPDF, "\n", "\r\n"), nil},
		"padded":                 {goodPDF + strings.Repeat("\x00 \r\n", 100), nil},
		"saved twice":            {goodPDF + body[len("%PDF-1.7\n"):] + "startxref\n350\n%%EOF", nil},

		"nothing":               {"", photo.ErrNotADocument},
		"text":                  {"a letter", photo.ErrNotADocument},
		"the head alone":        {"%PDF-", photo.ErrNotADocument},
		"no version":            {strings.Replace(goodPDF, "1.7", "x.y", 1), photo.ErrNotADocument},
		"HTML before it":        {"<html>" + goodPDF, photo.ErrNotADocument},
		"a space before it":     {" " + goodPDF, photo.ErrNotADocument},
		"a picture":             {string(webpLossy), photo.ErrNotADocument},
		"Word":                  {"PK\x03\x04\x14\x00 word/document.xml", photo.ErrNotADocument},
		"PostScript":            {"%!PS-Adobe-3.0\n%%EOF", photo.ErrNotADocument},
		"cut off":               {goodPDF[:len(goodPDF)/2], photo.ErrDamaged},
		"cut off late":          {goodPDF[:len(goodPDF)-3], photo.ErrDamaged},
		"the head and an end":   {"%PDF-1.7\n%%EOF", photo.ErrDamaged},
		"no place in the end":   {body + "startxref\n%%EOF", photo.ErrDamaged},
		"a place of no file":    {body + "startxref\n12345678901\n%%EOF", photo.ErrDamaged},
		"a place that is none":  {body + "startxref\n-1\n%%EOF", photo.ErrDamaged},
		"HTML after it":         {goodPDF + "<script>alert(1)</script>", photo.ErrDamaged},
		"another file after it": {goodPDF + "PK\x03\x04", photo.ErrDamaged},
		"a page too large":      {goodPDF + strings.Repeat(" ", 2000-len(goodPDF)+1), photo.ErrTooLarge},
		"just as large":         {goodPDF + strings.Repeat(" ", 2000-len(goodPDF)), nil},
	} {
		d, err := photo.CheckDocument(strings.NewReader(c.upload), 2000)
		if !errors.Is(err, c.want) {
			t.Errorf("%s: %v", name, err)
		}
		if err == nil && (string(d.Bytes) != c.upload || d.SHA256 != sha256.Sum256([]byte(c.upload))) {
			t.Errorf("%s: kept otherwise than it came", name)
		}
		if err != nil && d.Bytes != nil {
			t.Errorf("%s: something is kept", name)
		}
	}
	broken := errors.New("the line broke")
	if _, err := photo.CheckDocument(iotest.ErrReader(broken), 2000); !errors.Is(err, broken) {
		t.Error(err)
	}
}

// FuzzCheckDocument: what is taken begins and ends as a PDF, and is unchanged.
func FuzzCheckDocument(f *testing.F) {
	f.Add(goodPDF)
	f.Add("%PDF-1.7 startxref 1 %%EOF")
	f.Add("%PDF-1.7 1%%EOF")
	f.Fuzz(func(t *testing.T, upload string) {
		d, err := photo.CheckDocument(strings.NewReader(upload), 1<<16)
		if err != nil {
			return
		}
		ends := strings.HasSuffix(strings.TrimRight(upload, "\x00\t\n\f\r "), "%%EOF")
		if string(d.Bytes) != upload || !strings.HasPrefix(upload, "%PDF-") || !ends || !strings.Contains(upload, "startxref") {
			t.Errorf("taken: %q", upload)
		}
	})
}

// totalAlloc is how many bytes were ever taken.
func totalAlloc() uint64 {
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return m.TotalAlloc
}
