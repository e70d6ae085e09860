package abi

import (
	"runtime"
	_ "unsafe" // for the name of a function of package runtime
)

// setGCPercent is debug.SetGCPercent, without what package runtime/debug brings with it: fmt and os, 200 kB.
//
//go:linkname setGCPercent runtime/debug.setGCPercent
func setGCPercent(percent int32) int32

// The collector begins at 2 MiB of garbage, not at 4, so that memory finds its size within some thousand calls, and
// that is near 6 MiB. Its own lists come to stand before the first call; they would appear at any time later.
func init() {
	setGCPercent(50)
	for range 2 {
		runtime.GC()
	}
}
