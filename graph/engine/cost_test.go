package engine

import (
	"context"
	"encoding/json"
	"fmt"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/99designs/gqlgen/graphql"

	"github.com/lianluo/lianluo/graph/engine/enginetest"
	"github.com/lianluo/lianluo/graph/engine/internal/testschema"
)

func testGate(limits Limits) *gate {
	return newGate(testschema.New(&testschema.Resolver{}).Schema(), Options{Limits: limits})
}

// variables reads JSON as a request's variables are read.
func variables(t *testing.T, text string) map[string]any {
	t.Helper()
	params, err := readBody(strings.NewReader(`{"query":"q","variables":` + text + `}`))
	if err != nil {
		t.Fatal(err)
	}
	return params.Variables
}

func TestCost(t *testing.T) {
	g := testGate(Limits{})
	const in = `{division(code:"430121000000"){`
	for _, c := range []struct {
		name, query, variables string
		want                   int
	}{
		{"a field", "{echo(text:\"\")}", "{}", 1},
		{"an object", in + "name code}}", "{}", 3},
		{"a weight", "{heavy}", "{}", 1001},
		{"a page", in + "children(first:100){edges{node{code name}}}}}", "{}", 1 + 1 + 1 + 100*(1+1+2)},
		{"a page of nodes and more", in + "children(first:10){totalCount nodes{code} pageInfo{hasNextPage}}}}", "{}", 1 + (1 + 1 + (1 + 1)) + 1 + 10*(1+1)},
		{"the last", in + "children(last:7){nodes{code}}}}", "{}", 1 + 1 + 1 + 7*2},
		{"first and last", in + "children(first:3,last:7){nodes{code}}}}", "{}", 1 + 1 + 1 + 7*2},
		{"no length", in + "children{nodes{code}}}}", "{}", 1 + 1 + 1 + 100*2},
		{"a length of null", in + "children(first:null){nodes{code}}}}", "{}", 1 + 1 + 1 + 100*2},
		{"a length of nothing", in + "children(first:-5){nodes{code}}}}", "{}", 1 + 1 + 1 + 1*2},
		{"the schema's default", in + "stations{edges{node{id}}}}}", "{}", 1 + 1 + 1 + 20*(1+1+1)},
		{"a variable", `query($n:Int){division(code:"430121000000"){children(first:$n){nodes{code}}}}`, `{"n":4}`, 1 + 1 + 1 + 4*2},
		{"a variable's default", `query($n:Int=6){division(code:"430121000000"){children(first:$n){nodes{code}}}}`, `{}`, 1 + 1 + 1 + 6*2},
		{"a variable over its default", `query($n:Int=6){division(code:"430121000000"){children(first:$n){nodes{code}}}}`, `{"n":2}`, 1 + 1 + 1 + 2*2},
		{"a variable that is absent", `query($n:Int){division(code:"430121000000"){children(first:$n){nodes{code}}}}`, `{}`, 1 + 1 + 1 + 100*2},
		{"a list", in + "siblings{name}}}", "{}", 1 + 1 + 10*2},
		{"a list of a known size", in + "ancestors{name code}}}", "{}", 1 + 1 + 5*3},
		{"ids", `{nodes(ids:["1","2","3"]){id}}`, "{}", 1 + 3*2},
		{"one id", `{nodes(ids:"1"){id}}`, "{}", 1 + 1*2},
		{"ids of a variable", `query($i:[ID!]!){nodes(ids:$i){id}}`, `{"i":["1","2"]}`, 1 + 2*2},
		{"aliases", in + "a:name b:name}}", "{}", 3},
		{"fragments", "{...A ...A} fragment A on Query{heavy}", "{}", 2002},
		{"a page in a fragment", in + "children(first:10){...P}}} fragment P on DivisionConnection{edges{...E}} fragment E on DivisionEdge{node{name}}", "{}", 1 + 1 + 1 + 10*3},
		{"a page in two fragments", in + "x:children(first:10){...P} y:children(first:20){...P}}} fragment P on DivisionConnection{nodes{name}}", "{}", 1 + 2 + 2 + 30*2},
		{"a page in an inline fragment", in + "children(first:10){...{nodes{name}}}}}", "{}", 1 + 1 + 1 + 10*2},
		{"skipped", "query($s:Boolean!){heavy@skip(if:$s) place{__typename}}", `{"s":true}`, 2},
		{"not skipped", "query($s:Boolean!){heavy@skip(if:$s) place{__typename}}", `{"s":false}`, 1003},
		{"not included", "{...@include(if:false){heavy} ...A@include(if:false) place{__typename}} fragment A on Query{heavy}", `{}`, 2},
		{"a condition's default", "query($i:Boolean=false){heavy@include(if:$i) place{__typename}}", `{}`, 2},
		{"small arguments", `{search(filter:{names:["a","b"],level:CITY}){name}}`, "{}", 1 + 10*2},
		{"large arguments", `query($n:[String!]){search(filter:{names:$n}){name}}`, `{"n":[` + strings.Repeat(`"x",`, 159) + `"x"]}`, 1 + 162/16 + 10*2},
		{"long arguments", `query($n:String){search(name:$n){name}}`, `{"n":"` + strings.Repeat("x", 10240) + `"}`, 1 + 161/16 + 10*2},
		{"__typename", "{__typename place{__typename}}", "{}", 3},
		{"introspection is apart", "{heavy __type(name:\"Query\"){name}}", "{}", 1001},
	} {
		t.Run(c.name, func(t *testing.T) {
			doc, errs := g.parse(c.query, nil)
			if errs != nil {
				t.Fatal(errs)
			}
			got, err := g.estimates.operation(doc.Operations[0], variables(t, c.variables))
			if err != nil {
				t.Fatal(err)
			}
			if got.fields != c.want {
				t.Errorf("got %d, want %d", got.fields, c.want)
			}
		})
	}
}

