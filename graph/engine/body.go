package engine

import (
	"bytes"
	"encoding/json"
	"io"
	"strings"
	"unicode/utf8"

	"github.com/99designs/gqlgen/graphql"
)

// bodyDepth is how deep objects and lists may stand in each other in a request's JSON.
const bodyDepth = 32

// bodyValues is how many values a request's JSON may have, those in lists and objects counted.
const bodyValues = 20_000

// readBody reads the parameters of a request from its body. What is not acceptable is an *Error, another
// error is one of reading. The body is never repeated in a message: it may hold what a log must not.
//
// encoding/json alone would take the last of two equal keys, keys in another case, and leave what follows
// the first value, and put U+FFFD for half a surrogate pair; two readers of one request could then see two requests.
func readBody(body io.Reader) (*graphql.RawParams, error) {
	text, err := io.ReadAll(body)
	if err != nil {
		return nil, err
	}
	if !utf8.Valid(text) {
		return nil, invalid(reasonRequest, "请求不是 UTF-8 编码")
	}
	// Valid is of exactly one value.
	if !json.Valid(text) {
		return nil, invalid(reasonRequest, "请求不是正确的 JSON")
	}
	if halfSurrogate(string(text)) {
		return nil, invalid(reasonRequest, "文字里有半个代理对,不是字符")
	}
	d := &decoder{Decoder: json.NewDecoder(bytes.NewReader(text))}
	d.UseNumber()
	value, err := d.value(0)
	if err != nil {
		return nil, err
	}
	if _, batch := value.([]any); batch {
		return nil, invalid(reasonRequest, "不接受批量请求:请求应是一个 JSON 对象")
	}
	object, ok := value.(map[string]any)
	if !ok {
		return nil, invalid(reasonRequest, "请求应是一个 JSON 对象")
	}
	return params(object)
}

// params takes the known members of the request; others are left alone, as GraphQL over HTTP asks. A member
// "headers" in particular is one of those: headers come from HTTP.
func params(object map[string]any) (*graphql.RawParams, error) {
	out := &graphql.RawParams{}
	query, ok := object["query"].(string)
	if !ok || query == "" {
		return nil, invalid(reasonRequest, "缺少 query:应是一段 GraphQL 文档")
	}
	out.Query = query
	if name := object["operationName"]; name != nil {
		if out.OperationName, ok = name.(string); !ok {
			return nil, invalid(reasonRequest, "operationName 应是文字")
		}
	}
	if variables := object["variables"]; variables != nil {
		if out.Variables, ok = variables.(map[string]any); !ok {
			return nil, invalid(reasonRequest, "variables 应是 JSON 对象")
		}
	}
	if extensions := object["extensions"]; extensions != nil {
		if out.Extensions, ok = extensions.(map[string]any); !ok {
			return nil, invalid(reasonRequest, "extensions 应是 JSON 对象")
		}
	}
	return out, nil
}

// decoder reads valid JSON strictly: no key twice in an object, no NUL in a text, no more than bodyDepth
// levels and bodyValues values.
type decoder struct {
	*json.Decoder
	values int
}

func (d *decoder) value(depth int) (any, error) {
	if depth > bodyDepth {
		return nil, invalid(reasonRequest, "JSON 嵌套过深:最多 %d 层", bodyDepth)
	}
	if d.values++; d.values > bodyValues {
		return nil, invalid(reasonRequest, "JSON 里的值过多:最多 %d 个", bodyValues)
	}
	token, err := d.Token()
	if err != nil {
		return nil, err
	}
	switch token := token.(type) {
	case json.Delim:
		if token == '{' {
			return d.object(depth)
		}
		return d.list(depth)
	case string:
		return token, checkText(token)
	default:
		return token, nil
	}
}

func (d *decoder) object(depth int) (any, error) {
	out := map[string]any{}
	for d.More() {
		token, err := d.Token()
		if err != nil {
			return nil, err
		}
		key, _ := token.(string) // a key of valid JSON is one
		if err := checkText(key); err != nil {
			return nil, err
		}
		if _, twice := out[key]; twice {
			return nil, invalid(reasonRequest, "JSON 里有重复的键")
		}
		if out[key], err = d.value(depth + 1); err != nil {
			return nil, err
		}
	}
	_, err := d.Token()
	return out, err
}

func (d *decoder) list(depth int) (any, error) {
	out := []any{}
	for d.More() {
		item, err := d.value(depth + 1)
		if err != nil {
			return nil, err
		}
		out = append(out, item)
	}
	_, err := d.Token()
	return out, err
}

// checkText refuses NUL, which PostgreSQL keeps in no text.
func checkText(s string) error {
	if strings.IndexByte(s, 0) >= 0 {
		return invalid(reasonRequest, "文字里不能有空字符 U+0000")
	}
	return nil
}
