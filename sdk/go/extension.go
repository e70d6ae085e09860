package wardian

import (
	"context"
	"strings"

	"wardian.dev/wardian/cbor"
	"wardian.dev/wardian/internal/entry"
)

// Extension has methods that other plugins and the application call. Methods makes one of functions.
type Extension interface {
	// Call answers with any value.
	Call(ctx context.Context, method string, argument cbor.Raw) (any, error)
}

// ServeExtension registers an extension.
func ServeExtension(extension Extension) {
	serve(extension)
	entry.Register("extension_call", inside("argument", handling(func(ctx context.Context, given struct {
		Method   string   `cbor:"method,required"`
		Argument cbor.Raw `cbor:"argument"`
	}) (any, error) {
		return extension.Call(ctx, given.Method, given.Argument)
	})))
}

// Methods is an extension of these methods; all others are unimplemented.
func Methods(methods ...OneMethod) Extension { return extension(methods) }

// OneMethod is a method of an extension, made by Method.
type OneMethod struct {
	name string
	call entry.Point
}

// Method is a method of an extension. An argument that is no In is refused as `invalid`.
func Method[In, Out any](name string, call func(ctx context.Context, argument In) (Out, error)) OneMethod {
	return OneMethod{name, handling(call)}
}

type extension []OneMethod

func (e extension) Call(ctx context.Context, name string, argument cbor.Raw) (any, error) {
	names := make([]string, len(e))
	for at, method := range e {
		if method.name == name {
			if len(argument) == 0 {
				argument = cbor.Raw{0xf6}
			}
			return method.call(ctx, argument)
		}
		names[at] = "`" + method.name + "`"
	}
	last := len(names) - 1
	if last <= 0 {
		return nil, Unimplemented("the only method is " + strings.Join(names, ""))
	}
	return nil, Unimplemented("the methods are " + strings.Join(names[:last], ", ") + " and " + names[last])
}
