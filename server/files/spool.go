package files

import (
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"

	"github.com/lianluo/lianluo/server/photo"
)

// errCutOff is the error of an upload whose sender went away, or was too slow.
var errCutOff = errors.New("files: the upload is cut off")

// spooled is an upload on the disk: phones send slowly, and memory is for those at work.
type spooled struct{ *os.File }

// spool writes an upload to the disk, until just past the limit.
func spool(body io.Reader, limit int64) (_ *spooled, err error) {
	file, err := os.CreateTemp("", "lianluo-upload-*")
	if err != nil {
		return nil, fmt.Errorf("files: %w", err)
	}
	s := &spooled{file}
	defer func() {
		if err != nil {
			s.remove()
		}
	}()
	from := &sender{body: io.LimitReader(body, limit+1)}
	n, err := io.Copy(file, from)
	if from.err != nil {
		if tooLarge := (*http.MaxBytesError)(nil); errors.As(from.err, &tooLarge) {
			return nil, photo.ErrTooLarge
		}
		return nil, fmt.Errorf("%w: %w", errCutOff, from.err)
	}
	if err == nil {
		_, err = file.Seek(0, io.SeekStart)
	}
	if err != nil {
		return nil, fmt.Errorf("files: %w", err)
	}
	if n > limit {
		return nil, photo.ErrTooLarge
	}
	return s, nil
}

// begins tells how the file begins.
func (s *spooled) begins(with string) bool {
	begin := make([]byte, len(with))
	n, _ := s.ReadAt(begin, 0) // shorter ones begin otherwise
	return string(begin[:n]) == with
}

func (s *spooled) remove() {
	_ = s.Close()
	_ = os.Remove(s.Name()) // the system clears its folder
}

// sender reads, and remembers whether it was reading that failed.
type sender struct {
	body io.Reader
	err  error
}

func (s *sender) Read(p []byte) (int, error) {
	n, err := s.body.Read(p)
	if err != nil && !errors.Is(err, io.EOF) {
		s.err = err
	}
	return n, err
}
