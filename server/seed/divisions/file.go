package divisions

import (
	"bufio"
	"bytes"
	"compress/gzip"
	"fmt"
	"io"
)

// ParseFile is Parse for a table as it comes in a file: plain, or gzipped as the embedded one.
func ParseFile(r io.Reader) ([]Row, error) {
	in := bufio.NewReader(r)
	start, err := in.Peek(2)
	if err != nil || !bytes.Equal(start, []byte{0x1f, 0x8b}) { // what is too short for a table Parse tells
		return Parse(in)
	}
	zr, err := gzip.NewReader(in)
	if err != nil {
		return nil, fmt.Errorf("%w: %w", ErrTable, err)
	}
	return Parse(zr)
}
