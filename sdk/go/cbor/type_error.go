package cbor

import (
	"errors"
	"reflect"
	"strconv"
)

// TypeError says that a value has not the shape that it is read into.
type TypeError struct {
	Path     string // where it is, such as `users[2].name`; empty for the whole item
	Expected string // what it must do, such as "be a text"
}

func (e *TypeError) Error() string {
	if e.Path == "" {
		return "the value must " + e.Expected
	}
	return "`" + e.Path + "` must " + e.Expected
}

// must says what the value must do that is read.
//
//go:noinline
func must(expected string) error { return &TypeError{Expected: expected} }

// withinAt puts the place in a list before the path of an error.
func withinAt(at int, err error) error { return within("["+strconv.Itoa(at)+"]", err) }

// within puts a step before the path of an error.
func within(step string, err error) error {
	var wrong *TypeError
	if !errors.As(err, &wrong) {
		return err
	}
	path := step
	switch {
	case wrong.Path != "" && wrong.Path[0] == '[':
		path += wrong.Path
	case wrong.Path != "":
		path += "." + wrong.Path
	}
	return &TypeError{path, wrong.Expected}
}

// expected says what a value of this type must be, for one that is not there.
func expected(of reflect.Type) string {
	for of.Kind() == reflect.Pointer {
		of = of.Elem()
	}
	switch of {
	case timeType:
		return "be a point in time"
	case durationType:
		return "be a duration, such as `250ms` or `1m30s`"
	}
	switch of.Kind() {
	case reflect.Bool:
		return "be true or false"
	case reflect.String:
		return "be a text"
	case reflect.Int, reflect.Int8, reflect.Int16, reflect.Int32, reflect.Int64,
		reflect.Uint, reflect.Uint8, reflect.Uint16, reflect.Uint32, reflect.Uint64:
		return "be an integer"
	case reflect.Float32, reflect.Float64:
		return "be a number"
	case reflect.Slice, reflect.Array:
		if of.Elem().Kind() == reflect.Uint8 {
			return "be a byte string"
		}
		return "be a list"
	case reflect.Map, reflect.Struct:
		return "be a map"
	}
	return "be there"
}
