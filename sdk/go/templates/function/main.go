// A function of two arguments, a text and a number, that gives the text so many times.
package main

import (
	"context"
	"strconv"
	"strings"

	"wardian.dev/wardian"
)

const most = 100 // times, so that one row cannot use up all memory

type row struct {
	_     struct{} `cbor:",toarray"` // a row is a list of its arguments
	Text  string   `cbor:",required"`
	Times int      `cbor:",required"`
}

type repeater struct{}

// Call gives the value of one row. An error is of this row alone.
func (repeater) Call(_ context.Context, row row) (string, error) {
	if row.Times < 0 || row.Times > most {
		return "", wardian.Invalid("the second argument must be an integer from 0 to 100")
	}
	return strings.Repeat(row.Text, row.Times), nil
}

// Validate is asked once, when a query is prepared.
func (repeater) Validate(_ context.Context, arguments []wardian.Argument) error {
	if count := len(arguments); count != 2 {
		return wardian.Invalid("expected 2 arguments, a text and a number, got " + strconv.Itoa(count))
	}
	return nil
}

func main() {
	wardian.ServeFunction(repeater{})
}
