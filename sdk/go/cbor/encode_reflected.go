package cbor

import (
	"reflect"
	"slices"
	"time"
)

func (e *Writer) reflected(value any) error { return e.value(reflect.ValueOf(value)) }

// value writes what any does not know.
func (e *Writer) value(value reflect.Value) error {
	switch value.Kind() {
	case reflect.Bool:
		e.bool(value.Bool())
	case reflect.Int, reflect.Int8, reflect.Int16, reflect.Int32, reflect.Int64:
		e.int(value.Int())
	case reflect.Uint, reflect.Uint8, reflect.Uint16, reflect.Uint32, reflect.Uint64, reflect.Uintptr:
		e.head(majorUint, value.Uint())
	case reflect.Float32, reflect.Float64:
		e.float(value.Float())
	case reflect.String:
		return e.text(value.String())
	case reflect.Pointer, reflect.Interface:
		if value.IsNil() {
			e.Null()
			return nil
		}
		return e.any(value.Elem().Interface())
	case reflect.Slice, reflect.Array:
		if value.Type().Elem().Kind() == reflect.Uint8 {
			if value.Kind() == reflect.Array {
				copied := make([]byte, value.Len())
				reflect.Copy(reflect.ValueOf(copied), value)
				e.bytes(copied)
			} else {
				e.bytes(value.Bytes())
			}
			return nil
		}
		return e.list(value.Len(), func(at int) error { return e.element(value.Index(at)) })
	case reflect.Map:
		return e.pairs(value)
	case reflect.Struct:
		return e.structure(value)
	default:
		return &EncodeError{"a value of type " + value.Type().String()}
	}
	return nil
}

// element writes what is part of something; by its address where only a pointer to it writes itself.
func (e *Writer) element(value reflect.Value) error {
	switch value.Kind() { // without making an interface of what is plain
	case reflect.String:
		if value.Type() != byteKeyType {
			return e.text(value.String())
		}
	case reflect.Int, reflect.Int8, reflect.Int16, reflect.Int32, reflect.Int64:
		if value.Type() != durationType {
			e.int(value.Int())
			return nil
		}
	case reflect.Bool:
		e.bool(value.Bool())
		return nil
	case reflect.Struct:
		if value.CanAddr() {
			if itself, is := value.Addr().Interface().(Marshaler); is {
				return e.any(itself)
			}
		}
	}
	return e.any(value.Interface())
}

func (e *Writer) pairs(value reflect.Value) error {
	if value.IsNil() {
		e.Null()
		return nil
	}
	if of := value.Type(); of.Key() == textType && of.Elem() == anyType {
		return texts(e, value.Convert(textsType).Interface().(map[string]any))
	}
	if value.Type().Key().Kind() != reflect.String {
		return &EncodeError{"keys of type " + value.Type().Key().String()}
	}
	keys := make([]string, 0, value.Len())
	for each := value.MapRange(); each.Next(); {
		keys = append(keys, each.Key().String())
	}
	slices.Sort(keys)
	if err := e.enter(majorMap, len(keys)); err != nil {
		return err
	}
	for _, each := range keys {
		key := reflect.ValueOf(each).Convert(value.Type().Key())
		if err := e.element(key); err != nil {
			return err
		}
		if err := e.element(value.MapIndex(key)); err != nil {
			return err
		}
	}
	e.leave()
	return nil
}

func (e *Writer) structure(value reflect.Value) error {
	shape := shapeOf(value.Type())
	if shape.isList {
		return e.list(len(shape.fields), func(at int) error {
			return e.element(value.FieldByIndex(shape.fields[at].index))
		})
	}
	count := 0
	for at := range shape.fields {
		if field := &shape.fields[at]; !field.omitEmpty || !isEmpty(value.FieldByIndex(field.index)) {
			count++
		}
	}
	if err := e.enter(majorMap, count); err != nil {
		return err
	}
	for at := range shape.fields {
		field := &shape.fields[at]
		held := value.FieldByIndex(field.index)
		if field.omitEmpty && isEmpty(held) {
			continue
		}
		if err := e.text(field.name); err != nil {
			return err
		}
		if err := e.element(held); err != nil {
			return err
		}
	}
	e.leave()
	return nil
}

// isEmpty is as of encoding/json, and a time that is zero is empty too.
func isEmpty(value reflect.Value) bool {
	switch value.Kind() {
	case reflect.Array, reflect.Map, reflect.Slice, reflect.String:
		return value.Len() == 0
	case reflect.Struct:
		at, is := value.Interface().(time.Time)
		return is && at.IsZero()
	}
	return value.IsZero()
}
