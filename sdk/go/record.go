package wardian

import (
	"time"
	"unicode/utf8"

	"wardian.dev/wardian/cbor"
)

// Record is what goes through a pipeline. A record that came, and is given on, keeps what this version of the SDK has
// no field for, and whether its time and its key were written in another way.
type Record struct {
	Data    any            // what it says, for machines: any item
	Message string         // what it says, for people
	Type    string         // `log`, `metric`, `span`, `bytes` or `event`; or empty
	Time    time.Time      // when it happened; zero where that is not known
	Key     string         // records of one key stay in order
	Tags    map[string]any // what to find it by
	Meta    map[string]any // what is known about it and is not part of it
	Path    string         // the output that it is meant for

	came   came
	others map[string]any
}

// came is what a record had when it came: keys whose value says nothing, and other ways to write a value.
type came uint16

const (
	cameMessage came = 1 << iota
	cameType
	cameTime
	cameKey
	cameTags
	cameMeta
	camePath
	cameMoment // its time was a point in time, not nanoseconds
	cameBytes  // its key was a byte string
)

// Decode reads the data into what `into` points to, as cbor.Unmarshal does. Its errors are `invalid`.
func (r *Record) Decode(into any) error {
	if r.Data == nil {
		return Invalid("`data` must not be null")
	}
	written, err := cbor.Marshal(r.Data)
	if err != nil {
		return err
	}
	err = cbor.Raw(written).Decode(into)
	if wrong, is := err.(*cbor.TypeError); is {
		path := "data." + wrong.Path
		if wrong.Path == "" || wrong.Path[0] == '[' {
			path = "data" + wrong.Path
		}
		return &cbor.TypeError{Path: path, Expected: wrong.Expected}
	}
	return err
}

// WriteCBOR writes the record as it is in the ABI.
func (r *Record) WriteCBOR(to *cbor.Writer) error {
	const most = 8
	var keys [most]string
	var values [most]any // where they are, which makes no copies
	count := 0
	put := func(key string, value any, has bool) {
		if has {
			keys[count], values[count] = key, value
			count++
		}
	}
	put("data", &r.Data, true)
	put("message", &r.Message, r.Message != "" || r.came&cameMessage != 0)
	put("type", &r.Type, r.Type != "" || r.came&cameType != 0)
	if !r.Time.IsZero() || r.came&cameTime != 0 {
		put("time", r.time(), true)
	}
	if r.Key != "" || r.came&cameKey != 0 {
		put("key", r.key(), true)
	}
	put("tags", &r.Tags, len(r.Tags) > 0 || r.came&cameTags != 0 && r.Tags != nil)
	put("meta", &r.Meta, len(r.Meta) > 0 || r.came&cameMeta != 0 && r.Meta != nil)
	put("path", &r.Path, r.Path != "" || r.came&camePath != 0)
	if err := to.Map(count + len(r.others)); err != nil {
		return err
	}
	for at := range count {
		if err := to.Pair(keys[at], values[at]); err != nil {
			return err
		}
	}
	for key, value := range r.others {
		if err := to.Pair(key, value); err != nil {
			return err
		}
	}
	to.End()
	return nil
}

// UnmarshalCBOR reads a record.
func (r *Record) UnmarshalCBOR(item cbor.Raw) error {
	*r = Record{}
	if item[0]>>5 != 5 {
		return &cbor.TypeError{Expected: "be a record"}
	}
	var wrong error
	has := false
	field := func(bit came, value cbor.Raw, into any) {
		r.came |= bit
		if err := value.Decode(into); err != nil && wrong == nil {
			wrong = err
		}
	}
	item.Pairs(func(key any, value cbor.Raw) bool {
		name, isText := key.(string)
		switch name {
		case "data":
			r.Data, has = value.Value(), true
		case "message":
			field(cameMessage, value, &r.Message)
		case "type":
			field(cameType, value, &r.Type)
		case "time":
			r.readTime(value)
		case "key":
			r.readKey(value)
		case "tags":
			field(cameTags, value, &r.Tags)
		case "meta":
			field(cameMeta, value, &r.Meta)
		case "path":
			field(camePath, value, &r.Path)
		default:
			if isText {
				if r.others == nil {
					r.others = map[string]any{}
				}
				r.others[name] = value.Value()
			}
		}
		return wrong == nil
	})
	if wrong == nil && !has {
		wrong = &cbor.TypeError{Path: "data", Expected: "be there"}
	}
	return wrong
}

func (r *Record) readTime(given cbor.Raw) {
	switch at := given.Value().(type) {
	case int64:
		r.Time, r.came = time.Unix(0, at).UTC(), r.came|cameTime
	case time.Time:
		r.Time, r.came = at, r.came|cameTime|cameMoment
	}
}

func (r *Record) readKey(given cbor.Raw) {
	switch key := given.Value().(type) {
	case string:
		r.Key, r.came = key, r.came|cameKey
	case []byte:
		r.Key, r.came = string(key), r.came|cameKey|cameBytes
	}
}

// What nanoseconds of 64 bits reach: the years 1678 to 2261, in seconds.
const first, last = -9214560000, 9214646400

func (r *Record) time() any {
	if at := r.Time.Unix(); r.came&cameMoment != 0 || at < first || at >= last {
		return r.Time
	}
	return r.Time.UnixNano()
}

func (r *Record) key() any {
	if r.came&cameBytes != 0 || !utf8.ValidString(r.Key) {
		return []byte(r.Key)
	}
	return &r.Key
}
