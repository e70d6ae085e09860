package cbor

import "math"

// forever is how many elements are left of a list or map of indefinite length.
const forever = math.MaxUint64

func (c *checker) elements(at int, left uint64, depth int) int {
	if left != forever && left > uint64(len(c.data)-at) {
		return c.refuse(at, cut)
	}
	for left > 0 {
		if left == forever {
			if at < len(c.data) && c.data[at] == stop {
				return at + 1
			}
		} else {
			left--
		}
		if at = c.item(at, depth); at < 0 {
			return -1
		}
	}
	return at
}

func (c *checker) pairs(at int, left uint64, depth int) int {
	if left != forever && left > uint64(len(c.data)-at)/2 {
		return c.refuse(at, cut)
	}
	var keys keys
	for left > 0 {
		if at >= len(c.data) {
			return c.refuse(at, cut)
		}
		first := c.data[at]
		if left == forever {
			if first == stop {
				return at + 1
			}
		} else {
			left--
		}
		if first>>5 == majorText && first&31 < 24 {
			begin := at + 1
			if at = c.content(begin, uint64(first&31), true); at < 0 {
				return -1
			}
			if !keys.add(c.data, key{uint32(begin), uint32(at), true}) {
				return c.refuse(at, twice)
			}
		} else if at = c.key(&keys, at); at < 0 {
			return -1
		}
		if at = c.item(at, depth); at < 0 {
			return -1
		}
	}
	return at
}

const twice = "a key that is there twice"

// key checks a key that is not a short text.
func (c *checker) key(keys *keys, begin int) int {
	first := c.data[begin]
	if first&31 >= 24 && c.head(begin) < 0 {
		return -1
	}
	isText := first>>5 == majorText
	if !isText && first>>5 != majorBytes {
		return c.refuse(begin, "a key that is neither text nor bytes")
	}
	end := c.item(begin, 0)
	if end < 0 {
		return -1
	}
	isNew := false
	decoder := decoder{data: c.data, at: begin}
	if read := decoder.head(); read.isChunked() {
		keys.index(c.data)
		isNew = keys.look(isText, decoder.content(read))
	} else {
		isNew = keys.add(c.data, key{uint32(decoder.at), uint32(end), isText})
	}
	if !isNew {
		return c.refuse(end, twice)
	}
	return end
}
