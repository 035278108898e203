//go:build unix

package app_test

import (
	"slices"
	"syscall"
	"testing"
	"time"

	"github.com/lianluo/lianluo/ent/place"
	"github.com/lianluo/lianluo/ent/viewer"
	"github.com/lianluo/lianluo/server/app/apitest"
)

// BenchmarkWorstRefusal carries every attack on the engine out, finds the one that costs most, and tells what refusing it takes of the
// processor, the sender's part included.
func BenchmarkWorstRefusal(b *testing.B) {
	server := apitest.New(b)
	token := server.As(viewer.NationAdmin, place.Nation).Token
	attacks := slices.Concat(engineDocuments(token), engineRequests(token), enginePages(token), engineVariables(token), engineBrowsers(token))
	worst, most := attacks[0], time.Duration(0)
	for _, a := range attacks {
		sendTo(b, server, a.sent) // what is made once is made
		begin := processorTime(b)
		const times = 5
		for range times {
			sendTo(b, server, a.sent)
		}
		if took := (processorTime(b) - begin) / times; took > most {
			worst, most = a, took
		}
	}
	begin := processorTime(b)
	for b.Loop() {
		sendTo(b, server, worst.sent)
	}
	b.ReportMetric(float64(processorTime(b)-begin)/float64(time.Millisecond)/float64(b.N), "ms-cpu/op")
	b.Logf("of %d attacks the worst is %q", len(attacks), worst.name)
}

// processorTime is what the process has taken of the processor so far.
func processorTime(b *testing.B) time.Duration {
	var usage syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &usage); err != nil {
		b.Fatal(err)
	}
	return time.Duration(usage.Utime.Nano() + usage.Stime.Nano())
}
