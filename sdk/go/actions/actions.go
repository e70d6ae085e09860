// Package actions calls actions of other plugins. It needs the capability `actions`.
package actions

import "wardian.dev/wardian/internal/host"

// Call calls an action, and gives what it answers. An answer that is no T is an error of the kind `internal`.
func Call[T any](action string, params any) (result T, err error) {
	err = host.ActionCall.Ask([]any{action, params}, &result)
	return result, err
}
