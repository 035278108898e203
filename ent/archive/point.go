package archive

import (
	"cmp"
	"slices"

	"github.com/google/uuid"

	"github.com/lianluo/lianluo/ent/kind"
)

// Elsewhere is what stands in the place of what a deputy did outside the viewer's area.
const Elsewhere = "在辖区外"

// pointsTold tells the lines of the ledger with what proves them, as far as the archive tells of that.
func (r *reader) pointsTold(a *Archive) []Point {
	proofs := a.proofs()
	for _, c := range r.claims {
		proofs[c.ID] = c.Text
	}
	var out []Point
	for _, e := range r.entries {
		told := Point{
			ID: e.ID, Day: e.Day, Item: e.Item, Name: e.Item, Deed: e.Deed, Points: e.Points, Correction: e.Correction,
			Evidence: proofs[e.DeedID],
		}
		if s := e.Edges.Scheme; s != nil {
			for _, item := range s.Items {
				if item.Key == e.Item {
					told.Name = item.Name
				}
			}
		}
		out = append(out, told)
	}
	return out
}

// proofs says of each deed in the archive, by its key, what it was. A line of the ledger may outlive what it rests on; that has none.
func (a *Archive) proofs() map[uuid.UUID]string {
	out := map[uuid.UUID]string{}
	put := func(id uuid.UUID, outside bool, text string) {
		if outside {
			text = Elsewhere
		}
		out[id] = text
	}
	for _, x := range a.Attendances {
		put(x.ID, x.Outside, x.Title)
	}
	for _, x := range a.Opinions {
		put(x.ID, x.Outside, x.Number)
	}
	for _, x := range a.Suggestions {
		put(x.ID, x.Outside, x.Title)
	}
	for _, x := range a.Trainings {
		put(x.ID, x.Outside, x.Title)
	}
	for _, x := range a.Records {
		put(x.ID, x.Outside, x.Title)
	}
	for _, x := range a.Contacts {
		put(x.ID, x.Outside, cmp.Or(x.With, ContactName(x.Way)))
	}
	return out
}

// DeedName is what a deed is called.
func DeedName(d kind.Deed) string { return deedNames[d] }

var deedNames = map[kind.Deed]string{
	kind.DeedAttendance: "参加活动", kind.DeedOpinion: "反映社情民意", kind.DeedSuggestion: "提出建议", kind.DeedTraining: "参加培训",
	kind.DeedRecord: "履职记录", kind.DeedContact: "结对联系", kind.DeedClaim: "申报认定",
}

// Item is what one item of the points came to in a year.
type Item struct {
	Year int
	// Key is the item's in its scheme.
	Key, Name string
	// Lines counts those of the ledger, Points are in tenths.
	Lines, Points int
}

// Items sums the points per year and item, in the order of the years and of the items' first lines.
func (a *Archive) Items() []*Item {
	type key struct {
		year int
		item string
	}
	var out []*Item
	at := map[key]*Item{}
	for _, p := range a.Points {
		k := key{p.Day.Year(), p.Item}
		item := at[k]
		if item == nil {
			item = &Item{Year: k.year, Key: p.Item, Name: p.Name}
			at[k] = item
			out = append(out, item)
		}
		item.Lines++
		item.Points += p.Points
	}
	slices.SortStableFunc(out, func(a, b *Item) int { return cmp.Compare(a.Year, b.Year) })
	return out
}
