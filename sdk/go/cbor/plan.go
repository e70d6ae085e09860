package cbor

import (
	"reflect"
	"sync"
	"time"
	"unsafe"

	"wardian.dev/wardian/internal/slot"
)

// plan is how values of one type are read and written where they are in memory: made once, so that no value is asked
// for its type again. Package unsafe halves what a call costs: a reflect.Value carries its type to every step.
type plan struct {
	of       reflect.Type
	does     op
	elem     *plan       // of pointers, lists and maps
	size     uintptr     // of an element, or of a number
	shape    *shape      // of structs
	reads    Unmarshaler // a pointer to the type where that reads itself
	writes   Marshaler   // and writes itself
	isDirect bool        // in an interface stands the value itself, which is a pointer, and not where it is
	word     unsafe.Pointer
}

var (
	rawType      = reflect.TypeFor[Raw]()
	timeType     = reflect.TypeFor[time.Time]()
	durationType = reflect.TypeFor[time.Duration]()
	byteKeyType  = reflect.TypeFor[ByteString]()
	anyType      = reflect.TypeFor[any]()
	textType     = reflect.TypeFor[string]()
)

// op is what a plan does, after it was seen that the value does not do it itself.
type op uint8

const (
	opNone op = iota
	opBool
	opText
	opByteKey
	opInt
	opUint
	opFloat
	opTime
	opDuration
	opAny
	opRaw
	opPointer
	opBytes
	opList
	opArray
	opTexts
	opMap
	opStruct
)

// The plans that were used last, found by the address of their type, which is a multiple of 32 or of 64.
var (
	recent [64]slot.Slot[plan]
	plans  = map[reflect.Type]*plan{}
	lock   sync.Mutex
)

// words are the two that an interface consists of: the type, and the value or where it is.
type words [2]unsafe.Pointer

// planFor gives the plan of the type of a value that is not nil.
func planFor(value any) *plan {
	word := (*words)(unsafe.Pointer(&value))[0]
	place := &recent[(uintptr(word)>>5^uintptr(word)>>11)%uintptr(len(recent))]
	if found := place.Load(); found != nil && found.word == word {
		return found
	}
	return planned(value, word, place)
}

func planned(value any, word unsafe.Pointer, place *slot.Slot[plan]) *plan {
	lock.Lock()
	defer lock.Unlock()
	found := planOf(reflect.TypeOf(value))
	found.word = word
	place.Store(found)
	return found
}

// planOf makes a plan, or finds it; one that is being made has no elements yet.
func planOf(of reflect.Type) *plan {
	if found := plans[of]; found != nil {
		return found
	}
	made := &plan{of: of, does: opOf(of)}
	plans[of] = made
	zero := reflect.Zero(of).Interface()
	made.isDirect = zero != nil && (*words)(unsafe.Pointer(&zero))[1] == nil
	switch made.does {
	case opPointer, opList, opArray, opMap, opTexts:
		made.elem, made.size = planOf(of.Elem()), of.Elem().Size()
	case opInt, opUint, opFloat:
		made.size = of.Size()
	case opStruct:
		made.shape = &shape{byName: map[string]int{}}
		made.shape.collect(of, 0, 0)
	}
	switch made.does {
	case opPointer, opRaw, opAny, opTime, opDuration, opByteKey:
	default:
		if of.Kind() != reflect.Interface {
			itself := reflect.New(of).Interface()
			made.reads, _ = itself.(Unmarshaler)
			made.writes, _ = itself.(Marshaler)
		}
	}
	return made
}

func opOf(of reflect.Type) op {
	switch of {
	case rawType:
		return opRaw
	case timeType:
		return opTime
	case durationType:
		return opDuration
	case byteKeyType:
		return opByteKey
	}
	switch of.Kind() {
	case reflect.Bool:
		return opBool
	case reflect.String:
		return opText
	case reflect.Int, reflect.Int8, reflect.Int16, reflect.Int32, reflect.Int64:
		return opInt
	case reflect.Uint, reflect.Uint8, reflect.Uint16, reflect.Uint32, reflect.Uint64, reflect.Uintptr:
		return opUint
	case reflect.Float32, reflect.Float64:
		return opFloat
	case reflect.Interface:
		if of.NumMethod() == 0 {
			return opAny
		}
	case reflect.Pointer:
		return opPointer
	case reflect.Slice, reflect.Array:
		switch {
		case of.Elem().Kind() == reflect.Uint8:
			return opBytes
		case of.Kind() == reflect.Array:
			return opArray
		}
		return opList
	case reflect.Map:
		if of.Key() == textType && of.Elem() == anyType {
			return opTexts
		}
		return opMap
	case reflect.Struct:
		return opStruct
	}
	return opNone
}

// at gives the value at an address, for what is rare.
func (p *plan) at(address unsafe.Pointer) reflect.Value { return reflect.NewAt(p.of, address).Elem() }

// reader and writer give the value at an address as what reads or writes itself: all pointers of a type have one table
// of methods.
func (p *plan) reader(address unsafe.Pointer) Unmarshaler {
	itself := p.reads
	(*words)(unsafe.Pointer(&itself))[1] = address
	return itself
}

func (p *plan) writer(address unsafe.Pointer) Marshaler {
	itself := p.writes
	(*words)(unsafe.Pointer(&itself))[1] = address
	return itself
}

// bytes gives those of a slice or an array at an address.
func (p *plan) bytes(at unsafe.Pointer) []byte {
	if p.of.Kind() == reflect.Slice {
		return *(*[]byte)(at)
	}
	return unsafe.Slice((*byte)(at), p.of.Len())
}

// signed and unsigned give the integer at an address.
func (p *plan) signed(at unsafe.Pointer) int64 {
	switch p.size {
	case 8:
		return *(*int64)(at)
	case 4:
		return int64(*(*int32)(at))
	case 2:
		return int64(*(*int16)(at))
	}
	return int64(*(*int8)(at))
}

func (p *plan) unsigned(at unsafe.Pointer) uint64 {
	switch p.size {
	case 8:
		return *(*uint64)(at)
	case 4:
		return uint64(*(*uint32)(at))
	case 2:
		return uint64(*(*uint16)(at))
	}
	return uint64(*(*uint8)(at))
}
