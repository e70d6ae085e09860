package cbor

import "math"

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
