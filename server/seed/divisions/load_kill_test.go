package divisions_test

import (
	"bufio"
	"context"
	"database/sql"
	"fmt"
	"io"
	"os"
	"os/exec"
	"strconv"
	"testing"

	"github.com/google/go-cmp/cmp"
	_ "github.com/lib/pq"

	"github.com/lianluo/lianluo/ent/place"
	"github.com/lianluo/lianluo/server/seed/divisions"
)

// These make the test binary a process that loads into the database named and stops for ever at the percentage named.
const (
	victimURL  = "DIVISIONS_TEST_URL"
	victimStop = "DIVISIONS_TEST_STOP"
)

func TestMain(m *testing.M) {
	if url := os.Getenv(victimURL); url != "" {
		if err := loadAndHang(url, os.Getenv(victimStop), os.Stdout); err != nil {
			fmt.Fprintln(os.Stderr, err)
		}
		os.Exit(1) // it was to be killed
	}
	os.Exit(m.Run())
}

func loadAndHang(url, stop string, out io.Writer) error {
	percent, err := strconv.Atoi(stop)
	if err != nil {
		return err
	}
	db, err := sql.Open("postgres", url)
	if err != nil {
		return err
	}
	rows, err := divisions.All()
	if err != nil {
		return err
	}
	return divisions.Load(context.Background(), db, divisions.Subset(rows, place.MustParse("36")), func(done, total int) {
		if done*100 >= percent*total {
			_, _ = fmt.Fprintln(out, "hanging")
			select {}
		}
	})
}

func TestLoadSurvivesKill(t *testing.T) {
	ctx := t.Context()
	_, spared := database(t)
	load(t, spared, many(t))
	want := stateOf(ctx, t, spared)

	for _, stop := range []string{"1", "50", "75", "100"} { // among the rows, the keys, the indexes, and before the commit
		t.Run(stop, func(t *testing.T) {
			d, db := database(t)
			empty := stateOf(ctx, t, db)
			victim := exec.CommandContext(ctx, os.Args[0])
			victim.Env = append(os.Environ(), victimURL+"="+d.OwnerURL, victimStop+"="+stop)
			victim.Stderr = os.Stderr
			said, err := victim.StdoutPipe()
			if err != nil {
				t.Fatal(err)
			}
			if err := victim.Start(); err != nil {
				t.Fatal(err)
			}
			line, err := bufio.NewReader(said).ReadString('\n')
			if err := victim.Process.Kill(); err != nil {
				t.Error(err)
			}
			_ = victim.Wait() // says that it was killed
			if err != nil {
				t.Fatalf("it said %q: %v", line, err)
			}

			// The database waits for the locks of the dead, so this sees what it left.
			if diff := cmp.Diff(empty, stateOf(ctx, t, db)); diff != "" {
				t.Errorf("killed at %s %% (-before +after):\n%s", stop, diff)
			}
			load(t, db, many(t))
			if diff := cmp.Diff(want, stateOf(ctx, t, db)); diff != "" {
				t.Errorf("loaded after the kill (-want +got):\n%s", diff)
			}
		})
	}
}
