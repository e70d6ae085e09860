// Package state keeps what outlives calls and restarts. What a call changes lasts when the call succeeds; when it
// fails, all is as it was. It needs the capability `state`.
package state

import (
	"time"
	"unicode/utf8"

	"wardian.dev/wardian/cbor"
	"wardian.dev/wardian/internal/host"
)

// Get gives the value of a key, and whether it is there. A value that is no T is an error of the kind `internal`.
func Get[T any](key string) (value T, found bool, err error) {
	var kept cbor.Raw
	if err := host.StateGet.Ask(named(key), &kept); err != nil || kept.IsNull() {
		return value, false, err
	}
	err = host.StateGet.Read(kept, &value)
	return value, true, err
}

// Put sets the value of a key, for good.
func Put(key string, value any) error {
	return host.StatePut.Ask([]any{named(key), value}, nil)
}

// PutFor sets the value of a key for some time, at least a millisecond.
func PutFor(key string, value any, life time.Duration) error {
	return host.StatePut.Ask([]any{named(key), value, max(1, life.Milliseconds())}, nil)
}

// Delete forgets a key, and says whether it was there.
func Delete(key string) (was bool, err error) {
	err = host.StateDelete.Ask(named(key), &was)
	return was, err
}

// Add adds to an integer, which is 0 where the key is not there, and gives the sum.
func Add(key string, delta int64) (sum int64, err error) {
	err = host.StateAdd.Ask([]any{named(key), delta}, &sum)
	return sum, err
}

// Swap replaces a value if it is the expected one, and says whether it did. nil is for a key that is not there.
func Swap(key string, expected, value any) (swapped bool, err error) {
	err = host.StateSwap.Ask([]any{named(key), expected, value}, &swapped)
	return swapped, err
}

// Keys gives the keys that begin with a prefix, in the order of their bytes: at most so many of those behind `after`.
func Keys(prefix, after string, limit int) ([]string, error) {
	from := any(nil)
	if after != "" {
		from = named(after)
	}
	var found []any
	if err := host.StateKeys.Ask([]any{named(prefix), from, limit}, &found); err != nil {
		return nil, err
	}
	keys := make([]string, 0, len(found))
	for _, each := range found {
		switch key := each.(type) {
		case string:
			keys = append(keys, key)
		case []byte:
			keys = append(keys, string(key))
		}
	}
	return keys, nil
}

// named gives a key as the text that it is, or else as a byte string.
func named(key string) any {
	if utf8.ValidString(key) {
		return key
	}
	return []byte(key)
}
