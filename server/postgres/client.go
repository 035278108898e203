package postgres

import (
	"database/sql"

	"entgo.io/ent/dialect"
	entsql "entgo.io/ent/dialect/sql"

	"github.com/lianluo/lianluo/ent/gen"
)

// Client makes ent's client on a pool of [Open]: what it reads and writes is what the context's viewer may.
func Client(db *sql.DB) *gen.Client {
	return gen.NewClient(gen.Driver(entsql.OpenDB(dialect.Postgres, db)))
}

// EmbeddedDatabase is the name of the database in the embedded cluster, for the server and the tools that work beside it.
const EmbeddedDatabase = "lianluo"
