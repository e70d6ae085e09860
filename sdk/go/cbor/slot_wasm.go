package cbor

type slot[T any] struct{ held *T }

func (s *slot[T]) load() *T { return s.held }

func (s *slot[T]) store(held *T) { s.held = held }

func (s *slot[T]) take() *T {
	held := s.held
	s.held = nil
	return held
}
