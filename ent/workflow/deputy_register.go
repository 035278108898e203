package workflow

import (
	"context"
	"fmt"
	"time"

	"github.com/google/uuid"

	"github.com/lianluo/lianluo/ent/fault"
	"github.com/lianluo/lianluo/ent/gen"
	"github.com/lianluo/lianluo/ent/kind"
)

// RegisterDeputy is a person with the first mandate.
type RegisterDeputy struct {
	IdempotencyKey *string `json:"-"`
	Name           string
	Gender         kind.Gender
	BirthMonth     time.Time // any day of the month
	Ethnicity      string
	WorkUnit       *string
	JobTitle       *string
	Phone          *string
	Mandate        NewMandate
}

// The fields of a person.
var (
	deputyName       = at("姓名", "name")
	deputyGender     = at("性别", "gender")
	deputyBirthMonth = at("出生年月", "birthMonth")
	deputyEthnicity  = at("民族", "ethnicity")
	deputyWorkUnit   = at("单位", "workUnit")
	deputyJobTitle   = at("职务", "jobTitle")
	deputyPhone      = at("电话", "phone")
)

// birthMonth checks a month of birth and returns its first day.
func (c *checker) birthMonth(value, today time.Time) time.Time {
	const oldest = 120 // years
	value = c.day(deputyBirthMonth, value, today.AddDate(-oldest, 0, 0), today.AddDate(-adult, 0, 0))
	return value.AddDate(0, 0, 1-value.Day())
}

func (in *RegisterDeputy) check(today time.Time) error {
	var c checker
	c.key(in.IdempotencyKey)
	in.Name = c.text(deputyName, in.Name, 2, 40)
	word(&c, deputyGender, in.Gender)
	in.BirthMonth = c.birthMonth(in.BirthMonth, today)
	in.Ethnicity = c.text(deputyEthnicity, in.Ethnicity, 1, 20)
	in.WorkUnit = c.optional(deputyWorkUnit, in.WorkUnit, 100)
	in.JobTitle = c.optional(deputyJobTitle, in.JobTitle, 60)
	in.Phone = c.phone(deputyPhone, in.Phone)
	in.Mandate.check(&c, today)
	if err := c.list.Err(); err != nil {
		return err
	}
	return checkAge(in.BirthMonth, in.Mandate.ElectedOn, deputyBirthMonth)
}

// RegisterDeputy registers a person with the first mandate. The congress must be in the viewer's area. A deputy of that name, gender
// and month of birth at home in the same county is a conflict.
func (d *Desk) RegisterDeputy(ctx context.Context, in RegisterDeputy) (*gen.Deputy, error) {
	v, err := d.admit(ctx, VerbRegisterDeputy)
	if err != nil {
		return nil, err
	}
	if err := in.check(d.today()); err != nil {
		return nil, err
	}
	return transact(ctx, d, VerbRegisterDeputy, v, func(t *task) (*gen.Deputy, error) {
		return once(ctx, t, in.IdempotencyKey, in, t.tx.Deputy.Get, func() (*gen.Deputy, uuid.UUID, error) {
			deputy, err := t.registerDeputy(ctx, in)
			if err != nil {
				return nil, uuid.Nil, err
			}
			return deputy, deputy.ID, nil
		})
	})
}

func (t *task) registerDeputy(ctx context.Context, in RegisterDeputy) (*gen.Deputy, error) {
	seat, err := t.seatOf(ctx, in.Mandate)
	if err != nil {
		return nil, err
	}
	if err := t.checkTwin(ctx, seat.home, in.Name, in.Gender, in.BirthMonth, nil); err != nil {
		return nil, err
	}
	create := t.tx.Deputy.Create().
		SetName(in.Name).
		SetGender(in.Gender).
		SetBirthMonth(in.BirthMonth).
		SetEthnicity(in.Ethnicity).
		SetNillableWorkUnit(in.WorkUnit).
		SetNillableJobTitle(in.JobTitle)
	if in.Phone != nil {
		create.SetPhoneMasked(MaskPhone(*in.Phone))
	}
	seat.home.put(create.Mutation())
	deputy, err := create.Save(ctx)
	if err != nil {
		return nil, err
	}
	if in.Phone != nil {
		if err := t.keepPhone(ctx, deputy, in.Phone); err != nil {
			return nil, err
		}
	}
	if err := t.keepDeputyKeys(ctx, deputy); err != nil {
		return nil, err
	}
	mandate, err := t.createMandate(ctx, deputy.ID, seat, in.Mandate)
	if err != nil {
		return nil, err
	}
	return deputy, t.audit(ctx, gen.TypeDeputy, deputy.ID, areaOfDeputy(deputy), map[string]any{
		"mandate": mandate.ID, "congress": mandate.CongressID, "term": mandate.TermNumber,
	})
}

// checkTwin refuses a person who is registered already at a home: the same name, gender and month of birth in the county. Two
// who register the same person at once wait for each other. other is the person who is being changed.
func (t *task) checkTwin(
	ctx context.Context, home area, name string, gender kind.Gender, birthMonth time.Time, other *uuid.UUID,
) error {
	month := birthMonth.Format(time.DateOnly)
	if err := t.lock(ctx, fmt.Sprintf("registry:%s:%s:%s:%s", home.registry(), name, gender, month)); err != nil {
		return err
	}
	var twin bool
	err := scalar(ctx, t.tx, &twin, `SELECT deputy_twin($1, $2, $3, $4, $5)`,
		int64(home.Code), name, string(gender), month, other)
	if err != nil {
		return err
	}
	if twin {
		return fault.Conflict("DUPLICATE", "同一县级区划内已有同名、同性别、同出生年月的代表", deputyName.path...)
	}
	return nil
}
