package app_test

import (
	"fmt"
	"sort"
	"strings"
	"sync"

	"github.com/lianluo/lianluo/server/app/oracle"
)

// tally counts the cells of the matrix and what is wrong with them. A leak is something answered that the oracle denies, a
// loss something denied that it grants, everything else that differs is wrong.
type tally struct {
	mu                   sync.Mutex
	granted, denied      map[string]int // by role and relation
	leaks, losses, wrong int
	problems             []string
}

func newTally() *tally { return &tally{granted: map[string]int{}, denied: map[string]int{}} }

// cell counts one expectation of the oracle.
func (y *tally) cell(role string, r oracle.Relation, granted bool) {
	y.mu.Lock()
	defer y.mu.Unlock()
	if granted {
		y.granted[role+" "+string(r)]++
	} else {
		y.denied[role+" "+string(r)]++
	}
}

// problemsShown bounds what one broken rule prints.
const problemsShown = 40

func (y *tally) note(counter *int, what, format string, args ...any) {
	y.mu.Lock()
	defer y.mu.Unlock()
	*counter++
	if len(y.problems) < problemsShown {
		y.problems = append(y.problems, what+": "+fmt.Sprintf(format, args...))
	}
}

func (y *tally) leak(format string, args ...any)     { y.note(&y.leaks, "leak", format, args...) }
func (y *tally) loss(format string, args ...any)     { y.note(&y.losses, "loss", format, args...) }
func (y *tally) mismatch(format string, args ...any) { y.note(&y.wrong, "wrong", format, args...) }

// bad is how many cells are not as they should be.
func (y *tally) bad() int {
	y.mu.Lock()
	defer y.mu.Unlock()
	return y.leaks + y.losses + y.wrong
}

func sum(counts map[string]int, prefix string) (n int) {
	for key, c := range counts {
		if strings.HasPrefix(key, prefix) {
			n += c
		}
	}
	return n
}

func (y *tally) cells() int { return sum(y.granted, "") + sum(y.denied, "") }

// String is the line people look for, and a table of roles and relations.
func (y *tally) String() string {
	var b strings.Builder
	fmt.Fprintf(&b, "access matrix: %d cells (%d granted, %d denied), %d leaks, %d losses, %d wrong",
		y.cells(), sum(y.granted, ""), sum(y.denied, ""), y.leaks, y.losses, y.wrong)
	roles := oracle.Roles()
	sort.Strings(roles)
	for _, role := range roles {
		fmt.Fprintf(&b, "\n  %-16s", role)
		for _, r := range oracle.Relations {
			key := role + " " + string(r)
			fmt.Fprintf(&b, "%s %d+%d  ", r, y.granted[key], y.denied[key])
		}
	}
	for _, p := range y.problems {
		b.WriteString("\n  " + p)
	}
	return b.String()
}
