package auth

import (
	"context"
	"errors"
	"strings"
	"testing"
	"testing/synctest"
)

// TestPasswordsWaitForASlot: while as many passwords as allowed are being hashed, every other waits, one
// for an unknown user too, and goes on when a slot is free or gives up when its context ends.
func TestPasswordsWaitForASlot(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p, err := NewPasswords(PasswordParams{MemoryKiB: 8, Passes: 1, Threads: 1}, 1, nil)
		if err != nil {
			t.Fatal(err)
		}
		hash, err := p.Hash(t.Context(), "secret")
		if err != nil {
			t.Fatal(err)
		}
		work := map[string]func(ctx context.Context) error{
			"Check":       func(ctx context.Context) error { return p.Check(ctx, hash, "other") },
			"CheckNobody": func(ctx context.Context) error { return p.CheckNobody(ctx, "other") },
		}
		for name, do := range work {
			p.slots <- struct{}{} // another is at it
			ctx, cancel := context.WithCancel(t.Context())
			patient, impatient := make(chan error, 1), make(chan error, 1)
			go func() { patient <- do(t.Context()) }()
			go func() { impatient <- do(ctx) }()
			synctest.Wait()
			if len(patient)+len(impatient) != 0 {
				t.Fatalf("%s did not wait", name)
			}
			if err := p.CheckNobody(t.Context(), strings.Repeat("x", MaxPasswordBytes+1)); !errors.Is(err, ErrPasswordWrong) {
				t.Errorf("an over-long password, which is never hashed: %v", err)
			}
			cancel()
			if err := <-impatient; !errors.Is(err, context.Canceled) {
				t.Errorf("%s, given up: %v", name, err)
			}
			<-p.slots
			if err := <-patient; !errors.Is(err, ErrPasswordWrong) {
				t.Errorf("%s, its turn: %v", name, err)
			}
		}
		if len(p.slots) != 0 {
			t.Error("a slot was not given back")
		}
	})
}
