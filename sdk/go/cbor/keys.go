package cbor

import "bytes"

// few is how many keys are compared with each other; more are looked up.
const few = 16

// keys are those that a map has had so far.
type keys struct {
	first  [few]key // which stay on the stack
	count  int
	texts  map[string]struct{}
	others map[string]struct{}
}

// key is where a key stands in an item, which is in a memory of 32 bits.
type key struct {
	begin, end uint32
	isText     bool
}

func (k key) in(data []byte) []byte { return data[k.begin:k.end] }

// add is false for a key that is there already.
func (k *keys) add(data []byte, another key) bool {
	if k.texts != nil {
		return k.look(another.isText, another.in(data))
	}
	for at := range k.count {
		if another.equals(&k.first[at], data) {
			return false
		}
	}
	if k.count == few {
		k.index(data)
		return k.look(another.isText, another.in(data))
	}
	k.first[k.count] = another
	k.count++
	return true
}

func (k key) equals(had *key, data []byte) bool {
	return had.end-had.begin == k.end-k.begin && had.isText == k.isText && bytes.Equal(had.in(data), k.in(data))
}

// index makes keys be looked up from now on.
func (k *keys) index(data []byte) {
	if k.texts != nil {
		return
	}
	k.texts, k.others = map[string]struct{}{}, map[string]struct{}{}
	for _, had := range k.first[:k.count] {
		k.look(had.isText, had.in(data))
	}
}

// look is add, by looking up.
func (k *keys) look(isText bool, content []byte) bool {
	seen := k.others
	if isText {
		seen = k.texts
	}
	before := len(seen)
	seen[string(content)] = struct{}{}
	return len(seen) > before
}
