package cbor

import "math"

// value reads the next item as what it is.
func (d *decoder) value() any {
	read := d.head()
	switch read.major {
	case majorUint, majorNegative:
		return integer(read.major, read.argument)
	case majorBytes:
		return append([]byte{}, d.content(read)...)
	case majorText:
		return string(d.content(read))
	case majorList:
		list := []any{}
		for left := read.argument; d.more(read, &left); {
			list = append(list, d.value())
		}
		return list
	case majorMap:
		return d.mapping(read)
	case majorTag:
		return d.tagged(read.argument)
	}
	switch {
	case read.isFloat():
		return read.float()
	case read.info == null&31:
		return nil
	default:
		return read.info == yes&31
	}
}

func (d *decoder) mapping(read head) any {
	texts := map[string]any{}
	left := read.argument
	for d.more(read, &left) {
		switch key := d.key().(type) {
		case string:
			texts[key] = d.value()
		case ByteString:
			all := make(map[any]any, len(texts)+1)
			for text, value := range texts {
				all[text] = value
			}
			all[key] = d.value()
			for d.more(read, &left) {
				key := d.key()
				all[key] = d.value()
			}
			return all
		}
	}
	return texts
}

func (d *decoder) tagged(tag uint64) any {
	read := d.head()
	switch tag {
	case 0:
		time, _ := timeOf(d.content(read))
		return time
	case 1:
		time, _ := secondsOf(read)
		return time
	default:
		value, _ := integerOf(tag, d.content(read))
		return integer(byte(tag-2), value)
	}
}

// integer gives the integer of a head of the major type 0 or 1.
func integer(major byte, argument uint64) any {
	if major == majorNegative {
		return -1 - int64(argument)
	}
	if argument > math.MaxInt64 {
		return argument
	}
	return int64(argument)
}
