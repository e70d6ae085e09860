package cbor

const (
	majorUint = iota
	majorNegative
	majorBytes
	majorText
	majorList
	majorMap
	majorTag
	majorSimple
)

const (
	no         = 0xf4
	yes        = 0xf5
	null       = 0xf6
	stop       = 0xff
	indefinite = 31
)

// head is the first byte of an item with the number that follows it.
type head struct {
	major, info byte
	argument    uint64
}

// size is how many elements a list or map has, which have been checked to be there; 0 where that is not told.
func (h head) size() int {
	if h.isChunked() {
		return 0
	}
	return int(h.argument)
}

func (h head) isChunked() bool { return h.info == indefinite }

// decoder reads items that have been checked.
type decoder struct {
	data []byte
	at   int
	all  string // the data, once a text of it was wanted
}

// small is how large an item may be for all of its texts to be parts of one string; who keeps one of them keeps all.
const small = 256

func (d *decoder) head() head {
	first := d.data[d.at]
	if first&31 >= 24 {
		return d.long()
	}
	d.at++
	return head{first >> 5, first & 31, uint64(first & 31)}
}

// long reads a head whose number stands behind its first byte, or that has none.
func (d *decoder) long() head {
	first := d.data[d.at]
	d.at++
	read := head{major: first >> 5, info: first & 31, argument: uint64(first & 31)}
	if read.info < 28 {
		read.argument = 0
		for range 1 << (read.info - 24) {
			read.argument = read.argument<<8 | uint64(d.data[d.at])
			d.at++
		}
	}
	return read
}

// more says whether a list or map has another element, of which `left` are left where their number is known.
func (d *decoder) more(of head, left *uint64) bool {
	if of.isChunked() {
		if d.data[d.at] == stop {
			d.at++
			return false
		}
		return true
	}
	if *left == 0 {
		return false
	}
	*left--
	return true
}

// count says how many elements a list has, before they are read.
func (d *decoder) count(of head) int {
	if !of.isChunked() {
		return int(of.argument)
	}
	begin, count := d.at, 0
	for ; d.data[d.at] != stop; count++ {
		d.skip()
	}
	d.at = begin
	return count
}

func (d *decoder) skip() {
	first := d.data[d.at]
	switch size := int(first & 31); {
	case size >= 24:
	case first>>5 == majorText || first>>5 == majorBytes:
		d.at += 1 + size
		return
	case first < 24 || first>>5 == majorSimple:
		d.at++
		return
	}
	read := d.head()
	switch read.major {
	case majorBytes, majorText:
		d.content(read)
	case majorList:
		for left := read.argument; d.more(read, &left); {
			d.skip()
		}
	case majorMap:
		for left := read.argument; d.more(read, &left); {
			d.skip()
			d.skip()
		}
	case majorTag:
		d.skip()
	}
}
