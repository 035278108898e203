package auth

import (
	"crypto/ed25519"
	"crypto/rand"
	"crypto/x509"
	"encoding/pem"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strconv"
	"strings"
)

// A key file is named by its generation, key-0001.pem, and holds one PKCS#8 private key. The number is
// taken by a hard link, which never replaces a file, so a generation is made once and appears whole.
const (
	keyFilePrefix = "key-"
	keyFileSuffix = ".pem"
	pemType       = "PRIVATE KEY"
	maxKeyFile    = 16 << 10
)

func keyFileName(generation int) string {
	return fmt.Sprintf("%s%04d%s", keyFilePrefix, generation, keyFileSuffix)
}

// generation reads the number of a key file's name; ok is false for any other file.
func generation(name string) (n int, ok bool) {
	digits := strings.TrimSuffix(strings.TrimPrefix(name, keyFilePrefix), keyFileSuffix)
	n, err := strconv.Atoi(digits)
	return n, err == nil && n > 0 && keyFileName(n) == name
}

// listKeyFiles names the key files of a directory, oldest first.
func listKeyFiles(dir string) ([]string, error) {
	entries, err := os.ReadDir(dir)
	if err != nil {
		return nil, err
	}
	var files []string
	for _, e := range entries {
		if _, ok := generation(e.Name()); ok {
			files = append(files, e.Name())
		}
	}
	slices.SortFunc(files, func(a, b string) int {
		x, _ := generation(a)
		y, _ := generation(b)
		return x - y
	})
	return files, nil
}

func readKeySet(dir string) (*keySet, error) {
	root, err := os.OpenRoot(dir)
	if err != nil {
		return nil, err
	}
	defer func() { _ = root.Close() }()
	info, err := root.Stat(".")
	if err != nil {
		return nil, err
	}
	if err := refuseModes(dir, info, 0o022, "chmod 700"); err != nil {
		return nil, err
	}
	files, err := listKeyFiles(dir)
	if err != nil {
		return nil, err
	}
	if len(files) == 0 {
		return nil, fmt.Errorf("no key in %s", dir)
	}
	set := &keySet{files: files}
	for _, name := range slices.Backward(files) {
		private, err := readKeyFile(root, name)
		if err != nil {
			return nil, err
		}
		set.keys = append(set.keys, newSigningKey(private))
	}
	return set, nil
}

func readKeyFile(root *os.Root, name string) (ed25519.PrivateKey, error) {
	path := filepath.Join(root.Name(), name)
	text, err := readSecretFile(root, name)
	if err != nil {
		return nil, err
	}
	block, _ := pem.Decode(text)
	if block == nil || block.Type != pemType {
		return nil, fmt.Errorf("%s holds no PEM block %q", path, pemType)
	}
	key, err := x509.ParsePKCS8PrivateKey(block.Bytes)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	private, ok := key.(ed25519.PrivateKey)
	if !ok {
		return nil, fmt.Errorf("%s holds a %T, not an Ed25519 key", path, key)
	}
	return private, nil
}

// readSecretFile reads a file that no one but its owner may read.
func readSecretFile(root *os.Root, name string) ([]byte, error) {
	path := filepath.Join(root.Name(), name)
	f, err := root.Open(name)
	if err != nil {
		return nil, err
	}
	defer func() { _ = f.Close() }()
	info, err := f.Stat()
	if err != nil {
		return nil, err
	}
	if err := refuseModes(path, info, 0o077, "chmod 600"); err != nil {
		return nil, err
	}
	text, err := io.ReadAll(io.LimitReader(f, maxKeyFile))
	if err != nil {
		return nil, fmt.Errorf("read %s: %w", path, err)
	}
	return text, nil
}

// refuseModes refuses a file whose mode has any of the bits. Windows has no such modes to look at.
func refuseModes(path string, info fs.FileInfo, bits fs.FileMode, remedy string) error {
	if runtime.GOOS == "windows" || info.Mode().Perm()&bits == 0 {
		return nil
	}
	return fmt.Errorf("%w: %s has mode %04o; %s it, and rotate the keys if others may have used that",
		ErrKeysExposed, path, info.Mode().Perm(), remedy)
}

// writeKeyFile writes a signing key under a name that is free yet.
func writeKeyFile(dir, name string, private ed25519.PrivateKey) error {
	der, err := x509.MarshalPKCS8PrivateKey(private)
	if err != nil {
		return err
	}
	return writeOnce(dir, name, pem.EncodeToMemory(&pem.Block{Type: pemType, Bytes: der}))
}

// writeOnce writes a secret file that is there whole or not at all, also after a crash, and fails with
// fs.ErrExist when the name is taken. A temporary file that a crash leaves behind is never read.
func writeOnce(dir, name string, content []byte) (err error) {
	root, err := os.OpenRoot(dir)
	if err != nil {
		return err
	}
	defer func() { _ = root.Close() }()

	temp := "." + name + "." + rand.Text()
	f, err := root.OpenFile(temp, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, root.Remove(temp)) }()
	_, writing := f.Write(content)
	err = errors.Join(writing, inheritFileOwner(root, f), f.Sync(), f.Close())
	if err != nil {
		return fmt.Errorf("write %s: %w", filepath.Join(dir, temp), err)
	}
	if err := root.Link(temp, name); err != nil {
		return err
	}
	return syncDir(root)
}

// syncDir makes a new name in a directory outlive a power cut, where the system can.
func syncDir(root *os.Root) error {
	if runtime.GOOS == "windows" {
		return nil
	}
	d, err := root.Open(".")
	if err != nil {
		return err
	}
	return errors.Join(d.Sync(), d.Close())
}

// ensureDir makes a directory and those above it where they are missing. What root makes inside another
// user's directory is given to that user, whose server must be able to read it.
func ensureDir(path string, perm fs.FileMode) error {
	err := os.Mkdir(path, perm)
	if errors.Is(err, fs.ErrNotExist) {
		if err := ensureDir(filepath.Dir(path), 0o755); err != nil {
			return err
		}
		err = os.Mkdir(path, perm)
	}
	if errors.Is(err, fs.ErrExist) {
		return nil // a file of that name shows when the directory is opened
	}
	if err != nil {
		return err
	}
	parent, err := os.Stat(filepath.Dir(path))
	if err != nil {
		return err
	}
	if uid, gid, ok := heir(parent); ok {
		return os.Lchown(path, uid, gid)
	}
	return nil
}

// inheritFileOwner gives a file that root made to the owner of its directory.
func inheritFileOwner(root *os.Root, f *os.File) error {
	dir, err := root.Stat(".")
	if err != nil {
		return err
	}
	if uid, gid, ok := heir(dir); ok {
		return f.Chown(uid, gid)
	}
	return nil
}

// heir is the user and group that shall own what is made in a directory; ok is false when that is the
// user of this program anyway, or when this program may not give files away.
func heir(dir fs.FileInfo) (uid, gid int, ok bool) {
	uid, gid, ok = ownerOf(dir)
	return uid, gid, ok && os.Geteuid() == 0 && uid != 0
}
