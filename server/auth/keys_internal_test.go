package auth

import (
	"errors"
	"testing"
	"time"
)

// TestUnknownKeysAreLookedForOnceASecond: however many ids are guessed, the directory is read once, and what was added to it is found
// a second later.
func TestUnknownKeysAreLookedForOnceASecond(t *testing.T) {
	dir := t.TempDir()
	ours, err := LoadOrCreateKeys(dir, nil)
	if err != nil {
		t.Fatal(err)
	}
	theirs, err := LoadOrCreateKeys(dir, nil)
	if err != nil {
		t.Fatal(err)
	}
	now := time.Date(2026, 11, 21, 12, 0, 0, 0, time.UTC)
	ours.clock = func() time.Time { return now }
	if _, err := ours.verifying("a guess"); !errors.Is(err, errUnknownKey) {
		t.Fatal(err)
	}
	kid, err := theirs.Rotate()
	if err != nil {
		t.Fatal(err)
	}
	for range 1000 {
		if _, err := ours.verifying(kid); !errors.Is(err, errUnknownKey) {
			t.Fatalf("the directory was read for a guess: %v", err)
		}
	}
	now = now.Add(lookInterval - 1)
	if _, err := ours.verifying(kid); !errors.Is(err, errUnknownKey) {
		t.Errorf("looked too early: %v", err)
	}
	now = now.Add(1)
	if _, err := ours.verifying(kid); err != nil {
		t.Errorf("a new key is not found: %v", err)
	}

	// The clock is set back by a day.
	if kid, err = theirs.Rotate(); err != nil {
		t.Fatal(err)
	}
	now = now.AddDate(0, 0, -1)
	if _, err := ours.verifying(kid); err != nil {
		t.Errorf("a clock set back stops looking: %v", err)
	}
}
