package cbor

import (
	"math"
	"reflect"
	"strconv"
	"time"
)

var (
	rawType      = reflect.TypeFor[Raw]()
	timeType     = reflect.TypeFor[time.Time]()
	durationType = reflect.TypeFor[time.Duration]()
	byteKeyType  = reflect.TypeFor[ByteString]()
	anyType      = reflect.TypeFor[any]()
	textType     = reflect.TypeFor[string]()
	textsType    = reflect.TypeFor[map[string]any]()
	readsItself  = reflect.TypeFor[Unmarshaler]()
)

func (d *decoder) pointer(into any) error {
	switch into := into.(type) { // without reflection, for what is most frequent
	case *any:
		*into = d.value()
		return nil
	case *Raw:
		*into = append(Raw{}, d.data...)
		return nil
	case Unmarshaler:
		return into.UnmarshalCBOR(d.data)
	}
	value := reflect.ValueOf(into)
	if value.Kind() != reflect.Pointer || value.IsNil() {
		return &TypeError{Expected: "read into a pointer, not into " + reflect.TypeOf(into).String()}
	}
	return d.into(value.Elem())
}

// into reads the next item into a value that can be set. After an error the decoder stands anywhere.
func (d *decoder) into(to reflect.Value) error {
	of := to.Type()
	switch {
	case of == rawType:
		to.SetBytes(append(Raw{}, d.next()...))
		return nil
	case to.Kind() == reflect.Pointer:
		return d.pointed(to)
	case to.CanAddr() && of.Kind() != reflect.Interface && reflect.PointerTo(of).Implements(readsItself):
		return to.Addr().Interface().(Unmarshaler).UnmarshalCBOR(d.next())
	case d.data[d.at] == null:
		d.at++
		switch to.Kind() {
		case reflect.Interface, reflect.Map, reflect.Slice:
			to.SetZero()
		}
		return nil
	case of == timeType:
		if at, is := d.value().(time.Time); is {
			to.Set(reflect.ValueOf(at))
			return nil
		}
		return &TypeError{Expected: "be a point in time"}
	case of == durationType:
		return d.duration(to)
	}
	switch to.Kind() {
	case reflect.Interface:
		if to.NumMethod() > 0 {
			return &TypeError{Expected: "be read into another type than " + of.String()}
		}
		if value := d.value(); value != nil {
			to.Set(reflect.ValueOf(value))
		}
		return nil
	case reflect.Slice, reflect.Array:
		return d.list(to)
	case reflect.Map:
		return d.pairs(to)
	case reflect.Struct:
		return d.structure(to)
	default:
		return d.scalar(to)
	}
}

// next gives the next item as it is encoded.
func (d *decoder) next() Raw {
	begin := d.at
	d.skip()
	return d.data[begin:d.at:d.at]
}

func (d *decoder) pointed(to reflect.Value) error {
	if d.data[d.at] == null {
		d.at++
		to.SetZero()
		return nil
	}
	if to.IsNil() {
		to.Set(reflect.New(to.Type().Elem()))
	}
	return d.into(to.Elem())
}

func (d *decoder) duration(to reflect.Value) error {
	switch given := d.value().(type) {
	case string:
		if duration, err := time.ParseDuration(given); err == nil {
			to.SetInt(int64(duration))
			return nil
		}
	case int64:
		to.SetInt(given)
		return nil
	}
	return &TypeError{Expected: "be a duration, such as `250ms` or `1m30s`"}
}

func (d *decoder) scalar(to reflect.Value) error {
	read := d.head()
	if read.major == majorTag && read.argument >= 2 { // a bignum that is small enough
		tag, content := read.argument, d.head()
		argument, _ := integerOf(tag, d.content(content))
		read = head{major: byte(tag - 2), argument: argument}
	}
	switch kind := to.Kind(); kind {
	case reflect.Bool:
		if read.major == majorSimple && !read.isFloat() {
			to.SetBool(read.info == yes&31)
			return nil
		}
		return &TypeError{Expected: "be true or false"}
	case reflect.String:
		major, expected := byte(majorText), "be a text"
		if to.Type() == byteKeyType {
			major, expected = majorBytes, "be a byte string"
		}
		if read.major == major {
			to.SetString(string(d.content(read)))
			return nil
		}
		return &TypeError{Expected: expected}
	case reflect.Int, reflect.Int8, reflect.Int16, reflect.Int32, reflect.Int64:
		signed := int64(read.argument)
		if read.major == majorNegative {
			signed = -1 - signed
		}
		if read.major <= majorNegative && read.argument <= math.MaxInt64 && !to.OverflowInt(signed) {
			to.SetInt(signed)
			return nil
		}
		if bits := to.Type().Bits(); read.major <= majorNegative || bits < 32 {
			return &TypeError{Expected: "be an integer of at most " + strconv.Itoa(bits) + " bits"}
		}
		return &TypeError{Expected: "be an integer"}
	case reflect.Uint, reflect.Uint8, reflect.Uint16, reflect.Uint32, reflect.Uint64, reflect.Uintptr:
		if read.major == majorUint && !to.OverflowUint(read.argument) {
			to.SetUint(read.argument)
			return nil
		}
		return &TypeError{Expected: "be an integer of at least 0 and at most " + strconv.Itoa(to.Type().Bits()) + " bits"}
	case reflect.Float32, reflect.Float64:
		switch {
		case read.isFloat():
			to.SetFloat(read.float())
		case read.major == majorUint:
			to.SetFloat(float64(read.argument))
		case read.major == majorNegative:
			to.SetFloat(-1 - float64(read.argument))
		default:
			return &TypeError{Expected: "be a number"}
		}
		return nil
	}
	return &TypeError{Expected: "be read into another type than " + to.Type().String()}
}
