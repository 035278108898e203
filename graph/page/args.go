package page

import (
	"strconv"

	"github.com/lianluo/lianluo/ent/fault"
)

// Args are the arguments of every connection.
type Args struct {
	First  *int
	After  *string
	Last   *int
	Before *string
}

// window is what the arguments ask for, checked.
type window struct {
	size    int
	reverse bool
	from    *position
}

func read[T any](a Args, o Order[T]) (window, error) {
	var (
		w      window
		faults fault.List
		cursor *string
		name   string
	)
	switch {
	case a.First == nil && a.Last == nil:
		return w, fault.Invalid("REQUIRED", "必须给出 first 或 last(1 至 100)", "first")
	case a.First != nil && (a.Last != nil || a.Before != nil), a.Last != nil && a.After != nil:
		return w, fault.Invalid("EXCLUSIVE", "只能用 first 和 after,或者 last 和 before", "last")
	case a.First != nil:
		w.size, cursor, name = *a.First, a.After, "after"
		checkSize(&faults, "first", w.size)
	default:
		w.size, cursor, name, w.reverse = *a.Last, a.Before, "before", true
		checkSize(&faults, "last", w.size)
	}
	if cursor != nil {
		p, err := o.parse(*cursor)
		if err != nil {
			faults.Add("MALFORMED", "游标无效", name)
		}
		w.from = &p
	}
	return w, faults.Err()
}

func checkSize(faults *fault.List, name string, size int) {
	if size < 1 || size > MaxSize {
		faults.Add("OUT_OF_RANGE", name+" 应为 1 至 "+strconv.Itoa(MaxSize), name)
	}
}
