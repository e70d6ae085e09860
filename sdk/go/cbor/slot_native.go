//go:build !wasm

package cbor

import "sync/atomic"

// slot holds a pointer for whoever comes first; in a module one goroutine runs at a time, and it is a plain one.
type slot[T any] struct{ held atomic.Pointer[T] }

func (s *slot[T]) load() *T { return s.held.Load() }

func (s *slot[T]) store(held *T) { s.held.Store(held) }

func (s *slot[T]) take() *T { return s.held.Swap(nil) }
