package app

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"path/filepath"
	"strconv"
	"time"

	"github.com/google/uuid"

	"github.com/lianluo/lianluo/graph"
	"github.com/lianluo/lianluo/graph/engine"
	"github.com/lianluo/lianluo/server/config"
	"github.com/lianluo/lianluo/server/export"
	"github.com/lianluo/lianluo/server/files"
	"github.com/lianluo/lianluo/server/pages"
	"github.com/lianluo/lianluo/server/photo"
	"github.com/lianluo/lianluo/server/store"
)

// closingStore is a store that is closed when the server stops.
type closingStore interface {
	store.Store
	io.Closer
}

// openStore opens the store of attachments that the settings name.
func openStore(cfg config.Config) (closingStore, error) {
	if cfg.StoreURL == "" {
		return store.OpenDir(filepath.Join(cfg.DataDir, "attachments"))
	}
	b, err := cfg.StoreURL.Bucket()
	if err != nil {
		return nil, err
	}
	return store.NewS3(store.S3Config{
		Endpoint: b.Endpoint, TLS: b.TLS, Region: b.Region, Bucket: b.Name, AccessKey: b.AccessKey, Secret: store.Secret(b.Secret),
	})
}

// storeChecks are what /readyz asks of the store: a bucket may be out of reach, a folder is there.
func storeChecks(s store.Store) []Check {
	if remote, ok := s.(interface{ Check(context.Context) error }); ok {
		return []Check{{Name: "attachments", Run: remote.Check}}
	}
	return nil
}

// serveFiles serves uploads and attachments, and the pages of citizens, who send photos with their forms.
func (s *services) serveFiles(mux *http.ServeMux) {
	f := files.New(files.Options{
		Store: s.Store, Cleaner: photo.NewCleaner(photo.Limits{}), Counter: s.counter, Client: s.client, Links: s.links, Log: s.Log, Fail: s.fail,
	})
	limit := s.Config.RequestTimeout
	mux.Handle("POST "+files.UploadPath, withUploadTime(limit, s.identified(http.HandlerFunc(f.ServeUpload))))
	mux.Handle("GET "+files.Path+"{id}", withDeadline(limit, http.HandlerFunc(f.ServeAttachment)))
	pages.New(pages.Options{
		Counter: s.counter, Files: f, Links: s.links, Origin: s.Origin, Clock: time.Now, Log: s.Log,
	}).Register(func(pattern string, h http.HandlerFunc) {
		if pattern == pages.SubmitPattern {
			mux.Handle(pattern, withUploadTime(limit, h))
			return
		}
		mux.Handle(pattern, withDeadline(limit, h))
	})
}

// uploadTime is what a request that brings files may take at least: phones send slowly.
const uploadTime = 5 * time.Minute

// withUploadTime gives a request the time to bring its files, which is more than the server gives others to be read and answered.
func withUploadTime(limit time.Duration, next http.Handler) http.Handler {
	limit = max(limit, uploadTime)
	inTime := withDeadline(limit, next)
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		connection, end := http.NewResponseController(w), time.Now().Add(limit)
		// A writer without a connection has no limits to move.
		_, _ = connection.SetReadDeadline(end), connection.SetWriteDeadline(end.Add(writeGrace))
		inTime.ServeHTTP(w, r)
	})
}

// statuses are the statuses of refusals beside GraphQL.
var statuses = map[engine.Code]int{
	engine.Unauthenticated: http.StatusUnauthorized, engine.Forbidden: http.StatusForbidden, engine.NotFound: http.StatusNotFound,
	engine.Invalid: http.StatusUnprocessableEntity, engine.Conflict: http.StatusConflict, engine.RateLimited: http.StatusTooManyRequests,
}

// fail answers an error of a route that is no GraphQL as the API would.
func (s *services) fail(w http.ResponseWriter, r *http.Request, err error) {
	refused := graph.MapError(err)
	if refused == nil {
		if !errors.Is(err, context.Canceled) {
			s.Log.ErrorContext(r.Context(), "request failed", "path", r.URL.Path, "error", err)
		}
		refused = &engine.Error{Code: engine.Internal, Message: "服务器内部错误,请稍后再试"}
	}
	status, ok := statuses[refused.Code]
	if !ok {
		status = http.StatusInternalServerError
	}
	extensions := map[string]any{"code": refused.Code}
	if len(refused.Fields) > 0 {
		extensions["fields"] = refused.Fields
	}
	if refused.RetryAfter > 0 {
		extensions["retryAfter"] = refused.RetryAfter
		w.Header().Set("Retry-After", strconv.Itoa(refused.RetryAfter))
	}
	w.Header().Set("Content-Type", "application/json; charset=utf-8")
	w.WriteHeader(status)
	_ = json.NewEncoder(w).Encode(map[string]any{ // the client is gone
		"errors": []map[string]any{{"message": refused.Message, "extensions": extensions}},
	})
}

// attachmentURL is the address of an attachment for the context's viewer.
func (s *services) attachmentURL(ctx context.Context, id uuid.UUID) (string, error) {
	return s.links.Of(ctx, files.PathOf(id))
}

// archiveURL is the address of a mandate's archive in a form for the context's viewer.
func (s *services) archiveURL(ctx context.Context, mandate uuid.UUID, form string) (string, error) {
	return s.links.Of(ctx, export.PathOf(mandate, form))
}

// serveArchives serves duty archives as files, to those who send a token and to those who were given an address.
func (s *services) serveArchives(mux *http.ServeMux) {
	mux.Handle("GET "+export.Path+"{file}", s.known(export.New(export.Options{
		Client: s.client, Links: s.links, Note: s.desk.NoteExport, Clock: time.Now, Log: s.Log, Fail: s.fail,
	})))
}
