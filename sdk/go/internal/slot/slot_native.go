//go:build !wasm

package slot

import "sync/atomic"

// Slot holds a pointer that is shared; in a module, where one goroutine runs at a time, without more ado.
type Slot[T any] struct{ held atomic.Pointer[T] }

// Load gives the pointer, which stays.
func (s *Slot[T]) Load() *T { return s.held.Load() }

// Store keeps a pointer in the place of what was there.
func (s *Slot[T]) Store(held *T) { s.held.Store(held) }

// Take gives the pointer to one alone, and nil to those that come after.
func (s *Slot[T]) Take() *T { return s.held.Swap(nil) }
