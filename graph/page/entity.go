package page

import (
	"context"

	"entgo.io/ent/dialect/sql"
	"github.com/google/uuid"

	"github.com/lianluo/lianluo/ent/gen"
	"github.com/lianluo/lianluo/ent/gen/constituency"
	"github.com/lianluo/lianluo/ent/gen/deputy"
	"github.com/lianluo/lianluo/ent/gen/division"
	"github.com/lianluo/lianluo/ent/gen/mandate"
	"github.com/lianluo/lianluo/ent/gen/opinion"
	"github.com/lianluo/lianluo/ent/gen/posting"
	"github.com/lianluo/lianluo/ent/gen/station"
	"github.com/lianluo/lianluo/ent/gen/zone"
)

// Divisions reads divisions.
func Divisions(c *gen.Client) Entity[gen.Division] {
	return Entity[gen.Division]{
		client: c, table: division.Table,
		load: func(ctx context.Context, where func(*sql.Selector)) ([]*gen.Division, error) {
			return c.Division.Query().Where(where).All(ctx)
		},
		id:    func(row *gen.Division) uuid.UUID { return row.ID },
		extra: func(row *gen.Division, name string) (any, error) { return row.Value(name) },
	}
}

// Stations reads stations.
func Stations(c *gen.Client) Entity[gen.Station] {
	return Entity[gen.Station]{
		client: c, table: station.Table,
		load: func(ctx context.Context, where func(*sql.Selector)) ([]*gen.Station, error) {
			return c.Station.Query().Where(where).All(ctx)
		},
		id:    func(row *gen.Station) uuid.UUID { return row.ID },
		extra: func(row *gen.Station, name string) (any, error) { return row.Value(name) },
	}
}

// Zones reads zones.
func Zones(c *gen.Client) Entity[gen.Zone] {
	return Entity[gen.Zone]{
		client: c, table: zone.Table,
		load: func(ctx context.Context, where func(*sql.Selector)) ([]*gen.Zone, error) {
			return c.Zone.Query().Where(where).All(ctx)
		},
		id:    func(row *gen.Zone) uuid.UUID { return row.ID },
		extra: func(row *gen.Zone, name string) (any, error) { return row.Value(name) },
	}
}

// Postings reads postings.
func Postings(c *gen.Client) Entity[gen.Posting] {
	return Entity[gen.Posting]{
		client: c, table: posting.Table,
		load: func(ctx context.Context, where func(*sql.Selector)) ([]*gen.Posting, error) {
			return c.Posting.Query().Where(where).All(ctx)
		},
		id:    func(row *gen.Posting) uuid.UUID { return row.ID },
		extra: func(row *gen.Posting, name string) (any, error) { return row.Value(name) },
	}
}

// Deputies reads deputies.
func Deputies(c *gen.Client) Entity[gen.Deputy] {
	return Entity[gen.Deputy]{
		client: c, table: deputy.Table,
		load: func(ctx context.Context, where func(*sql.Selector)) ([]*gen.Deputy, error) {
			return c.Deputy.Query().Where(where).All(ctx)
		},
		id:    func(row *gen.Deputy) uuid.UUID { return row.ID },
		extra: func(row *gen.Deputy, name string) (any, error) { return row.Value(name) },
	}
}

// Mandates reads mandates.
func Mandates(c *gen.Client) Entity[gen.Mandate] {
	return Entity[gen.Mandate]{
		client: c, table: mandate.Table,
		load: func(ctx context.Context, where func(*sql.Selector)) ([]*gen.Mandate, error) {
			return c.Mandate.Query().Where(where).All(ctx)
		},
		id:    func(row *gen.Mandate) uuid.UUID { return row.ID },
		extra: func(row *gen.Mandate, name string) (any, error) { return row.Value(name) },
	}
}

// Constituencies reads constituencies.
func Constituencies(c *gen.Client) Entity[gen.Constituency] {
	return Entity[gen.Constituency]{
		client: c, table: constituency.Table,
		load: func(ctx context.Context, where func(*sql.Selector)) ([]*gen.Constituency, error) {
			return c.Constituency.Query().Where(where).All(ctx)
		},
		id:    func(row *gen.Constituency) uuid.UUID { return row.ID },
		extra: func(row *gen.Constituency, name string) (any, error) { return row.Value(name) },
	}
}

// Opinions reads opinions.
func Opinions(c *gen.Client) Entity[gen.Opinion] {
	return Entity[gen.Opinion]{
		client: c, table: opinion.Table,
		load: func(ctx context.Context, where func(*sql.Selector)) ([]*gen.Opinion, error) {
			return c.Opinion.Query().Where(where).All(ctx)
		},
		id:    func(row *gen.Opinion) uuid.UUID { return row.ID },
		extra: func(row *gen.Opinion, name string) (any, error) { return row.Value(name) },
	}
}
