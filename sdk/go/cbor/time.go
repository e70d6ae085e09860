package cbor

import (
	"math"
	"time"
)

// The first and the last second that is a point in time: of the years 1 and 9999 in UTC.
const (
	firstSecond = -62135596800
	lastSecond  = 253402300799
)

func moment(seconds, nanoseconds int64) (time.Time, bool) {
	return time.Unix(seconds, nanoseconds).UTC(), seconds >= firstSecond && seconds <= lastSecond
}

// secondsOf reads the content of tag 1: a number of seconds since 1970.
func secondsOf(content head) (time.Time, bool) {
	switch {
	case content.major == majorUint && content.argument <= lastSecond:
		return moment(int64(content.argument), 0)
	case content.major == majorNegative && content.argument < -firstSecond:
		return moment(-1-int64(content.argument), 0)
	case content.isFloat():
		number := content.float()
		whole := math.Floor(number)
		if !(whole >= firstSecond && whole <= lastSecond) {
			return time.Time{}, false
		}
		return moment(int64(whole), int64((number-whole)*1e9))
	}
	return time.Time{}, false
}

// timeOf reads a text as in RFC 3339: capital `T` and `Z`, at most nine digits of fraction, no leap seconds.
func timeOf(text []byte) (time.Time, bool) {
	if len(text) < len("2006-01-02T15:04:05Z") {
		return time.Time{}, false
	}
	for at, sign := range []byte("....-..-..T..:..:..") {
		if sign != '.' && text[at] != sign {
			return time.Time{}, false
		}
	}
	good := true
	number := func(from, to int, most int64) int64 {
		value := int64(0)
		for _, digit := range text[from:to] {
			good = good && digit >= '0' && digit <= '9'
			value = value*10 + int64(digit) - '0'
		}
		good = good && value <= most
		return value
	}
	year, month, day := number(0, 4, 9999), number(5, 7, 12), number(8, 10, 31)
	clock := number(11, 13, 23)*3600 + number(14, 16, 59)*60 + number(17, 19, 59)
	at, nanoseconds := 19, int64(0)
	if text[at] == '.' {
		begin := at + 1
		for at = begin; at < len(text) && text[at] >= '0' && text[at] <= '9'; at++ {
		}
		digits := at - begin
		if digits == 0 || digits > 9 {
			return time.Time{}, false
		}
		for nanoseconds = number(begin, at, math.MaxInt64); digits < 9; digits++ {
			nanoseconds *= 10
		}
	}
	zone, place := text[at:], time.UTC
	switch {
	case len(zone) == 1 && zone[0] == 'Z':
	case len(zone) == 6 && (zone[0] == '+' || zone[0] == '-') && zone[3] == ':':
		offset := number(at+1, at+3, 23)*3600 + number(at+4, at+6, 59)*60
		if zone[0] == '-' {
			offset = -offset
		}
		clock -= offset
		place = time.FixedZone("", int(offset))
	default:
		return time.Time{}, false
	}
	date := time.Date(int(year), time.Month(month), int(day), 0, 0, 0, 0, time.UTC)
	if !good || year == 0 || date.Month() != time.Month(month) || date.Day() != int(day) {
		return time.Time{}, false
	}
	read, good := moment(date.Unix()+clock, nanoseconds)
	return read.In(place), good
}
