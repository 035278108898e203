package main

import (
	"context"
	"database/sql"
	"os"
	"fmt"

	_ "github.com/lib/pq"
)

func main() {
	db, _ := sql.Open("postgres", os.Args[1])
	if err := diff(context.Background(), db, "migrations", os.Args[2], os.Stdout); err != nil { fmt.Println(err); os.Exit(1) }
}
