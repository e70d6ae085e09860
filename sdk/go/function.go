package wardian

import (
	"context"

	"wardian.dev/wardian/cbor"
	"wardian.dev/wardian/internal/entry"
)

// Function gives a value for each row of its arguments. A Row is a slice, or a struct with a blank field
// `cbor:",toarray"`, whose other fields are the arguments in their order. It may also be a Validator.
type Function[Row, Value any] interface {
	// Call gives the value of one row. An error is of this row alone, unless a quota is spent; so is a row that is no
	// Row: it is invalid.
	Call(ctx context.Context, row Row) (Value, error)
}

// Validator is a function that checks its arguments once, when a query is prepared.
type Validator interface {
	Validate(ctx context.Context, arguments []Argument) error
}

// Argument is what stands for an argument in a query: a column of a type, or a literal.
type Argument struct {
	Column  string `cbor:"column"` // its name; empty for a literal
	Type    string `cbor:"type"`   // of the column
	Literal any    `cbor:"literal"`
}

// ServeFunction registers a function.
func ServeFunction[Row, Value any](function Function[Row, Value]) {
	serve(function)
	entry.Register("function_call", handling(func(ctx context.Context, given struct {
		Rows []cbor.Raw `cbor:"rows"`
	}) (any, error) {
		outcomes := make([]any, len(given.Rows))
		for at, each := range given.Rows {
			var row Row
			var value Value
			err := each.Decode(&row)
			if err == nil {
				value, err = function.Call(ctx, row)
			}
			if outcomes[at], err = outcome(map[string]any{"value": value}, err); err != nil {
				return nil, err
			}
		}
		return outcomes, nil
	}))
	if validator, is := function.(Validator); is {
		entry.Register("function_validate", handling(func(ctx context.Context, given struct {
			Args []Argument `cbor:"args"`
		}) (any, error) {
			return nil, validator.Validate(ctx, given.Args)
		}))
	}
}
