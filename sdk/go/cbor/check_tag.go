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
	content := decoder{data: c.data, at: at}
	if c.data[at]&31 >= 24 && c.head(at) < 0 {
		return -1
	}
	read := content.head()
	if read.major != majorText && read.major != majorBytes {
		if tag != 1 || read.isChunked() {
			return c.refuse(content.at, "a tag on what it does not take")
		}
		if _, good := secondsOf(read); !good {
			return c.refuse(content.at, "no point in time")
		}
		return content.at
	}
	end := c.item(at, 0)
	switch {
	case end < 0:
	case tag == 0 && read.major == majorText:
		if _, good := timeOf(content.content(read)); !good {
			return c.refuse(end, "no point in time")
		}
	case tag >= 2 && read.major == majorBytes:
		if _, good := integerOf(tag, content.content(read)); !good {
			return c.refuse(end, "an integer beyond 64 bits")
		}
	default:
		return c.refuse(end, "a tag on what it does not take")
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
