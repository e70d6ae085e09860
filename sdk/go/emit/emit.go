// Package emit gives records to the pipeline before the call is over. It needs the capability `emit`.
package emit

import (
	"wardian.dev/wardian"
	"wardian.dev/wardian/internal/host"
)

// Records offers records, and says how many of them, from the first on, were taken; the others are to be offered again.
func Records(records ...*wardian.Record) (taken int, err error) {
	if records == nil {
		return 0, nil
	}
	err = host.Emit.Ask(records, &taken)
	return taken, err
}
