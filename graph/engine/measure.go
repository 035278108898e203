package engine

import (
	"strconv"
	"strings"

	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/gqlerror"
	"github.com/vektah/gqlparser/v2/lexer"
)

// measure counts the tokens of a document before it is parsed, so that the parser never sees one that is
// too long or too deep. It stops at what cannot be read as a token: the parser then says so, having
// read no further either.
func (l Limits) measure(document string) (tokens int, refused *gqlerror.Error) {
	if len(document) > l.DocumentBytes {
		return 0, tooComplex("DOCUMENT_BYTES", "查询文本过长:%d 字节,最多 %d 字节", len(document), l.DocumentBytes).wire()
	}
	lex := lexer.New(&ast.Source{Input: document})
	nesting := 0
	var runes []rune // the document, when a place in it is asked for: the lexer counts in runes
	for {
		token, err := lex.ReadToken()
		if err != nil || token.Kind == lexer.EOF {
			return tokens, nil //nolint:nilerr // the parser meets the same error next and reports it with its place
		}
		if tokens++; tokens > l.Tokens {
			return tokens, tooComplex("TOKENS", "查询文本过长:超过 %d 个词", l.Tokens).wire()
		}
		var e *Error
		switch token.Kind {
		case lexer.Name:
			if len(token.Value) > l.NameBytes {
				e = tooComplex("NAME_BYTES", "名称过长:%d 字节,最多 %d 字节", len(token.Value), l.NameBytes)
			}
		case lexer.BraceL, lexer.BracketL, lexer.ParenL:
			if nesting++; nesting > l.Nesting {
				e = tooComplex("NESTING", "括号嵌套过深:最多 %d 层", l.Nesting)
			}
		case lexer.BraceR, lexer.BracketR, lexer.ParenR:
			nesting--
		case lexer.String, lexer.BlockString:
			// PostgreSQL keeps no NUL in a text.
			if strings.ContainsRune(token.Value, 0) {
				e = invalid(reasonValidation, "文字里不能有空字符 U+0000")
			}
			// The lexer puts U+FFFD in the place of half a surrogate pair.
			if token.Kind == lexer.String && strings.ContainsRune(token.Value, '\ufffd') {
				if runes == nil {
					runes = []rune(document)
				}
				if halfSurrogate(string(runes[token.Pos.Start:token.Pos.End])) {
					e = invalid(reasonParse, "文字里有半个代理对,不是字符")
				}
			}
		case lexer.Int:
			// gqlgen panics on a number it cannot hold where a scalar of our own stands.
			if _, err := strconv.ParseInt(token.Value, 10, 64); err != nil {
				e = invalid(reasonValidation, "整数超出范围")
			}
		case lexer.Float:
			if _, err := strconv.ParseFloat(token.Value, 64); err != nil {
				e = invalid(reasonValidation, "小数超出范围")
			}
		}
		if e != nil {
			return tokens, e.at(&token.Pos)
		}
	}
}

// at is the wire form of the error with a place in the document.
func (e *Error) at(positions ...*ast.Position) *gqlerror.Error {
	wire := e.wire()
	for _, p := range positions {
		if p != nil {
			wire.Locations = append(wire.Locations, gqlerror.Location{Line: p.Line, Column: p.Column})
		}
	}
	return wire
}
