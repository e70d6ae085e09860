package cbor

import "math"

// value reads the next item as what it is.
func (d *decoder) value() any {
	if d.data[d.at]>>5 == majorText {
		return d.text()
	}
	read := d.head()
	switch read.major {
	case majorUint, majorNegative:
		return integer(read.major, read.argument)
	case majorBytes:
		return append([]byte{}, d.content(read)...)
	case majorList:
		list := make([]any, 0, read.size())
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

// mapping gives a map[string]any, or a map[any]any where a key is a byte string.
func (d *decoder) mapping(read head) any {
	texts := make(map[string]any, read.size())
	for left := read.argument; d.more(read, &left); {
		if d.data[d.at]>>5 != majorText {
			return d.mixed(read, left, texts, d.key())
		}
		texts[d.known()] = d.value()
	}
	return texts
}

// mixed goes on where the first key is that is a byte string.
func (d *decoder) mixed(read head, left uint64, texts map[string]any, key any) any {
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
