package cbor

import (
	"encoding/binary"
	"math"
	"time"
)

// Writer writes one item; after an error it has part of one.
type Writer struct {
	to    []byte
	depth int
}

// EncodeError says why a value cannot be an item.
type EncodeError struct{ Reason string }

func (e *EncodeError) Error() string { return "cannot be written as an item: " + e.Reason }

// any writes without reflection what Value gives and what else is frequent.
func (e *Writer) any(value any) error {
	switch value := value.(type) {
	case nil:
		e.Null()
	case bool:
		e.bool(value)
	case int:
		e.int(int64(value))
	case int64:
		e.int(value)
	case uint64:
		e.head(majorUint, value)
	case float64:
		e.float(value)
	case string:
		return e.text(value)
	case ByteString:
		e.byteKey(string(value))
	case []byte:
		e.bytes(value)
	case []any:
		return e.list(len(value), func(at int) error { return e.any(value[at]) })
	case map[string]any:
		return e.texts(value)
	case map[any]any:
		return e.mixed(value)
	case Raw:
		if len(value) == 0 {
			value = Raw{null}
		}
		return e.raw(value)
	case time.Time:
		return e.time(value)
	case time.Duration:
		return e.text(value.String())
	default:
		return e.planned(value)
	}
	return nil
}

func (e *Writer) head(major byte, argument uint64) {
	if argument < 24 {
		e.to = append(e.to, major<<5|byte(argument))
		return
	}
	e.to = appendHead(e.to, major, argument)
}

func appendHead(to []byte, major byte, argument uint64) []byte {
	info, bytes := byte(argument), 0
	switch {
	case argument < 24:
	case argument <= math.MaxUint8:
		info, bytes = 24, 1
	case argument <= math.MaxUint16:
		info, bytes = 25, 2
	case argument <= math.MaxUint32:
		info, bytes = 26, 4
	default:
		info, bytes = 27, 8
	}
	to = append(to, major<<5|info)
	for at := bytes - 1; at >= 0; at-- {
		to = append(to, byte(argument>>(8*at)))
	}
	return to
}

func (e *Writer) bool(value bool) {
	if value {
		e.to = append(e.to, yes)
	} else {
		e.to = append(e.to, no)
	}
}

func (e *Writer) int(value int64) {
	if value < 0 {
		e.head(majorNegative, uint64(-1-value))
	} else {
		e.head(majorUint, uint64(value))
	}
}

func (e *Writer) float(value float64) {
	e.to = binary.BigEndian.AppendUint64(append(e.to, majorSimple<<5|27), math.Float64bits(value))
}

func (e *Writer) text(value string) error {
	if !isText(value) {
		return &EncodeError{"a text that is not UTF-8"}
	}
	if len(value) < 24 {
		e.to = append(e.to, majorText<<5|byte(len(value)))
	} else {
		e.head(majorText, uint64(len(value)))
	}
	e.to = append(e.to, value...)
	return nil
}

func (e *Writer) bytes(value []byte) {
	if value == nil {
		e.Null()
		return
	}
	e.head(majorBytes, uint64(len(value)))
	e.to = append(e.to, value...)
}

func (e *Writer) byteKey(value string) {
	e.head(majorBytes, uint64(len(value)))
	e.to = append(e.to, value...)
}

func (e *Writer) time(value time.Time) error {
	if seconds := value.Unix(); seconds < firstSecond || seconds > lastSecond {
		return &EncodeError{"a time outside the years 1 to 9999"}
	}
	if _, offset := value.Zone(); offset%60 != 0 || offset == 0 || value.Year() < 1 || value.Year() > 9999 {
		value = value.UTC()
	}
	e.to = append(e.to, majorTag<<5)
	return e.text(value.Format(time.RFC3339Nano))
}

// raw writes what is an item already, and checks that it is, for its bytes may be anybody's.
func (e *Writer) raw(item Raw) error {
	checker := checker{data: item}
	if !checker.whole(e.depth) {
		return &EncodeError{"a raw item: " + checker.wrong}
	}
	e.to = append(e.to, item...)
	return nil
}

// Null writes null.
func (e *Writer) Null() { e.to = append(e.to, null) }

// Value writes any value.
func (e *Writer) Value(value any) error { return e.any(value) }

// Map begins a map of so many keys; as many keys and values have to follow, and End.
func (e *Writer) Map(length int) error { return e.enter(majorMap, length) }

// List begins a list of so many elements, which have to follow, and End.
func (e *Writer) List(length int) error { return e.enter(majorList, length) }

// Pair writes a key and its value.
func (e *Writer) Pair(key string, value any) error {
	if err := e.text(key); err != nil {
		return err
	}
	return e.any(value)
}

// End ends the innermost list or map.
func (e *Writer) End() { e.leave() }

// enter and leave stand around what a list or map holds.
func (e *Writer) enter(major byte, length int) error {
	if e.depth == MaxDepth {
		return &EncodeError{"more than 64 levels"}
	}
	e.depth++
	e.head(major, uint64(length))
	return nil
}

func (e *Writer) leave() { e.depth-- }

func (e *Writer) list(length int, write func(at int) error) error {
	if err := e.enter(majorList, length); err != nil {
		return err
	}
	for at := range length {
		if err := write(at); err != nil {
			return err
		}
	}
	e.leave()
	return nil
}
