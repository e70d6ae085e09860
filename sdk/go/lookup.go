package wardian

import (
	"context"

	"wardian.dev/wardian/internal/entry"
)

// Lookup finds rows in a table. A Row is a map or a struct.
type Lookup[Row any] interface {
	Rows(ctx context.Context, query Query) ([]Row, error)
}

// Query asks for rows that have these values in the columns of these keys, in the same order.
type Query struct {
	Fields []string `cbor:"fields"` // the columns that are wanted
	Keys   []string `cbor:"keys"`
	Values []any    `cbor:"values"`
}

// ServeLookup registers a lookup.
func ServeLookup[Row any](lookup Lookup[Row]) {
	serve(lookup)
	entry.Register("lookup_rows", handling(func(ctx context.Context, query Query) (any, error) {
		rows, err := lookup.Rows(ctx, query)
		if rows == nil {
			rows = []Row{}
		}
		return rows, err
	}))
}
