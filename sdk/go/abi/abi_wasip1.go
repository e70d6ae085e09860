package abi

import (
	"unsafe"

	"wardian.dev/wardian/app"
	"wardian.dev/wardian/internal/entry"
	"wardian.dev/wardian/internal/host"
)

const (
	failedBit = 1 << 31
	kept      = 1 << 16 // bytes of a reply's buffer that are worth keeping for the next one
)

// The request that the host writes, and the reply that it reads, stay where they are: Go moves nothing in its heap.
var request, reply []byte

//go:wasmexport wardian_abi_v1
func marker() {}

//go:wasmexport wardian_alloc
func alloc(size uint32) uint32 {
	if uint32(cap(request)) < size || request == nil {
		request = nil // or both would be there at once
		request = make([]byte, max(size, 1024))
	}
	return address(request)
}

// Enter runs an entry point, and gives its reply as the ABI packs it.
func Enter(name string, at, size uint32) uint64 {
	if cap(reply) > kept {
		reply = nil
	}
	var failed bool
	reply, failed = entry.Call(name, request[:size], reply[:0])
	packed := uint64(address(reply))<<32 | uint64(len(reply))
	if failed {
		packed |= failedBit
	}
	return packed
}

// App gives the functions of the application that the module imports to those who call them.
func App(name string, call func(at unsafe.Pointer, size uint32) int64) {
	app.Import(name, host.App(name, call))
}

func address(of []byte) uint32 { return uint32(uintptr(unsafe.Pointer(unsafe.SliceData(of)))) }
