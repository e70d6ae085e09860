// Package entry has the entry points of a plugin: registered by its author, called by its host.
package entry

import (
	"context"
	"reflect"
	"strconv"

	"wardian.dev/wardian/cbor"
	"wardian.dev/wardian/internal/failure"
)

// Point is what an entry point does: it makes a value for the reply of a request, which is an item that was checked and
// is the host's again after the call.
type Point func(ctx context.Context, request cbor.Raw) (any, error)

var points = map[string]Point{}

// last is what was called last, and most often is called next.
var last struct {
	name  string
	point Point
}

// Register makes an entry point known.
func Register(name string, point Point) {
	if _, twice := points[name]; twice {
		panic("the entry point `" + name + "` is there twice")
	}
	points[name] = point
}

// Has says whether there is an entry point of this name.
func Has(name string) bool { return points[name] != nil }

// Reset forgets all entry points, for the next instance of a test.
func Reset() {
	clear(points)
	last.name, last.point = "", nil
}

// Names gives what is registered.
func Names() []string {
	names := make([]string, 0, len(points))
	for name := range points {
		names = append(names, name)
	}
	return names
}

// Call runs an entry point, and appends its reply to `to`, which is nothing for null. What it panics with is an error
// of the kind `internal`: the panic ends the call, and the instance goes on.
func Call(name string, request, to []byte) (reply []byte, failed bool) {
	ctx := begin()
	defer ctx.end()
	value, err := run(ctx, name, request)
	if err == nil {
		if value == nil {
			return to, false
		}
		reply, err = cbor.Append(to, value)
		if err == nil {
			return reply, false
		}
		err = &failure.Error{Kind: failure.Internal, Message: "the reply " + err.Error()}
	}
	told := failure.Of(err)
	reply, err = cbor.Append(to, told)
	if err != nil { // its own words are no text, or its details no item
		told = &failure.Error{Kind: told.Kind, Message: strconv.Quote(told.Message) + ", which " + err.Error()}
		reply, _ = cbor.Append(to, told)
	}
	return reply, true
}

func run(ctx context.Context, name string, request []byte) (reply any, err error) {
	if name != last.name || last.point == nil {
		point, registered := points[name]
		if !registered {
			return absent(name)
		}
		last.name, last.point = name, point
	}
	point := last.point
	if err := cbor.Check(request); err != nil {
		return nil, err
	}
	defer func() {
		if cause := recover(); cause != nil {
			reply, err = nil, &failure.Error{Kind: failure.Internal, Message: "panic: " + words(cause)}
		}
	}()
	return point(ctx, request)
}

// words says what a panic was about, without package fmt, which is large.
func words(cause any) string {
	switch cause := cause.(type) {
	case error:
		return cause.Error()
	case string:
		return cause
	}
	value := reflect.ValueOf(cause)
	switch {
	case value.Kind() == reflect.String:
		return value.String()
	case value.CanInt():
		return strconv.FormatInt(value.Int(), 10)
	}
	return "a value of type " + value.Type().String()
}

// absent answers for what a plugin exports, as its sources mention it, but has not registered.
func absent(name string) (any, error) {
	switch name {
	case "plugin_open", "plugin_close", "action_cancel", "function_validate", "aggregator_reset", "sink_flush":
		return nil, nil
	case "plugin_check":
		return []any{}, nil
	}
	return nil, &failure.Error{Kind: failure.Unimplemented, Message: "`" + name + "` is not implemented"}
}
