package workflow

import (
	"errors"
	"fmt"

	"github.com/lib/pq"
	"github.com/lib/pq/pqerror"

	"github.com/lianluo/lianluo/ent/fault"
	"github.com/lianluo/lianluo/ent/gen"
)

// conflicts says, by the name of the index that found it, which field of the input an existing row contradicts.
var conflicts = map[string]struct {
	message string
	path    []string
}{
	"station_one_name":                         {"该区划已有同名的在用站点", []string{"input", "name"}},
	"mandate_one_seat":                         {"该代表在这一人民代表大会已有在册职务", []string{"input", "mandate", "congress"}},
	"posting_once":                             {"该代表职务已编入该站点", []string{"input", "station"}},
	"station_staff_once":                       {"该人员已在该站点任此职务", []string{"input", "name"}},
	"activity_of_visit_day":                    {"该接待日已有活动", []string{"input", "visitDay"}},
	"visit_day_once":                           {"该站点当日已有接待日", []string{"input", "day"}},
	"visit_duty_once":                          {"该代表当日已排班", []string{"input", "deputy"}},
	"trainingattendance_training_id_deputy_id": {"该代表已登记参训", []string{"input", "attendees"}},
}

// refusal turns what the database says into a refusal in our words, where it is about the request. Other errors
// stay what they are, for the log; the client is never shown them.
func refusal(verb Verb, err error) error {
	var known *fault.Fault
	if err == nil || errors.As(err, &known) {
		return err
	}
	if invalid := (*gen.ValidationError)(nil); errors.As(err, &invalid) {
		// The entity's own bounds stand behind the verb's checks.
		return fault.Invalid("MALFORMED", "内容不符合要求", "input")
	}
	said := pq.As(err)
	if said == nil {
		return fmt.Errorf("%s: %w", verb, err)
	}
	switch said.Code {
	case pqerror.UniqueViolation:
		if c, ok := conflicts[said.Constraint]; ok {
			return fault.Conflict("DUPLICATE", c.message, c.path...)
		}
		if said.Constraint == "opinion_number_key" || said.Constraint == "appointment_number_key" {
			return retry() // the same number was drawn twice in a day
		}
	case pqerror.InsufficientPrivilege:
		// A row may not stand where the viewer put it. A missing grant has the same code, but is our fault.
		if said.Routine == "ExecWithCheckOptions" {
			return fault.NotFound("所指对象不存在或不在辖区内", "input")
		}
	case pqerror.CheckViolation:
		return fault.Invalid("MALFORMED", "内容不符合要求", "input")
	case pqerror.CharacterNotInRepertoire, pqerror.UntranslatableCharacter:
		return fault.Invalid("MALFORMED", "含有不能保存的字符", "input")
	case pqerror.TRSerializationFailure, pqerror.TRDeadlockDetected, pqerror.LockNotAvailable:
		return retry()
	}
	return fmt.Errorf("%s: %w", verb, err)
}

// retry refuses what may be right when it is tried once more.
func retry() error { return fault.Conflict("RETRY", "同时有其他修改,请重试", "input") }

// forbidden refuses a verb at the thing that a field names, though the role may do it elsewhere.
func forbidden(message string, path ...string) *fault.Fault {
	f := fault.Forbidden(message)
	f.Fields = []fault.Field{{Path: path, Code: "FORBIDDEN", Message: message}}
	return f
}

// expect refuses a writer that has read another version than the stored one.
func expect(expected *int, stored int) error {
	if expected != nil && *expected != stored {
		return fault.Conflict("VERSION", "数据已被修改,请刷新后重试", "input", "expectedVersion")
	}
	return nil
}
