package main

import (
	"context"
	"database/sql"
	"fmt"
	"net/url"
	"strconv"
	"time"

	"github.com/google/uuid"
	"github.com/lib/pq"

	"github.com/lianluo/lianluo/ent/place"
	"github.com/lianluo/lianluo/ent/viewer"
	"github.com/lianluo/lianluo/server/auth"
)

// password is that of the accounts that sign in.
const password = "bench-password-of-no-one"

// signIn is an account that signs in.
func signIn(ctx context.Context, s *sample) (*benchCase, error) {
	hash, err := s.bed.passwords.Hash(ctx, password)
	if err != nil {
		return nil, err
	}
	county := s.at(place.LevelCounty)
	names := make([]string, doors)
	for i := range names {
		names[i] = fmt.Sprintf("bench-%d", i)
		_, err := s.bed.owner.ExecContext(ctx, `INSERT INTO account (id, created_at, updated_at, code, province_code, city_code, county_code, township_code,
				username, password_hash, display_name, role, division_id)
			SELECT $1, now(), now(), code, province_code, city_code, county_code, township_code, $2, $3, $2, $4, id FROM division WHERE code = $5
			ON CONFLICT (username) DO UPDATE SET password_hash = excluded.password_hash`,
			uuid.Must(uuid.NewV7()), names[i], hash, string(county.who.viewer.Role), int64(county.code))
		if err != nil {
			return nil, err
		}
	}
	c := &benchCase{
		name: "sign-in", about: "an account signs in with its password", sort: write,
		query: `mutation($input: SignInInput!) { signIn(input: $input) { accessToken refreshToken expiresAt } }`,
	}
	c.undo = func(ctx context.Context) error { return s.close(ctx, names) }
	n := 0
	c.fresh = func() (ask, error) {
		i := n % len(names)
		n++
		return ask{vars: map[string]any{"input": map[string]any{"username": names[i], "password": password}}, hand: query("account", strconv.Itoa(i))}, nil
	}
	scripts := make([]*script, len(names))
	for i := range names {
		n = i
		first, _ := c.fresh()
		if scripts[i], err = s.bed.twice(ctx, c, [2]ask{first, first}, func([]statement) int { return 1 }); err != nil {
			return nil, err
		}
	}
	grant := auth.Grant{Subject: county.who.viewer.Subject, Role: county.who.viewer.Role, Division: county.code}
	c.byHand = func(ctx context.Context, db *sql.DB, q url.Values) (any, error) {
		i, err := strconv.Atoi(q.Get("account"))
		if err != nil {
			return nil, err
		}
		return s.bed.signInByHand(ctx, db, hash, scripts[i], grant)
	}
	return c, nil
}

func (b *bed) signInByHand(ctx context.Context, db *sql.DB, hash string, s *script, g auth.Grant) (any, error) {
	if err := b.passwords.Check(ctx, hash, password); err != nil {
		return nil, err
	}
	if err := s.perform(viewer.NewContext(ctx, viewer.SystemJob("sign-in")), db, newValues(nil)); err != nil {
		return nil, err
	}
	access, expires, err := b.issuer.Issue(g)
	if err != nil {
		return nil, err
	}
	refresh, _, err := auth.NewRefreshToken(nil)
	return map[string]any{"signIn": struct {
		AccessToken  string    `json:"accessToken"`
		RefreshToken string    `json:"refreshToken"`
		ExpiresAt    time.Time `json:"expiresAt"`
	}{access, refresh, expires}}, err
}

// close deletes accounts and their sign-ins.
func (s *sample) close(ctx context.Context, usernames []string) error {
	for _, text := range []string{
		`DELETE FROM refresh_token WHERE account_id IN (SELECT id FROM account WHERE username = ANY ($1))`, `DELETE FROM account WHERE username = ANY ($1)`,
	} {
		if _, err := s.bed.owner.ExecContext(ctx, text, pq.Array(usernames)); err != nil {
			return fmt.Errorf("take back the accounts: %w", err)
		}
	}
	return nil
}
