package embedded

import (
	"bytes"
	"os"
	"slices"
	"strconv"
	"syscall"
)

// attributes starts the child in a process group of its own, so that a Ctrl-C meant for the
// caller does not reach it, and has the kernel send it a signal when the thread that started it ends.
func attributes(who account, orphaned syscall.Signal) *syscall.SysProcAttr {
	return &syscall.SysProcAttr{Credential: who.credential(), Setpgid: true, Pdeathsig: orphaned}
}

// processesOf lists the live processes of the cluster: those named postgres that work in pgdata or
// were started with it. Zombies are dead, though they still answer signals.
func processesOf(pgdata string) ([]process, error) {
	entries, err := os.ReadDir("/proc")
	if err != nil {
		return nil, err
	}
	var found []process
	for _, entry := range entries {
		pid, err := strconv.Atoi(entry.Name())
		if err != nil {
			continue
		}
		dir := "/proc/" + entry.Name()
		stat, err := os.ReadFile(dir + "/stat")
		if err != nil {
			continue // gone meanwhile
		}
		name, state := parseStat(stat)
		if name != "postgres" || state == 'Z' || state == 'X' {
			continue
		}
		args, err := os.ReadFile(dir + "/cmdline")
		if err != nil {
			continue
		}
		parent := startedOn(bytes.Split(args, []byte{0}), pgdata)
		if !parent {
			// A process of another account does not show where it works, nor can it work in ours.
			cwd, err := os.Readlink(dir + "/cwd")
			if err != nil || cwd != pgdata {
				continue
			}
		}
		found = append(found, process{pid: pid, postmaster: parent})
	}
	return found, nil
}

// parseStat takes name and state out of /proc/PID/stat: "PID (name) S …"; the name may hold brackets.
func parseStat(stat []byte) (name string, state byte) {
	open, end := bytes.IndexByte(stat, '('), bytes.LastIndex(stat, []byte(") "))
	if open < 0 || end < open || end+2 >= len(stat) {
		return "", 0
	}
	return string(stat[open+1 : end]), stat[end+2]
}

// startedOn reports whether the arguments are those that this package starts a server with.
func startedOn(args [][]byte, pgdata string) bool {
	i := slices.IndexFunc(args, func(arg []byte) bool { return string(arg) == "-D" })
	return i > 0 && i+1 < len(args) && string(args[i+1]) == pgdata
}
