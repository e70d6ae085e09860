package cbor

import "math"

// tagged checks what has a tag.
func (c *checker) tagged(at int, tag uint64) int {
	if tag > 3 {
		return c.refuse(at, "a tag other than 0 to 3")
	}
	if at >= len(c.data) {
		return c.refuse(at, cut)
	}
	major := c.data[at] >> 5
	if major > majorText && major != majorSimple {
		return c.refuse(at, "a tag on what it does not take")
	}
	end := c.item(at, 0)
	if end < 0 {
		return -1
	}
	content := decoder{data: c.data, at: at}
	read := content.head()
	isMoment := true
	switch {
	case tag == 0 && major == majorText:
		_, isMoment = timeOf(content.content(read))
	case tag == 1 && major != majorText && major != majorBytes:
		_, isMoment = secondsOf(read)
	case tag >= 2 && major == majorBytes:
		if _, good := integerOf(tag, content.content(read)); !good {
			return c.refuse(end, "an integer beyond 64 bits")
		}
	default:
		return c.refuse(end, "a tag on what it does not take")
	}
	if !isMoment {
		return c.refuse(end, "no point in time")
	}
	return end
}

// integerOf gives the 64 bits of a bignum: an integer as in a head of the major type 0 or 1.
func integerOf(tag uint64, digits []byte) (uint64, bool) {
	value := uint64(0)
	for _, digit := range digits {
		if value>>56 != 0 {
			return 0, false
		}
		value = value<<8 | uint64(digit)
	}
	return value, tag == 2 || value <= math.MaxInt64
}
