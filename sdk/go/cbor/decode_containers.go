package cbor

import (
	"reflect"
	"strconv"
)

func (d *decoder) list(to reflect.Value) error {
	read := d.head()
	if element := to.Type().Elem(); element.Kind() == reflect.Uint8 && read.major == majorBytes {
		content := d.content(read)
		if to.Kind() == reflect.Slice {
			to.SetBytes(append([]byte{}, content...))
		} else if reflect.Copy(to, reflect.ValueOf(content)) < to.Len() || len(content) > to.Len() {
			return &TypeError{Expected: "be " + strconv.Itoa(to.Len()) + " bytes"}
		}
		return nil
	} else if element.Kind() == reflect.Uint8 {
		return &TypeError{Expected: "be a byte string"}
	}
	if read.major != majorList {
		return &TypeError{Expected: "be a list"}
	}
	isSlice := to.Kind() == reflect.Slice
	if isSlice {
		to.Set(reflect.MakeSlice(to.Type(), 0, int(min(read.argument, 1024))))
	}
	at := 0
	for left := read.argument; d.more(read, &left); at++ {
		if isSlice {
			if at == to.Cap() {
				to.Grow(1)
			}
			to.SetLen(at + 1)
			to.Index(at).SetZero()
		} else if at == to.Len() {
			break
		}
		if err := d.into(to.Index(at)); err != nil {
			return within("["+strconv.Itoa(at)+"]", err)
		}
	}
	if !isSlice && (at != to.Len() || !read.isChunked() && read.argument != uint64(at)) {
		return &TypeError{Expected: "be a list of " + strconv.Itoa(to.Len())}
	}
	return nil
}

func (d *decoder) pairs(to reflect.Value) error {
	read := d.head()
	if read.major != majorMap {
		return &TypeError{Expected: "be a map"}
	}
	of := to.Type()
	if of.Elem() == anyType && of.Key() == textType && to.Len() == 0 { // the most frequent, without reflection
		texts, is := d.mapping(read).(map[string]any)
		if !is {
			return &TypeError{Expected: "have keys of another kind"}
		}
		to.Set(reflect.ValueOf(texts).Convert(of))
		return nil
	}
	if to.IsNil() {
		to.Set(reflect.MakeMapWithSize(of, int(min(read.argument, 1024))))
	}
	for left := read.argument; d.more(read, &left); {
		given := d.key()
		key := reflect.ValueOf(given)
		switch {
		case of.Key().Kind() == reflect.Interface && key.Type().AssignableTo(of.Key()):
		case of.Key().Kind() == reflect.String && (key.Type() == byteKeyType) == (of.Key() == byteKeyType):
			key = key.Convert(of.Key())
		default:
			return &TypeError{Expected: "have keys of another kind"}
		}
		value := reflect.New(of.Elem()).Elem()
		if err := d.into(value); err != nil {
			return within(key.String(), err)
		}
		to.SetMapIndex(key, value)
	}
	return nil
}

func (d *decoder) structure(to reflect.Value) error {
	shape := shapeOf(to.Type())
	if shape.isList {
		return d.positions(to, shape)
	}
	read := d.head()
	if read.major != majorMap {
		return &TypeError{Expected: "be a map"}
	}
	seen := uint64(0)
	for left := read.argument; d.more(read, &left); {
		key := d.head()
		name := d.content(key)
		at, known := shape.byName[string(name)]
		if !known || key.major != majorText {
			d.skip()
			continue
		}
		field := &shape.fields[at]
		if field.required && d.data[d.at] != null {
			seen |= 1 << field.bit
		}
		if err := d.into(to.FieldByIndex(field.index)); err != nil {
			return within(field.name, err)
		}
	}
	if missing := shape.required &^ seen; missing != 0 {
		for _, field := range shape.fields {
			if field.required && missing&(1<<field.bit) != 0 {
				return within(field.name, &TypeError{Expected: expected(to.FieldByIndex(field.index).Type())})
			}
		}
	}
	return nil
}

// positions reads a list into the fields of a struct; those that the list is too short for stay as they are.
func (d *decoder) positions(to reflect.Value, shape *shape) error {
	read := d.head()
	if read.major != majorList {
		return &TypeError{Expected: "be a list"}
	}
	at := 0
	for left := read.argument; d.more(read, &left); at++ {
		if at == len(shape.fields) {
			return &TypeError{Expected: "be a list of " + strconv.Itoa(len(shape.fields))}
		}
		if err := d.into(to.FieldByIndex(shape.fields[at].index)); err != nil {
			return within("["+strconv.Itoa(at)+"]", err)
		}
	}
	for ; at < len(shape.fields); at++ {
		if field := shape.fields[at]; field.required {
			return within("["+strconv.Itoa(at)+"]", &TypeError{Expected: expected(to.FieldByIndex(field.index).Type())})
		}
	}
	return nil
}
