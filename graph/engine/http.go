package engine

import (
	"context"
	"encoding/json"
	"errors"
	"log/slog"
	"mime"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/99designs/gqlgen/graphql"
	"github.com/vektah/gqlparser/v2/gqlerror"
)

// The media types of answers (GraphQL over HTTP). The first is what clients get that do not ask for the
// second: its status is 200 whatever GraphQL says of a well-formed request.
const (
	mediaJSON    = "application/json"
	mediaGraphQL = "application/graphql-response+json"
)

// post is the transport: one JSON object in the body of a POST, one JSON object in answer. There is no GET,
// which other sites could cause a browser to send, no batch and no upload, which would multiply or bypass
// what the limits count.
type post struct {
	gate      *gate
	limit     int64
	timeout   time.Duration
	requestID func(context.Context) string
	log       *slog.Logger
}

// Supports takes every request, so that whatever is not answered is refused in the same form.
func (post) Supports(*http.Request) bool { return true }

// Do answers one request.
func (p post) Do(w http.ResponseWriter, r *http.Request, exec graphql.GraphExecutor) {
	req := newRequest(r.Context(), p.requestID, p.gate.limits.Errors)
	ctx, cancel := context.WithTimeout(context.WithValue(r.Context(), requestKey{}, req), p.timeout)
	defer cancel()
	defer func() {
		if v := recover(); v != nil {
			logPanic(ctx, p.log, v)
			wire := (&Error{Code: Internal, Message: messageInternal}).wire()
			wire.Extensions["requestId"] = req.id
			refuse(w, r, http.StatusInternalServerError, gqlerror.List{wire})
		}
	}()

	started := graphql.Now()
	params, refused := p.read(w, r)
	if refused != nil {
		WriteError(w, r, refused.status, refused.err)
		return
	}
	params.Headers = r.Header
	params.ReadTime = graphql.TraceTiming{Start: started, End: graphql.Now()}

	exec = gated{exec, p.gate}
	opCtx, errs := exec.CreateOperationContext(ctx, params)
	if errs != nil {
		shown := exec.DispatchError(graphql.WithOperationContext(ctx, opCtx), errs)
		refuse(w, r, statusOf(r, errs), shown.Errors)
		return
	}
	responses, ctx := exec.DispatchOperation(ctx, opCtx)
	response := responses(ctx)
	if response == nil {
		// gqlgen answers nothing when the context has ended before the first field.
		e := &Error{Code: Timeout, Message: messageTimeout}
		refuse(w, r, e.Code.status(), e.list())
		return
	}
	if n := req.omitted(); n > 0 {
		if response.Extensions == nil {
			response.Extensions = map[string]any{}
		}
		response.Extensions["omittedErrors"] = n
	}
	write(w, r, http.StatusOK, response, true)
}

// httpError is a refusal that has a status of HTTP, whatever the client accepts.
type httpError struct {
	status int
	err    *Error
}

// read checks method and headers and reads the body.
func (p post) read(w http.ResponseWriter, r *http.Request) (*graphql.RawParams, *httpError) {
	if r.Method != http.MethodPost {
		w.Header().Set("Allow", http.MethodPost)
		return nil, &httpError{http.StatusMethodNotAllowed, invalid(reasonRequest, "只接受 POST 请求")}
	}
	if _, ok := accepted(r); !ok {
		return nil, &httpError{http.StatusNotAcceptable, invalid(reasonRequest, "只能以 %s 或 %s 答复", mediaGraphQL, mediaJSON)}
	}
	if !isJSON(r.Header.Values("Content-Type")) {
		return nil, &httpError{http.StatusUnsupportedMediaType, invalid(reasonRequest, "请求的 Content-Type 应是 application/json,编码为 UTF-8")}
	}
	if packed := func(encoding string) bool { return encoding != "" && !strings.EqualFold(encoding, "identity") }; slices.ContainsFunc(r.Header.Values("Content-Encoding"), packed) {
		return nil, &httpError{http.StatusUnsupportedMediaType, invalid(reasonRequest, "不接受压缩的请求")}
	}
	params, err := readBody(http.MaxBytesReader(w, r.Body, p.limit))
	if tooLarge, ok := errors.AsType[*http.MaxBytesError](err); ok {
		return nil, &httpError{http.StatusRequestEntityTooLarge, invalid(reasonRequest, "请求过大:最多 %d 字节", tooLarge.Limit)}
	}
	if e, ok := errors.AsType[*Error](err); ok {
		return nil, &httpError{http.StatusBadRequest, e}
	}
	if err != nil {
		return nil, &httpError{http.StatusBadRequest, invalid(reasonRequest, "请求没有收全")}
	}
	return params, nil
}

