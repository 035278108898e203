// Package testschema is a small schema generated with gqlgen, for the tests of package engine: what a
// presenter is handed and when resolvers run is decided by generated code, so the tests run against it.
//
// To generate it anew: go generate ./graph/engine/internal/testschema
package testschema

//go:generate go tool gqlgen generate --config gqlgen.yml
