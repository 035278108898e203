// Package seed fills a database with invented data: the demonstration, which repeats the figures of published accounts, and
// a load of the same shape at the size of a county, a province or the nation, for measuring.
//
// Both are made from the tree of divisions and a fixed seed alone: no clock, no chance, the same rows with the same keys
// each time. The people are invented; their telephone numbers begin with 1990000, which no one has.
//
// The way through the package:
//
//	Demo, Reload, Load   store the one or the other, in one transaction each: all or nothing (demo.go, load.go, store.go)
//	Accounts             the demonstration's accounts, for printing (account.go)
//	demo_*.go            the places of the demonstration, each with the figures of its account; scale.go deals out those of a load
//	plan, builder        what a county gets, and how it gets it: organs, stations, constituencies, seats, staff (plan.go,
//	                     builder.go, organ.go, seats.go, staffing.go, congress.go)
//	world, scribe        what all places share; keys, moments and all that looks like chance (world.go, people.go, tree.go)
//	rows, tables         the rows, and how each fills its table (rows.go, tables.go, columns.go)
//	refill, writer       storing them by COPY, indexes and constraints made anew (bulk.go, write.go, lines.go)
//
// Room: server. It writes plain SQL as the owner of the tables, before there is any viewer, and asks ent/workflow only for
// the rules by which the platform itself fills the same columns.
package seed
