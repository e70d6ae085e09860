// Package extensions calls methods of extensions, of other plugins or of the application. It needs the capability
// `extensions`.
package extensions

import "wardian.dev/wardian/internal/host"

// Call calls a method, and gives what it answers. An answer that is no T is an error of the kind `internal`.
func Call[T any](extension, method string, argument any) (result T, err error) {
	err = host.ExtensionCall.Ask([]any{extension, method, argument}, &result)
	return result, err
}
