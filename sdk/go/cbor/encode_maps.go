package cbor

import (
	"reflect"
	"slices"
)

func (e *Writer) texts(value map[string]any) error {
	if value == nil {
		e.Null()
		return nil
	}
	if err := e.enter(majorMap, len(value)); err != nil {
		return err
	}
	var few [8]pair
	if len(value) > len(few) {
		keys := make([]string, 0, len(value))
		for key := range value {
			keys = append(keys, key)
		}
		slices.Sort(keys)
		for _, key := range keys {
			if err := e.Pair(key, value[key]); err != nil {
				return err
			}
		}
		e.leave()
		return nil
	}
	pairs := few[:0] // each behind those that come before it
	for key, value := range value {
		at := len(pairs)
		pairs = pairs[:at+1]
		for ; at > 0 && key < pairs[at-1].key; at-- {
			pairs[at] = pairs[at-1]
		}
		pairs[at] = pair{key, value}
	}
	for at := range pairs {
		if err := e.Pair(pairs[at].key, pairs[at].value); err != nil {
			return err
		}
	}
	e.leave()
	return nil
}

// pair is a key of a map and its value.
type pair struct {
	key   string
	value any
}

// mixed writes the keys that are texts first.
func (e *Writer) mixed(value map[any]any) error {
	if err := e.enter(majorMap, len(value)); err != nil {
		return err
	}
	var texts, others []string
	for key := range value {
		switch key := key.(type) {
		case string:
			texts = append(texts, key)
		case ByteString:
			others = append(others, string(key))
		default:
			return &EncodeError{"a key of type " + reflect.TypeOf(key).String()}
		}
	}
	slices.Sort(texts)
	slices.Sort(others)
	for _, key := range texts {
		if err := e.Pair(key, value[key]); err != nil {
			return err
		}
	}
	for _, key := range others {
		e.byteKey(key)
		if err := e.any(value[ByteString(key)]); err != nil {
			return err
		}
	}
	e.leave()
	return nil
}
