// Package seed fills a database with invented data: the demonstration, which repeats the figures of published accounts, and
// a load of the same shape at the size of a county, a province or the nation, for measuring.
//
// Both are made from the tree of divisions and a fixed seed alone: no clock, no chance, the same rows with the same keys
// each time. The people are invented; their telephone numbers begin with 1990000, which no one has.
//
// The way through the package:
//
//	Demo, Reload, Load   store the one or the other (demo.go, load.go), in one transaction each: all or nothing
//	Accounts             the demonstration's accounts, for printing (account.go)
//	world                what is shared by all places: the tree, congresses and their electing units (world.go, congress.go)
//	builder              one county's stations, constituencies, deputies and postings from a plan (builder.go, seats.go …)
//	plans, demo_*.go     the places of the demonstration and their figures; scale.go works plans out for the load
//	rows, columns        the rows as they are stored, and how they are written in bulk (rows.go, columns.go, write.go)
//
// Room: server. It writes plain SQL as the owner of the tables, before there is any viewer, and asks ent/workflow only for
// the rules by which the platform itself fills the same columns.
package seed
