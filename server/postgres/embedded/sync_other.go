//go:build !linux

package embedded

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
)

// syncTree makes a freshly written tree lasting, file by file.
func syncTree(root string) error {
	return filepath.WalkDir(root, func(path string, _ fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		file, err := os.Open(path)
		if err != nil {
			return err
		}
		return errors.Join(file.Sync(), file.Close())
	})
}
