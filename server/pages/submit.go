package pages

import (
	"crypto/rand"
	"errors"
	"io"
	"mime/multipart"
	"net/http"
	"slices"
	"strings"

	"github.com/google/uuid"

	"github.com/lianluo/lianluo/ent/fault"
	"github.com/lianluo/lianluo/ent/gen"
	"github.com/lianluo/lianluo/ent/workflow"
	"github.com/lianluo/lianluo/server/files"
)

const submitTitle = "反映问题"

// Bounds of a form: its photos, the bytes of one field and of all of it, and its parts. More bytes are read than can be taken, so that
// who sends too much is told so by a page.
const (
	mostPhotos = 3
	mostField  = 64 << 10
	mostBody   = 64 << 20
	mostParts  = 50
)

// submitPage is the form that a code leads to.
type submitPage struct {
	Code, Key  string
	Info       *workflow.CodeInfo
	Categories []*gen.Category
	Consent    workflow.Consent
	Form       submitForm
	Wrong      map[string]string
}

// submitForm is what was typed.
type submitForm struct {
	Content, Location, Name, Phone, Consent string
	Category                                uuid.UUID
	CallBack                                bool
	// Files are the secrets of photos that are uploaded already.
	Files []string
}

func (p *Pages) showSubmit(w http.ResponseWriter, r *http.Request) {
	p.form(w, r, http.StatusOK, "", submitPage{Key: rand.Text()})
}

// form shows the form, empty or as it was sent.
func (p *Pages) form(w http.ResponseWriter, r *http.Request, status int, alert string, page submitPage) {
	page.Code = r.PathValue("code")
	var err error
	if page.Info, err = p.Counter.Code(r.Context(), page.Code); err != nil {
		p.refuse(w, r, submitTitle, err)
		return
	}
	if page.Categories, err = p.Counter.Categories(r.Context()); err != nil {
		p.refuse(w, r, submitTitle, err)
		return
	}
	page.Consent = workflow.ConsentInForce()
	p.show(w, r, status, "submit", view{Title: submitTitle, Alert: alert, Content: page})
}

// submit takes the form. Its key is the idempotency key: sent twice, it makes one opinion.
func (p *Pages) submit(w http.ResponseWriter, r *http.Request) {
	// Before a photo is read: who may not submit may not upload either.
	if err := p.Counter.MayUpload(r.Context(), r.PathValue("code")); err != nil {
		p.refuse(w, r, submitTitle, err)
		return
	}
	page, err := p.readForm(w, r)
	if err == nil {
		var booked *workflow.Booked
		if booked, err = p.Counter.SubmitOpinion(r.Context(), page.opinion(r.PathValue("code"))); err == nil {
			p.show(w, r, http.StatusCreated, "submitted", view{Title: "已提交", Content: struct{ Number, Token string }{
				booked.Opinion.Number, booked.Token,
			}})
			return
		}
	}
	why, ok := problemOf(w, err)
	if !ok || why.fields["code"] != "" {
		p.refuse(w, r, submitTitle, err)
		return
	}
	switch {
	case why.fields["idempotencyKey"] != "":
		// The form was sent before, as it was then: from here on it is another one.
		why.alert = "这份表单已经提交过一次;如内容是另外补充的,请检查后再次提交"
		page.Key, page.Form.Files = rand.Text(), nil
	case why.status == http.StatusNotFound && why.fields["files"] != "":
		why.alert = "照片已过期,请重新选择"
		page.Key, page.Form.Files = rand.Text(), nil
	}
	page.Wrong = why.fields
	p.form(w, r, why.status, why.alert, page)
}

// opinion is what is submitted by the form.
func (page *submitPage) opinion(code string) workflow.SubmitOpinion {
	form := &page.Form
	in := workflow.SubmitOpinion{Code: code, IdempotencyKey: &page.Key, OpinionContent: workflow.OpinionContent{
		Content: form.Content, Location: given(form.Location), Name: given(form.Name), Phone: given(form.Phone),
		CallBack: form.CallBack, Consent: form.Consent, Files: form.Files,
	}}
	if form.Category != uuid.Nil {
		in.Category = &form.Category
	}
	return in
}

