package cbor

import (
	"unsafe"

	"wardian.dev/wardian/internal/slot"
)

// longest is how long a name may be to be kept.
const longest = 32

// names are keys that were read before, at places that follow from their bytes: maps have the same ones again and again.
var names [128]slot.Slot[string]

// named gives a name as a string, which is made where it was not the last one at its place.
func named(name []byte) *string {
	if len(name) == 0 || len(name) > longest {
		made := string(name)
		return &made
	}
	place := &names[(int(name[0])+7*int(name[len(name)-1])+31*len(name))%len(names)]
	if kept := place.Load(); kept != nil && *kept == string(name) {
		return kept
	}
	made := string(name)
	place.Store(&made)
	return &made
}

var textWord = func() unsafe.Pointer {
	var text any = ""
	return (*words)(unsafe.Pointer(&text))[0]
}()

// whatever gives a text as an interface, which holds where it is; it must not change after that.
func whatever(text *string) (made any) {
	*(*words)(unsafe.Pointer(&made)) = words{textWord, unsafe.Pointer(text)}
	return made
}
