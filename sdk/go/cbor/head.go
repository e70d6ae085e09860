package cbor

import "math"

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

// content gives the bytes of a text or byte string, in one piece; it shares memory with the item unless it is chunked.
func (d *decoder) content(of head) []byte {
	if of.isChunked() {
		return d.joined()
	}
	begin := d.at
	d.at += int(of.argument)
	return d.data[begin:d.at:d.at]
}

func (d *decoder) joined() []byte {
	joined := []byte{}
	for d.data[d.at] != stop {
		joined = append(joined, d.content(d.head())...)
	}
	d.at++
	return joined
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

// name gives the bytes of a key, and whether it is a text.
func (d *decoder) name() ([]byte, bool) {
	first := d.data[d.at]
	if size := int(first & 31); first>>5 == majorText && size < 24 { // without a head of its own
		begin := d.at + 1
		d.at = begin + size
		return d.data[begin:d.at], true
	}
	read := d.head()
	return d.content(read), read.major == majorText
}

// text gives the content of the text that comes next as a string of its own.
func (d *decoder) text() string {
	isChunked := d.data[d.at]&31 == indefinite
	content, _ := d.name()
	if isChunked || len(d.data) > small || len(content) == 0 {
		return string(content)
	}
	if d.all == "" {
		d.all = string(d.data)
	}
	return d.all[d.at-len(content) : d.at]
}

// known gives the text that comes next where it is a key.
func (d *decoder) known() string {
	if len(d.data) <= small {
		return d.text()
	}
	name, _ := d.name()
	return *named(name)
}

func (d *decoder) key() any {
	if d.data[d.at]>>5 == majorText {
		return d.text()
	}
	return ByteString(d.content(d.head()))
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

// float gives what a head of the major type 7 holds, of 16, 32 or 64 bits.
func (h head) float() float64 {
	switch h.info {
	case 25:
		return half(uint16(h.argument))
	case 26:
		return float64(math.Float32frombits(uint32(h.argument)))
	default:
		return math.Float64frombits(h.argument)
	}
}

func (h head) isFloat() bool { return h.major == majorSimple && h.info >= 25 && h.info <= 27 }

func half(bits uint16) float64 {
	exponent, fraction := int(bits>>10&31), float64(bits&1023)
	var value float64
	switch exponent {
	case 0:
		value = math.Ldexp(fraction, -24)
	case 31:
		value = math.Inf(1)
		if fraction != 0 {
			value = math.NaN()
		}
	default:
		value = math.Ldexp(fraction+1024, exponent-25)
	}
	if bits&0x8000 != 0 {
		return math.Copysign(value, -1)
	}
	return value
}
