package workflow

import (
	"context"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/lianluo/lianluo/ent/fault"
	"github.com/lianluo/lianluo/ent/gen"
	"github.com/lianluo/lianluo/ent/gen/category"
	"github.com/lianluo/lianluo/ent/gen/division"
	"github.com/lianluo/lianluo/ent/gen/mandate"
	"github.com/lianluo/lianluo/ent/gen/qrcode"
	"github.com/lianluo/lianluo/ent/kind"
	"github.com/lianluo/lianluo/ent/place"
	"github.com/lianluo/lianluo/ent/state"
)

// CodeInfo is where a scanned code leads (二维码指向).
type CodeInfo struct {
	// Station is the station's name, Place its division's from the province down.
	Station, Place string
	// Deputy is whom the code is for; nil for a station's code.
	Deputy *CodeDeputy
}

// CodeDeputy is the deputy of a code (点将).
type CodeDeputy struct {
	Name string
	// Levels are those of the congresses the deputy sits in, highest first.
	Levels []kind.CongressLevel
}

// Code tells where a code leads. One that is unknown, revoked, of a closed station, of a posting that has ended, or of a mandate that has
// ended or is suspended leads nowhere, all the same: NOT_FOUND.
func (c *Counter) Code(ctx context.Context, text string) (*CodeInfo, error) {
	code, err := c.goodCode(ctx, text)
	if err != nil {
		return nil, err
	}
	ctx = asCounter(ctx)
	info := &CodeInfo{Station: code.Edges.Station.Name}
	if info.Place, err = c.placeName(ctx, areaOfCode(code)); err != nil {
		return nil, err
	}
	if p := code.Edges.Posting; p != nil {
		info.Deputy, err = c.codeDeputy(ctx, p.Edges.Deputy)
	}
	return info, err
}

// goodCode finds a good code for a stranger, who may look so often and miss so often.
func (c *Counter) goodCode(ctx context.Context, text string) (*gen.QRCode, error) {
	address := addressOf(ctx)
	if err := c.take(Bucket{BoundReadAddress, address}); err != nil {
		return nil, err
	}
	miss := Bucket{BoundMissAddress, address}
	if err := c.spare(miss); err != nil {
		return nil, err
	}
	code, err := c.scan(asCounter(ctx), text)
	if err != nil {
		return nil, err
	}
	if !good(code) {
		c.missed(miss)
		return nil, badCode("text")
	}
	return code, nil
}

func badCode(path ...string) error { return fault.NotFound("二维码已失效", path...) }

// longestCode is the length of a code's text.
const longestCode = 40

// scan finds a code, good or not, with what it leads to; nil when there is none.
func (c *Counter) scan(ctx context.Context, text string) (*gen.QRCode, error) {
	if text == "" || len(text) > longestCode || !utf8.ValidString(text) || strings.ContainsRune(text, 0) {
		return nil, nil
	}
	found, err := c.system.QRCode.Query().Where(qrcode.Text(text)).WithStation().
		WithPosting(func(q *gen.PostingQuery) { q.WithMandate().WithDeputy() }).Only(ctx)
	if gen.IsNotFound(err) {
		return nil, nil
	}
	return found, err
}

// good tells whether opinions may be submitted by a code.
func good(c *gen.QRCode) bool {
	if c == nil || c.RevokedAt != nil || c.Edges.Station.ClosedOn != nil {
		return false
	}
	p := c.Edges.Posting
	return p == nil || p.EndedOn == nil && serves(p.Edges.Mandate.Status)
}

// serves tells whether a deputy works under a mandate of the state.
func serves(s state.Mandate) bool { return s.OnRoll() && s != state.MandateSuspended }

// placeName is the name of a place from the province down.
func (c *Counter) placeName(ctx context.Context, a area) (string, error) {
	codes := []place.Code{a.Code}
	for _, above := range []*place.Code{a.Province, a.City, a.County, a.Township} {
		if above != nil && *above != a.Code {
			codes = append(codes, *above)
		}
	}
	rows, err := c.system.Division.Query().Where(division.CodeIn(codes...), division.Placeholder(false)).Order(division.ByCode()).All(ctx)
	if err != nil {
		return "", err
	}
	var name strings.Builder
	for _, d := range rows {
		name.WriteString(d.Name)
	}
	return name.String(), nil
}

func (c *Counter) codeDeputy(ctx context.Context, d *gen.Deputy) (*CodeDeputy, error) {
	mandates, err := c.system.Mandate.Query().Where(mandate.DeputyID(d.ID)).All(ctx)
	if err != nil {
		return nil, err
	}
	out := &CodeDeputy{Name: d.Name}
	for _, level := range kind.CongressLevels {
		if slices.ContainsFunc(mandates, func(m *gen.Mandate) bool { return m.Level == level && serves(m.Status) }) {
			out.Levels = append(out.Levels, level)
		}
	}
	return out, nil
}

// Categories are what citizens may take their matter for: the whole tree, in order.
func (c *Counter) Categories(ctx context.Context) ([]*gen.Category, error) {
	return c.system.Category.Query().Order(category.ByNumber()).All(asCounter(ctx))
}
