package workflow

import (
	"context"
	"database/sql"
	"fmt"
	"slices"
	"strconv"

	"github.com/lianluo/lianluo/ent/fault"
	"github.com/lianluo/lianluo/ent/gen"
	"github.com/lianluo/lianluo/ent/gen/attachment"
	"github.com/lianluo/lianluo/ent/gen/predicate"
)

// owner is what files are attached to: a row that the verb has locked or made.
type owner struct {
	area area
	// shown tells that the citizen is shown the files, of an opinion.
	shown bool
	// put names the owner in a new attachment, has finds the attachments it has.
	put func(*gen.AttachmentMutation)
	has predicate.Attachment
}

func ofEvent(o *gen.Opinion, e *gen.OpinionEvent) owner {
	return owner{areaOfOpinion(o), e.Shown, func(m *gen.AttachmentMutation) {
		m.SetOpinionID(o.ID)
		m.SetEventID(e.ID)
	}, attachment.EventID(e.ID)}
}

func ofActivity(a *gen.Activity) owner {
	return owner{areaOfActivity(a), false, func(m *gen.AttachmentMutation) { m.SetActivityID(a.ID) }, attachment.ActivityID(a.ID)}
}

func ofDutyRecord(r *gen.DutyRecord) owner {
	at := area{r.Code, r.ProvinceCode, r.CityCode, r.CountyCode, r.TownshipCode}
	return owner{at, false, func(m *gen.AttachmentMutation) { m.SetDutyRecordID(r.ID) }, attachment.DutyRecordID(r.ID)}
}

func ofClaim(c *gen.PointClaim) owner {
	at := area{c.Code, c.ProvinceCode, c.CityCode, c.CountyCode, c.TownshipCode}
	return owner{at, false, func(m *gen.AttachmentMutation) { m.SetClaimID(c.ID) }, attachment.ClaimID(c.ID)}
}

func ofEvaluation(e *gen.Evaluation) owner {
	at := area{e.Code, e.ProvinceCode, e.CityCode, e.CountyCode, e.TownshipCode}
	return owner{at, false, func(m *gen.AttachmentMutation) { m.SetEvaluationID(e.ID) }, attachment.EvaluationID(e.ID)}
}

// mostFiles is how many files one thing may have: a step of an opinion, an activity, a record.
const mostFiles = 9

// attached is the field of an input that names uploads by their secrets.
var attached = at("附件", "files")

// files checks that no more files are attached than one thing may have.
func (c *checker) files(f field, secrets []string) {
	if len(secrets) > mostFiles {
		c.add(f, "TOO_MANY", fmt.Sprintf("最多 %d 个", mostFiles))
	}
}

// attachTo makes uploaded files part of what owns them, beside those it has. Each upload can be attached once.
func (t *task) attachTo(ctx context.Context, to owner, f field, secrets []string) error {
	if len(secrets) == 0 {
		return nil
	}
	had, err := t.tx.Attachment.Query().Where(to.has).Count(ctx)
	if err != nil {
		return err
	}
	if had+len(secrets) > mostFiles {
		return fault.Invalid("TOO_MANY", fmt.Sprintf("%s最多 %d 个,已有 %d 个", f.label, mostFiles, had), f.path...)
	}
	for i, secret := range secrets {
		file, err := t.claim(ctx, secret)
		if err != nil {
			return err
		}
		if file == nil {
			return fault.NotFound("附件不存在、已过期或已被使用", append(slices.Clone(f.path), strconv.Itoa(i))...)
		}
		if err := t.attach(ctx, to, file); err != nil {
			return err
		}
	}
	return nil
}

// attach adds a file to what owns it.
func (t *task) attach(ctx context.Context, to owner, f *StoredFile) error {
	create := t.tx.Attachment.Create().
		SetShown(to.shown).
		SetStorageKey(f.Key).SetMediaType(f.MediaType).SetSize(f.Size).SetSha256(f.SHA256).
		SetNillableWidth(f.Width).SetNillableHeight(f.Height)
	to.put(create.Mutation())
	to.area.put(create.Mutation())
	if err := create.Exec(ctx); err != nil {
		return fmt.Errorf("attach a file: %w", err)
	}
	return nil
}

// claim takes an upload by its secret; nil when there is none.
func (t *task) claim(ctx context.Context, secret string) (*StoredFile, error) {
	rows, err := t.tx.QueryContext(ctx, `SELECT storage_key, media_type, size, width, height, sha256 FROM claim_upload($1)`, SecretHash(secret))
	if err != nil {
		return nil, fmt.Errorf("claim an upload: %w", err)
	}
	defer func() { _ = rows.Close() }() // what went wrong is in rows.Err
	var found *StoredFile
	for rows.Next() {
		found = &StoredFile{}
		var width, height sql.NullInt64
		if err := rows.Scan(&found.Key, &found.MediaType, &found.Size, &width, &height, &found.SHA256); err != nil {
			return nil, err
		}
		found.Width, found.Height = pixels(width), pixels(height)
	}
	return found, rows.Err()
}

func pixels(n sql.NullInt64) *int {
	if !n.Valid {
		return nil
	}
	v := int(n.Int64)
	return &v
}
