// Package clock tells the time. It needs the capability `clock`; without it, the time of package time stands still.
package clock

import (
	"time"

	"wardian.dev/wardian/internal/host"
)

// Now gives the time.
func Now() (time.Time, error) {
	now, _, err := Read()
	return now, err
}

// Read gives the time, and how long it is since some moment of the past, for measuring.
func Read() (now time.Time, monotonic time.Duration, err error) {
	var both struct {
		_         struct{} `cbor:",toarray"`
		Now       int64
		Monotonic int64
	}
	if err := host.ClockNow.Ask(nil, &both); err != nil {
		return time.Time{}, 0, err
	}
	return time.Unix(0, both.Now), time.Duration(both.Monotonic), nil
}
