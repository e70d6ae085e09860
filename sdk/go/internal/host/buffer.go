package host

// Buffers are kept from one host call to the next: what is read of an answer is copied.
var requests, answers buffer

const most = 1 << 16 // bytes that are worth keeping

// buffer is for one host call at a time: one that is made within another, by what reads or writes itself, has its own.
type buffer struct{ kept []byte }

func (b *buffer) take() []byte {
	taken := b.kept
	b.kept = nil
	return taken[:0]
}

func (b *buffer) keep(used []byte) {
	if cap(used) > cap(b.kept) && cap(used) <= most {
		b.kept = used
	}
}
