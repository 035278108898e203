// Command generate writes the executor of the API: gqlgen does, and what it calls for every row and every field is then replaced by what this API
// needs there (rewrite.go). It runs in the folder graph, by go generate.
package main

import (
	"fmt"
	"os"
	"path/filepath"

	"github.com/99designs/gqlgen/api"
	"github.com/99designs/gqlgen/codegen/config"
)

func main() {
	if err := run(); err != nil {
		_, _ = fmt.Fprintln(os.Stderr, "generate:", err)
		os.Exit(1)
	}
}

func run() error {
	cfg, err := config.LoadConfigFromDefaultLocations()
	if err != nil {
		return err
	}
	if err := api.Generate(cfg); err != nil {
		return err
	}
	return rewriteDir(cfg.Exec.Dir())
}

// rewriteDir rewrites the generated files of a folder.
func rewriteDir(dir string) error {
	names, err := filepath.Glob(filepath.Join(dir, "*.generated.go"))
	if err != nil {
		return err
	}
	texts := make(map[string][]byte, len(names))
	for _, name := range names {
		if texts[name], err = os.ReadFile(name); err != nil {
			return err
		}
	}
	lean, err := rewrite(texts)
	if err != nil {
		return err
	}
	for name, text := range lean {
		if err := os.WriteFile(name, text, 0o644); err != nil { //nolint:gosec // source is for everyone
			return err
		}
	}
	return nil
}
