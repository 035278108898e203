package config

import (
	"errors"
	"fmt"
	"io"
	"os"
	"strings"

	"github.com/alecthomas/kong"
)

// ErrShown is what Parse returns when it has shown the help or the version and there is nothing to run.
var ErrShown = errors.New("help or version shown")

// Lookup finds an environment variable, as [os.LookupEnv] does. An empty one counts as not set.
type Lookup func(name string) (value string, ok bool)

// about heads the help.
const about = `The platform of the people's-congress liaison stations: one GraphQL API over one PostgreSQL.

Without settings it runs a PostgreSQL of its own below the data folder, applies the migrations, loads the divisions
and a demonstration, and listens on this machine only. Each setting is read from its flag, else from the environment
variable named with it, else from the config file under the flag's name, else it is the default.`

// grammar is what kong reads: the settings, and the flags that are none.
type grammar struct {
	File    string           `name:"config" env:"LIANLUO_CONFIG" placeholder:"FILE" help:"YAML or JSON file of settings, one key a flag, such as data-dir: /srv/lianluo."`
	Version kong.VersionFlag `help:"Show the version and stop."`
	Config  Config           `embed:""`
}

// Parse reads the settings from the arguments (without the program's name), the environment and the file that they name, and
// validates them. Help and version go to stdout and give ErrShown; any other error is a wrong setting.
func Parse(args []string, env Lookup, stdout io.Writer) (Config, error) {
	c, err := read(args, env, stdout)
	if err != nil {
		return Config{}, err
	}
	if info, err := os.Stat(c.DataDir); err == nil && !info.IsDir() {
		return Config{}, fmt.Errorf("--data-dir %q is not a folder", c.DataDir)
	}
	return c, nil
}

// Default gives the settings of a server started without any.
func Default() Config {
	c, err := read(nil, func(string) (string, bool) { return "", false }, io.Discard)
	if err != nil {
		panic("config: the defaults are not valid: " + err.Error())
	}
	return c
}

// read is Parse without a look at the disk, but for the config file.
func read(args []string, env Lookup, stdout io.Writer) (Config, error) {
	var (
		g     grammar
		shown bool
		names = map[*kong.Value]string{}
	)
	parser, err := kong.New(&g,
		kong.Name("lianluo"),
		kong.Description(about),
		kong.Vars{"version": "lianluo " + Version()},
		kong.Writers(stdout, stdout),
		kong.Exit(func(int) { shown = true }),
		kong.ExplicitGroups([]kong.Group{
			{Key: "http", Title: "Serving:"},
			{Key: "data", Title: "Data:"},
			{Key: "tokens", Title: "Tokens:"},
			{Key: "log", Title: "Log:"},
		}),
		kong.ConfigureHelp(kong.HelpOptions{WrapUpperBound: 110}),
		kong.ValueFormatter(func(v *kong.Value) string { return helpText(v, names[v]) }),
		kong.PostBuild(func(k *kong.Kong) error { return takeEnv(k.Model, names) }),
		kong.Bind(env, names),
	)
	if err != nil {
		return Config{}, fmt.Errorf("the grammar of the settings: %w", err)
	}
	_, err = parser.Parse(args)
	switch {
	case shown:
		return Config{}, ErrShown
	case err != nil:
		// Not wrapped: kong's error carries an exit code of its own, and nobody tells the faults apart.
		return Config{}, errors.New(err.Error())
	}
	return g.Config, nil
}

// takeEnv moves the names of the environment variables out of kong's model. Kong would ask the process's
// environment itself, and would let the config file win over it.
func takeEnv(app *kong.Application, names map[*kong.Value]string) error {
	for _, flag := range app.Flags {
		if len(flag.Tag.Envs) == 1 {
			names[flag.Value] = flag.Tag.Envs[0]
		}
		flag.Tag.Envs = nil
	}
	return nil
}

func helpText(v *kong.Value, env string) string {
	if env == "" {
		return v.Help
	}
	return strings.TrimSpace(v.Help + " Environment: " + env + ".")
}

// BeforeResolve is called by kong between the command line and the other sources: it adds the file, then
// the environment, and the later wins.
func (g *grammar) BeforeResolve(ctx *kong.Context, env Lookup, names map[*kong.Value]string) error {
	path := ""
	if name, ok := env("LIANLUO_CONFIG"); ok {
		path = name
	}
	for _, step := range ctx.Path {
		if step.Flag != nil && step.Flag.Name == "config" {
			path, _ = ctx.FlagValue(step.Flag).(string)
		}
	}
	if path != "" {
		file, err := readFile(path, ctx.Model.Flags)
		if err != nil {
			return err
		}
		ctx.AddResolver(file)
	}
	ctx.AddResolver(environment(env, names))
	return nil
}
