package engine

import "github.com/vektah/gqlparser/v2/ast"

// introspectionSizes are the lengths of the lists of introspection: the number of types, and of the others
// the mean over the schema, rounded up. Tools ask them of all types at once, where the means come out
// right; of single types Limits.Introspections may be asked.
func introspectionSizes(schema *ast.Schema) map[*ast.FieldDefinition]int {
	var types, fields, fieldArgs, inputs, enums, interfaces, possible int
	for name, def := range schema.Types {
		types++
		interfaces += len(def.Interfaces)
		enums += len(def.EnumValues)
		switch def.Kind {
		case ast.Object, ast.Interface:
			fields += len(def.Fields)
			for _, f := range def.Fields {
				fieldArgs += len(f.Arguments)
			}
			if def.Kind == ast.Interface {
				possible += len(schema.PossibleTypes[name])
			}
		case ast.InputObject:
			inputs += len(def.Fields)
		case ast.Union:
			possible += len(schema.PossibleTypes[name])
		}
	}
	directiveArgs, locations := 0, 0
	for _, d := range schema.Directives {
		directiveArgs += len(d.Arguments)
		locations += len(d.Locations)
	}

	sizes := map[*ast.FieldDefinition]int{}
	set := func(typ, field string, sum, among int) {
		def := schema.Types[typ]
		if def == nil {
			return
		}
		if f := def.Fields.ForName(field); f != nil {
			sizes[f] = max(1, (sum+among-1)/max(1, among))
		}
	}
	set("__Schema", "types", types, 1)
	set("__Schema", "directives", len(schema.Directives), 1)
	set("__Type", "fields", fields, types)
	set("__Type", "interfaces", interfaces, types)
	set("__Type", "possibleTypes", possible, types)
	set("__Type", "enumValues", enums, types)
	set("__Type", "inputFields", inputs, types)
	set("__Field", "args", fieldArgs, fields)
	set("__Directive", "args", directiveArgs, len(schema.Directives))
	set("__Directive", "locations", locations, len(schema.Directives))
	return sizes
}

// introspectionQuery is what tools such as GraphiQL ask when they load a schema, with every option of
// graphql-js on that gqlgen answers. It gives introspection its budget.
const introspectionQuery = `
query IntrospectionQuery {
  __schema {
    description
    queryType { name kind }
    mutationType { name kind }
    subscriptionType { name kind }
    types { ...FullType }
    directives { name description isRepeatable locations args(includeDeprecated: true) { ...InputValue } }
  }
}
fragment FullType on __Type {
  kind name description specifiedByURL isOneOf
  fields(includeDeprecated: true) {
    name description
    args(includeDeprecated: true) { ...InputValue }
    type { ...TypeRef }
    isDeprecated deprecationReason
  }
  inputFields(includeDeprecated: true) { ...InputValue }
  interfaces { ...TypeRef }
  enumValues(includeDeprecated: true) { name description isDeprecated deprecationReason }
  possibleTypes { ...TypeRef }
}
fragment InputValue on __InputValue {
  name description type { ...TypeRef } defaultValue isDeprecated deprecationReason
}
fragment TypeRef on __Type {
  kind name
  ofType { kind name ofType { kind name ofType { kind name ofType { kind name
    ofType { kind name ofType { kind name ofType { kind name ofType { kind name
      ofType { kind name }
    } } } }
  } } } }
}
`
