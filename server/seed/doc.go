// Package seed fills a database with invented data: the demonstration, which repeats the figures of published accounts, and
// a load of the same shape at the size of a county, a province or the nation, for measuring.
//
// Both are made from the tree of divisions and a fixed seed alone: no clock, no chance, the same rows with the same keys
// each time. The people are invented; their telephone numbers begin with 1990000, which no one has.
//
// The way through the package:
//
//	Demo, Reload, Load   store the one or the other, in one transaction each: all or nothing (demo.go, load.go, store.go)
//	Accounts, Receipts   the demonstration's accounts and some receipts of its citizens, for printing (account.go, receipt.go);
//	                     clerk.go makes the accounts that only act in timelines
//	demo_*.go            the places of the demonstration, each with the figures of its account; scale.go deals out those of a load
//	labours, matter      what is done in a unit of a load: activities and who came, opinions and what they come to (scale_*.go)
//	plan, builder        what a county gets, and how it gets it: organs, stations, constituencies, seats, staff (plan.go,
//	                     builder.go, organ.go, seats.go, staffing.go, congress.go)
//	docket, affair       the opinions of a county, and one of them on its way through the loop, step by step as the verbs do them
//	                     (docket.go, affair.go, standing.go); course, running: what becomes of it (course.go, running.go, ending.go)
//	diary                what a county's deputies do: visit days, activities and who came (diary.go, demo_*_duty.go, demo_pairing.go); its
//	                     rows and tables (duty_rows.go, duty_tables.go)
//	deck, entry          when and how opinions come in, and which course each takes (deck.go, entry.go, demo_*opinions.go)
//	topic                what they are about, as people tell it, and what is answered (topic*.go, phrase.go)
//	world, scribe        what all places share; keys, moments and all that looks like chance (world.go, people.go, tree.go)
//	rows, tables         the rows, and how each fills its table (rows.go, tables.go, opinion.go, columns.go)
//	refill, writer       storing them by COPY, indexes, constraints and sums made anew (bulk.go, write.go, lines.go)
//
// Room: server. It writes plain SQL as the owner of the tables, before there is any viewer, and asks ent/workflow only for
// the rules by which the platform itself fills the same columns.
package seed
