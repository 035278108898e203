package seed

import (
	"strconv"
	"time"

	"github.com/google/uuid"
)

// lines are rows in the text format of COPY: one line a row, values apart by tabs.
type lines struct {
	text []byte
	// clock is the text of the second that was written last.
	second int64
	clock  []byte
}

// end ends the row, in place of the tab after its last value.
func (l *lines) end() { l.text[len(l.text)-1] = '\n' }

func (l *lines) tab() { l.text = append(l.text, '\t') }

func (l *lines) null() { l.text = append(l.text, `\N`+"\t"...) }

func (l *lines) number(n int64) {
	l.text = strconv.AppendInt(l.text, n, 10)
	l.tab()
}

func (l *lines) float(f float64) {
	l.text = strconv.AppendFloat(l.text, f, 'g', -1, 64)
	l.tab()
}

func (l *lines) boolean(b bool) {
	c := byte('f')
	if b {
		c = 't'
	}
	l.text = append(l.text, c)
	l.tab()
}

// str writes a text; what has a meaning in the format is escaped.
func (l *lines) str(s string) {
	for i := 0; i < len(s); i++ {
		switch c := s[i]; c {
		case '\\', '\t', '\n', '\r':
			l.text = append(l.text, '\\', map[byte]byte{'\\': '\\', '\t': 't', '\n': 'n', '\r': 'r'}[c])
		default:
			l.text = append(l.text, c)
		}
	}
	l.tab()
}

// strOrNull writes an empty text as null.
func (l *lines) strOrNull(s string) {
	if s == "" {
		l.null()
		return
	}
	l.str(s)
}

// uuid writes a key, the nil UUID as null.
func (l *lines) uuid(id uuid.UUID) {
	const digits = "0123456789abcdef"
	if id == uuid.Nil {
		l.null()
		return
	}
	for i, b := range id {
		if i == 4 || i == 6 || i == 8 || i == 10 {
			l.text = append(l.text, '-')
		}
		l.text = append(l.text, digits[b>>4], digits[b&15])
	}
	l.tab()
}

// day writes a calendar day, the zero time as null.
func (l *lines) day(t time.Time) {
	if t.IsZero() {
		l.null()
		return
	}
	l.text = t.AppendFormat(l.text, time.DateOnly)
	l.tab()
}

// moment writes a point in time, to the millisecond. Rows that were entered one after the other share most of it.
func (l *lines) moment(t time.Time) {
	if second := t.Unix(); l.clock == nil || second != l.second {
		l.second, l.clock = second, t.UTC().AppendFormat(l.clock[:0], "2006-01-02 15:04:05.")
	}
	ms := t.Nanosecond() / 1_000_000
	l.text = append(append(l.text, l.clock...), '0'+byte(ms/100), '0'+byte(ms/10%10), '0'+byte(ms%10), 'Z')
	l.tab()
}
