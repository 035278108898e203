package photo

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"image"
	"image/jpeg"
	"image/png"
	"io"
	"iter"

	"github.com/gabriel-vasile/mimetype"
	"golang.org/x/image/webp"
)

// format is a kind of picture that is taken.
type format struct {
	// config reads the size alone, and refuses what would take too long to decode.
	config func(file []byte) (image.Config, error)
	decode func(io.Reader) (image.Image, error)
	// exif finds the Exif data in a file, from its TIFF header on; nil when it has none.
	exif func(file []byte) []byte
}

// The formats by media type. The decoders are named rather than registered, so that no other package adds one.
var formats = map[string]format{
	JPEG:         {jpegConfig, jpeg.Decode, jpegExif},
	PNG:          {pngConfig, png.Decode, pngExif},
	"image/apng": {pngConfig, png.Decode, pngExif}, // of a moving PNG the still picture is kept
	"image/webp": {webpConfig, webp.Decode, webpExif},
}

// formatOf tells a picture by its content.
func formatOf(file []byte) (format, error) {
	f, ok := formats[mimetype.Detect(file).String()]
	if !ok || moves(file) {
		return format{}, ErrNotAPicture
	}
	return f, nil
}

func pngConfig(file []byte) (image.Config, error) { return png.DecodeConfig(bytes.NewReader(file)) }

func webpConfig(file []byte) (image.Config, error) { return webp.DecodeConfig(bytes.NewReader(file)) }

// maxScans is how many times a JPEG may go over its picture. Ten are usual; a few bytes are enough for one more,
// and each takes the decoder as long as the picture is large.
const maxScans = 100

// The markers of a JPEG that matter here.
const (
	firstRestart = 0xd0
	lastRestart  = 0xd7
	startOfImage = 0xd8
	endOfImage   = 0xd9
	startOfScan  = 0xda
	app1         = 0xe1
)

func jpegConfig(file []byte) (image.Config, error) {
	scans := 0
	for marker := range jpegSegments(file) {
		if marker == startOfScan {
			scans++
		}
	}
	if scans > maxScans {
		return image.Config{}, fmt.Errorf("%d scans", scans)
	}
	return jpeg.DecodeConfig(bytes.NewReader(file))
}

// exifHead stands before Exif data in a JPEG, and in some WebP files.
var exifHead = []byte("Exif\x00\x00")

// jpegExif finds the Exif data among the segments.
func jpegExif(file []byte) []byte {
	for marker, content := range jpegSegments(file) {
		if data, ok := bytes.CutPrefix(content, exifHead); ok && marker == app1 {
			return data
		}
	}
	return nil
}

// jpegSegments walks through the segments of a JPEG as the decoder does: whatever stands between them, the coded
// picture above all, is passed over up to the next marker.
func jpegSegments(file []byte) iter.Seq2[byte, []byte] {
	return func(yield func(byte, []byte) bool) {
		for rest := file; ; {
			at := bytes.IndexByte(rest, 0xff)
			if at < 0 || at+1 == len(rest) {
				return
			}
			marker := rest[at+1]
			switch {
			case marker == 0xff: // padding
				rest = rest[at+1:]
				continue
			case marker == endOfImage:
				return
			case marker == 0, marker >= firstRestart && marker <= lastRestart, marker == startOfImage:
				rest = rest[at+2:]
				continue
			}
			rest = rest[at+2:]
			if len(rest) < 2 {
				return
			}
			size := int(binary.BigEndian.Uint16(rest))
			if size < 2 || size > len(rest) || !yield(marker, rest[2:size]) {
				return
			}
			rest = rest[size:]
		}
	}
}

// pngExif finds the Exif data among the chunks.
func pngExif(file []byte) []byte {
	const signature, around = 8, 12 // around a chunk's data: length, type and sum
	for rest := file[min(signature, len(file)):]; len(rest) >= around; {
		size := uint64(binary.BigEndian.Uint32(rest))
		if size > uint64(len(rest)-around) {
			return nil
		}
		if string(rest[4:8]) == "eXIf" {
			return rest[8 : 8+size]
		}
		rest = rest[around+size:]
	}
	return nil
}

// webpExif finds the Exif data among the chunks.
func webpExif(file []byte) []byte {
	for name, data := range webpChunks(file) {
		if name == "EXIF" {
			return bytes.TrimPrefix(data, exifHead)
		}
	}
	return nil
}

// moves tells whether a file is an animated WebP, which has no still picture.
func moves(file []byte) bool {
	const first, flags, animation = 12, 20, 1 << 1 // the first chunk's name and content
	return isWebP(file) && len(file) > flags && string(file[first:first+4]) == "VP8X" && file[flags]&animation != 0
}

func isWebP(file []byte) bool {
	return len(file) >= 12 && string(file[:4]) == "RIFF" && string(file[8:12]) == "WEBP"
}

// webpChunks walks through the chunks of a WebP; any other file has none.
func webpChunks(file []byte) iter.Seq2[string, []byte] {
	return func(yield func(string, []byte) bool) {
		const head, chunkHead = 12, 8
		if !isWebP(file) {
			return
		}
		for rest := file[head:]; len(rest) >= chunkHead; {
			size := uint64(binary.LittleEndian.Uint32(rest[4:]))
			if size > uint64(len(rest)-chunkHead) || !yield(string(rest[:4]), rest[chunkHead:chunkHead+size]) {
				return
			}
			rest = rest[min(chunkHead+size+size%2, uint64(len(rest))):] // chunks are padded to even sizes
		}
	}
}
