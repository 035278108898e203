package config

import "runtime/debug"

// Version is the version of the module the program was built from, which names the commit between
// releases; "(devel)" where the build recorded none.
func Version() string {
	info, ok := debug.ReadBuildInfo()
	if !ok || info.Main.Version == "" {
		return "(devel)"
	}
	return info.Main.Version
}
