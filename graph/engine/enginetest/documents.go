// Package enginetest has the requests that the engine refuses by their form, whatever the schema says, each beside one that differs in
// what is refused alone and is answered.
//
// Only tests import it; it imports nothing of ours. A schema it is tried on has division(code: …) with name and parent.
package enginetest

import (
	"fmt"
	"strings"
)

// Document is a GraphQL document that is refused.
type Document struct {
	Name string
	// Control is answered.
	Control, Query string
	// Code and Reason are those of the refusal.
	Code, Reason string
}

// Many writes a part n times, with its number.
func Many(n int, format string) string {
	var b strings.Builder
	for i := range n {
		fmt.Fprintf(&b, format, i)
	}
	return b.String()
}

// Nested is a path of n fields, from 3.
func Nested(n int) string {
	return `{division(code:"430121000000"){` + strings.Repeat("parent{", n-2) + "name" + strings.Repeat("}", n-1) + "}"
}

// Doubling are n fragments each of which spreads the next twice: 2^n fields in few bytes.
func Doubling(n int) string {
	var b strings.Builder
	b.WriteString(`{division(code:"430121000000"){...F0}}`)
	for i := range n {
		fmt.Fprintf(&b, " fragment F%d on Division{a:parent{...F%d} b:parent{...F%d}}", i, i+1, i+1)
	}
	fmt.Fprintf(&b, " fragment F%d on Division{name}", n)
	return b.String()
}

// levelling are n fragments of the root each of which spreads the next twice at the same level.
func levelling(n int) string {
	var b strings.Builder
	b.WriteString("{...F0}")
	for i := range n {
		fmt.Fprintf(&b, " fragment F%d on Query{...F%d ...F%d}", i, i+1, i+1)
	}
	return b.String() + fmt.Sprintf(" fragment F%d on Query{__typename}", n)
}

const plain = "{__typename}"

