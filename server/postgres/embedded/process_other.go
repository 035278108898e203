//go:build !linux

package embedded

import (
	"bufio"
	"bytes"
	"os/exec"
	"strconv"
	"strings"
	"syscall"
)

// attributes starts the child in a process group of its own, so that a Ctrl-C meant for the
// caller does not reach it. Here no signal tells it of its parent's death: the next Start ends it.
func attributes(who account, _ syscall.Signal) *syscall.SysProcAttr {
	return &syscall.SysProcAttr{Credential: who.credential(), Setpgid: true}
}

// processesOf finds the live server that was started on pgdata. Its children cannot be told from
// those of other clusters here; PostgreSQL itself refuses to start while one holds shared memory.
func processesOf(pgdata string) ([]process, error) {
	out, err := exec.Command("ps", "-axo", "pid=,stat=,command=").Output()
	if err != nil {
		return nil, err
	}
	var found []process
	for lines := bufio.NewScanner(bytes.NewReader(out)); lines.Scan(); {
		fields := strings.Fields(lines.Text())
		if len(fields) < 3 || strings.HasPrefix(fields[1], "Z") {
			continue
		}
		pid, err := strconv.Atoi(fields[0])
		if err != nil || !strings.Contains(lines.Text(), "postgres -D "+pgdata+" ") {
			continue
		}
		found = append(found, process{pid: pid, postmaster: true})
	}
	return found, nil
}
