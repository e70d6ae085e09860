package wardian

import (
	"errors"

	"wardian.dev/wardian/internal/failure"
)

// Error is what a call is answered with that failed: what a plugin answers its host, and the host a plugin. An error of
// any other type is an internal one with its message. Words that are put around an error with %w are kept.
//
// The functions below take a text, not a format: package fmt makes a module a third of a megabyte larger.
type Error = failure.Error

// Kind says what went wrong, and so whether it is tried again.
type Kind = failure.Kind

// The kinds of errors.
const (
	KindInvalid       = failure.Invalid
	KindConfig        = failure.Config
	KindTransient     = failure.Transient
	KindDenied        = failure.Denied
	KindExhausted     = failure.Exhausted
	KindNotFound      = failure.NotFound
	KindConflict      = failure.Conflict
	KindUnimplemented = failure.Unimplemented
	KindInternal      = failure.Internal
)

// Invalid says that this record or this argument is wrong.
func Invalid(message string) *Error { return &Error{Kind: KindInvalid, Message: message} }

// Config says that the operator has to change the configuration.
func Config(message string) *Error { return &Error{Kind: KindConfig, Message: message} }

// Transient says that something outside is wrong that will pass: the call is tried again.
func Transient(message string) *Error { return &Error{Kind: KindTransient, Message: message} }

// Denied says that a capability or a destination is not granted.
func Denied(message string) *Error { return &Error{Kind: KindDenied, Message: message} }

// Exhausted says that a quota is spent.
func Exhausted(message string) *Error { return &Error{Kind: KindExhausted, Message: message} }

// NotFound says that what was asked for is not there.
func NotFound(message string) *Error { return &Error{Kind: KindNotFound, Message: message} }

// Conflict says that it is there already, or has changed meanwhile.
func Conflict(message string) *Error { return &Error{Kind: KindConflict, Message: message} }

// Unimplemented says that this plugin does not do that.
func Unimplemented(message string) *Error { return &Error{Kind: KindUnimplemented, Message: message} }

// Internal says that the plugin itself is wrong.
func Internal(message string) *Error { return &Error{Kind: KindInternal, Message: message} }

// KindOf gives the kind of the error that the host sees when a call ends with this one; nothing for nil.
func KindOf(err error) Kind {
	if err == nil {
		return ""
	}
	var own *Error
	if errors.As(err, &own) {
		return own.Kind
	}
	return failure.Of(err).Kind
}
