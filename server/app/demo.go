package app

import (
	"fmt"
	"strings"

	"github.com/lianluo/lianluo/server/auth"
	"github.com/lianluo/lianluo/server/seed"
)

// demoPassword is the password of a demonstration account: another one in each data directory, always the same in one.
func demoPassword(secret auth.Secret, username string) string {
	return secret.Password(seed.PasswordPurpose(username))
}

// demoAccounts lists the demonstration accounts for a person who wants to look around.
func demoAccounts(secret auth.Secret) string {
	var b strings.Builder
	b.WriteString("  demonstration accounts (演示账号)\n")
	for _, a := range seed.Accounts() {
		fmt.Fprintf(&b, "    %-18s %s  %-16s %s\n", a.Username, demoPassword(secret, a.Username), a.Role, a.About)
	}
	return b.String()
}