// Documents are the refused documents.
func Documents() []Document {
	const tooComplex, invalid, parse, rules = "TOO_COMPLEX", "INVALID", "GRAPHQL_PARSE_FAILED", "GRAPHQL_VALIDATION_FAILED"
	inDivision := func(selection string) string { return `{division(code:"430121000000"){` + selection + "}}" }
	repeat := strings.Repeat
	return []Document{
		{"a document too long", "{__typename #" + repeat("x", 100<<10) + "\n}", "{__typename #" + repeat("x", 128<<10) + "\n}", tooComplex, "DOCUMENT_BYTES"},
		{"20,000 times one field", "{" + repeat("__typename ", 50) + "}", "{" + repeat("a ", 20_000) + "}", tooComplex, "TOKENS"},
		{"20,000 comments", repeat("#\n", 10_000) + plain, repeat("#\n", 20_000) + plain, tooComplex, "TOKENS"},
		{"a name too long", "{" + repeat("a", 100) + ":__typename}", "{" + repeat("a", 101) + ":__typename}", tooComplex, "NAME_BYTES"},
		{"an operation's name too long", "query " + repeat("a", 100) + plain, "query " + repeat("a", 101) + plain, tooComplex, "NAME_BYTES"},
		{"brackets without end", plain, repeat("{a", 2000), tooComplex, "NESTING"},
		{"lists without end", plain, "{division(code:" + repeat("[", 2000), tooComplex, "NESTING"},
		{"inline fragments in each other", "{" + repeat("...{", 60) + "__typename" + repeat("}", 61), "{" + repeat("...{", 70) + "__typename" + repeat("}", 71), tooComplex, "NESTING"},
		{"deep", Nested(3), Nested(16), tooComplex, "DEPTH"},
		{"1,000 deep", Nested(3), Nested(60), tooComplex, "DEPTH"},
		{
			"deep in fragments", inDivision("...A") + " fragment A on Division{name}",
			inDivision("...A") + " fragment A on Division{" + repeat("parent{", 7) + "...B" + repeat("}", 8) + " fragment B on Division{" + repeat("parent{", 7) + "name" + repeat("}", 8),
			tooComplex, "DEPTH",
		},
		{"a cycle of fragments", inDivision("...A") + " fragment A on Division{...B} fragment B on Division{name}", inDivision("...A") + " fragment A on Division{parent{...B}} fragment B on Division{...A}", invalid, rules},
		{"a fragment in itself", "{...A} fragment A on Query{__typename}", "{...A} fragment A on Query{...A}", invalid, rules},
		{"a cycle that is not used", plain, plain + " fragment A on Query{...A}", invalid, rules},
		{"fragments that double, deep", levelling(3), Doubling(30), tooComplex, "DEPTH"},
		{"fragments that double", levelling(3), Doubling(13), tooComplex, "WORK"},
		{"fragments that double, on one level", levelling(5), levelling(190), tooComplex, "ROOT_FIELDS"},
		{"fragments that double, below the root", levelling(4), strings.ReplaceAll(strings.Replace(levelling(190), "{...F0}", inDivision("...F0"), 1), "on Query", "on Division"), tooComplex, "WORK"},
		{"201 fragments", plain, plain + Many(201, " fragment F%d on Query{__typename}"), tooComplex, "FRAGMENTS"},
		{"two fragments of one name", "{...A} fragment A on Query{__typename}", "{...A} fragment A on Query{__typename} fragment A on Query{a:__typename}", invalid, rules},
		{"a fragment with variables", "{...A} fragment A on Query{__typename}", "{...A} fragment A($a:Int) on Query{__typename}", invalid, parse},
		{"51 operations", "query Q0{__typename}", Many(51, "query Q%d{__typename} "), tooComplex, "OPERATIONS"},
		{"operations that walk one fragment", "query Q0{...A} fragment A on Query{__typename}", Many(50, "query Q%d{...A} ") + "fragment A on Query{" + repeat("__typename ", 1000) + "}", tooComplex, "ROOT_FIELDS"},
		{
			"operations that walk one deep fragment", "query Q0{...A} fragment A on Query{__typename}",
			Many(50, "query Q%d{...A} ") + "fragment A on Query" + inDivision(repeat("name ", 1000)), tooComplex, "WORK",
		},
		{"101 variables", "query($v0:Boolean!=true){__typename@include(if:$v0)}", "query(" + Many(101, "$v%d:String") + ")" + plain, tooComplex, "VARIABLES"},
		{"201 directives", "{__typename @include(if:true)}", "{__typename " + repeat("@include(if:true)", 201) + "}", tooComplex, "DIRECTIVES"},
		{"201 unknown directives", plain, "{__typename " + repeat("@x", 201) + "}", tooComplex, "DIRECTIVES"},
		{"201 directives on variables", plain, "query(" + repeat("$v:Int"+repeat("@x", 21), 10) + ")" + plain, tooComplex, "DIRECTIVES"},
		{"the same directive again", "{__typename @include(if:true)}", "{__typename @include(if:true) @include(if:true)}", invalid, rules},
		{"an unknown directive", "{__typename @skip(if:false)}", "{__typename @x}", invalid, rules},
		{"51 root fields", "{" + repeat("__typename ", 50) + "}", "{" + repeat("__typename ", 51) + "}", tooComplex, "ROOT_FIELDS"},
		{"1,000 aliases", "{" + Many(50, "a%d:__typename ") + "}", "{" + Many(1000, "a%d:__typename ") + "}", tooComplex, "ROOT_FIELDS"},
		{
			"root fields in fragments", "{...A ...B} fragment A on Query{" + Many(25, "a%d:__typename ") + "} fragment B on Query{" + Many(25, "b%d:__typename ") + "}",
			"{...A ...B} fragment A on Query{" + Many(26, "a%d:__typename ") + "} fragment B on Query{" + Many(26, "b%d:__typename ") + "}", tooComplex, "ROOT_FIELDS",
		},
		{"11 guesses at a password", "mutation{" + Many(10, "a%d:__typename ") + "}", "mutation{" + Many(11, "a%d:signIn ") + "}", tooComplex, "ROOT_FIELDS"},
		{"4,800 aliases on one level", inDivision(Many(40, "a%d:name ")), inDivision(Many(3700, "a%d:name ")), tooComplex, "WORK"},
		{"aliases that differ in their arguments", inDivision(Many(40, "a%d:name ")), inDivision(Many(1600, "name(a:%d) ")), tooComplex, "WORK"},
		{"a literal too deep", plain, "{division(code:" + repeat("{nested:", 12) + "1" + repeat("}", 12) + "){name}}", tooComplex, "INPUT_DEPTH"},
		{"a literal too large", plain, "{division(code:" + repeat("[", 3) + repeat("1 ", 12_000) + repeat("]", 3) + "){name}}", tooComplex, "WORK"},
		{"@defer", "{...@include(if:true)" + plain + "}", "{...@defer" + plain + "}", invalid, rules},
		{"a number that nothing holds", plain, "{division(code:99999999999999999999){name}}", invalid, rules},
		{"100,000 digits", plain, "{division(code:1" + repeat("0", 100_000) + "){name}}", invalid, rules},
		{"a fraction that nothing holds", plain, "{division(code:1e999){name}}", invalid, rules},
		{"NUL", inDivision("name"), `{division(code:"43\u0000"){name}}`, invalid, rules},
		{"NUL in braces", inDivision("name"), `{division(code:"43\u{0}"){name}}`, invalid, rules},
		{"half a surrogate", inDivision("name"), `{a:division(code:"联络站"){name} b:division(code:"\uD800"){name}}`, invalid, parse},
		{"a surrogate in braces", inDivision("name"), `{division(code:"43\u{DFFF}"){name}}`, invalid, parse},
		{"beyond Unicode", inDivision("name"), `{division(code:"43\u{110000}"){name}}`, invalid, parse},
		{"a text without end", inDivision("name"), `{division(code:"` + repeat("x", 100_000), invalid, parse},
		{"a block without end", inDivision("name"), `{division(code:"""` + repeat("\n", 100_000), invalid, parse},
		{"nothing", plain, " ", invalid, rules},
		{"a fragment alone", "{...A} fragment A on Query{__typename}", "fragment A on Query{__typename}", invalid, rules},
		{"a definition of types", plain, "type Query{a:Int}", invalid, parse},
		{"an unknown field", inDivision("name"), inDivision("nickname"), invalid, rules},
		{"a conflict", "{a:__typename}", `{a:__typename a:division(code:"430121000000"){name}}`, invalid, rules},
		{"20 introspections", `{a:__schema{queryType{name}}}`, "{" + Many(20, "a%d:__schema{queryType{name}} ") + "}", tooComplex, "ROOT_FIELDS"},
		{"deep introspection", `{__schema{queryType{name}}}`, "{__schema{types{" + repeat("ofType{", 25) + "name" + repeat("}", 28), tooComplex, "DEPTH"},
		{
			"introspection that goes round", `{__type(name:"Query"){fields{name}}}`,
			"{__schema{types{" + repeat("fields{type{", 7) + "name" + repeat("}}", 7) + "}}}", invalid, rules,
		},
	}
}
