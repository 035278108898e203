package store

import (
	"bytes"
	"context"
	"crypto/sha256"
	"crypto/tls"
	"crypto/x509"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"strings"
	"time"

	"github.com/minio/minio-go/v7"
	"github.com/minio/minio-go/v7/pkg/credentials"
	"github.com/minio/minio-go/v7/pkg/s3utils"
)

const (
	// defaultRegion is what stores of other makers than Amazon expect unless they say so.
	defaultRegion = "us-east-1"
	// defaultTimeout is S3Config.Timeout when it is not set.
	defaultTimeout = 30 * time.Second
	// attempts is how often a request is sent before it has failed, and pause the time before the first repetition
	// of a Put; the library has its own for the others.
	attempts = 3
	pause    = 100 * time.Millisecond
)

// S3Config says which bucket to use and as whom. It holds no secret when it is printed.
type S3Config struct {
	// Endpoint is the host, or host:port, of the store: no scheme, no path.
	Endpoint string
	// TLS encrypts the way there. Without it the secret is not sent either, but the files can be read on the way.
	TLS bool
	// RootCAs are the authorities whose certificates to trust; nil for the machine's.
	RootCAs *x509.CertPool
	// Region is the region of the bucket; empty for us-east-1, which stores of one's own mostly take.
	Region string
	// Bucket is the name of the bucket, which must exist.
	Bucket string
	// BucketInHost addresses the bucket as bucket.endpoint instead of endpoint/bucket, which some stores insist on.
	// Those of Amazon, Google and Alibaba are known and need no telling.
	BucketInHost bool
	// AccessKey and Secret are who the server is to the store.
	AccessKey string
	Secret    Secret
	// Timeout bounds each Put, Delete and Check whole, and an Open until the content begins and at every wait for
	// more of it; 0 for 30 seconds.
	Timeout time.Duration
}

// S3 keeps files in a bucket of a store that speaks S3.
type S3 struct {
	core      minio.Core
	transport *http.Transport
	bucket    string
	timeout   time.Duration
}

// NewS3 makes the client of a bucket. It asks the network nothing: use [S3.Check] for that.
func NewS3(c S3Config) (*S3, error) {
	if c.AccessKey == "" || c.Secret == "" {
		return nil, errors.New("store: the access key and its secret are needed")
	}
	if c.Timeout < 0 {
		return nil, errors.New("store: the timeout is negative")
	}
	// The library would take an address too, and its messages quote what someone may have put credentials into.
	errEndpoint := errors.New("store: the endpoint is not a host or host:port")
	if strings.ContainsAny(c.Endpoint, "/?#@") {
		return nil, errEndpoint
	}
	if err := s3utils.CheckValidBucketNameStrict(c.Bucket); err != nil {
		return nil, fmt.Errorf("store: bucket %q: %w", c.Bucket, err)
	}
	if c.Timeout == 0 {
		c.Timeout = defaultTimeout
	}
	if c.Region == "" {
		c.Region = defaultRegion
	}
	lookup := minio.BucketLookupAuto
	if c.BucketInHost {
		lookup = minio.BucketLookupDNS
	}
	transport := newTransport(c)
	client, err := minio.New(c.Endpoint, &minio.Options{
		Creds:        credentials.NewStaticV4(c.AccessKey, string(c.Secret), ""),
		Secure:       c.TLS,
		Transport:    transport,
		Region:       c.Region,
		BucketLookup: lookup,
		MaxRetries:   attempts,
	})
	if err != nil {
		return nil, errEndpoint
	}
	return &S3{core: minio.Core{Client: client}, transport: transport, bucket: c.Bucket, timeout: c.Timeout}, nil
}

// newTransport is the library's own without what it reads from the environment, and with our patience: one
// attempt without an answer leaves time for another.
func newTransport(c S3Config) *http.Transport {
	const connect = 5 * time.Second
	t := &http.Transport{
		DialContext:           (&net.Dialer{Timeout: connect}).DialContext,
		TLSHandshakeTimeout:   connect,
		ResponseHeaderTimeout: c.Timeout / 2,
		IdleConnTimeout:       time.Minute,
		MaxIdleConnsPerHost:   16,
		DisableCompression:    true, // a file is given back as it was put
	}
	if c.TLS {
		t.TLSClientConfig = &tls.Config{MinVersion: tls.VersionTLS12, RootCAs: c.RootCAs}
	}
	return t
}

