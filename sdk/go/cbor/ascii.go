package cbor

import (
	"unicode/utf8"
	"unsafe"
)

// isText says whether a text is UTF-8. Most are short, and ASCII: that is seen here, eight bytes at a time.
func isText(text string) bool {
	const high = 0x8080808080808080
	from, size, at := unsafe.Pointer(unsafe.StringData(text)), len(text), 0
	for ; size-at >= 8; at += 8 {
		if *(*uint64)(unsafe.Add(from, at))&high != 0 {
			return utf8.ValidString(text)
		}
	}
	for ; at < size; at++ {
		if *(*byte)(unsafe.Add(from, at)) >= utf8.RuneSelf {
			return utf8.ValidString(text)
		}
	}
	return true
}
