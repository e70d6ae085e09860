package abi

import (
	"runtime"
	_ "unsafe" // for the name of a function of package runtime
)

// garbage is how much of it gathers before it is collected: half of what Go has by itself.
const garbage = 2 << 20

// setGCPercent is debug.SetGCPercent, without what package runtime/debug brings with it: fmt and os, 200 kB.
//
//go:linkname setGCPercent runtime/debug.setGCPercent
func setGCPercent(percent int32) int32

// The sizes of what plugins allocate most: the collector has lists for each, once with pointers and once without.
var sizes = [...]int{8, 16, 24, 32, 48, 64, 80, 96, 112, 128, 144, 160, 192, 208, 224, 256, 288, 352, 416, 512, 1024}

const piece = 8 << 10 // what Go takes for things of one size at a time

var (
	bytes    []byte
	pointers []*byte
)

// Memory has its size before the first call, and keeps it, but for one piece of 256 KiB that may come later: the room
// for garbage is there, and so are the collector's lists, which never shrink. It takes some three milliseconds.
func init() {
	setGCPercent(-1)
	bytes = make([]byte, garbage)
	for range 2 {
		for _, size := range sizes {
			for left := piece; left >= 0; left -= size {
				bytes, pointers = make([]byte, size), make([]*byte, size/8)
			}
		}
		runtime.GC()
	}
	bytes, pointers = nil, nil
	setGCPercent(50)
}