// A fragment used by two operations is estimated with the variables of the one that is asked, although
// gqlparser leaves the other's in the syntax tree.
func TestCostOfASharedFragment(t *testing.T) {
	g := testGate(Limits{})
	text := `query Large($n:Int=1000000){...A} query Small($n:Int=1){...A}
		fragment A on Query{division(code:"430121000000"){children(first:$n){nodes{name}}}}`
	for _, text := range []string{text, "query Small($n:Int=1){...A}" + strings.Replace(text, "query Small($n:Int=1){...A}", "", 1)} {
		for name, want := range map[string]Code{"Large": TooComplex, "Small": ""} {
			var got Code
			if _, errs := g.admit(&graphql.RawParams{Query: text, OperationName: name}, nil); errs != nil {
				got = codeOf(errs[0])
			}
			if got != want {
				t.Errorf("%s: got %q, want %q", name, got, want)
			}
		}
	}
}

// What contracts and dashboards ask stays far from the limit.
func TestCostOfTheContract(t *testing.T) {
	g := testGate(Limits{})
	doc, errs := g.parse(contract, nil)
	if errs != nil {
		t.Fatal(errs)
	}
	got, err := g.estimates.operation(doc.Operations[0], variables(t, `{"code":"430121"}`))
	if err != nil || got.fields != 670 {
		t.Errorf("got %d, %v", got.fields, err)
	}
	if limit := DefaultLimits().Cost; got.fields*50 > limit {
		t.Errorf("%d of %d", got.fields, limit)
	}
}

// resolved counts the fields gqlgen resolves.
type resolved struct{ n atomic.Int64 }

func (*resolved) ExtensionName() string                   { return "Resolved" }
func (*resolved) Validate(graphql.ExecutableSchema) error { return nil }
func (r *resolved) InterceptField(ctx context.Context, next graphql.Resolver) (any, error) {
	r.n.Add(1)
	return next(ctx)
}

