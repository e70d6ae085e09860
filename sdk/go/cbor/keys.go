package cbor

import "bytes"

// few is how many keys are compared with each other; more are looked up.
const few = 16

// keys are those that a map has had so far.
type keys struct {
	majors [few]byte
	first  [few][]byte
	count  int
	texts  map[string]struct{}
	others map[string]struct{}
}

// add is false for a key that is there already.
func (k *keys) add(major byte, key []byte) bool {
	if k.texts == nil {
		for at := range k.count {
			if k.majors[at] == major && bytes.Equal(k.first[at], key) {
				return false
			}
		}
		if k.count < few {
			k.majors[k.count], k.first[k.count] = major, key
			k.count++
			return true
		}
		k.texts, k.others = map[string]struct{}{}, map[string]struct{}{}
		for at := range k.count {
			k.seen(k.majors[at])[string(k.first[at])] = struct{}{}
		}
	}
	seen := k.seen(major)
	before := len(seen)
	seen[string(key)] = struct{}{}
	return len(seen) > before
}

func (k *keys) seen(major byte) map[string]struct{} {
	if major == majorText {
		return k.texts
	}
	return k.others
}
