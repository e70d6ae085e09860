package cbor

import "bytes"

// few is how many keys are compared with each other; more are looked up.
const few = 32

// keys are those that a map has had so far.
type keys struct {
	first  [8]key // which stay on the stack
	count  int
	more   []key
	texts  map[string]struct{}
	others map[string]struct{}
}

type key struct {
	content []byte
	major   byte
}

// add is false for a key that is there already.
func (k *keys) add(major byte, content []byte) bool {
	if k.texts != nil {
		return k.look(major, content)
	}
	if isAmong(k.first[:k.count], major, content) || isAmong(k.more, major, content) {
		return false
	}
	switch {
	case k.count < len(k.first):
		k.first[k.count] = key{content, major}
		k.count++
	case len(k.more) < few:
		k.more = append(k.more, key{content, major})
	default:
		k.texts, k.others = map[string]struct{}{}, map[string]struct{}{}
		for _, had := range append(k.more, k.first[:]...) {
			k.look(had.major, had.content)
		}
		return k.look(major, content)
	}
	return true
}

func isAmong(keys []key, major byte, content []byte) bool {
	for at := range keys {
		had := &keys[at]
		if len(had.content) == len(content) && had.major == major && bytes.Equal(had.content, content) {
			return true
		}
	}
	return false
}

// look is add, by looking up.
func (k *keys) look(major byte, content []byte) bool {
	seen := k.others
	if major == majorText {
		seen = k.texts
	}
	before := len(seen)
	seen[string(content)] = struct{}{}
	return len(seen) > before
}
