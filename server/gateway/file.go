package gateway

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"sync"
	"time"

	"github.com/google/uuid"

	"github.com/lianluo/lianluo/ent/calendar"
	"github.com/lianluo/lianluo/ent/kind"
)

// File is a gateway that writes messages into a folder, one JSON object a line, one file a day (in Asia/Shanghai), readable by the server's
// own account alone. Empty lines mean nothing. A message is on the disk when Send returns.
type File struct {
	folder *os.Root
	clock  func() time.Time
	mu     sync.Mutex
}

// line is a message as it is written.
type line struct {
	ID      uuid.UUID           `json:"id"`
	At      time.Time           `json:"at"`
	Channel kind.MessageChannel `json:"channel"`
	To      string              `json:"to"`
	Text    string              `json:"text"`
}

// OpenFile opens the folder and makes it if it is missing; nil for the clock means time.Now. Close the File in the end.
func OpenFile(folder string, clock func() time.Time) (*File, error) {
	if clock == nil {
		clock = time.Now
	}
	if err := os.MkdirAll(folder, 0o700); err != nil {
		return nil, fmt.Errorf("gateway: make the folder: %w", err)
	}
	root, err := os.OpenRoot(folder)
	if err != nil {
		return nil, fmt.Errorf("gateway: open the folder: %w", err)
	}
	return &File{folder: root, clock: clock}, nil
}

// Close gives the folder back.
func (g *File) Close() error { return g.folder.Close() }

// Send adds the message to the file of the day.
func (g *File) Send(ctx context.Context, m Message) error {
	now := g.clock()
	text, err := json.Marshal(line{m.ID, now, m.Channel, m.To, m.Text})
	if err != nil {
		return fmt.Errorf("gateway: %w", err)
	}
	g.mu.Lock()
	defer g.mu.Unlock()
	if err := ctx.Err(); err != nil {
		return err
	}
	if err := g.add(calendar.Today(now).Format(time.DateOnly)+".jsonl", append(text, '\n')); err != nil {
		return fmt.Errorf("gateway: write the message down: %w", err)
	}
	return nil
}

// add adds a line to a file. Where a full disk or a crash left half a line, or another server is just writing one, the new one begins below it.
func (g *File) add(name string, text []byte) (err error) {
	_, missing := g.folder.Stat(name)
	f, err := g.folder.OpenFile(name, os.O_RDWR|os.O_CREATE|os.O_APPEND, 0o600)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, f.Close()) }()
	half, err := endsHalf(f)
	if err != nil {
		return err
	}
	if half {
		text = append([]byte{'\n'}, text...)
	}
	if _, err := f.Write(text); err != nil {
		return err
	}
	if err := f.Sync(); err != nil || !errors.Is(missing, fs.ErrNotExist) {
		return err
	}
	return g.keepName()
}

// endsHalf tells whether a file ends in the middle of a line.
func endsHalf(f *os.File) (bool, error) {
	info, err := f.Stat()
	if err != nil || info.Size() == 0 {
		return false, err
	}
	var last [1]byte
	_, err = f.ReadAt(last[:], info.Size()-1)
	return last[0] != '\n', err
}

// keepName keeps the name of a new file from being lost with the power.
func (g *File) keepName() (err error) {
	folder, err := g.folder.Open(".")
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, folder.Close()) }()
	return folder.Sync()
}
