// Package embedded runs a private PostgreSQL server that lives and dies with its caller.
//
// Start makes the cluster at the first call (binaries from the system, else downloaded), starts it
// and waits until it answers; the server listens on a unix socket that only the caller can reach.
// Whatever moment an earlier run was killed at, the next Start recovers by itself:
//
//   - A lock in the data directory keeps a second server out; the kernel releases it with its holder.
//   - A cluster is made beside its place and renamed, so a half-made one is never mistaken for a whole one.
//   - The server gets a signal when its parent dies; one that still shuts down is waited for, and its
//     stale lock files are removed only after proof that no process of the cluster lives.
//
// PostgreSQL refuses to run as root, so root hands it to the account that owns the cluster, or to
// "postgres" or "nobody". Where that account cannot reach the data directory (a clone below a
// private directory), the cluster lies in /var/lib/lianluo and the data directory remembers where.
//
// What lies in the data directory:
//
//	postgres.lock      held while a server uses the directory
//	postgres.password  the superuser's password
//	postgres.home      which cluster below /var/lib/lianluo belongs here, if it does not lie here
//	postgres.log       what the server says; postgres.log.1 is the one before
//	postgres/data      the cluster; postgres/run its sockets; postgres/binaries what was downloaded
//
// The package imports nothing of ours and works on Linux and macOS.
package embedded
