package main

import (
	"context"
	"crypto/rand"
	"database/sql"
	"errors"
	"fmt"
	"regexp"
	"slices"
	"time"

	"github.com/google/uuid"

	"github.com/lianluo/lianluo/ent/viewer"
)

// script is what a verb sends: the statements that a handler written by hand would have to send as well. It is learnt from the verb itself, done twice,
// so that it cannot fall behind it: what differs between the two times is new each time (keys, moments, secrets), all else is the same.
type script struct {
	// before are sent outside the transaction, within in it.
	before, within []step
}

// step is a statement; varies tells which of its arguments are new each time.
type step struct {
	statement
	varies []bool
}

var errScript = errors.New("a verb sent other statements the second time")

// learn makes the script of a verb from what it sent twice. The first statements, as many as outside says, are not of its transaction.
func learn(first, second []statement, outside int) (*script, error) {
	if len(first) != len(second) || len(first) <= outside {
		return nil, fmt.Errorf("%w: %d and %d", errScript, len(first), len(second))
	}
	var steps []step
	for i, s := range first {
		if s.text != second[i].text || len(s.args) != len(second[i].args) {
			return nil, fmt.Errorf("%w: %s", errScript, s.text)
		}
		st := step{s, make([]bool, len(s.args))}
		for j, v := range s.args {
			st.varies[j] = !same(v, second[i].args[j])
		}
		steps = append(steps, st)
	}
	return &script{steps[:outside], steps[outside:]}, nil
}

func same(a, b any) bool {
	if x, ok := a.([]byte); ok {
		y, ok := b.([]byte)
		return ok && slices.Equal(x, y)
	}
	if x, ok := a.(time.Time); ok {
		y, ok := b.(time.Time)
		return ok && x.Equal(y)
	}
	return a == b
}

// values are what is new in one performance of a script.
type values struct {
	now time.Time
	// keys say which key stands for one of the script's.
	keys map[string]string
	// number is a receipt number.
	number string
}

var (
	keyPattern    = regexp.MustCompile(`[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}`)
	numberPattern = regexp.MustCompile(`^[0-9]{6}-[0-9A-Z]{8}$`)
)

// newValues are those of a performance; keys, which may be nil, are known beforehand.
func newValues(keys map[string]string) *values {
	v := &values{now: time.Now(), keys: keys}
	if v.keys == nil {
		v.keys = map[string]string{}
	}
	v.number = v.now.Format("060102") + "-" + rand.Text()[:8]
	return v
}

// key is the key that stands for one of the script's.
func (v *values) key(of string) string {
	k, ok := v.keys[of]
	if !ok {
		k = uuid.Must(uuid.NewV7()).String()
		v.keys[of] = k
	}
	return k
}

// of is what stands for an argument that is new each time.
func (v *values) of(arg any) (any, error) {
	switch arg := arg.(type) {
	case time.Time:
		return v.now, nil
	case string:
		switch {
		case numberPattern.MatchString(arg):
			return v.number, nil
		case keyPattern.MatchString(arg):
			return keyPattern.ReplaceAllStringFunc(arg, v.key), nil
		}
	case []byte:
		if keyPattern.Match(arg) {
			return []byte(keyPattern.ReplaceAllStringFunc(string(arg), v.key)), nil
		}
		fresh := make([]byte, len(arg))
		_, err := rand.Read(fresh)
		return fresh, err
	}
	return nil, fmt.Errorf("%w: it cannot be told what stands for %T %v", errScript, arg, arg)
}

// perform sends the script with new values: what comes before as the platform, the rest in one transaction of the context's viewer.
func (s *script) perform(ctx context.Context, db *sql.DB, v *values) error {
	for _, st := range s.before {
		if err := st.send(system(ctx), db, v); err != nil {
			return err
		}
	}
	tx, err := db.BeginTx(ctx, nil)
	if err != nil {
		return err
	}
	defer tx.Rollback()
	for _, st := range s.within {
		if err := st.send(ctx, tx, v); err != nil {
			return err
		}
	}
	return tx.Commit()
}

// send sends a statement and reads what it answers.
func (s step) send(ctx context.Context, db reader, v *values) error {
	args := slices.Clone(s.args)
	for i, varies := range s.varies {
		if !varies {
			continue
		}
		var err error
		if args[i], err = v.of(args[i]); err != nil {
			return err
		}
	}
	return drain(ctx, db, s.text, args)
}

// drain sends a statement and reads its rows without looking at them.
func drain(ctx context.Context, db reader, text string, args []any) error {
	rows, err := db.QueryContext(ctx, text, args...)
	if err != nil {
		return err
	}
	defer rows.Close()
	for rows.Next() {
	}
	return rows.Err()
}

// twice has the API do something twice, and learns the script of it. The receipt's viewer of what is learnt is not kept: it is another each time.
func (b *bed) twice(ctx context.Context, c *benchCase, asks [2]ask, outside func([]statement) int) (*script, error) {
	caller, err := dial(ctx, b.api)
	if err != nil {
		return nil, err
	}
	defer caller.close()
	var sent [2][]statement
	for i, a := range asks {
		r, err := c.ofAPI(a)
		if err != nil {
			return nil, err
		}
		got, err := asked(caller, r, &b.sent)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", c.name, err)
		}
		sent[i] = got.sent
	}
	return learn(sent[0], sent[1], outside(sent[0]))
}

// lookups counts the statements at the beginning by which the platform finds out who asks.
func lookups(sent []statement) int {
	n := 0
	for n < len(sent) && sent[n].viewer.Kind == viewer.System {
		n++
	}
	return n
}
