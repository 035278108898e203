// Package postgres opens the database for a viewer: its pools, and the connector that makes every
// session of PostgreSQL see exactly what the context's viewer may see.
//
// [Open] gives the pool that the server works with. Before each statement the connector compares the
// viewer of the context ([github.com/lianluo/lianluo/ent/viewer]) with the one that the session was
// last set to, and sets it anew, in one round trip, only when they differ. A context without a
// viewer is refused before anything is sent. Row-level security reads what was set:
//
//	role         the viewer kind's database role: the policies that apply at all
//	app.lo       the area's first code
//	app.hi       the first code after the area
//	app.person   the deputy's id, or empty
//	app.organ    the department's id, or empty
//	app.station  the keeper's station's id, or empty
//	app.subject  who asks, for audit rows
//
// [OpenOwner] gives a plain pool for migrations, which no viewer restricts.
//
// # Rules the connector keeps
//
// The viewer is set before BEGIN, never inside a transaction, where a ROLLBACK would undo it behind
// the connector's back. So a transaction belongs to one viewer; a statement of another one inside it
// is refused with [ErrViewerChanged]. After an error, and after a transaction that did not commit
// cleanly, the session's viewer counts as unknown and is set anew. After a cancellation the
// connection is given up, since the request to cancel could still hit whatever ran next on it.
//
// Statements with arguments are prepared once per connection and kept, up to a limit. Statements without
// arguments are sent as they are: PostgreSQL plans a prepared one without parameters once for all viewers,
// so bind even a LIMIT. Plans are made for each execution (plan_cache_mode force_custom_plan, some 50 µs). Left
// to itself PostgreSQL may settle on one generic plan after five executions, which takes every range for half a
// per cent of its table: measured on a million rows, five lists of a middling township made the list of a village
// take 1 s instead of 0.3 ms.
//
// # What callers must know
//
// The pool waits for a free connection as long as the context lasts: give each request a deadline.
// Transactions begin and end through [database/sql], not as statements, and no statement sets the role
// or a session setting; such statements are refused with [ErrStatementRefused]. That check catches
// mistakes, it does not parse SQL: text of users never becomes SQL in the first place. A connection
// pooler between server and database must keep sessions whole (no transaction pooling).
//
// The package imports of ours ent/viewer, ent/place and ent/gen.
package postgres
