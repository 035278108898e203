package pages

import (
	"crypto/rand"
	"errors"
	"io"
	"mime/multipart"
	"net/http"
	"strings"

	"github.com/google/uuid"

	"github.com/lianluo/lianluo/ent/fault"
	"github.com/lianluo/lianluo/ent/gen"
	"github.com/lianluo/lianluo/ent/workflow"
)

const submitTitle = "反映问题"

// mostPhotos bounds the photos of a form, mostBody the bytes of all of it.
const (
	mostPhotos = 3
	mostBody   = mostPhotos*10<<20 + 1<<20
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
	Content, Location, Name, Phone string
	Category                       uuid.UUID
	CallBack                       bool
	// Files are photos that are uploaded already.
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
	in, page, err := p.readForm(w, r)
	if err == nil {
		var booked *workflow.Booked
		if booked, err = p.Counter.SubmitOpinion(r.Context(), in); err == nil {
			p.show(w, r, http.StatusCreated, "submitted", view{Title: "已提交", Content: struct{ Number, Token string }{
				booked.Opinion.Number, booked.Token,
			}})
			return
		}
	}
	why, ok := problemOf(w, err)
	if !ok || why.status == http.StatusNotFound && why.fields["code"] != "" {
		p.refuse(w, r, submitTitle, err)
		return
	}
	page.Wrong = why.fields
	p.form(w, r, why.status, why.alert, page)
}

// readForm reads the form and uploads its photos. What was read is in the page, whatever is wrong with the rest.
func (p *Pages) readForm(w http.ResponseWriter, r *http.Request) (workflow.SubmitOpinion, submitPage, error) {
	r.Body = http.MaxBytesReader(w, r.Body, mostBody)
	page := submitPage{Key: rand.Text()}
	parts, err := r.MultipartReader()
	if err != nil {
		return workflow.SubmitOpinion{}, page, fault.Invalid("MALFORMED", "表单无效,请重新填写", "form")
	}
	fields := map[string]string{}
	for {
		part, err := parts.NextPart()
		if errors.Is(err, io.EOF) {
			break
		}
		if err == nil {
			err = p.readPart(r, part, fields, &page)
		}
		if err != nil {
			return workflow.SubmitOpinion{}, page, unreadable(err)
		}
	}
	in := workflow.SubmitOpinion{
		Code: r.PathValue("code"),
		OpinionContent: workflow.OpinionContent{
			Content: page.Form.Content, Location: given(page.Form.Location), Name: given(page.Form.Name), Phone: given(page.Form.Phone),
			CallBack: page.Form.CallBack, Consent: fields["consent"], Files: page.Form.Files,
		},
	}
	if page.Key != "" {
		in.IdempotencyKey = &page.Key
	}
	if page.Form.Category != uuid.Nil {
		in.Category = &page.Form.Category
	}
	return in, page, nil
}

// readPart reads one field of the form.
func (p *Pages) readPart(r *http.Request, part *multipart.Part, fields map[string]string, page *submitPage) error {
	name := part.FormName()
	if name == "photo" {
		return p.readPhoto(r, part, page)
	}
	text, err := io.ReadAll(io.LimitReader(part, 64<<10))
	if err != nil {
		return err
	}
	value := strings.ReplaceAll(string(text), "\r\n", "\n")
	switch name {
	case "content":
		page.Form.Content = value
	case "location":
		page.Form.Location = value
	case "name":
		page.Form.Name = value
	case "phone":
		page.Form.Phone = value
	case "callback":
		page.Form.CallBack = value == "yes"
	case "category":
		page.Form.Category, _ = uuid.Parse(value) // what is no category is none
	case "key":
		page.Key = value
	case "file":
		page.Form.Files = append(page.Form.Files, value)
	default:
		fields[name] = value
	}
	return nil
}

func (p *Pages) readPhoto(r *http.Request, part *multipart.Part, page *submitPage) error {
	if part.FileName() == "" {
		return nil // no photo was chosen
	}
	if len(page.Form.Files) >= mostPhotos {
		return fault.Invalid("TOO_MANY", "最多 3 张照片", "files")
	}
	kept, err := p.Files.Keep(r.Context(), part, false)
	if f := (*fault.Fault)(nil); errors.As(err, &f) {
		return fault.Invalid("PHOTO", f.Message, "files")
	}
	if err != nil {
		return err
	}
	page.Form.Files = append(page.Form.Files, kept.Upload)
	return nil
}

// unreadable says why a form could not be read.
func unreadable(err error) error {
	if tooLarge := (*http.MaxBytesError)(nil); errors.As(err, &tooLarge) {
		return fault.Invalid("TOO_LARGE", "照片合计最大 30 MB", "files")
	}
	if f := (*fault.Fault)(nil); errors.As(err, &f) {
		return err
	}
	if errors.Is(err, io.ErrUnexpectedEOF) {
		return fault.Invalid("MALFORMED", "表单没有传完,请重试", "form")
	}
	return err
}

// given is a text that may be left empty.
func given(text string) *string {
	if strings.TrimSpace(text) == "" {
		return nil
	}
	return &text
}
