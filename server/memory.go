package main

import "runtime/debug"

const (
	// gcPercent lets the heap grow to five times what is live before it is collected. What is live is small, and
	// collecting at the usual twice that took half of the server's time under load.
	gcPercent = 400
	// memoryLimit is when the collector works harder all the same.
	memoryLimit = 384 << 20
)

// tuneMemory sets the garbage collector, unless the operator has done so by the Go runtime's own variables.
func tuneMemory(env func(string) (string, bool)) {
	if _, set := env("GOGC"); !set {
		debug.SetGCPercent(gcPercent)
	}
	if _, set := env("GOMEMLIMIT"); !set {
		debug.SetMemoryLimit(memoryLimit)
	}
}
