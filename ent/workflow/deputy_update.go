package workflow

import (
	"context"
	"maps"
	"slices"
	"time"

	"github.com/google/uuid"

	"github.com/lianluo/lianluo/ent/calendar"
	"github.com/lianluo/lianluo/ent/gen"
	"github.com/lianluo/lianluo/ent/gen/deputycontact"
	"github.com/lianluo/lianluo/ent/gen/mandate"
	"github.com/lianluo/lianluo/ent/kind"
	"github.com/lianluo/lianluo/ent/place"
	"github.com/lianluo/lianluo/ent/state"
)

// UpdateDeputy is what to change of a person.
type UpdateDeputy struct {
	ID              uuid.UUID
	ExpectedVersion *int
	Name            Change[string]
	Gender          Change[kind.Gender]
	BirthMonth      Change[time.Time] // any day of the month
	Ethnicity       Change[string]
	WorkUnit        Change[string]
	JobTitle        Change[string]
	Phone           Change[string]
}

func (in *UpdateDeputy) empty() bool {
	given := in.Name.Given || in.Gender.Given || in.BirthMonth.Given || in.Ethnicity.Given || in.WorkUnit.Given ||
		in.JobTitle.Given || in.Phone.Given
	return !given
}

func (in *UpdateDeputy) check(today time.Time) error {
	if in.empty() {
		return nothingToChange()
	}
	var c checker
	in.Name = c.newText(deputyName, in.Name, 2, 40)
	newWord(&c, deputyGender, in.Gender)
	switch {
	case !in.BirthMonth.Given:
	case in.BirthMonth.Value == nil:
		c.add(deputyBirthMonth, "REQUIRED", "不能为空")
	default:
		in.BirthMonth = To(c.birthMonth(*in.BirthMonth.Value, today))
	}
	in.Ethnicity = c.newText(deputyEthnicity, in.Ethnicity, 1, 20)
	in.WorkUnit = c.newOptional(deputyWorkUnit, in.WorkUnit, 100)
	in.JobTitle = c.newOptional(deputyJobTitle, in.JobTitle, 60)
	in.Phone = c.newPhone(deputyPhone, in.Phone)
	return c.list.Err()
}

// UpdateDeputy changes what is given of a person at home in the viewer's area. The telephone number is for the county and the township
// alone. What equals the stored is no change: when nothing differs, the person is answered as it is.
func (d *Desk) UpdateDeputy(ctx context.Context, in UpdateDeputy) (*gen.Deputy, error) {
	v, err := d.admit(ctx, VerbUpdateDeputy)
	if err != nil {
		return nil, err
	}
	if err := in.check(d.today()); err != nil {
		return nil, err
	}
	return transact(ctx, d, VerbUpdateDeputy, v, func(t *task) (*gen.Deputy, error) {
		return t.updateDeputy(ctx, in)
	})
}

func (t *task) updateDeputy(ctx context.Context, in UpdateDeputy) (*gen.Deputy, error) {
	old, err := t.lockDeputy(ctx, in.ID, "input", "id")
	if err != nil {
		return nil, err
	}
	if err := expect(in.ExpectedVersion, old.Version); err != nil {
		return nil, err
	}
	update := t.tx.Deputy.UpdateOne(old)
	changed := in.apply(old, update)
	if in.Phone.Given {
		moved, err := t.changePhone(ctx, old, in.Phone.Value, update)
		if err != nil {
			return nil, err
		}
		if moved {
			changed["phone"] = true
		}
	}
	if len(changed) == 0 {
		return old, nil
	}
	if err := t.checkPerson(ctx, old, in, changed); err != nil {
		return nil, err
	}
	deputy, err := update.AddVersion(1).Save(ctx)
	if err != nil {
		return nil, err
	}
	if changed["name"] != nil {
		if err := t.keepDeputyKeys(ctx, deputy); err != nil {
			return nil, err
		}
	}
	return deputy, t.audit(ctx, gen.TypeDeputy, deputy.ID, areaOfDeputy(deputy), map[string]any{
		"changed": slices.Sorted(maps.Keys(changed)),
	})
}