// Close drops the connections that no call is using.
func (s *S3) Close() error {
	s.transport.CloseIdleConnections()
	return nil
}

// String names the bucket.
func (s *S3) String() string { return "s3:" + s.bucket }

// Check asks whether the bucket is there and may be used.
func (s *S3) Check(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, s.timeout)
	defer cancel()
	switch ok, err := s.core.BucketExists(ctx, s.bucket); {
	case err != nil:
		return fmt.Errorf("store: check bucket %s: %w", s.bucket, err)
	case !ok:
		return fmt.Errorf("store: check bucket %s: there is no such bucket", s.bucket)
	}
	return nil
}

// Put reads the content into memory first, so that its length is known before anything is sent and a request
// that failed can be sent again. Its SHA-256 is signed: the store refuses what was changed on the way.
func (s *S3) Put(ctx context.Context, key string, r io.Reader, size int64, mediaType string) error {
	if err := checkPut(ctx, key, size); err != nil {
		return err
	}
	content, err := exactly(reading{ctx, r}, size)
	if err != nil {
		return fmt.Errorf("store: put: %w", err)
	}
	ctx, cancel := context.WithTimeout(ctx, s.timeout)
	defer cancel()
	if err := s.send(ctx, key, content, mediaType); err != nil {
		return fmt.Errorf("store: put: %w", err)
	}
	return nil
}

// send puts the content, again when the store was out of breath. The library would begin again with the reader
// that the connection of the attempt before may still be reading, so each attempt gets one of its own, which
// cannot be sought in.
func (s *S3) send(ctx context.Context, key string, content []byte, mediaType string) error {
	sum := sha256.Sum256(content)
	options := minio.PutObjectOptions{
		ContentType: mediaType,
		// One sum for the whole: a signature for each piece, the default without TLS, not every maker's store takes.
		DisableContentSha256: true,
	}
	for attempt := 1; ; attempt++ {
		once := struct{ io.Reader }{bytes.NewReader(content)}
		_, err := s.core.PutObject(ctx, s.bucket, key, once, int64(len(content)), "", hex.EncodeToString(sum[:]), options)
		if err == nil || attempt == attempts || !passing(err) {
			return err
		}
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-time.After(time.Duration(attempt) * pause):
		}
	}
}

// passing tells whether a request may succeed when it is sent again: the store did not answer, or for a reason
// of its own.
func passing(err error) bool {
	switch status := minio.ToErrorResponse(err).StatusCode; status {
	case 0, http.StatusRequestTimeout, http.StatusTooManyRequests:
		return true
	default:
		return status >= http.StatusInternalServerError
	}
}

// exactly reads size bytes, and sees that there are no more.
func exactly(r io.Reader, size int64) ([]byte, error) {
	b := make([]byte, size)
	if _, err := io.ReadFull(r, b); err != nil {
		if errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) {
			return nil, ErrSize
		}
		return nil, err
	}
	switch n, err := io.CopyN(io.Discard, r, 1); {
	case n > 0:
		return nil, ErrSize
	case !errors.Is(err, io.EOF):
		return nil, err
	}
	return b, nil
}

// Open begins to fetch the file. Reading fails when the store falls silent.
func (s *S3) Open(ctx context.Context, key string) (io.ReadCloser, error) {
	if err := checkKey(key); err != nil {
		return nil, err
	}
	b := newBody(ctx, s.timeout)
	content, _, _, err := s.core.GetObject(b.ctx, s.bucket, key, minio.GetObjectOptions{})
	if err != nil {
		err = b.failed(err)
		_ = b.Close()
		if minio.ToErrorResponse(err).Code == minio.NoSuchKey {
			return nil, ErrNotFound
		}
		return nil, fmt.Errorf("store: open: %w", err)
	}
	b.begin(content)
	return b, nil
}

// Delete removes the file.
func (s *S3) Delete(ctx context.Context, key string) error {
	if err := checkKey(key); err != nil {
		return err
	}
	ctx, cancel := context.WithTimeout(ctx, s.timeout)
	defer cancel()
	err := s.core.RemoveObject(ctx, s.bucket, key, minio.RemoveObjectOptions{})
	if err != nil && minio.ToErrorResponse(err).Code != minio.NoSuchKey {
		return fmt.Errorf("store: delete: %w", err)
	}
	return nil
}
