// Package abi is what the code calls that the toolchain writes beside a plugin's sources. Authors have no need of it.
package abi

import (
	"slices"
	"strings"

	"wardian.dev/wardian/internal/entry"
)

// Begin runs a plugin's main, which registers its entry points, when an instance is made.
//
// It panics, which ends the instance, when one was registered that the module does not export: the toolchain reads the
// names in the sources, and finds only those that stand there as they are.
func Begin(main func(), exported ...string) {
	main()
	var hidden []string
	for _, name := range entry.Names() {
		if !slices.Contains(exported, name) {
			hidden = append(hidden, name)
		}
	}
	if len(hidden) > 0 {
		slices.Sort(hidden)
		panic("the module does not export " + strings.Join(hidden, ", ") +
			": hint: name them in plugin.yaml, as `build: {exports: [" + strings.Join(hidden, ", ") + "]}`")
	}
}
