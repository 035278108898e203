package graph

import (
	"strconv"
	"time"

	"github.com/99designs/gqlgen/graphql"

	"github.com/lianluo/lianluo/ent/place"
	"github.com/lianluo/lianluo/ent/workflow"
	"github.com/lianluo/lianluo/graph/model"
)

// codeAt reads a code at any path below the input.
func (r *reader) codeAt(code string, path ...string) place.Code {
	c, err := place.Parse(code)
	if err != nil {
		r.faults.Add("MALFORMED", "区划代码应为 2、4、6、9 或 12 位数字", append([]string{"input"}, path...)...)
	}
	return c
}

func decree(day time.Time, key, document, note graphql.Omittable[*string], dryRun bool) workflow.Decree {
	return workflow.Decree{IdempotencyKey: key.Value(), Day: day, Document: document.Value(), Note: note.Value(), DryRun: dryRun}
}

// newCodes reads the codes that divisions get which lie in one that changes.
func (r *reader) newCodes(children graphql.Omittable[[]*model.DivisionCodeInput]) (out []workflow.NewCode) {
	for i, child := range children.Value() {
		n := strconv.Itoa(i)
		out = append(out, workflow.NewCode{
			Division: r.codeAt(child.Division, "children", n, "division"), Code: r.codeAt(child.Code, "children", n, "code"),
		})
	}
	return out
}

func renameDivision(in model.RenameDivisionInput) (workflow.RenameDivision, error) {
	var r reader
	return workflow.RenameDivision{
		Decree:   decree(in.Day, in.IdempotencyKey, in.Document, in.Note, in.DryRun),
		Division: r.code(in.Division, "division"), Name: in.Name,
	}, r.faults.Err()
}

func recodeDivision(in model.RecodeDivisionInput) (workflow.RecodeDivision, error) {
	var r reader
	return workflow.RecodeDivision{
		Decree:   decree(in.Day, in.IdempotencyKey, in.Document, in.Note, in.DryRun),
		Division: r.code(in.Division, "division"), Code: r.code(in.Code, "code"), Name: in.Name.Value(), Children: r.newCodes(in.Children),
	}, r.faults.Err()
}

func transferDivision(in model.TransferDivisionInput) (workflow.TransferDivision, error) {
	var r reader
	return workflow.TransferDivision{
		RecodeDivision: workflow.RecodeDivision{
			Decree:   decree(in.Day, in.IdempotencyKey, in.Document, in.Note, in.DryRun),
			Division: r.code(in.Division, "division"), Code: r.code(in.Code, "code"), Name: in.Name.Value(), Children: r.newCodes(in.Children),
		},
		Parent: r.code(in.Parent, "parent"),
	}, r.faults.Err()
}

func splitDivision(in model.SplitDivisionInput) (workflow.SplitDivision, error) {
	var r reader
	out := workflow.SplitDivision{
		Decree:   decree(in.Day, in.IdempotencyKey, in.Document, in.Note, in.DryRun),
		Division: r.code(in.Division, "division"), Ends: in.Ends,
	}
	for i, p := range in.Parts {
		n := strconv.Itoa(i)
		part := workflow.DivisionPart{Code: r.codeAt(p.Code, "parts", n, "code"), Name: p.Name}
		for k, c := range p.Children.Value() {
			path := []string{"parts", n, "children", strconv.Itoa(k)}
			child := workflow.PartChild{Division: r.codeAt(c.Division, append(path, "division")...)}
			if code := c.Code.Value(); code != nil {
				own := r.codeAt(*code, append(path, "code")...)
				child.Code = &own
			}
			part.Children = append(part.Children, child)
		}
		out.Parts = append(out.Parts, part)
	}
	return out, r.faults.Err()
}

func mergeDivisions(in model.MergeDivisionsInput) (workflow.MergeDivisions, error) {
	var r reader
	out := workflow.MergeDivisions{
		Decree: decree(in.Day, in.IdempotencyKey, in.Document, in.Note, in.DryRun),
		Into:   r.code(in.Into, "into"), Name: in.Name.Value(), Children: r.newCodes(in.Children),
	}
	for i, code := range in.Divisions {
		out.Divisions = append(out.Divisions, r.codeAt(code, "divisions", strconv.Itoa(i)))
	}
	return out, r.faults.Err()
}

func abolishDivision(in model.AbolishDivisionInput) (workflow.AbolishDivision, error) {
	var r reader
	return workflow.AbolishDivision{
		Decree:   decree(in.Day, in.IdempotencyKey, in.Document, in.Note, in.DryRun),
		Division: r.code(in.Division, "division"),
	}, r.faults.Err()
}
