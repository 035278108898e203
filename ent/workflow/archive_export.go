package workflow

import (
	"context"
	"fmt"

	"github.com/lianluo/lianluo/ent/fault"
	"github.com/lianluo/lianluo/ent/gen"
	"github.com/lianluo/lianluo/ent/viewer"
)

// VerbExportArchive is in the audit when a duty archive goes out as a file. It stands in no table of roles: whoever may read the archive may have it.
const VerbExportArchive Verb = "exportArchive"

// NoteExport writes into the audit that the viewer was given the duty archive of a mandate as a file of a form.
func (d *Desk) NoteExport(ctx context.Context, m *gen.Mandate, form string) error {
	v := viewer.FromContext(ctx)
	if v == nil {
		return fault.Unauthenticated("请先登录")
	}
	tx, err := d.client.Tx(ctx)
	if err != nil {
		return refusal(VerbExportArchive, err)
	}
	t := &task{desk: d, tx: tx, verb: VerbExportArchive, viewer: v}
	if err := t.audit(ctx, gen.TypeMandate, m.ID, areaOfMandate(m), map[string]any{"form": form}); err != nil {
		_ = tx.Rollback() // there is an error already
		return refusal(VerbExportArchive, err)
	}
	if err := tx.Commit(); err != nil {
		return fmt.Errorf("%s: %w", VerbExportArchive, err)
	}
	return nil
}
