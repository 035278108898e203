package audit

import (
	"bytes"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"slices"
	"strconv"
	"time"

	"github.com/google/uuid"
)

// The kinds of values in the form that is hashed.
const (
	kindNull   = 'z'
	kindBool   = 'b'
	kindNumber = 'n'
	kindText   = 's'
	kindBytes  = 'x'
	kindList   = 'l'
	kindMap    = 'm'
)

// put writes one value.
func put(kind byte, content []byte) []byte {
	out := []byte{kind}
	out = strconv.AppendInt(out, int64(len(content)), 10)
	out = append(out, ':')
	return append(out, content...)
}

func text(s string) []byte { return put(kindText, []byte(s)) }

func number(n int64) []byte { return put(kindNumber, strconv.AppendInt(nil, n, 10)) }

func moment(t time.Time) []byte { return text(t.UTC().Format("2006-01-02T15:04:05.000000Z")) }

func list(values ...[]byte) []byte { return put(kindList, slices.Concat(values...)) }

// members writes a map of values that are in the form already.
func members(values map[string][]byte) []byte {
	var content []byte
	for _, name := range slices.Sorted(maps.Keys(values)) {
		content = append(append(content, text(name)...), values[name]...)
	}
	return put(kindMap, content)
}

// fromJSON writes a JSON text in the form: equal values alike, however they are spaced and ordered.
func fromJSON(raw []byte) ([]byte, error) {
	d := json.NewDecoder(bytes.NewReader(raw))
	d.UseNumber()
	var value any
	if err := d.Decode(&value); err != nil {
		return nil, fmt.Errorf("audit: detail: %w", err)
	}
	if _, err := d.Token(); !errors.Is(err, io.EOF) {
		return nil, errors.New("audit: detail: more than one value")
	}
	return form(value), nil
}

// form writes what a JSON text was read as.
func form(value any) []byte {
	switch v := value.(type) {
	case bool:
		return put(kindBool, strconv.AppendBool(nil, v))
	case json.Number:
		return put(kindNumber, []byte(v))
	case string:
		return text(v)
	case []any:
		values := make([][]byte, len(v))
		for i := range v {
			values[i] = form(v[i])
		}
		return list(values...)
	case map[string]any:
		values := make(map[string][]byte, len(v))
		for name := range v {
			values[name] = form(v[name])
		}
		return members(values)
	}
	return put(kindNull, nil)
}

// Place is where a line lies: the code of its division and those above it, where there are.
type Place [5]sql.NullInt64 // code, province, city, county, township

// form writes a place as a list.
func (p Place) form() []byte {
	values := make([][]byte, len(p))
	for i, code := range p {
		if values[i] = put(kindNull, nil); code.Valid {
			values[i] = number(code.Int64)
		}
	}
	return list(values...)
}

// Entry is a line of the audit as it is stored, without its place.
type Entry struct {
	ID         uuid.UUID
	Version    int64
	CreatedAt  time.Time
	UpdatedAt  time.Time
	Subject    string
	Role       sql.NullString
	ViewerCode int64
	Verb       string
	Entity     string
	EntityID   uuid.UUID
	// Detail is JSON, or nil.
	Detail []byte
}

// entryColumns are the columns of an Entry in the order in which fields hands them out.
const entryColumns = `e.id, e.version, e.created_at, e.updated_at, e.subject, e.role, e.viewer_code, e.verb, e.entity, e.entity_id, e.detail`

// fields are where a row of entryColumns is read to.
func (e *Entry) fields() []any {
	return []any{
		&e.ID, &e.Version, &e.CreatedAt, &e.UpdatedAt, &e.Subject, &e.Role, &e.ViewerCode, &e.Verb, &e.Entity, &e.EntityID, &e.Detail,
	}
}

// digest is the hash over the line.
func (e *Entry) digest(s Suite) ([]byte, error) {
	columns := map[string][]byte{
		"id": text(e.ID.String()), "version": number(e.Version), "created_at": moment(e.CreatedAt), "updated_at": moment(e.UpdatedAt),
		"subject": text(e.Subject), "viewer_code": number(e.ViewerCode), "verb": text(e.Verb),
		"entity": text(e.Entity), "entity_id": text(e.EntityID.String()),
	}
	if e.Role.Valid {
		columns["role"] = text(e.Role.String)
	}
	if e.Detail != nil {
		detail, err := fromJSON(e.Detail)
		if err != nil {
			return nil, err
		}
		columns["detail"] = detail
	}
	return sum(s, list(text("lianluo.audit.entry.1"), members(columns))), nil
}
