// Command token mints an access token for an operator, without an account, from the signing key in a
// data directory: whoever may read that directory may speak for the platform.
//
// It writes the token and nothing else to standard output. The server need not run; whichever of the two
// is first makes the key.
package main

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"
	"time"

	"github.com/alecthomas/kong"
	"github.com/google/uuid"

	"github.com/lianluo/lianluo/ent/place"
	"github.com/lianluo/lianluo/ent/viewer"
	"github.com/lianluo/lianluo/server/auth"
)

// flags are the command line; kong reads the tags.
type flags struct {
	Role     viewer.Role   `required:"" enum:"${roles}" placeholder:"ROLE" help:"Role, one of the list above."`
	Division *place.Code   `placeholder:"CODE" help:"Division code of 2, 4, 6, 9 or 12 digits (12 zeros: the nation). NATION_ADMIN needs none."`
	Person   uuid.UUID     `placeholder:"UUID" help:"Deputy that a DEPUTY is."`
	Organ    uuid.UUID     `placeholder:"UUID" help:"Department that a DEPARTMENT is."`
	Station  uuid.UUID     `placeholder:"UUID" help:"Station that a STATION_KEEPER keeps."`
	TTL      time.Duration `name:"ttl" default:"1h" help:"How long the token lasts, from 1s to 24h."`
	Name     string        `default:"console" help:"Name of the operator, for the audit: ASCII letters, digits and ._@-"`
	DataDir  string        `default:".data" env:"LIANLUO_DATA_DIR" placeholder:"DIR" help:"Data directory of the server (${default})."`
	Issuer   string        `default:"${issuer}" env:"LIANLUO_ISSUER" help:"Issuer the server expects."`
	Audience string        `default:"${audience}" env:"LIANLUO_AUDIENCE" help:"Audience the server expects."`
}

// usageError is a mistake in the command line, as opposed to a failure in carrying it out.
type usageError struct{ error }

func (e usageError) Unwrap() error { return e.error }

func main() {
	if err := run(context.Background(), os.Args[1:], os.Stdout, os.Stderr); err != nil {
		fmt.Fprintln(os.Stderr, "token: error:", err)
		os.Exit(exitCode(err))
	}
}

// exitCode is 2 for a mistake in the command line and 1 for a failure.
func exitCode(err error) int {
	if errors.As(err, new(usageError)) {
		return 2
	}
	return 1
}

// run writes a token to stdout and remarks to stderr. A mistake in args leaves the data directory untouched.
func run(_ context.Context, args []string, stdout, stderr io.Writer) error {
	f, helped, err := parse(args, stdout, stderr)
	if err != nil {
		return usageError{err}
	}
	if helped {
		return nil
	}
	grant, err := f.grant()
	if err != nil {
		return usageError{err}
	}
	cfg := auth.IssuerConfig{
		Issuer: f.Issuer, Audience: f.Audience, Lifetime: f.TTL, Clock: time.Now, Random: rand.Reader,
	}
	if err := cfg.Validate(); err != nil {
		return usageError{err}
	}
	keys, err := auth.LoadOrCreateKeys(f.DataDir, rand.Reader)
	if err != nil {
		return err
	}
	issuer, err := auth.NewIssuer(keys, cfg)
	if err != nil {
		return err
	}
	token, _, err := issuer.Issue(grant)
	if err != nil {
		return err
	}
	if lack := f.lacks(); lack != "" {
		_, _ = fmt.Fprintf(stderr, "token: note: without %s a %s sees nothing of its own\n", lack, f.Role)
	}
	if _, err := fmt.Fprintln(stdout, token); err != nil {
		return fmt.Errorf("write the token: %w", err)
	}
	return nil
}

// parse reads the command line; helped tells that --help was asked for and answered.
func parse(args []string, stdout, stderr io.Writer) (f flags, helped bool, err error) {
	parser, err := kong.New(&f,
		kong.Name("token"),
		kong.Description(description()),
		kong.Writers(stdout, stderr),
		kong.Exit(func(int) { helped = true }), // --help would end the process
		kong.Vars{
			"roles":  strings.Join(viewer.Role("").Values(), ","),
			"issuer": auth.DefaultIssuer, "audience": auth.DefaultAudience,
		},
	)
	if err != nil {
		return flags{}, false, err
	}
	_, err = parser.Parse(args)
	if helped {
		err = nil // after --help what else is missing does not matter
	}
	return f, helped, err
}

func description() string {
	var b strings.Builder
	b.WriteString("Print an access token for an operator, signed with the key in the data directory.\n\nRoles:\n\n")
	for _, r := range viewer.Roles {
		fmt.Fprintf(&b, "    %-16s %s: %s\n", r, r.Title(), r.About())
	}
	return b.String()
}

// grant is what the flags ask for, checked.
func (f flags) grant() (auth.Grant, error) {
	subject, err := auth.OperatorSubject(f.Name)
	if err != nil {
		return auth.Grant{}, fmt.Errorf("--name: %w", err)
	}
	g := auth.Grant{
		Subject: subject, Role: f.Role, Division: place.Nation,
		Person: f.Person, Organ: f.Organ, Station: f.Station,
	}
	switch {
	case f.Division != nil:
		g.Division = *f.Division
	case f.Role != viewer.NationAdmin:
		return auth.Grant{}, fmt.Errorf("missing flags: --division=CODE (only %s needs none)", viewer.NationAdmin)
	}
	if err := g.Validate(); err != nil {
		return auth.Grant{}, fmt.Errorf("--role, --division: %w", err)
	}
	return g, nil
}

// lacks names the flag without which the role's own rows cannot be told.
func (f flags) lacks() string {
	switch {
	case f.Role.Kind() == viewer.Self && f.Person == uuid.Nil:
		return "--person"
	case f.Role.Kind() == viewer.Organ && f.Organ == uuid.Nil:
		return "--organ"
	}
	return ""
}