// readForm reads the form and uploads its photos. What was read is in the page, whatever is wrong with the rest.
func (p *Pages) readForm(w http.ResponseWriter, r *http.Request) (submitPage, error) {
	r.Body = http.MaxBytesReader(w, r.Body, mostBody)
	page := submitPage{Key: rand.Text()}
	parts, err := r.MultipartReader()
	if err != nil {
		return page, errMalformed
	}
	var refused error
	for range mostParts {
		part, err := parts.NextPart()
		if err == io.EOF { //nolint:errorlint // the very end; one that is wrapped is an end too soon
			return page, refused
		}
		if err != nil {
			return page, unreadable(err)
		}
		if part.FormName() == "photo" {
			err = p.readPhoto(r, part, &page)
		} else {
			err = page.readField(part)
		}
		if f := (*fault.Fault)(nil); errors.As(err, &f) && refused == nil {
			refused = f // the other fields are read nonetheless, to be shown again
		} else if err != nil && f == nil {
			return page, err
		}
	}
	return page, errMalformed
}

var (
	errMalformed = fault.Invalid("MALFORMED", "表单无效或没有传完,请重试", "form")
	errTooLarge  = fault.Invalid("TOO_LARGE", "照片合计最大 30 MB", "files")
)

// unreadable says why a form could not be read on.
func unreadable(err error) error {
	if tooLarge := (*http.MaxBytesError)(nil); errors.As(err, &tooLarge) {
		return errTooLarge
	}
	return errMalformed
}

var lines = strings.NewReplacer("\r\n", "\n", "\r", "\n", "\t", " ")

// typed is what was typed into a field: text, whose lines end alike. What is no text is marked, and refused as such.
func typed(value string) string { return lines.Replace(strings.ToValidUTF8(value, "\ufffd")) }

// readField reads one field of the form that is no photo.
func (page *submitPage) readField(part *multipart.Part) error {
	text, err := io.ReadAll(io.LimitReader(part, mostField))
	if err != nil {
		return unreadable(err)
	}
	value, form := typed(string(text)), &page.Form
	switch part.FormName() {
	case "content":
		form.Content = value
	case "location":
		form.Location = value
	case "name":
		form.Name = value
	case "phone":
		form.Phone = value
	case "callback":
		form.CallBack = value == "yes"
	case "category":
		form.Category, _ = uuid.Parse(value) // what is no category is none
	case "consent":
		form.Consent = value
	case "key":
		if value != "" {
			page.Key = value
		}
	case "file":
		page.keep(value)
	}
	return nil
}

// keep adds a photo that is uploaded; the same one twice is one.
func (page *submitPage) keep(secret string) {
	if !slices.Contains(page.Form.Files, secret) && len(page.Form.Files) < mostPhotos {
		page.Form.Files = append(page.Form.Files, secret)
	}
}

func (p *Pages) readPhoto(r *http.Request, part *multipart.Part, page *submitPage) error {
	if part.FileName() == "" {
		return nil // no photo was chosen
	}
	if len(page.Form.Files) >= mostPhotos {
		return fault.Invalid("TOO_MANY", "最多 3 张照片", "files")
	}
	kept, err := p.Files.Keep(r.Context(), part, files.Upload{Form: page.Key})
	if f := (*fault.Fault)(nil); errors.As(err, &f) {
		return fault.Invalid("PHOTO", f.Message, "files")
	}
	if err != nil {
		return err
	}
	page.keep(kept.Upload)
	return nil
}

// given is a text that may be left empty.
func given(text string) *string {
	if strings.TrimSpace(text) == "" {
		return nil
	}
	return &text
}
