// Package anchor keeps the heads of the audit's chain in a file outside the database: one line a head, added at the end, never changed.
//
// The file is worth what keeps it. It belongs on another machine, or on storage that can be written once; at the least it is copied there.
//
// Room: server. It may import ent/audit.
package anchor

import (
	"bytes"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"iter"
	"os"
	"path/filepath"
	"sync"
	"time"

	"github.com/lianluo/lianluo/ent/audit"
)

// FileName is the anchor's in a data directory, unless another file was chosen.
const FileName = "audit-anchor"

// maxLine bounds a line; heads take some 200 bytes.
const maxLine = 4096

// line is a head as it is written.
type line struct {
	Position int64     `json:"position"`
	Hash     string    `json:"hash"`
	Suite    string    `json:"suite"`
	SealedAt time.Time `json:"sealedAt"`
}

func parse(text []byte) (audit.Head, error) {
	var l line
	if err := json.Unmarshal(text, &l); err != nil {
		return audit.Head{}, fmt.Errorf("%q is no head: %w", text, err)
	}
	hash, err := hex.DecodeString(l.Hash)
	if err != nil || len(hash) == 0 || l.Position < 1 {
		return audit.Head{}, fmt.Errorf("%q is no head", text)
	}
	return audit.Head{Position: l.Position, Hash: hash, Suite: l.Suite, SealedAt: l.SealedAt}, nil
}

// File is an anchor to add to. It is made with the first head. One program at a time adds to a file.
type File struct {
	path string

	mu    sync.Mutex
	known bool
	last  audit.Head
}

var _ audit.Anchor = (*File)(nil)

// New is the anchor in a file; nothing is read or written yet.
func New(path string) *File { return &File{path: path} }

// Last is the head that was added last.
func (f *File) Last() (audit.Head, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.known {
		return f.last, nil
	}
	r, err := Open(f.path)
	if errors.Is(err, fs.ErrNotExist) {
		return audit.Head{}, nil
	}
	if err != nil {
		return audit.Head{}, err
	}
	last, err := r.last()
	if err := errors.Join(err, r.Close()); err != nil {
		return audit.Head{}, err
	}
	f.known, f.last = true, last
	return last, nil
}

// Append adds a head and returns when it is on the disk. What a crash left of a line is taken away first.
func (f *File) Append(h audit.Head) (err error) {
	text, err := json.Marshal(line{h.Position, hex.EncodeToString(h.Hash), h.Suite, h.SealedAt.UTC()})
	if err != nil {
		return err
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	file, err := os.OpenFile(f.path, os.O_RDWR|os.O_CREATE, 0o600)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, file.Close()) }()
	end, err := whole(file)
	if err != nil {
		return err
	}
	if err := file.Truncate(end); err != nil {
		return err
	}
	if _, err := file.WriteAt(append(text, '\n'), end); err != nil {
		return err
	}
	if err := file.Sync(); err != nil {
		return err
	}
	if end == 0 {
		if err := syncDir(filepath.Dir(f.path)); err != nil {
			return err
		}
	}
	f.known, f.last = true, h
	return nil
}

// syncDir has a file that is new be found after a crash.
func syncDir(path string) error {
	dir, err := os.Open(path)
	if err != nil {
		return err
	}
	return errors.Join(dir.Sync(), dir.Close())
}

// whole is where the last whole line of a file ends.
func whole(file *os.File) (int64, error) {
	info, err := file.Stat()
	if err != nil {
		return 0, err
	}
	tail, start, err := tailOf(file, info.Size())
	if err != nil {
		return 0, err
	}
	return start + int64(bytes.LastIndexByte(tail, '\n')+1), nil
}

// tailOf is the end of a file, long enough for a line and what is left of one, and where it starts.
func tailOf(file io.ReaderAt, size int64) (tail []byte, start int64, err error) {
	start = max(0, size-2*maxLine)
	tail = make([]byte, size-start)
	if _, err := file.ReadAt(tail, start); err != nil && !errors.Is(err, io.EOF) {
		return nil, 0, err
	}
	if start > 0 && bytes.IndexByte(tail, '\n') < 0 {
		return nil, 0, errors.New("the file is no list of heads")
	}
	return tail, start, nil
}

// Reader reads an anchor as it was when it was opened, whatever is added meanwhile.
type Reader struct {
	file *os.File
	size int64
}

// Open opens an anchor to read. That there is none is a fs.ErrNotExist.
func Open(path string) (*Reader, error) {
	file, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	info, err := file.Stat()
	if err != nil {
		return nil, errors.Join(err, file.Close())
	}
	return &Reader{file, info.Size()}, nil
}

// Close closes the file.
func (r *Reader) Close() error { return r.file.Close() }

// Heads hands out all heads in order. What a crash left of the last line is none; any other line that is none is an error, and the last thing handed out.
func (r *Reader) Heads() iter.Seq2[audit.Head, error] {
	return func(yield func(audit.Head, error) bool) {
		lines := newLines(io.NewSectionReader(r.file, 0, r.size))
		for {
			text, err := lines.next()
			if errors.Is(err, io.EOF) {
				return
			}
			var head audit.Head
			if err == nil {
				head, err = parse(text)
			}
			if !yield(head, err) || err != nil {
				return
			}
		}
	}
}

// last is the last head, or the zero Head.
func (r *Reader) last() (audit.Head, error) {
	tail, _, err := tailOf(r.file, r.size)
	if err != nil {
		return audit.Head{}, err
	}
	tail = tail[:bytes.LastIndexByte(tail, '\n')+1]
	if len(tail) == 0 {
		return audit.Head{}, nil
	}
	tail = tail[:len(tail)-1]
	return parse(tail[bytes.LastIndexByte(tail, '\n')+1:])
}
