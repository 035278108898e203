//go:build !linux

package pgtest

import "os"

// roomy is the directory for test servers.
func roomy() string { return os.TempDir() }
