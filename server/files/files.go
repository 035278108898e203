package files

import (
	"bytes"
	"context"
	"crypto/rand"
	"encoding/json"
	"errors"
	"io"
	"log/slog"
	"mime"
	"net/http"
	"strconv"

	"github.com/google/uuid"

	"github.com/lianluo/lianluo/ent/fault"
	"github.com/lianluo/lianluo/ent/gen"
	"github.com/lianluo/lianluo/ent/globalid"
	"github.com/lianluo/lianluo/ent/viewer"
	"github.com/lianluo/lianluo/ent/workflow"
	"github.com/lianluo/lianluo/server/link"
	"github.com/lianluo/lianluo/server/photo"
	"github.com/lianluo/lianluo/server/store"
)

const (
	// UploadPath is where files are sent.
	UploadPath = "/uploads"
	// Path is below what attachments are fetched.
	Path = "/attachments/"
)

// Options are what a Files works with.
type Options struct {
	Store   store.Store
	Cleaner *photo.Cleaner
	Counter *workflow.Counter
	// Client reads for the viewer of the context.
	Client *gen.Client
	Links  *link.Links
	Log    *slog.Logger
	// Fail answers a refusal or a fault of the platform in the form of the API.
	Fail func(w http.ResponseWriter, r *http.Request, err error)
}

// Files takes uploads and gives out attachments.
type Files struct {
	Options
	// room bounds the uploads that are held in memory at once.
	room chan struct{}
}

// mostAtOnce is how many uploads are held in memory at once; others wait on the disk, as long as their request may take.
const mostAtOnce = 8

// documentLimit is the size of the largest document, in bytes.
const documentLimit = 20 << 20

// pictureLimit is the size of the largest picture, in bytes; the Cleaner has the same.
const pictureLimit = 10 << 20

// New makes a Files.
func New(o Options) *Files { return &Files{o, make(chan struct{}, mostAtOnce)} }

// Kept is what became of an upload.
type Kept struct {
	// Upload is the secret by which the file is attached.
	Upload    string `json:"upload"`
	MediaType string `json:"mediaType"`
	Size      int    `json:"size"`
	Width     *int   `json:"width,omitempty"`
	Height    *int   `json:"height,omitempty"`
}

// ServeUpload takes the body of a request as a picture (JPEG, PNG, WebP), from people who have signed in also as a PDF. Strangers name the
// code they have scanned: POST /uploads?code=….
func (f *Files) ServeUpload(w http.ResponseWriter, r *http.Request) {
	ctx := r.Context()
	if err := f.Counter.MayUpload(ctx, r.URL.Query().Get("code")); err != nil {
		f.Fail(w, r, err)
		return
	}
	kept, err := f.Keep(ctx, r.Body, Upload{Documents: viewer.FromContext(ctx) != nil})
	if err != nil {
		f.Fail(w, r, err)
		return
	}
	w.Header().Set("Content-Type", "application/json; charset=utf-8")
	w.WriteHeader(http.StatusCreated)
	_ = json.NewEncoder(w).Encode(kept) // the client is gone
}

// Upload is how a file is taken.
type Upload struct {
	// Documents takes PDFs beside pictures.
	Documents bool
	// Form is the key of a form that may come twice; empty where files come by themselves.
	Form string
}

// Keep makes an upload safe, puts it into the store and notes it.
func (f *Files) Keep(ctx context.Context, body io.Reader, u Upload) (*Kept, error) {
	whole, err := spool(body, u.limit())
	if err != nil {
		return nil, refusal(err)
	}
	defer whole.remove()
	// Only now: whoever sends slowly keeps no one else waiting.
	select {
	case f.room <- struct{}{}:
		defer func() { <-f.room }()
	case <-ctx.Done():
		return nil, ctx.Err()
	}
	file, content, err := f.clean(ctx, whole, u.Documents)
	if err != nil {
		return nil, refusal(err)
	}
	if file.Key, err = store.NewKey(rand.Reader); err != nil {
		return nil, err
	}
	var known bool
	kept := &Kept{MediaType: file.MediaType, Size: file.Size, Width: file.Width, Height: file.Height}
	err = f.Store.Put(ctx, file.Key, bytes.NewReader(content), int64(len(content)), file.MediaType)
	if err == nil {
		kept.Upload, known, err = f.Counter.KeepUpload(ctx, file, u.Form)
	}
	if err != nil || known {
		// Nothing knows of what may be kept now: no job would remove it.
		err = errors.Join(err, f.Store.Delete(context.WithoutCancel(ctx), file.Key))
	}
	if err != nil {
		return nil, err
	}
	return kept, nil
}

