package anchor

import (
	"bufio"
	"errors"
	"fmt"
	"io"
)

// lines reads whole lines, each with its end, and nothing behind the last.
type lines struct{ r *bufio.Reader }

func newLines(r io.Reader) lines { return lines{bufio.NewReaderSize(r, maxLine)} }

// next is a line without its end, until the next call; io.EOF when there is none.
func (l lines) next() ([]byte, error) {
	text, err := l.r.ReadSlice('\n')
	if errors.Is(err, bufio.ErrBufferFull) {
		return nil, fmt.Errorf("a line is longer than %d bytes", maxLine)
	}
	if err != nil {
		return nil, err
	}
	return text[:len(text)-1], nil
}
