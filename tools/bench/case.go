package main

import (
	"context"
	"database/sql"
	"encoding/json"
	"net/url"
	"slices"
	"strings"
)

// sort is what a case does; goals are set by it.
type sort string

const (
	point  sort = "point"
	list   sort = "list"
	rollup sort = "rollup"
	write  sort = "write"
)

// benchCase is one thing that clients ask for, and how the same is done by hand.
type benchCase struct {
	name, about string
	sort        sort
	// query is what the API is asked.
	query string
	// byHand answers the same with the fewest statements that a person would write, from the parameters of an ask.
	byHand func(ctx context.Context, db *sql.DB, q url.Values) (any, error)
	// asks are what is asked in turn.
	asks []ask
	// fresh makes one more ask, for what can be done only once; nil for what can be asked again.
	fresh func() (ask, error)
	// undo takes back what the case wrote, but for the audit; nil when there is nothing to undo.
	undo func(context.Context) error
}

// ask is one request: who asks, and with what.
type ask struct {
	who who
	// vars are the variables of the query, hand the parameters of the handler written by hand.
	vars map[string]any
	hand url.Values
}

// next is what is asked as the nth.
func (c *benchCase) next(n int) (ask, error) {
	if c.fresh != nil {
		return c.fresh()
	}
	return c.asks[n%len(c.asks)], nil
}

// ofAPI and ofHand write the request of an ask.
func (c *benchCase) ofAPI(a ask) (request, error) {
	body, err := json.Marshal(map[string]any{"query": c.query, "variables": a.vars})
	return newRequest("/graphql", a.who.token, body), err
}

func (c *benchCase) ofHand(a ask) request {
	return newRequest(byHandPath+c.name+"?"+a.hand.Encode(), a.who.token, nil)
}

// wanted tells whether the case's name begins as one of some beginnings; without any each is.
func (c *benchCase) wanted(beginnings []string) bool {
	return len(beginnings) == 0 || slices.ContainsFunc(beginnings, func(b string) bool { return strings.HasPrefix(c.name, b) })
}
