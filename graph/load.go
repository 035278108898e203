package graph

import (
	"context"

	"github.com/google/uuid"

	"github.com/lianluo/lianluo/ent/gen"
	"github.com/lianluo/lianluo/ent/gen/congress"
	"github.com/lianluo/lianluo/ent/gen/constituency"
	"github.com/lianluo/lianluo/ent/gen/deputy"
	"github.com/lianluo/lianluo/ent/gen/division"
	"github.com/lianluo/lianluo/ent/gen/mandate"
	"github.com/lianluo/lianluo/ent/gen/organ"
	"github.com/lianluo/lianluo/ent/gen/station"
	"github.com/lianluo/lianluo/ent/gen/term"
	"github.com/lianluo/lianluo/ent/gen/zone"
	"github.com/lianluo/lianluo/ent/place"
)

// Rows by their keys, as far as they are in scope.

func (r *Resolver) stationsByID(ctx context.Context, ids []uuid.UUID) ([]*gen.Station, error) {
	return r.client.Station.Query().Where(station.IDIn(ids...)).All(ctx)
}

func (r *Resolver) deputiesByID(ctx context.Context, ids []uuid.UUID) ([]*gen.Deputy, error) {
	return r.client.Deputy.Query().Where(deputy.IDIn(ids...)).All(ctx)
}

func (r *Resolver) mandatesByID(ctx context.Context, ids []uuid.UUID) ([]*gen.Mandate, error) {
	return r.client.Mandate.Query().Where(mandate.IDIn(ids...)).All(ctx)
}

func (r *Resolver) divisionsByID(ctx context.Context, ids []uuid.UUID) ([]*gen.Division, error) {
	return r.client.Division.Query().Where(division.IDIn(ids...)).All(ctx)
}

func (r *Resolver) congressesByID(ctx context.Context, ids []uuid.UUID) ([]*gen.Congress, error) {
	return r.client.Congress.Query().Where(congress.IDIn(ids...)).All(ctx)
}

func (r *Resolver) termsByID(ctx context.Context, ids []uuid.UUID) ([]*gen.Term, error) {
	return r.client.Term.Query().Where(term.IDIn(ids...)).All(ctx)
}

func (r *Resolver) constituenciesByID(ctx context.Context, ids []uuid.UUID) ([]*gen.Constituency, error) {
	return r.client.Constituency.Query().Where(constituency.IDIn(ids...)).All(ctx)
}

func (r *Resolver) organsByID(ctx context.Context, ids []uuid.UUID) ([]*gen.Organ, error) {
	return r.client.Organ.Query().Where(organ.IDIn(ids...)).All(ctx)
}

func (r *Resolver) zonesByID(ctx context.Context, ids []uuid.UUID) ([]*gen.Zone, error) {
	return r.client.Zone.Query().Where(zone.IDIn(ids...)).All(ctx)
}

// divisionAt answers the division a row names by its key.
func divisionAt[T any](ctx context.Context, r *Resolver, row *T, key func(*T) uuid.UUID) (*gen.Division, error) {
	return one(ctx, row, func(row *T) *uuid.UUID { k := key(row); return &k }, r.divisionsByID, divisionID)
}

// divisionOfCode answers the division a row names by its code.
func divisionOfCode[T any](ctx context.Context, r *Resolver, row *T, code func(*T) place.Code) (*gen.Division, error) {
	return oneByCode(ctx, row, code, func(ctx context.Context, codes []place.Code) ([]*gen.Division, error) {
		return r.client.Division.Query().Where(division.CodeIn(codes...)).All(ctx)
	})
}

func stationOf[T any](ctx context.Context, r *Resolver, row *T, key func(*T) *uuid.UUID) (*gen.Station, error) {
	return one(ctx, row, key, r.stationsByID, stationID)
}

func deputyOf[T any](ctx context.Context, r *Resolver, row *T, key func(*T) *uuid.UUID) (*gen.Deputy, error) {
	return one(ctx, row, key, r.deputiesByID, deputyID)
}

func congressOf[T any](ctx context.Context, r *Resolver, row *T, key func(*T) uuid.UUID) (*gen.Congress, error) {
	return one(ctx, row, func(row *T) *uuid.UUID { k := key(row); return &k }, r.congressesByID, congressID)
}

func organOf[T any](ctx context.Context, r *Resolver, row *T, key func(*T) *uuid.UUID) (*gen.Organ, error) {
	return one(ctx, row, key, r.organsByID, func(o *gen.Organ) uuid.UUID { return o.ID })
}
