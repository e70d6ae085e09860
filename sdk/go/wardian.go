// Package wardian is for plugins that run within a Wardian host, as WebAssembly modules that nobody has to trust.
//
// A plugin registers in its main what it does, and returns:
//
//	func main() {
//		wardian.Handle("greet", greet)
//	}
//
//	func greet(ctx context.Context, name string) (string, error) {
//		return "Hello, " + name + "!", nil
//	}
//
// main runs once for each instance. Its calls come one after the other; goroutines run while a call does, and stand
// still between calls. What a call panics with becomes its error, of the kind `internal`. ctx tells when the host wants
// a call to end.
//
// Kinds of plugins are interfaces, such as Source and Processor, and have functions that register them. A plugin of a
// kind may also be an Opener, a Checker, a Closer; the sources are read for which of these methods there are.
//
// What a plugin may ask its host for is in packages of their own, such as state and http. A module imports, and so
// needs to be granted, only what its plugin calls.
package wardian

import (
	"context"

	"wardian.dev/wardian/cbor"
	"wardian.dev/wardian/internal/entry"
)

// Handle registers an entry point under a name of its own, that the application calls. The name must stand there as a
// literal, for it becomes an export of the module. A request that is no In is refused as `invalid`.
func Handle[In, Out any](name string, handler func(ctx context.Context, request In) (Out, error)) {
	entry.Register(name, handling(handler))
}

func handling[In, Out any](handler func(context.Context, In) (Out, error)) entry.Point {
	return func(ctx context.Context, request cbor.Raw) (any, error) {
		call := &struct { // in one piece
			request In
			reply   Out
		}{}
		err := request.Decode(&call.request)
		if err != nil {
			return nil, err
		}
		call.reply, err = handler(ctx, call.request)
		if whatever, is := any(&call.reply).(*any); is { // nil is no reply
			return *whatever, err
		}
		return &call.reply, err
	}
}
