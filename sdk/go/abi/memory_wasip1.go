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

// The sizes of what plugins allocate most: the collector has lists for each, once with pointers and once without, of
// what is full and of what is partly free.
var sizes = [...]int{8, 16, 24, 32, 48, 64, 80, 96, 112, 128, 144, 160, 192, 208, 224, 256, 288, 352, 416, 512, 1024}

const piece = 8 << 10 // what Go takes for things of one size at a time

var (
	bytes    [len(sizes)][]byte
	pointers [len(sizes)][]*byte
)

// Memory has its size before the first call, and keeps it: the room for garbage is there, and so are the collector's
// lists, which never shrink and would come at any time in the first thousands of calls. It takes some milliseconds.
func init() {
	setGCPercent(-1)
	for range garbage / piece {
		bytes[0] = make([]byte, piece)
	}
	for range 2 {
		for at, size := range sizes {
			for left := piece; left >= 0; left -= size {
				bytes[at], pointers[at] = make([]byte, size), make([]*byte, size/8)
			}
		}
		runtime.GC()
	}
	clear(bytes[:])
	clear(pointers[:])
	runtime.GC()
	setGCPercent(50)
}
