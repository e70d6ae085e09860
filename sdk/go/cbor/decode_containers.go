package cbor

import (
	"reflect"
	"strconv"
	"unsafe"
)

// slice is what a slice consists of.
type slice struct {
	elements         unsafe.Pointer
	length, capacity int
}

func (d *decoder) list(plan *plan, at unsafe.Pointer) error {
	read := d.head()
	if read.major != majorList {
		return must("be a list")
	}
	count := d.count(read) // so many are there
	made := reflect.MakeSlice(plan.of, count, count).UnsafePointer()
	*(*slice)(at) = slice{made, count, count}
	if err := d.elements(plan, made, count); err != nil {
		return err
	}
	if read.isChunked() {
		d.at++ // the stop
	}
	return nil
}

func (d *decoder) elements(plan *plan, to unsafe.Pointer, count int) error {
	for at := range count {
		if err := d.read(plan.elem, unsafe.Add(to, uintptr(at)*plan.size)); err != nil {
			return withinAt(at, err)
		}
	}
	return nil
}

// texts reads the map that is most frequent, of texts and whatever.
func (d *decoder) texts(plan *plan, at unsafe.Pointer) error {
	if len(*(*map[string]any)(at)) > 0 {
		return d.pairs(plan, plan.at(at))
	}
	read := d.head()
	if read.major != majorMap {
		return must("be a map")
	}
	texts, is := d.mapping(read).(map[string]any)
	if !is {
		return must("have keys of another kind")
	}
	*(*map[string]any)(at) = texts
	return nil
}

// pairs adds to what a map holds.
func (d *decoder) pairs(plan *plan, to reflect.Value) error {
	read := d.head()
	if read.major != majorMap {
		return must("be a map")
	}
	if to.IsNil() {
		to.Set(reflect.MakeMapWithSize(plan.of, int(min(read.argument, 1024))))
	}
	ofKeys := plan.of.Key()
	for left := read.argument; d.more(read, &left); {
		given := d.key()
		key := reflect.ValueOf(given)
		switch {
		case ofKeys.Kind() == reflect.Interface && key.Type().AssignableTo(ofKeys):
		case ofKeys.Kind() == reflect.String && (key.Type() == byteKeyType) == (ofKeys == byteKeyType):
			key = key.Convert(ofKeys)
		default:
			return must("have keys of another kind")
		}
		value := reflect.New(plan.of.Elem())
		if err := d.read(plan.elem, value.UnsafePointer()); err != nil {
			return within(key.String(), err)
		}
		to.SetMapIndex(key, value.Elem())
	}
	return nil
}

func (d *decoder) structure(shape *shape, to unsafe.Pointer) error {
	read := d.head()
	if read.major != majorMap {
		return must("be a map")
	}
	seen := uint64(0)
	place := 0
	for left := read.argument; d.more(read, &left); place++ {
		var found *field
		if name, is := d.name(); is {
			found = shape.find(name, place)
		}
		if found == nil {
			d.skip()
			continue
		}
		if found.required && d.data[d.at] != null {
			seen |= 1 << found.bit
		}
		if err := d.read(found.plan, unsafe.Add(to, found.offset)); err != nil {
			return within(found.name, err)
		}
	}
	if missing := shape.required &^ seen; missing != 0 {
		for _, field := range shape.fields {
			if field.required && missing&(1<<field.bit) != 0 {
				return within(field.name, must(expected(field.plan.of)))
			}
		}
	}
	return nil
}

// positions reads a list into the fields of a struct; those that the list is too short for stay as they are.
func (d *decoder) positions(shape *shape, to unsafe.Pointer) error {
	read := d.head()
	if read.major != majorList {
		return must("be a list")
	}
	at := 0
	for left := read.argument; d.more(read, &left); at++ {
		if at == len(shape.fields) {
			return must("be a list of " + strconv.Itoa(len(shape.fields)))
		}
		field := &shape.fields[at]
		if err := d.read(field.plan, unsafe.Add(to, field.offset)); err != nil {
			return withinAt(at, err)
		}
	}
	for ; at < len(shape.fields); at++ {
		if field := &shape.fields[at]; field.required {
			return withinAt(at, must(expected(field.plan.of)))
		}
	}
	return nil
}
