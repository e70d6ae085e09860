// An aggregator that sums the numbers of each key, and gives the sums at the end of a window.
package main

import (
	"context"

	"wardian.dev/wardian"
)

type summer struct {
	keys []string // in the order in which they first came; empty for records that have none
	sums map[string]float64
}

// Add takes records. An error refuses all of them, so nothing is added before all have been looked at.
func (s *summer) Add(_ context.Context, records []wardian.Record) error {
	numbers := make([]float64, len(records))
	for at := range records {
		if err := records[at].Decode(&numbers[at]); err != nil {
			return err
		}
	}
	for at, number := range numbers {
		key := records[at].Key
		if _, known := s.sums[key]; !known {
			s.keys = append(s.keys, key)
		}
		s.sums[key] += number
	}
	return nil
}

// Flush gives one record for each key; the next window begins empty.
func (s *summer) Flush(ctx context.Context) ([]*wardian.Record, error) {
	records := make([]*wardian.Record, len(s.keys))
	for at, key := range s.keys {
		records[at] = &wardian.Record{Data: s.sums[key], Key: key}
	}
	return records, s.Reset(ctx)
}

// Reset forgets what was added.
func (s *summer) Reset(context.Context) error {
	s.keys, s.sums = nil, map[string]float64{}
	return nil
}

func main() {
	wardian.ServeAggregator(&summer{sums: map[string]float64{}})
}