// apply puts the changes into an update, all but the telephone number, and lists them.
func (in *UpdateDeputy) apply(old *gen.Deputy, u *gen.DeputyUpdateOne) diff {
	d := diff{}
	// The first four are never emptied, as the check saw to; their unsetters are not called.
	stays := func() *gen.DeputyUpdateOne { return u }
	month := calendar.Day(old.BirthMonth)
	revise(d, "name", &old.Name, in.Name, u.SetName, stays)
	revise(d, "gender", &old.Gender, in.Gender, u.SetGender, stays)
	revise(d, "birthMonth", &month, in.BirthMonth, u.SetBirthMonth, stays)
	revise(d, "ethnicity", &old.Ethnicity, in.Ethnicity, u.SetEthnicity, stays)
	revise(d, "workUnit", old.WorkUnit, in.WorkUnit, u.SetWorkUnit, u.ClearWorkUnit)
	revise(d, "jobTitle", old.JobTitle, in.JobTitle, u.SetJobTitle, u.ClearJobTitle)
	return d
}

// checkPerson checks the person as it would be after the change.
func (t *task) checkPerson(ctx context.Context, old *gen.Deputy, in UpdateDeputy, changed diff) error {
	if changed["birthMonth"] != nil {
		first, err := t.tx.Mandate.Query().
			Where(mandate.DeputyID(old.ID), mandate.StatusNEQ(state.MandateEnded)).
			Order(gen.Asc(mandate.FieldElectedOn)).First(ctx)
		if err != nil && !gen.IsNotFound(err) {
			return err
		}
		if err == nil {
			if err := checkAge(*in.BirthMonth.Value, calendar.Day(first.ElectedOn), deputyBirthMonth); err != nil {
				return err
			}
		}
	}
	if changed["name"] == nil && changed["gender"] == nil && changed["birthMonth"] == nil {
		return nil
	}
	month := calendar.Day(old.BirthMonth)
	return t.checkTwin(ctx, areaOfDeputy(old),
		*in.Name.or(&old.Name), *in.Gender.or(&old.Gender), *in.BirthMonth.or(&month), &old.ID)
}

// countySize is the number of codes in a county. Whoever sees more is no county or township, and is shown deputies' masked
// numbers only.
const countySize = place.Code(1_000_000)

// phoneKeeper refuses to let those change a private number who are not the county or township where the deputy is at home.
func (t *task) phoneKeeper(home place.Code) error {
	if t.viewer.Hi-t.viewer.Lo > countySize || !t.viewer.Sees(home) {
		return forbidden("电话由代表所在的县级或乡级填写", deputyPhone.path...)
	}
	return nil
}

// changePhone changes a deputy's number, if it is another, and the masked one that others see.
func (t *task) changePhone(ctx context.Context, d *gen.Deputy, phone *string, u *gen.DeputyUpdateOne) (bool, error) {
	if err := t.phoneKeeper(d.Code); err != nil {
		return false, err
	}
	known, err := t.tx.DeputyContact.Query().Where(deputycontact.DeputyID(d.ID)).Only(ctx)
	if err != nil && !gen.IsNotFound(err) {
		return false, err
	}
	if phone == nil {
		if known == nil {
			return false, nil
		}
		u.ClearPhoneMasked()
		return true, t.tx.DeputyContact.DeleteOne(known).Exec(ctx)
	}
	if known != nil && known.Phone == *phone {
		return false, nil
	}
	u.SetPhoneMasked(MaskPhone(*phone))
	if known != nil {
		return true, t.tx.DeputyContact.UpdateOne(known).SetPhone(*phone).AddVersion(1).Exec(ctx)
	}
	return true, t.keepPhone(ctx, d, phone)
}

// keepPhone writes the number of a deputy who had none.
func (t *task) keepPhone(ctx context.Context, d *gen.Deputy, phone *string) error {
	if err := t.phoneKeeper(d.Code); err != nil {
		return err
	}
	create := t.tx.DeputyContact.Create().SetDeputyID(d.ID).SetPhone(*phone)
	areaOfDeputy(d).put(create.Mutation())
	return create.Exec(ctx)
}
