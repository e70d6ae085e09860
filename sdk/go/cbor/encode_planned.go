package cbor

import (
	"reflect"
	"slices"
	"time"
	"unsafe"
)

// planned writes what any does not know.
func (e *Writer) planned(value any) error {
	plan, held := planFor(value), (*words)(unsafe.Pointer(&value))[1]
	switch {
	case !plan.isDirect:
		return e.write(plan, held)
	case plan.does != opPointer:
		at := new(unsafe.Pointer)
		*at = held
		return e.write(plan, unsafe.Pointer(at))
	case held == nil:
		e.Null()
		return nil
	}
	return e.write(plan.elem, held)
}

// write writes what is at an address, by the plan of its type.
func (e *Writer) write(plan *plan, at unsafe.Pointer) error {
	if plan.writes != nil {
		return plan.writer(at).WriteCBOR(e)
	}
	switch plan.does {
	case opText:
		return e.text(*(*string)(at))
	case opBool:
		e.bool(*(*bool)(at))
	case opInt:
		e.int(plan.signed(at))
	case opUint:
		e.head(majorUint, plan.unsigned(at))
	case opAny:
		return e.any(*(*any)(at))
	case opTexts:
		return e.texts(*(*map[string]any)(at))
	case opPointer:
		pointed := *(*unsafe.Pointer)(at)
		if pointed == nil {
			e.Null()
			return nil
		}
		return e.write(plan.elem, pointed)
	case opStruct:
		return e.structure(plan.shape, at)
	case opList:
		list := (*slice)(at)
		return e.elements(plan, list.elements, list.length)
	default:
		return e.rare(plan, at)
	}
	return nil
}

func (e *Writer) rare(plan *plan, at unsafe.Pointer) error {
	switch plan.does {
	case opFloat:
		if plan.size == 4 {
			e.float(float64(*(*float32)(at)))
		} else {
			e.float(*(*float64)(at))
		}
	case opByteKey:
		e.byteKey(*(*string)(at))
	case opRaw:
		return e.any(*(*Raw)(at))
	case opTime:
		return e.time(*(*time.Time)(at))
	case opDuration:
		return e.text((*(*time.Duration)(at)).String())
	case opArray:
		return e.elements(plan, at, plan.of.Len())
	case opBytes:
		e.bytes(plan.bytes(at))
	case opMap:
		if plan.of.Key() == anyType && plan.of.Elem() == anyType {
			return e.mixed(*(*map[any]any)(at))
		}
		return e.pairs(plan, plan.at(at))
	default:
		held := plan.at(at)
		if held.Kind() != reflect.Interface {
			return &EncodeError{"a value of type " + plan.of.String()}
		}
		return e.any(held.Interface())
	}
	return nil
}

func (e *Writer) elements(plan *plan, at unsafe.Pointer, count int) error {
	if err := e.enter(majorList, count); err != nil {
		return err
	}
	for each := range count {
		if err := e.write(plan.elem, unsafe.Add(at, uintptr(each)*plan.size)); err != nil {
			return err
		}
	}
	e.leave()
	return nil
}

func (e *Writer) pairs(plan *plan, value reflect.Value) error {
	if value.IsNil() {
		e.Null()
		return nil
	}
	if plan.of.Key().Kind() != reflect.String {
		return &EncodeError{"keys of type " + plan.of.Key().String()}
	}
	keys := make([]string, 0, value.Len())
	for each := value.MapRange(); each.Next(); {
		keys = append(keys, each.Key().String())
	}
	slices.Sort(keys)
	if err := e.enter(majorMap, len(keys)); err != nil {
		return err
	}
	key, held := reflect.New(plan.of.Key()).Elem(), reflect.New(plan.of.Elem())
	for _, each := range keys {
		key.SetString(each)
		if plan.of.Key() == byteKeyType {
			e.byteKey(each)
		} else if err := e.text(each); err != nil {
			return err
		}
		held.Elem().Set(value.MapIndex(key))
		if err := e.write(plan.elem, held.UnsafePointer()); err != nil {
			return err
		}
	}
	e.leave()
	return nil
}

func (e *Writer) structure(shape *shape, at unsafe.Pointer) error {
	major, count := byte(majorMap), len(shape.fields)
	if shape.isList {
		major = majorList
	} else if shape.mayOmit {
		for each := range shape.fields {
			if shape.fields[each].isOmitted(at) {
				count--
			}
		}
	}
	if err := e.enter(major, count); err != nil {
		return err
	}
	for each := range shape.fields {
		field := &shape.fields[each]
		if !shape.isList {
			if shape.mayOmit && field.isOmitted(at) {
				continue
			}
			if field.label == nil {
				return e.text(field.name)
			}
			e.to = append(e.to, field.label...)
		}
		if err := e.write(field.plan, unsafe.Add(at, field.offset)); err != nil {
			return err
		}
	}
	e.leave()
	return nil
}

func (f *field) isOmitted(at unsafe.Pointer) bool {
	return f.omitEmpty && isEmpty(f.plan.at(unsafe.Add(at, f.offset)))
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
