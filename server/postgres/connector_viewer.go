package postgres

import (
	"context"
	"database/sql/driver"
	"errors"
	"fmt"
	"strconv"

	"github.com/google/uuid"

	"github.com/lianluo/lianluo/ent/place"
	"github.com/lianluo/lianluo/ent/viewer"
)

// setViewerSQL sets everything at once: one round trip, and all of it or nothing. The values are bound, never
// written into the text: the subject is free text.
const setViewerSQL = `SELECT pg_catalog.set_config('role', $1, false),
 pg_catalog.set_config('app.lo', $2, false),
 pg_catalog.set_config('app.hi', $3, false),
 pg_catalog.set_config('app.person', $4, false),
 pg_catalog.set_config('app.organ', $5, false),
 pg_catalog.set_config('app.station', $6, false),
 pg_catalog.set_config('app.receipt', $7, false),
 pg_catalog.set_config('app.subject', $8, false)`

// settings are what a session is told of its viewer. Equal settings are the same viewer to the database. The
// zero value is no viewer's.
type settings struct {
	role                            string
	lo, hi                          place.Code
	person, organ, station, receipt uuid.UUID
	subject                         string
}

// settingsFrom reads the context's viewer.
func settingsFrom(ctx context.Context) (settings, error) {
	v := viewer.FromContext(ctx)
	if v == nil {
		return settings{}, ErrNoViewer
	}
	role := v.Kind.DatabaseRole()
	if role == "" {
		return settings{}, fmt.Errorf("%w: no database role for kind %q", ErrNoViewer, v.Kind)
	}
	return settings{
		role: role, lo: v.Lo, hi: v.Hi,
		person: v.Person, organ: v.Organ, station: v.Station, receipt: v.Receipt,
		subject: v.Subject,
	}, nil
}

// values are the arguments of setViewerSQL.
func (s settings) values() []driver.NamedValue {
	texts := [...]string{
		s.role,
		strconv.FormatInt(int64(s.lo), 10), strconv.FormatInt(int64(s.hi), 10),
		idOrEmpty(s.person), idOrEmpty(s.organ), idOrEmpty(s.station), idOrEmpty(s.receipt),
		s.subject,
	}
	out := make([]driver.NamedValue, len(texts))
	for i, text := range texts {
		out[i] = driver.NamedValue{Ordinal: i + 1, Value: text}
	}
	return out
}

func idOrEmpty(id uuid.UUID) string {
	if id == uuid.Nil {
		return ""
	}
	return id.String()
}

// become sets the session to a viewer. It must not be called inside a transaction. It runs to its end even if
// the context is cancelled meanwhile: it waits for nothing in the database, and half-known is the worst state.
func (c *conn) become(ctx context.Context, want settings) error {
	if c.hooks.viewer != nil {
		c.hooks.viewer(ctx)
	}
	c.viewer = settings{}
	if err := c.sendSettings(context.WithoutCancel(ctx), want); err != nil {
		if errors.Is(err, driver.ErrBadConn) {
			return driver.ErrBadConn // nothing of the caller's was sent, so database/sql may take another connection
		}
		c.setViewer = nil
		return fmt.Errorf("set the viewer of the session: %w", err)
	}
	c.viewer = want
	return nil
}

func (c *conn) sendSettings(ctx context.Context, want settings) error {
	if c.setViewer == nil {
		st, err := c.prepareInner(ctx, setViewerSQL)
		if err != nil {
			return err
		}
		c.setViewer = st
	}
	_, err := c.setViewer.ExecContext(ctx, want.values())
	return err
}
