// Package vars has the variables of the job that runs. It needs the capability `vars`.
package vars

import (
	"wardian.dev/wardian/cbor"
	"wardian.dev/wardian/internal/host"
)

// Get gives the value of a variable, and whether there is one. A value that is no T is an error of the kind `internal`.
func Get[T any](name string) (value T, found bool, err error) {
	var kept cbor.Raw
	if err := host.VarsGet.Ask(name, &kept); err != nil || kept.IsNull() {
		return value, false, err
	}
	err = host.VarsGet.Read(kept, &value)
	return value, true, err
}

// Set sets a variable.
func Set(name string, value any) error { return host.VarsSet.Ask([]any{name, value}, nil) }
