// Package failure has the error that passes between a plugin and its host.
package failure

import (
	"context"
	"errors"
	"time"

	"wardian.dev/wardian/cbor"
)

// Kind says what went wrong, and so whether it is tried again.
type Kind string

// The kinds of section 4 of ABI.md.
const (
	Invalid       Kind = "invalid"
	Config        Kind = "config"
	Transient     Kind = "transient"
	Denied        Kind = "denied"
	Exhausted     Kind = "exhausted"
	NotFound      Kind = "not_found"
	Conflict      Kind = "conflict"
	Unimplemented Kind = "unimplemented"
	Internal      Kind = "internal"
)

// Error is what a call is answered with that failed, in either direction.
type Error struct {
	Kind       Kind
	Message    string
	Code       string        // the plugin's own name for what happened, or empty
	RetryAfter time.Duration // not before; only of a transient error, in whole milliseconds
	Details    any           // any item, or nil
}

func (e *Error) Error() string { return e.Message }

// Is says whether another is an error of the same kind, for errors.Is.
func (e *Error) Is(other error) bool {
	kind, is := other.(*Error)
	return is && kind.Message == "" && kind.Kind == e.Kind
}

// WriteCBOR writes the map of section 4 of ABI.md.
func (e *Error) WriteCBOR(to *cbor.Writer) error {
	pairs := []struct {
		key   string
		value any
		has   bool
	}{
		{"kind", string(e.Kind), true},
		{"message", e.Message, true},
		{"code", e.Code, e.Code != ""},
		{"retry_after_ms", e.RetryAfter.Milliseconds(), e.RetryAfter > 0},
		{"details", e.Details, e.Details != nil},
	}
	count := 0
	for _, pair := range pairs {
		if pair.has {
			count++
		}
	}
	if err := to.Map(count); err != nil {
		return err
	}
	for _, pair := range pairs {
		if pair.has {
			if err := to.Pair(pair.key, pair.value); err != nil {
				return err
			}
		}
	}
	to.End()
	return nil
}

// UnmarshalCBOR reads such a map.
func (e *Error) UnmarshalCBOR(item cbor.Raw) error {
	var read struct {
		Kind    Kind     `cbor:"kind"`
		Message string   `cbor:"message"`
		Code    string   `cbor:"code"`
		Retry   int64    `cbor:"retry_after_ms"`
		Details cbor.Raw `cbor:"details"`
	}
	if err := item.Decode(&read); err != nil {
		return err
	}
	*e = Error{read.Kind, read.Message, read.Code, time.Duration(read.Retry) * time.Millisecond, read.Details.Value()}
	return nil
}

// Of makes an error of the ABI of any error: the first one in its chain; or else an internal one with its message, or
// an invalid one where a value was not of the shape that it was read into.
func Of(err error) *Error {
	var own *Error
	var shape *cbor.TypeError
	var format *cbor.FormatError
	switch {
	case errors.As(err, &own):
		if err != error(own) { // the words that were put around it count
			around := *own
			around.Message = err.Error()
			return &around
		}
		return own
	case errors.As(err, &shape), errors.As(err, &format):
		return &Error{Kind: Invalid, Message: err.Error()}
	case errors.Is(err, context.Canceled):
		return &Error{Kind: Transient, Message: "cancelled"}
	}
	return &Error{Kind: Internal, Message: err.Error()}
}