// The estimate is not below what is resolved, as long as lists are no longer than assumed.
func TestCostCoversWhatIsResolved(t *testing.T) {
	counted := &resolved{}
	s := serve(t, Options{Extensions: []graphql.HandlerExtension{counted}})
	g := testGate(Limits{})
	for _, query := range []string{
		strings.ReplaceAll(contract, "$code: Code!", `$code: Code = "430121000000"`),
		`{division(code:"430121000000"){children(first:30){edges{node{code name children(first:20){nodes{code name level parent{name}}}}}}}}`,
		`{division(code:"430121000000"){...A ...B}} fragment A on Division{parent{name}} fragment B on Division{parent{name fullName}}`,
		`{nodes(ids:["1","2","3","4"]){id ...on Division{name parent{name}}}}`,
	} {
		query = strings.ReplaceAll(query, "division(code: $code)", `division(code: "430121000000")`)
		query = strings.ReplaceAll(query, `query First($code: Code = "430121000000")`, "query First")
		before := counted.n.Load()
		if a := s.ask(query, nil); len(a.Errors) > 0 {
			t.Fatal(a.text)
		}
		doc, errs := g.parse(query, nil)
		if errs != nil {
			t.Fatal(errs)
		}
		estimated, _ := g.estimates.operation(doc.Operations[0], nil)
		if n := int(counted.n.Load() - before); n == 0 || n > estimated.fields {
			t.Errorf("%d fields resolved, %d estimated: %s", n, estimated.fields, query)
		}
	}
}

// Introspection has a budget that lets one usual query of any tool pass and not much more.
func TestIntrospection(t *testing.T) {
	s := serve(t, Options{})
	usual := strings.TrimSpace(introspectionQuery)
	types := `types{name fields{name args{name type{name ofType{name}}} type{name ofType{name ofType{name}}}}}`
	for _, c := range []struct {
		name, query string
		want        Code
	}{
		{"usual", usual, ""},
		{"one type", `{__type(name:"Query"){name fields{name}}}`, ""},
		{"beside data", `{heavy __schema{queryType{name}}}`, ""},
		{"twice", strings.Replace(strings.Replace(usual, "__schema {", "a:__schema{types{...FullType}} __schema {", 1), "query IntrospectionQuery", "query Twice", 1), TooComplex},
		{"by aliases", "{" + enginetest.Many(4, "a%d:__schema{"+types+types+types+types+"}") + "}", TooComplex},
		{"many", "{" + enginetest.Many(5, `a%d:__type(name:"Query"){name}`) + "}", TooComplex},
		{"lists in lists", "{__schema{types{fields{type{fields{type{fields{type{fields{name}}}}}}}}}}", Invalid},
		{"deep", "{__schema{types{" + strings.Repeat("ofType{", 20) + "name" + strings.Repeat("}", 23), TooComplex},
		{"wide", "{__schema{types{" + enginetest.Many(3000, "a%d:description ") + "}}}", TooComplex},
	} {
		t.Run(c.name, func(t *testing.T) {
			s.t = t
			if a := s.ask(c.query, nil); a.code() != c.want {
				t.Errorf("got %s, want %q", clip(a.text, 300), c.want)
			}
		})
	}
}

func TestNoIntrospection(t *testing.T) {
	s := serve(t, Options{NoIntrospection: true})
	for query, want := range map[string]Code{
		`{__schema{queryType{name}}}`:                            Forbidden,
		`{...A} fragment A on Query{__type(name:"Query"){name}}`: Forbidden,
		`{__typename heavy}`:                                     "",
	} {
		if a := s.ask(query, nil); a.code() != want {
			t.Errorf("%s: got %s, want %q", query, a.text, want)
		}
	}
}