// limit is how many bytes are read of an upload.
func (u Upload) limit() int64 {
	if u.Documents {
		return documentLimit
	}
	return pictureLimit
}

// clean is the file as it is kept, and its content.
func (f *Files) clean(ctx context.Context, whole *spooled, documents bool) (workflow.StoredFile, []byte, error) {
	if documents && whole.begins("%PDF-") {
		d, err := photo.CheckDocument(whole, documentLimit)
		if err != nil {
			return workflow.StoredFile{}, nil, err
		}
		return workflow.StoredFile{MediaType: photo.PDF, Size: len(d.Bytes), SHA256: d.SHA256[:]}, d.Bytes, nil
	}
	p, err := f.Cleaner.Clean(ctx, whole)
	if err != nil {
		return workflow.StoredFile{}, nil, err
	}
	return workflow.StoredFile{
		MediaType: p.MediaType, Size: len(p.Bytes), Width: &p.Width, Height: &p.Height, SHA256: p.SHA256[:],
	}, p.Bytes, nil
}

// refusal says what is wrong with a file in words for people; other errors are the platform's.
func refusal(err error) error {
	switch {
	case errors.Is(err, errCutOff):
		return fault.Invalid("CUT_OFF", "文件没有传完,请重试", "file")
	case errors.Is(err, photo.ErrTooLarge):
		return fault.Invalid("TOO_LARGE", "照片最大 10 MB,文件最大 20 MB", "file")
	case errors.Is(err, photo.ErrTooManyPixels):
		return fault.Invalid("TOO_MANY_PIXELS", "照片尺寸过大", "file")
	case errors.Is(err, photo.ErrNotAPicture), errors.Is(err, photo.ErrNotADocument):
		return fault.Invalid("MEDIA_TYPE", "只接受 JPEG、PNG、WebP 照片,登录后还可上传 PDF", "file")
	case errors.Is(err, photo.ErrDamaged):
		return fault.Invalid("DAMAGED", "文件已损坏", "file")
	}
	return err
}

// PathOf is where an attachment is fetched, as an address is made of it.
func PathOf(id uuid.UUID) string { return Path + globalid.Encode(gen.TypeAttachment, id) }

// ServeAttachment gives out the attachment of an address to whom it was made for, as long as that viewer sees it. Whatever is wrong, it is not there.
func (f *Files) ServeAttachment(w http.ResponseWriter, r *http.Request) {
	a, err := f.attachment(r)
	if errors.Is(err, link.ErrShut) || gen.IsNotFound(err) {
		http.NotFound(w, r)
		return
	}
	if err != nil {
		f.Fail(w, r, err)
		return
	}
	content, err := f.Store.Open(r.Context(), a.StorageKey)
	if errors.Is(err, store.ErrNotFound) {
		f.Log.ErrorContext(r.Context(), "an attachment's file is missing", "attachment", a.ID)
		http.NotFound(w, r)
		return
	}
	if err != nil {
		f.Fail(w, r, err)
		return
	}
	defer func() { _ = content.Close() }()
	h := w.Header()
	h.Set("Content-Type", a.MediaType)
	h.Set("Content-Length", strconv.Itoa(a.Size))
	h.Set("Cache-Control", "private, max-age=600, immutable")
	if a.MediaType == photo.PDF {
		// It is as it came, so it is not shown among pages of the platform.
		h.Set("Content-Disposition", mime.FormatMediaType("attachment", map[string]string{"filename": "attachment.pdf"}))
	}
	h.Set("Content-Security-Policy", "default-src 'none'; sandbox; frame-ancestors 'none'")
	if r.Method == http.MethodHead {
		return
	}
	_, _ = io.Copy(w, content) // the client is gone, or sees by the length that something is missing
}

// attachment reads the attachment that an address names, on behalf of whom it was made for.
func (f *Files) attachment(r *http.Request) (*gen.Attachment, error) {
	typ, id, err := globalid.Decode(r.PathValue("id"))
	if err != nil || typ != gen.TypeAttachment {
		return nil, link.ErrShut
	}
	ctx, err := f.Links.Open(r.Context(), PathOf(id), r.URL.Query().Get("key"))
	if err != nil {
		return nil, err
	}
	return f.Client.Attachment.Get(ctx, id)
}
