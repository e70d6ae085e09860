package cbor

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
