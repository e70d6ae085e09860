package cbor

import (
	"reflect"
	"strconv"
	"unsafe"
)

func (d *decoder) pointer(into any) error {
	if into == nil {
		return must("read into a pointer, not into nil")
	}
	plan, at := planFor(into), (*words)(unsafe.Pointer(&into))[1]
	switch {
	case plan.does == opPointer && at != nil:
		switch plan = plan.elem; {
		case plan.does == opRaw:
			*(*[]byte)(at) = append([]byte{}, d.data...)
			return nil
		case plan.reads != nil:
			return plan.reader(at).UnmarshalCBOR(d.data)
		}
		return d.read(plan, at)
	case plan.reads != nil:
		return into.(Unmarshaler).UnmarshalCBOR(d.data)
	}
	return must("read into a pointer, not into " + plan.of.String())
}

// read reads the next item to an address, by the plan of the type that is there. After an error the decoder stands
// anywhere.
func (d *decoder) read(plan *plan, at unsafe.Pointer) error {
	first := d.data[d.at]
	switch {
	case plan.reads != nil:
		return plan.reader(at).UnmarshalCBOR(d.next())
	case first == null:
		return d.null(plan, at)
	}
	switch plan.does {
	case opText:
		if first>>5 == majorText {
			*(*string)(at) = d.text()
			return nil
		}
		return must("be a text")
	case opBool:
		if first != yes && first != no {
			return must("be true or false")
		}
		d.at++
		*(*bool)(at) = first == yes
		return nil
	case opInt, opUint, opFloat:
		return d.number(plan, at)
	case opAny:
		*(*any)(at) = d.value()
		return nil
	case opRaw:
		*(*[]byte)(at) = append([]byte{}, d.next()...)
		return nil
	case opStruct:
		if plan.shape.isList {
			return d.positions(plan.shape, at)
		}
		return d.structure(plan.shape, at)
	case opPointer:
		if *(*unsafe.Pointer)(at) == nil {
			*(*unsafe.Pointer)(at) = reflect.New(plan.elem.of).UnsafePointer()
		}
		return d.read(plan.elem, *(*unsafe.Pointer)(at))
	case opTexts:
		return d.texts(plan, at)
	case opMap:
		return d.pairs(plan, plan.at(at))
	case opList:
		return d.list(plan, at)
	}
	return d.rare(plan, at)
}

// null leaves what cannot be nil as it is.
func (d *decoder) null(plan *plan, at unsafe.Pointer) error {
	switch plan.does {
	case opRaw:
		*(*[]byte)(at) = []byte{null}
	case opPointer, opTexts, opMap:
		*(*unsafe.Pointer)(at) = nil
	case opAny:
		*(*any)(at) = nil
	case opList, opBytes, opNone:
		switch to := plan.at(at); to.Kind() {
		case reflect.Slice, reflect.Interface:
			to.SetZero()
		}
	}
	d.at++
	return nil
}

// next gives the next item as it is encoded.
func (d *decoder) next() Raw {
	begin := d.at
	d.skip()
	return d.data[begin:d.at:d.at]
}

func (d *decoder) rare(plan *plan, at unsafe.Pointer) error {
	switch plan.does {
	case opByteKey:
		if read := d.head(); read.major == majorBytes {
			*(*string)(at) = string(d.content(read))
			return nil
		}
		return must("be a byte string")
	case opTime:
		return d.time(at)
	case opDuration:
		return d.duration(at)
	case opBytes:
		return d.bytes(plan, at)
	case opArray:
		read := d.head()
		if read.major != majorList {
			return must("be a list")
		}
		size, count := plan.of.Len(), d.count(read)
		if err := d.elements(plan, at, min(size, count)); err != nil {
			return err
		}
		if count != size {
			return must("be a list of " + strconv.Itoa(size))
		}
		if read.isChunked() {
			d.at++
		}
		return nil
	}
	return must("be read into another type than " + plan.of.String())
}

func (d *decoder) bytes(plan *plan, at unsafe.Pointer) error {
	read := d.head()
	if read.major != majorBytes {
		return must("be a byte string")
	}
	content := d.content(read)
	if plan.of.Kind() == reflect.Slice {
		*(*[]byte)(at) = append([]byte{}, content...)
		return nil
	}
	to := plan.bytes(at)
	copy(to, content)
	if len(content) != len(to) {
		return must("be " + strconv.Itoa(len(to)) + " bytes")
	}
	return nil
}
