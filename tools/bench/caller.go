package main

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"strconv"
)

// request is a request as it goes over the wire.
type request []byte

// newRequest writes a POST; an empty token sends none.
func newRequest(path, token string, body []byte) request {
	var b bytes.Buffer
	b.WriteString("POST " + path + " HTTP/1.1\r\nHost: bench\r\nContent-Type: application/json\r\n")
	if token != "" {
		b.WriteString("Authorization: Bearer " + token + "\r\n")
	}
	b.WriteString("Content-Length: " + strconv.Itoa(len(body)) + "\r\n\r\n")
	b.Write(body)
	return b.Bytes()
}

// caller sends requests over one connection that is kept, and reads the answers. It runs in the process of the server it calls, so it does as
// little as it can: what is counted of the process is to be the server's.
type caller struct {
	conn net.Conn
	in   *bufio.Reader
	body []byte
}

func dial(ctx context.Context, address string) (*caller, error) {
	conn, err := new(net.Dialer).DialContext(ctx, "tcp", address)
	if err != nil {
		return nil, err
	}
	return &caller{conn: conn, in: bufio.NewReaderSize(conn, 64<<10)}, nil
}

func (c *caller) close() { _ = c.conn.Close() }

var (
	contentLength = []byte("content-length: ")
	errAnswer     = errors.New("the answer is not HTTP as expected")
)

// do answers the body of an answer that is good; it holds until the next call.
func (c *caller) do(r request) ([]byte, error) {
	if _, err := c.conn.Write(r); err != nil {
		return nil, err
	}
	line, err := c.in.ReadSlice('\n')
	if err != nil {
		return nil, err
	}
	if !bytes.HasPrefix(line, []byte("HTTP/1.1 ")) || len(line) < 12 {
		return nil, errAnswer
	}
	good, length := bytes.Equal(line[9:12], []byte("200")), -1
	status := string(line[9:12])
	for {
		line, err = c.in.ReadSlice('\n')
		if err != nil {
			return nil, err
		}
		line = bytes.TrimRight(line, "\r\n")
		if len(line) == 0 {
			break
		}
		if len(line) > len(contentLength) && bytes.EqualFold(line[:len(contentLength)], contentLength) {
			if length, err = strconv.Atoi(string(line[len(contentLength):])); err != nil {
				return nil, errAnswer
			}
		}
	}
	if length < 0 {
		return nil, errAnswer
	}
	if cap(c.body) < length {
		c.body = make([]byte, 2*length)
	}
	c.body = c.body[:length]
	if _, err := io.ReadFull(c.in, c.body); err != nil {
		return nil, err
	}
	if !good || bytes.HasPrefix(c.body, []byte(`{"errors"`)) {
		return nil, fmt.Errorf("status %s: %.300s", status, c.body)
	}
	return c.body, nil
}
