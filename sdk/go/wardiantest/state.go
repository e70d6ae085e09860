//go:build !wasip1

package wardiantest

import (
	"bytes"
	"strings"

	"wardian.dev/wardian"
	"wardian.dev/wardian/cbor"
)

// state answers the imports that read and change state.
func (h *Host) state(name string, whole any, at func(int) any) (any, error) {
	switch key := text(at(0)); name {
	case "state_get":
		return h.State[text(whole)], nil
	case "state_put":
		h.put(key, at(1))
		return nil, nil
	case "state_delete":
		_, was := h.State[text(whole)]
		delete(h.State, text(whole))
		return was, nil
	case "state_add":
		kept, is := whole64(h.State[key])
		if !is {
			return nil, wardian.Invalid("`" + key + "` is not an integer")
		}
		h.State[key] = kept + number(at(1))
		return h.State[key], nil
	case "state_swap":
		if !same(h.State[key], at(1)) {
			return false, nil
		}
		h.put(key, at(2))
		return true, nil
	case "state_keys":
		after, limit := text(at(1)), number(at(2))
		found := []string{}
		for _, each := range h.Keys() {
			if strings.HasPrefix(each, key) && (at(1) == nil || each > after) && int64(len(found)) < limit {
				found = append(found, each)
			}
		}
		return found, nil
	}
	return nil, wardian.Unimplemented("the host of tests knows no `" + name + "`")
}

func (h *Host) put(key string, value any) {
	if value == nil {
		delete(h.State, key)
	} else {
		h.State[key] = value
	}
}

func whole64(kept any) (int64, bool) {
	switch kept := kept.(type) {
	case nil:
		return 0, true
	case int:
		return int64(kept), true
	case int64:
		return kept, true
	}
	return 0, false
}

func same(kept, expected any) bool {
	a, wrong := cbor.Marshal(kept)
	b, other := cbor.Marshal(expected)
	return wrong == nil && other == nil && bytes.Equal(a, b)
}
