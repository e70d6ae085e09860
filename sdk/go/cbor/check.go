package cbor

import (
	"math"
	"unsafe"
)

// FormatError says why bytes are no item of the ABI.
type FormatError struct {
	Reason string
	At     int // the byte
}

func (e *FormatError) Error() string { return "no item of the ABI: " + e.Reason }

// Check refuses whatever is not one item of the ABI, from the first byte to the last.
func Check(data []byte) error {
	checker := checker{data: data}
	if !checker.whole(0) {
		return &FormatError{checker.wrong, checker.at}
	}
	return nil
}

// checker goes through an item once. Its steps are told where they begin and give where they end: numbers that stay in
// registers. Where they give -1, `wrong` says what is wrong at `at`.
type checker struct {
	data     []byte
	argument uint64 // of the last head that was longer than a byte
	at       int
	wrong    string
}

const cut = "it ends early"

func (c *checker) refuse(at int, wrong string) int {
	c.at, c.wrong = at, wrong
	return -1
}

// whole checks all there is, as one item that is within others.
func (c *checker) whole(depth int) bool {
	end := c.item(0, depth)
	if end >= 0 && end < len(c.data) {
		end = c.refuse(end, "something follows it")
	}
	return end >= 0
}

// head reads a head, whose number may be cut, where it is longer than a byte.
func (c *checker) head(at int) int {
	info := c.data[at] & 31
	if info >= 28 && info < indefinite {
		return c.refuse(at, "a head that means nothing")
	}
	if info < 28 && len(c.data)-at-1 < 1<<(info-24) {
		return c.refuse(at, cut)
	}
	decoder := decoder{data: c.data, at: at}
	c.argument = decoder.head().argument
	return decoder.at
}

func (c *checker) item(at, depth int) int {
	if at >= len(c.data) {
		return c.refuse(at, cut)
	}
	first := c.data[at]
	info, argument := first&31, uint64(first&31)
	if info < 24 {
		at++
	} else if at = c.head(at); at < 0 {
		return -1
	} else {
		argument = c.argument
	}
	switch first >> 5 {
	case majorUint:
		if info == indefinite {
			break
		}
		return at
	case majorNegative:
		switch {
		case info == indefinite:
		case argument > math.MaxInt64:
			return c.refuse(at, "an integer below -2^63")
		default:
			return at
		}
	case majorBytes, majorText:
		if info == indefinite {
			return c.chunks(at, first>>5)
		}
		return c.content(at, argument, first>>5 == majorText)
	case majorList, majorMap:
		if depth == MaxDepth {
			return c.refuse(at, "more than 64 levels")
		}
		if info == indefinite {
			argument = forever
		}
		if first>>5 == majorMap {
			return c.pairs(at, argument, depth+1)
		}
		return c.elements(at, argument, depth+1)
	case majorTag:
		if info != indefinite {
			return c.tagged(at, argument)
		}
	default:
		if info < 20 || info == 23 || info == 24 || info > 27 {
			return c.refuse(at, "a simple value other than false, true and null")
		}
		return at
	}
	return c.refuse(at, "a number of indefinite length")
}

func (c *checker) content(at int, size uint64, mustBeText bool) int {
	if size > uint64(len(c.data)-at) {
		return c.refuse(at, cut)
	}
	end := at + int(size)
	if mustBeText && size > 0 && !isText(unsafe.String(&c.data[at], size)) {
		return c.refuse(end, "a text that is not UTF-8")
	}
	return end
}

func (c *checker) chunks(at int, major byte) int {
	for at < len(c.data) && c.data[at] != stop {
		first, argument := c.data[at], uint64(c.data[at]&31)
		if argument < 24 {
			at++
		} else if at = c.head(at); at < 0 {
			return -1
		} else {
			argument = c.argument
		}
		if first>>5 != major || first&31 == indefinite {
			return c.refuse(at, "a chunk of another kind")
		}
		if at = c.content(at, argument, major == majorText); at < 0 {
			return -1
		}
	}
	if at >= len(c.data) {
		return c.refuse(at, cut)
	}
	return at + 1
}
