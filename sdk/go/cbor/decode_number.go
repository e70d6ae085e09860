package cbor

import (
	"math"
	"strconv"
	"time"
	"unsafe"
)

func (d *decoder) number(plan *plan, at unsafe.Pointer) error {
	read := d.head()
	if read.major == majorTag && read.argument >= 2 { // a bignum that is small enough
		tag, content := read.argument, d.head()
		argument, _ := integerOf(tag, d.content(content))
		read = head{major: byte(tag - 2), argument: argument}
	}
	switch plan.does {
	case opInt:
		return signed(plan, at, read)
	case opUint:
		return unsigned(plan, at, read)
	}
	var number float64
	switch {
	case read.isFloat():
		number = read.float()
	case read.major == majorUint:
		number = float64(read.argument)
	case read.major == majorNegative:
		number = -1 - float64(read.argument)
	default:
		return must("be a number")
	}
	if plan.size == 4 {
		*(*float32)(at) = float32(number)
	} else {
		*(*float64)(at) = number
	}
	return nil
}

// signed stores an integer if its bits are enough; when not, it has another value than what was read.
func signed(plan *plan, at unsafe.Pointer, read head) error {
	value := int64(read.argument)
	if read.major == majorNegative {
		value = -1 - value
	}
	spare := 64 - 8*plan.size
	if read.major <= majorNegative && read.argument <= math.MaxInt64 && value<<spare>>spare == value {
		switch plan.size {
		case 8:
			*(*int64)(at) = value
		case 4:
			*(*int32)(at) = int32(value)
		case 2:
			*(*int16)(at) = int16(value)
		default:
			*(*int8)(at) = int8(value)
		}
		return nil
	}
	if bits := plan.of.Bits(); read.major <= majorNegative || bits < 32 {
		return must("be an integer of at most " + strconv.Itoa(bits) + " bits")
	}
	return must("be an integer")
}

func unsigned(plan *plan, at unsafe.Pointer, read head) error {
	value := read.argument
	spare := 64 - 8*plan.size
	if read.major == majorUint && value<<spare>>spare == value {
		switch plan.size {
		case 8:
			*(*uint64)(at) = value
		case 4:
			*(*uint32)(at) = uint32(value)
		case 2:
			*(*uint16)(at) = uint16(value)
		default:
			*(*uint8)(at) = uint8(value)
		}
		return nil
	}
	bits := strconv.Itoa(plan.of.Bits())
	return must("be an integer of at least 0 and at most " + bits + " bits")
}

func (d *decoder) time(at unsafe.Pointer) error {
	if read, is := d.value().(time.Time); is {
		*(*time.Time)(at) = read
		return nil
	}
	return must("be a point in time")
}

func (d *decoder) duration(at unsafe.Pointer) error {
	switch given := d.value().(type) {
	case string:
		if duration, err := time.ParseDuration(given); err == nil {
			*(*time.Duration)(at) = duration
			return nil
		}
	case int64:
		*(*time.Duration)(at) = time.Duration(given)
		return nil
	}
	return must("be a duration, such as `250ms` or `1m30s`")
}
