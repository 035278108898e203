package config

import (
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"reflect"
	"slices"
	"strings"

	"github.com/alecthomas/kong"
	"github.com/goccy/go-yaml"
)

// source is a place settings are read from besides the command line.
type source struct {
	// find gives a flag's value and where exactly it stands, for error messages; ok is false where there is none.
	find func(flag *kong.Flag) (value, where string, ok bool)
}

var _ kong.Resolver = source{}

// Validate has nothing to add: files are checked for unknown keys when they are read.
func (source) Validate(*kong.Application) error { return nil }

// Resolve gives a flag's value. It decodes the value once to be able to say where a wrong one stands.
func (s source) Resolve(_ *kong.Context, _ *kong.Path, flag *kong.Flag) (any, error) {
	value, where, ok := s.find(flag)
	if !ok {
		return nil, nil
	}
	scan := kong.Scan().PushTyped(value, kong.FlagValueToken)
	if err := flag.Mapper.Decode(&kong.DecodeContext{Value: flag.Value, Scan: scan}, reflect.New(flag.Target.Type()).Elem()); err != nil {
		return nil, fmt.Errorf("%w (from %s)", err, where)
	}
	return value, nil
}

// environment is the source of environment variables; an empty variable counts as not set, as compose
// files and unit files often pass them.
func environment(env Lookup, names map[*kong.Value]string) source {
	return source{find: func(flag *kong.Flag) (string, string, bool) {
		name := names[flag.Value]
		if name == "" {
			return "", "", false
		}
		value, ok := env(name)
		return value, name, ok && value != ""
	}}
}

// readFile makes the source of a config file. JSON is read as the YAML that it is. Keys that are no
// settings are an error: a misspelt one would otherwise be left at its default in silence. No message
// quotes a value, which may be a password.
func readFile(path string, flags []*kong.Flag) (source, error) {
	text, err := os.ReadFile(path)
	if errors.Is(err, fs.ErrNotExist) {
		return source{}, fmt.Errorf("--config: there is no file %q", path)
	}
	if err != nil {
		return source{}, fmt.Errorf("--config: %w", err)
	}
	var content map[string]any
	if err := yaml.Unmarshal(text, &content); err != nil {
		return source{}, fmt.Errorf("--config: %q is not a YAML or JSON file of settings: %s", path, yaml.FormatError(err, false, false))
	}
	settings := map[string]*kong.Flag{}
	for _, flag := range flags {
		if !slices.Contains([]string{"help", "version", "config"}, flag.Name) {
			settings[flag.Name] = flag
		}
	}
	var (
		values  = map[string]string{}
		faults  []error
		unknown bool
	)
	for _, key := range slices.Sorted(maps.Keys(content)) {
		flag := settings[key]
		if flag == nil {
			unknown = true
			faults = append(faults, fmt.Errorf("--config: %q has the unknown key %q", path, key))
			continue
		}
		if values[key], err = asArgument(content[key], flag.IsSlice()); err != nil {
			faults = append(faults, fmt.Errorf("--%s %w (from %s)", key, err, path))
		}
	}
	if unknown {
		faults = append(faults, fmt.Errorf("the keys of the file are: %s", strings.Join(slices.Sorted(maps.Keys(settings)), ", ")))
	}
	return source{find: func(flag *kong.Flag) (string, string, bool) {
		value, ok := values[flag.Name]
		return value, path, ok
	}}, errors.Join(faults...)
}

// asArgument writes a value of a file as it would stand on the command line, so that both are read alike.
func asArgument(value any, list bool) (string, error) {
	switch value := value.(type) {
	case nil:
		return "", errors.New("has no value")
	case map[string]any:
		return "", errors.New("is a map, but must be a single value")
	case []any:
		if !list {
			return "", errors.New("is a list, but must be a single value")
		}
		parts := make([]string, len(value))
		for i, part := range value {
			text, err := asArgument(part, false)
			if err != nil {
				return "", fmt.Errorf("in its list: %w", err)
			}
			parts[i] = text
		}
		return kong.JoinEscaped(parts, ','), nil
	}
	return fmt.Sprint(value), nil
}
