package cbor

import "unsafe"

// FormatError says why bytes are no item of the ABI.
type FormatError struct {
	Reason string
	At     int // the byte
}

func (e *FormatError) Error() string { return "no item of the ABI: " + e.Reason }

// Check refuses whatever is not one item of the ABI, from the first byte to the last.
func Check(data []byte) error {
	checker := checker{decoder: decoder{data: data}}
	if !checker.whole(0) {
		return &FormatError{checker.wrong, checker.at}
	}
	return nil
}

// checker goes through an item once. Its steps say whether all is well; if not, `wrong` says what is not.
type checker struct {
	decoder
	wrong string
}

const cut = "it ends early"

func (c *checker) refuse(wrong string) bool {
	c.wrong = wrong
	return false
}

// whole checks all there is, as one item that is within others.
func (c *checker) whole(depth int) bool {
	return c.item(depth) && (c.at == len(c.data) || c.refuse("something follows it"))
}

// next reads a head, whose number may be cut.
func (c *checker) next() (head, bool) {
	if c.at >= len(c.data) {
		return head{}, c.refuse(cut)
	}
	info := c.data[c.at] & 31
	if info >= 24 {
		if info >= 28 && info < indefinite {
			return head{}, c.refuse("a head that means nothing")
		}
		if info < 28 && len(c.data)-c.at-1 < 1<<(info-24) {
			return head{}, c.refuse(cut)
		}
	}
	return c.head(), true
}

func (c *checker) item(depth int) bool {
	if c.short() {
		return true
	}
	read, good := c.next()
	if !good {
		return false
	}
	switch read.major {
	case majorUint:
		return !read.isChunked() || c.refuse("a number of indefinite length")
	case majorBytes, majorText:
		return c.string(read)
	case majorList, majorMap:
		if depth == MaxDepth {
			return c.refuse("more than 64 levels")
		}
		if read.major == majorMap {
			return c.pairs(read, depth+1)
		}
		return c.elements(read, depth+1)
	case majorSimple:
		if simple := read.info >= 20 && read.info <= 22; !simple && !read.isFloat() {
			return c.refuse("a simple value other than false, true and null")
		}
		return true
	}
	return c.rare(read)
}

// short goes over what is most frequent, and good: a text, or an integer, whose number stands in the first byte; true,
// false and null. It is false, and stays where it is, for all else.
func (c *checker) short() bool {
	if c.at >= len(c.data) {
		return false
	}
	first := c.data[c.at]
	size := int(first & 31)
	switch {
	case first < 24 || first >= no && first <= null:
		c.at++
		return true
	case first>>5 != majorText || size >= 24 || size >= len(c.data)-c.at:
		return false
	}
	if !isText(unsafe.String(&c.data[c.at], 1+size)[1:]) {
		return false
	}
	c.at += 1 + size
	return true
}

func (c *checker) string(read head) bool {
	if read.isChunked() {
		return c.chunks(read)
	}
	if read.argument > uint64(len(c.data)-c.at) {
		return c.refuse(cut)
	}
	begin := c.at
	c.at += int(read.argument)
	return read.major == majorBytes || isText(unsafe.String(unsafe.SliceData(c.data[begin:]), read.argument)) || c.refuse("a text that is not UTF-8")
}

func (c *checker) chunks(read head) bool {
	for c.at >= len(c.data) || c.data[c.at] != stop {
		chunk, good := c.next()
		if !good {
			return false
		}
		if chunk.major != read.major || chunk.isChunked() {
			return c.refuse("a chunk of another kind")
		}
		if !c.string(chunk) {
			return false
		}
	}
	c.at++
	return true
}

// another says whether there is an element more; not where its data is cut.
func (c *checker) another(of head, left *uint64) bool {
	if of.isChunked() && c.at >= len(c.data) {
		return c.refuse(cut)
	}
	return c.more(of, left)
}

func (c *checker) elements(read head, depth int) bool {
	if !read.isChunked() && read.argument > uint64(len(c.data)-c.at) {
		return c.refuse(cut)
	}
	for left := read.argument; c.another(read, &left); {
		if !c.item(depth) {
			return false
		}
	}
	return c.wrong == ""
}

func (c *checker) pairs(read head, depth int) bool {
	if !read.isChunked() && read.argument > uint64(len(c.data)-c.at)/2 {
		return c.refuse(cut)
	}
	var keys keys
	for left := read.argument; c.another(read, &left); {
		if !c.key(&keys) {
			return false
		}
		if !c.item(depth) {
			return false
		}
	}
	return c.wrong == ""
}

func (c *checker) key(keys *keys) bool {
	begin := c.at
	if begin < len(c.data) && c.data[begin]>>5 == majorText && c.short() {
		return keys.add(majorText, c.data[begin+1:c.at]) || c.refuse("a key that is there twice")
	}
	key, good := c.next()
	if !good {
		return false
	}
	if key.major != majorText && key.major != majorBytes {
		return c.refuse("a key that is neither text nor bytes")
	}
	begin = c.at
	if !c.string(key) {
		return false
	}
	content := c.data[begin:c.at]
	if key.isChunked() {
		content = (&decoder{data: c.data, at: begin}).content(key)
	}
	return keys.add(key.major, content) || c.refuse("a key that is there twice")
}