// The estimate of the usual query is near what it resolves, so that the budget means something.
func TestIntrospectionEstimate(t *testing.T) {
	counted := &resolved{}
	s := serve(t, Options{Extensions: []graphql.HandlerExtension{counted}})
	if a := s.ask(introspectionQuery, nil); len(a.Errors) > 0 {
		t.Fatal(a.text)
	}
	g := testGate(Limits{})
	doc, errs := g.parse(introspectionQuery, nil)
	if errs != nil {
		t.Fatal(errs)
	}
	estimated, _ := g.estimates.operation(doc.Operations[0], nil)
	n := int(counted.n.Load())
	if estimated.introspection < n || estimated.introspection > 20*n {
		t.Errorf("%d estimated, %d resolved", estimated.introspection, n)
	}
	t.Logf("%d estimated, %d resolved", estimated.introspection, n)
}

func TestVariables(t *testing.T) {
	s := serve(t, Options{})
	find := `query($by:Lookup!){find(by:$by){name}}`
	filter := `query($f:Filter){search(filter:$f){name}}`
	for _, c := range []struct{ name, query, variables, want string }{
		{"missing", `query($c:Code!){division(code:$c){name}}`, `{}`, `[{"path":["c"],"code":"REQUIRED","message":"缺少变量 $c"}]`},
		{"null", `query($c:Code!){division(code:$c){name}}`, `{"c":null}`, `[{"path":["c"],"code":"REQUIRED","message":"$c 不能为空"}]`},
		{"in another case", `query($c:Code!){division(code:$c){name}}`, `{"C":"430121000000"}`, `[{"path":["c"],"code":"REQUIRED","message":"缺少变量 $c"}]`},
		{"String", `query($x:String!){echo(text:$x)}`, `{"x":5}`, `[{"path":["x"],"code":"TYPE","message":"$x 应是文字"}]`},
		{"Boolean", `query($x:Boolean){search(exact:$x){name}}`, `{"x":"true"}`, `[{"path":["x"],"code":"TYPE","message":"$x 应是 true 或 false"}]`},
		{"Int as text", `query($x:Int){search(limit:$x){name}}`, `{"x":"5"}`, `[{"path":["x"],"code":"TYPE","message":"$x 应是 32 位整数"}]`},
		{"Int with a fraction", `query($x:Int){search(limit:$x){name}}`, `{"x":5.5}`, `[{"path":["x"],"code":"TYPE","message":"$x 应是 32 位整数"}]`},
		{"Int too large", `query($x:Int){search(limit:$x){name}}`, `{"x":2147483648}`, `[{"path":["x"],"code":"TYPE","message":"$x 应是 32 位整数"}]`},
		{"Float", `query($x:Float){search(weight:$x){name}}`, `{"x":"1"}`, `[{"path":["x"],"code":"TYPE","message":"$x 应是数字"}]`},
		{"Float without end", `query($x:Float){search(weight:$x){name}}`, `{"x":1e999}`, `[{"path":["x"],"code":"TYPE","message":"$x 应是数字"}]`},
		{"ID", `query($x:ID!){node(id:$x){id}}`, `{"x":1.5}`, `[{"path":["x"],"code":"TYPE","message":"$x 应是标识(文字或整数)"}]`},
		{"ID as an object", `query($x:ID!){node(id:$x){id}}`, `{"x":{}}`, `[{"path":["x"],"code":"TYPE","message":"$x 应是标识(文字或整数)"}]`},
		{"enum", `query($x:Level){search(level:$x){name}}`, `{"x":"PLANET"}`, `[{"path":["x"],"code":"TYPE","message":"$x 应是 Level 的一个值"}]`},
		{"enum in another case", `query($x:Level){search(level:$x){name}}`, `{"x":"city"}`, `[{"path":["x"],"code":"TYPE","message":"$x 应是 Level 的一个值"}]`},
		{"a list's item", `query($x:[ID!]!){nodes(ids:$x){id}}`, `{"x":["1",null]}`, `[{"path":["x",1],"code":"REQUIRED","message":"$x[1] 不能为空"}]`},
		{"an object that is none", filter, `{"f":"x"}`, `[{"path":["f"],"code":"TYPE","message":"$f 应是 Filter 对象"}]`},
		{"an unknown field", filter, `{"f":{"name":"x"}}`, `[{"path":["f","name"],"code":"UNKNOWN","message":"Filter 没有这个字段"}]`},
		{"a name that gqlparser lets pass", filter, `{"f":{"__typename":"Filter"}}`, `[{"path":["f","__typename"],"code":"UNKNOWN","message":"Filter 没有这个字段"}]`},
		{
			"a missing field", `mutation($i:Rename!){rename(input:$i){name}}`, `{"i":{"code":"430121000000"}}`,
			`[{"path":["i","name"],"code":"REQUIRED","message":"缺少 $i.name"}]`,
		},
		{
			"several", `mutation($i:Rename!){rename(input:$i){name}}`, `{"i":{"name":1,"tags":["a",2]}}`,
			`[{"path":["i","code"],"code":"REQUIRED","message":"缺少 $i.code"},{"path":["i","name"],"code":"TYPE","message":"$i.name 应是文字"},{"path":["i","tags",1],"code":"TYPE","message":"$i.tags[1] 应是文字"}]`,
		},
		{"@oneOf with none", find, `{"by":{}}`, `[{"path":["by"],"code":"ONE_OF","message":"$by 应恰好给出一个字段"}]`},
		{"@oneOf with two", find, `{"by":{"id":"1","code":"430121000000"}}`, `[{"path":["by"],"code":"ONE_OF","message":"$by 应恰好给出一个字段"}]`},
		{"@oneOf with one and null", find, `{"by":{"id":"1","code":null}}`, `[{"path":["by"],"code":"ONE_OF","message":"$by 应恰好给出一个字段"}]`},
		{"@oneOf with null", find, `{"by":{"id":null}}`, `[{"path":["by","id"],"code":"ONE_OF","message":"$by.id 不能为空"}]`},
		{"@oneOf inside", filter, `{"f":{"nested":{"by":{"id":"1","path":["a"]}}}}`, `[{"path":["f","nested","by"],"code":"ONE_OF","message":"$f.nested.by 应恰好给出一个字段"}]`},
		{"@oneOf of a wrong type", find, `{"by":{"id":true}}`, `[{"path":["by","id"],"code":"TYPE","message":"$by.id 应是标识(文字或整数)"}]`},

		{"a good object", filter, `{"f":{"level":"CITY","names":["a"],"codes":["430121000000"],"limit":null,"nested":{"by":{"id":7}}}}`, ""},
		{"a value for a list", `query($x:[ID!]!){nodes(ids:$x){id}}`, `{"x":"1"}`, ""},
		{"a number for an ID", `query($x:ID!){node(id:$x){id}}`, `{"x":7}`, ""},
		{"a whole number for a Float", `query($x:Float){search(weight:$x){name}}`, `{"x":7}`, ""},
		{"null where it may be", filter, `{"f":null}`, ""},
		{"a default", `query($x:String!="a"){echo(text:$x)}`, `{}`, ""},
		{"one that is not asked for", `{heavy}`, `{"x":7}`, ""},
		{"@oneOf", find, `{"by":{"within":{"limit":1}}}`, ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			s.t = t
			before := s.resolver.Calls.Load()
			query, err := json.Marshal(c.query)
			if err != nil {
				t.Fatal(err)
			}
			a := s.send("POST", fmt.Sprintf(`{"query":%s,"variables":%s}`, query, c.variables), map[string][]string{"Content-Type": {mediaJSON}})
			if c.want == "" {
				if len(a.Errors) > 0 {
					t.Errorf("got %s", a.text)
				}
				return
			}
			if a.code() != Invalid || a.reason() != reasonVariables || !strings.Contains(a.text, `"fields":`+c.want) || len(a.Errors[0].Locations) != 1 {
				t.Errorf("got %s", a.text)
			}
			if s.resolver.Calls.Load() != before {
				t.Error("a resolver ran")
			}
		})
	}
}