// isJSON tells whether a Content-Type is JSON in UTF-8.
func isJSON(values []string) bool {
	if len(values) != 1 {
		return false
	}
	media, parameters, err := mime.ParseMediaType(values[0])
	charset, given := parameters["charset"]
	return err == nil && media == mediaJSON && (!given || strings.EqualFold(charset, "utf-8"))
}

// accepted chooses the media type of the answer: the one the client prefers, at equal preference the one it
// names first, application/json when it does not care.
func accepted(r *http.Request) (string, bool) {
	accept := strings.Join(r.Header.Values("Accept"), ",")
	if strings.Trim(accept, " ,") == "" {
		return mediaJSON, true
	}
	best, bestQ := "", 0.0
	refused := map[string]bool{}
	for part := range strings.SplitSeq(accept, ",") {
		media, parameters, err := mime.ParseMediaType(part)
		if err != nil {
			continue
		}
		q := 1.0
		if text, ok := parameters["q"]; ok {
			if q, err = strconv.ParseFloat(text, 64); err != nil || !(q >= 0 && q <= 1) {
				continue
			}
		}
		switch media {
		case mediaJSON, mediaGraphQL:
			refused[media] = q == 0
		case "*/*", "application/*":
			media = mediaJSON
			if refused[media] {
				media = mediaGraphQL
			}
		default:
			continue
		}
		if q > bestQ {
			best, bestQ = media, q
		}
	}
	return best, best != ""
}

// statusOf is the status of a request that was well-formed as JSON but not executed. With application/json
// it is 200, since older clients take another status for a fault of the network.
func statusOf(r *http.Request, errs gqlerror.List) int {
	code := codeOf(errs[0])
	if media, _ := accepted(r); media != mediaGraphQL && code != Internal {
		return http.StatusOK
	}
	return code.status()
}

// WriteError answers a request with one error in the form of all errors of the API. It is for the layers
// around the handler, such as one that refuses a bad token.
func WriteError(w http.ResponseWriter, r *http.Request, status int, e *Error) {
	refuse(w, r, status, e.list())
}

// refuse answers a request that was not executed: without data.
func refuse(w http.ResponseWriter, r *http.Request, status int, errs gqlerror.List) {
	write(w, r, status, &graphql.Response{Errors: errs}, false)
}

// write sends the answer. Errors come in the order of their paths, since fields are resolved in any order.
func write(w http.ResponseWriter, r *http.Request, status int, response *graphql.Response, executed bool) {
	media, ok := accepted(r)
	if !ok {
		media = mediaJSON
	}
	errs := slices.Clone(response.Errors)
	slices.SortStableFunc(errs, func(a, b *gqlerror.Error) int {
		if byPath := strings.Compare(a.Path.String(), b.Path.String()); byPath != 0 {
			return byPath
		}
		return strings.Compare(a.Message, b.Message)
	})

	// The data is JSON already and may be large: it is not encoded a second time.
	body := []byte{'{'}
	member := func(name string, value []byte) {
		if len(body) > 1 {
			body = append(body, ',')
		}
		body = append(append(append(append(body, '"'), name...), '"', ':'), value...)
	}
	if len(errs) > 0 {
		member("errors", encode(errs))
	}
	if executed {
		data := []byte(response.Data)
		if len(data) == 0 {
			data = []byte("null")
		}
		member("data", data)
	}
	if len(response.Extensions) > 0 {
		member("extensions", encode(response.Extensions))
	}
	body = append(body, '}')

	h := w.Header()
	h.Set("Content-Type", media+"; charset=utf-8")
	h.Set("Content-Length", strconv.Itoa(len(body)))
	h.Set("Cache-Control", "no-store")
	h.Set("X-Content-Type-Options", "nosniff")
	h.Add("Vary", "Accept")
	w.WriteHeader(status)
	_, _ = w.Write(body) // the client may have gone
}

func encode(v any) []byte {
	out, err := json.Marshal(v)
	if err != nil {
		// Only an extension of the server's own can hold what JSON cannot.
		panic(err)
	}
	return out
}
