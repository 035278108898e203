package photo

import "encoding/binary"

// upright is the orientation of a picture that is shown as it is stored.
const upright = 1

// orientation reads from Exif data how a picture is to be turned, 1 to 8 as its standard numbers them. Whatever
// cannot be read is upright. Only the first list of tags is looked at, and only within the data.
func orientation(exif []byte) int {
	const header, entry = 8, 12
	if len(exif) < header {
		return upright
	}
	var order binary.ByteOrder
	switch string(exif[:4]) {
	case "II*\x00":
		order = binary.LittleEndian
	case "MM\x00*":
		order = binary.BigEndian
	default:
		return upright
	}
	start := uint64(order.Uint32(exif[4:]))
	if start+2 > uint64(len(exif)) {
		return upright
	}
	list := exif[start:]
	tags := list[2:]
	for range order.Uint16(list) {
		if len(tags) < entry {
			return upright
		}
		const orientationTag, short = 0x0112, 3
		if order.Uint16(tags) == orientationTag {
			value := int(order.Uint16(tags[8:]))
			if order.Uint16(tags[2:]) != short || order.Uint32(tags[4:]) != 1 || value < 1 || value > 8 {
				return upright
			}
			return value
		}
		tags = tags[entry:]
	}
	return upright
}
