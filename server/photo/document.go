package photo

import (
	"bytes"
	"crypto/sha256"
	"fmt"
	"io"
)

// Document is a document as it is kept: as it came.
type Document struct {
	Bytes  []byte
	SHA256 [sha256.Size]byte
}

// CheckDocument reads an upload of at most limit bytes and sees that it is a PDF from its first byte to its last, by
// content. It is not rewritten, and may hold scripts, links and who made it: take documents from people who have signed
// in only, and give them out as downloads, never to be shown among pages of the platform.
func CheckDocument(r io.Reader, limit int64) (Document, error) {
	b, err := readAll(r, limit)
	if err != nil {
		return Document{}, err
	}
	if !isPDF(b) {
		return Document{}, ErrNotADocument
	}
	if !endsAsPDF(b) {
		return Document{}, fmt.Errorf("%w: the end of the PDF is missing, or something follows it", ErrDamaged)
	}
	return Document{Bytes: b, SHA256: sha256.Sum256(b)}, nil
}

// isPDF asks for "%PDF-1.7" or the like at the very beginning. Readers search the first kilobyte for it; what comes
// before it could be another file.
func isPDF(b []byte) bool {
	version, ok := bytes.CutPrefix(b, []byte("%PDF-"))
	return ok && len(version) >= 3 && (version[0] == '1' || version[0] == '2') && version[1] == '.' && digit(version[2])
}

// endsAsPDF asks for "startxref", a place in the file, and "%%EOF" as the last that is in it.
func endsAsPDF(b []byte) bool {
	const blank = "\x00\t\n\f\r "
	rest, ok := bytes.CutSuffix(bytes.TrimRight(b, blank), []byte("%%EOF"))
	if !ok {
		return false
	}
	rest = bytes.TrimRight(rest, blank)
	place := rest
	for len(place) > 0 && digit(place[len(place)-1]) {
		place = place[:len(place)-1]
	}
	// Ten digits reach further than any file that is taken.
	digits := len(rest) - len(place)
	return digits >= 1 && digits <= 10 && bytes.HasSuffix(bytes.TrimRight(place, blank), []byte("startxref"))
}

func digit(c byte) bool { return c >= '0' && c <= '9' }
