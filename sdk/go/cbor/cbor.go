// Package cbor reads and writes the items of the Wardian ABI: CBOR without what hosts and guests must refuse.
//
// It is no general CBOR: section 3 of ABI.md says what an item may hold. What arrives is checked as a whole before any
// of it is read. Read into an `any`, a value keeps its kind:
//
//	null                     nil
//	false, true              bool
//	integers                 int64; uint64 above what that holds
//	floats of any width      float64
//	texts, byte strings      string, []byte
//	lists                    []any
//	maps                     map[string]any; map[any]any where a key is a byte string, which is a ByteString there
//	points in time           time.Time, with the offset that it was written with
//
// Structs are read and written by the names in their tags `cbor:"name"`, or else `json:"name"`; `-` leaves a field out.
// After the name may stand `omitempty`; `required`, which refuses a map that has no such key, or null there; and at a
// blank field `toarray`, for a struct that is a list of its fields in their order.
package cbor

import "wardian.dev/wardian/internal/slot"

// MaxDepth is how many lists and maps may be within each other.
const MaxDepth = 64

// Raw is one item as it is encoded.
type Raw []byte

// ByteString is a key of a map that is a byte string; a key that is a text is a string.
type ByteString string

// Marshaler is what writes itself, as one item.
type Marshaler interface {
	WriteCBOR(to *Writer) error
}

// Unmarshaler is what reads itself from one item, which has been checked and is not kept unless it is copied.
type Unmarshaler interface {
	UnmarshalCBOR(item Raw) error
}

// Marshal writes a value as one item. Maps are written in the order of their keys: equal values are equal bytes.
func Marshal(value any) ([]byte, error) { return Append(nil, value) }

// Append writes a value behind what is there.
func Append(to []byte, value any) ([]byte, error) {
	writer := spare.Take()
	if writer == nil {
		writer = &Writer{}
	}
	writer.to, writer.depth = to, 0
	err := writer.any(value)
	if err == nil {
		to = writer.to
	}
	writer.to = nil
	spare.Store(writer)
	return to, err
}

// spare is a writer for the next item.
var spare slot.Slot[Writer]

// Unmarshal reads one item into what `into` points to. What an item does not mention stays as it is, and so does what
// is null unless it can be nil. The error is a *FormatError for bytes that are no item, and a *TypeError for another
// shape.
func Unmarshal(data []byte, into any) error {
	if err := Check(data); err != nil {
		return err
	}
	return Raw(data).Decode(into)
}

// Decode reads the item, which has been checked, into what `into` points to.
func (r Raw) Decode(into any) error {
	decoder := decoder{data: r}
	return decoder.pointer(into)
}

// Value reads the item, which has been checked; no bytes are nil.
func (r Raw) Value() any {
	if len(r) == 0 {
		return nil
	}
	decoder := decoder{data: r}
	return decoder.value()
}

// IsNull says whether there is nothing: null, or no bytes.
func (r Raw) IsNull() bool { return len(r) == 0 || len(r) == 1 && r[0] == null }

// Get gives what stands at a text key of a map; nothing when the item is no map or has no such key.
func (r Raw) Get(key string) Raw {
	var found Raw
	r.Pairs(func(each any, value Raw) bool {
		if each == any(key) {
			found = value
		}
		return found == nil
	})
	return found
}

// Pairs gives each key, a string or a ByteString, and its value; nothing for what is no map.
func (r Raw) Pairs(yield func(key any, value Raw) bool) {
	if len(r) == 0 || r[0]>>5 != majorMap {
		return
	}
	decoder := decoder{data: r}
	head := decoder.head()
	for left := head.argument; decoder.more(head, &left); {
		var key any
		if name, isText := decoder.name(); isText {
			key = whatever(named(name))
		} else {
			key = ByteString(name)
		}
		begin := decoder.at
		decoder.skip()
		if !yield(key, r[begin:decoder.at:decoder.at]) {
			return
		}
	}
}
