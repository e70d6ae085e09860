package cbor

import "math"

// rare checks what is a negative integer or has a tag.
func (c *checker) rare(read head) bool {
	switch {
	case read.isChunked():
		return c.refuse("a number of indefinite length")
	case read.major == majorTag:
		return c.tagged(read.argument)
	}
	return read.argument <= math.MaxInt64 || c.refuse("an integer below -2^63")
}

func (c *checker) tagged(tag uint64) bool {
	if tag > 3 {
		return c.refuse("a tag other than 0 to 3")
	}
	content, good := c.next()
	if !good {
		return false
	}
	if content.major == majorText || content.major == majorBytes {
		begin := c.decoder
		if !c.string(content) {
			return false
		}
		said := begin.content(content)
		if tag == 0 && content.major == majorText {
			_, good := timeOf(said)
			return good || c.refuse("no point in time")
		}
		if tag >= 2 && content.major == majorBytes {
			_, good := integerOf(tag, said)
			return good || c.refuse("an integer beyond 64 bits")
		}
		return c.refuse("a tag on what it does not take")
	}
	if tag == 1 && !content.isChunked() {
		_, good := secondsOf(content)
		return good || c.refuse("no point in time")
	}
	return c.refuse("a tag on what it does not take")
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
