package cbor

import (
	"math"
	"unicode/utf8"
)

// FormatError says why bytes are no item of the ABI.
type FormatError struct {
	Reason string
	At     int // the byte
}

func (e *FormatError) Error() string { return "no item of the ABI: " + e.Reason }

// Check refuses whatever is not one item of the ABI, from the first byte to the last.
func Check(data []byte) error {
	checker := checker{decoder{data: data}}
	reason := checker.item(0)
	if reason == "" && checker.at != len(data) {
		reason = "something follows it"
	}
	if reason != "" {
		return &FormatError{reason, checker.at}
	}
	return nil
}

// What each step gives is what is wrong; nothing when all is well.
type checker struct{ decoder }

const cut = "it ends early"

func (c *checker) next() (head, string) {
	if c.at >= len(c.data) {
		return head{}, cut
	}
	info := c.data[c.at] & 31
	if info >= 28 && info < indefinite {
		return head{}, "a head that means nothing"
	}
	if info >= 24 && info < 28 && len(c.data)-c.at-1 < 1<<(info-24) {
		return head{}, cut
	}
	return c.head(), ""
}

func (c *checker) item(depth int) string {
	read, wrong := c.next()
	if wrong != "" {
		return wrong
	}
	switch read.major {
	case majorBytes, majorText:
		return c.string(read)
	case majorList, majorMap:
		if depth == MaxDepth {
			return "more than 64 levels"
		}
		if read.major == majorMap {
			return c.pairs(read, depth+1)
		}
		return c.elements(read, depth+1)
	case majorSimple:
		if simple := read.info >= 20 && read.info <= 22; !simple && !read.isFloat() {
			return "a simple value other than false, true and null"
		}
		return ""
	}
	if read.isChunked() {
		return "a number of indefinite length"
	}
	if read.major == majorTag {
		return c.tagged(read.argument)
	}
	if read.major == majorNegative && read.argument > math.MaxInt64 {
		return "an integer below -2^63"
	}
	return ""
}

func (c *checker) string(read head) string {
	if read.isChunked() {
		for {
			if c.at < len(c.data) && c.data[c.at] == stop {
				c.at++
				return ""
			}
			chunk, wrong := c.next()
			if wrong != "" {
				return wrong
			}
			if chunk.major != read.major || chunk.isChunked() {
				return "a chunk of another kind"
			}
			if wrong := c.string(chunk); wrong != "" {
				return wrong
			}
		}
	}
	if read.argument > uint64(len(c.data)-c.at) {
		return cut
	}
	if content := c.content(read); read.major == majorText && !utf8.Valid(content) {
		return "a text that is not UTF-8"
	}
	return ""
}

func (c *checker) another(of head, left *uint64) (bool, string) {
	if of.isChunked() && c.at >= len(c.data) {
		return false, cut
	}
	return c.more(of, left), ""
}

func (c *checker) elements(read head, depth int) string {
	if !read.isChunked() && read.argument > uint64(len(c.data)-c.at) {
		return cut
	}
	for left := read.argument; ; {
		more, wrong := c.another(read, &left)
		if wrong != "" || !more {
			return wrong
		}
		if wrong := c.item(depth); wrong != "" {
			return wrong
		}
	}
}

func (c *checker) pairs(read head, depth int) string {
	if !read.isChunked() && read.argument > uint64(len(c.data)-c.at)/2 {
		return cut
	}
	var keys keys
	for left := read.argument; ; {
		more, wrong := c.another(read, &left)
		if wrong != "" || !more {
			return wrong
		}
		begin := c.at
		key, wrong := c.next()
		if wrong != "" {
			return wrong
		}
		if key.major != majorText && key.major != majorBytes {
			return "a key that is neither text nor bytes"
		}
		if wrong := c.string(key); wrong != "" {
			return wrong
		}
		again := decoder{data: c.data, at: begin}
		if !keys.add(key.major, again.content(again.head())) {
			return "a key that is there twice"
		}
		if wrong := c.item(depth); wrong != "" {
			return wrong
		}
	}
}

func (c *checker) tagged(tag uint64) string {
	if tag > 3 {
		return "a tag other than 0 to 3"
	}
	content, wrong := c.next()
	if wrong != "" {
		return wrong
	}
	if content.major == majorText || content.major == majorBytes {
		begin := *c
		if wrong := c.string(content); wrong != "" {
			return wrong
		}
		said := begin.content(content)
		if tag == 0 && content.major == majorText {
			if _, good := timeOf(said); good {
				return ""
			}
			return "no point in time"
		}
		if tag >= 2 && content.major == majorBytes {
			if _, good := integerOf(tag, said); good {
				return ""
			}
			return "an integer beyond 64 bits"
		}
		return "a tag on what it does not take"
	}
	if tag == 1 && !content.isChunked() {
		if _, good := secondsOf(content); good {
			return ""
		}
		return "no point in time"
	}
	return "a tag on what it does not take"
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
