// Package ent is the room of what is stored and what may happen to it; see its folders.
package ent

//go:generate go tool ent generate --target ./gen --template ./template --feature sql/lock,sql/modifier,sql/execquery,sql/upsert,sql/versioned-migration ./schema
