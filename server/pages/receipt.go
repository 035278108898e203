package pages

import (
	"net/http"
	"strings"
	"time"

	"github.com/lianluo/lianluo/ent/kind"
	"github.com/lianluo/lianluo/ent/viewer"
	"github.com/lianluo/lianluo/ent/workflow"
	"github.com/lianluo/lianluo/server/files"
	"github.com/lianluo/lianluo/server/photo"
)

const receiptTitle = "办理进度"

// lookupPage is the form that asks for a receipt.
type lookupPage struct {
	Number string
	Wrong  map[string]string
}

func (p *Pages) showLookup(w http.ResponseWriter, r *http.Request) {
	p.show(w, r, http.StatusOK, "lookup", view{Title: receiptTitle, Content: lookupPage{}})
}

// pass reads a receipt from a form. The secret is a token, or the telephone number that was left: tokens have letters.
func pass(r *http.Request) (p workflow.Pass, secret string) {
	p.Number, secret = typed(r.PostFormValue("number")), strings.TrimSpace(typed(r.PostFormValue("secret")))
	if strings.Trim(secret, "0123456789 -+") == "" {
		p.Phone = &secret
	} else {
		p.Token = &secret
	}
	return p, secret
}

// mostForm bounds the bytes of a form without photos.
const mostForm = 64 << 10

func (p *Pages) lookUp(w http.ResponseWriter, r *http.Request) {
	r.Body = http.MaxBytesReader(w, r.Body, mostForm)
	by, secret := pass(r)
	found, err := p.Counter.Status(r.Context(), by)
	if err != nil {
		p.again(w, r, by, err)
		return
	}
	p.status(w, r, http.StatusOK, "", statusPage{Number: by.Number, Secret: secret, Receipt: found})
}

// again asks for the receipt once more.
func (p *Pages) again(w http.ResponseWriter, r *http.Request, by workflow.Pass, err error) {
	why, ok := problemOf(w, err)
	if !ok {
		p.refuse(w, r, receiptTitle, err)
		return
	}
	p.show(w, r, why.status, "lookup", view{Title: receiptTitle, Alert: why.alert, Content: lookupPage{by.Number, why.fields}})
}

func (p *Pages) supplement(w http.ResponseWriter, r *http.Request) {
	r.Body = http.MaxBytesReader(w, r.Body, mostForm)
	by, secret := pass(r)
	text := typed(r.PostFormValue("text"))
	found, err := p.Counter.SupplementOpinion(r.Context(), workflow.SupplementOpinion{Pass: by, Text: text})
	p.done(w, r, statusPage{Number: by.Number, Secret: secret, Receipt: found, Text: text}, by, err)
}

func (p *Pages) rate(w http.ResponseWriter, r *http.Request) {
	r.Body = http.MaxBytesReader(w, r.Body, mostForm)
	by, secret := pass(r)
	text, rating := typed(r.PostFormValue("comment")), typed(r.PostFormValue("rating"))
	found, err := p.Counter.RateOpinion(r.Context(), workflow.RateOpinion{Pass: by, Rating: kind.Rating(rating), Comment: given(text)})
	p.done(w, r, statusPage{Number: by.Number, Secret: secret, Receipt: found, Text: text, Rating: rating}, by, err)
}

// done shows what became of something that the citizen did: how the opinion stands now, or what is wrong with what was typed.
func (p *Pages) done(w http.ResponseWriter, r *http.Request, page statusPage, by workflow.Pass, err error) {
	if err == nil {
		page.Text, page.Rating = "", ""
		p.status(w, r, http.StatusOK, "", page)
		return
	}
	why, ok := problemOf(w, err)
	if !ok {
		p.refuse(w, r, receiptTitle, err)
		return
	}
	found, again := p.Counter.Status(r.Context(), by)
	if again != nil {
		p.again(w, r, by, again)
		return
	}
	page.Receipt, page.Wrong = found, why.fields
	p.status(w, r, why.status, why.alert, page)
}

// statusPage is how an opinion stands.
type statusPage struct {
	// Number and Secret are the receipt, to go on with.
	Number, Secret string
	Receipt        *workflow.Receipt
	// Rated is what the citizen thought of the answer, in words; empty when it is not rated.
	Rated   string
	Steps   []step
	Ratings []choice
	// Text and Rating are what was typed and chosen.
	Text, Rating string
	Wrong        map[string]string
}

type choice struct{ Value, Title string }

// ratings are what a citizen chooses from.
var ratings = []choice{
	{string(kind.RatingSatisfied), "满意"}, {string(kind.RatingBasically), "基本满意"}, {string(kind.RatingDissatisfied), "不满意"},
}

// step is a step of the timeline as it is shown.
type step struct {
	Title, By, When, Machine string
	Text                     *string
	Pictures                 []picture
	Documents                []string
}

type picture struct {
	URL           string
	Width, Height *int
}

// china is where the citizens are.
var china = time.FixedZone("Asia/Shanghai", 8*60*60)

func (p *Pages) status(w http.ResponseWriter, r *http.Request, status int, alert string, page statusPage) {
	page.Ratings = ratings
	for _, r := range ratings {
		if given := page.Receipt.Rating; given != nil && string(*given) == r.Value {
			page.Rated = r.Title
		}
	}
	for _, e := range page.Receipt.Events {
		at := e.At.In(china)
		s := step{Title: e.Title, By: e.By, When: at.Format("2006-01-02 15:04"), Machine: at.Format(time.RFC3339), Text: e.Text}
		for _, f := range e.Files {
			address, err := p.Links.Of(viewer.NewContext(r.Context(), workflow.HolderOf(f)), files.PathOf(f.ID))
			if err != nil {
				p.refuse(w, r, receiptTitle, err)
				return
			}
			if f.MediaType == photo.PDF {
				s.Documents = append(s.Documents, address)
			} else {
				s.Pictures = append(s.Pictures, picture{address, f.Width, f.Height})
			}
		}
		page.Steps = append(page.Steps, s)
	}
	p.show(w, r, status, "status", view{Title: receiptTitle, Alert: alert, Content: page})
}
