package slot

// Slot holds a pointer that is shared.
type Slot[T any] struct{ held *T }

// Load gives the pointer, which stays.
func (s *Slot[T]) Load() *T { return s.held }

// Store keeps a pointer in the place of what was there.
func (s *Slot[T]) Store(held *T) { s.held = held }

// Take gives the pointer to one alone, and nil to those that come after.
func (s *Slot[T]) Take() *T {
	held := s.held
	s.held = nil
	return held
}
