// Package schema describes what is stored: one file an entity, and the mixins they share.
//
// It may import place, kind, state and viewer (for their vocabularies). Code is generated from it into ent/gen;
// policies, functions and search tables, which ent cannot express, stand beside it as SQL in migrations.
package schema

import (
	"strings"
	"time"

	"entgo.io/ent"
	"entgo.io/ent/dialect"
	"entgo.io/ent/dialect/entsql"
	"entgo.io/ent/schema"
	"entgo.io/ent/schema/field"
	"entgo.io/ent/schema/index"
	"entgo.io/ent/schema/mixin"
	"github.com/google/uuid"

	"github.com/lianluo/lianluo/ent/place"
)

// newID makes the time-ordered key of a new row. The application makes keys, so that the data of two
// deployments can be merged.
func newID() uuid.UUID { return uuid.Must(uuid.NewV7()) }

// base gives every entity its key, its times, and a version that rises with each change.
type base struct{ mixin.Schema }

func (base) Fields() []ent.Field {
	return []ent.Field{
		field.UUID("id", uuid.UUID{}).Default(newID).Immutable(),
		field.Int("version").Default(1).Positive().
			Comment("rises by one with each change; a writer may demand the one it has read"),
		field.Time("created_at").Default(time.Now).Immutable(),
		field.Time("updated_at").Default(time.Now).UpdateDefault(time.Now),
	}
}

// area gives a row its place: the code that row-level security guards, and the ancestor codes that lists and
// sums name. An ancestor is null where the tree has a gap.
type area struct{ mixin.Schema }

func (area) Fields() []ent.Field {
	return []ent.Field{
		field.Int64("code").GoType(place.Code(0)).Comment("division code of the row's place"),
		ancestor("province_code"),
		ancestor("city_code"),
		ancestor("county_code"),
		ancestor("township_code"),
	}
}

func ancestor(name string) ent.Field {
	return field.Int64(name).GoType(place.Code(0)).Optional().Nillable()
}

// areaIndexes serve lists in tree order (the code, every level by one range) and sums and newest-first lists by an
// ancestor; keys are time-ordered, so the id is the order of creation.
func areaIndexes() []ent.Index {
	out := []ent.Index{index.Fields("code", "id")}
	for _, column := range []string{"province_code", "city_code", "county_code"} {
		out = append(out, index.Fields(column, "id"))
	}
	return out
}

// movedIndex finds the records of work that lie elsewhere now than they did then: few, those of divisions that were moved since. A sum by the tree
// of the time (按当时区划) is the sum by today's, less and plus those.
func movedIndex(table string) ent.Index {
	return index.Fields("code_then").Annotations(entsql.IndexWhere("code_then <> code")).StorageKey(table + "_moved")
}

// asDate stores a calendar day without time; days are counted in Asia/Shanghai.
var asDate = map[string]string{dialect.Postgres: "date"}

// vocabulary is a type whose Values are all the words that a column may hold.
type vocabulary interface{ Values() []string }

// words makes the database itself refuse what is not in a column's vocabulary.
func words(columns map[string]vocabulary) schema.Annotation {
	checks := make(map[string]string, len(columns))
	for column, v := range columns {
		checks[column+"_known"] = column + " IN ('" + strings.Join(v.Values(), "', '") + "')"
	}
	return entsql.Checks(checks)
}
