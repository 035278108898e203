package jobs

import "time"

// Quick leaves out the waits that spread the load of many servers, and cuts jobs off after a time.
func (o Options) Quick(timeout time.Duration) Options {
	o.quick = timeout
	return o
}
