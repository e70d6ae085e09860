// A lookup over a table that the plugin has in itself: countries by code, name or continent.
package main

import (
	"context"

	"wardian.dev/wardian"
)

type row = map[string]string

var table = []row{
	{"code": "AT", "name": "Austria", "continent": "Europe"},
	{"code": "FR", "name": "France", "continent": "Europe"},
	{"code": "JP", "name": "Japan", "continent": "Asia"},
}

type countries struct{}

// Rows gives the wanted fields of the rows that have all of the values.
func (countries) Rows(_ context.Context, query wardian.Query) ([]row, error) {
	var found []row
	for _, country := range table {
		if !matches(country, query) {
			continue
		}
		wanted := row{}
		for _, field := range query.Fields {
			value, known := country[field]
			if !known {
				return nil, wardian.Invalid("the columns are `code`, `name` and `continent`")
			}
			wanted[field] = value
		}
		found = append(found, wanted)
	}
	return found, nil
}

// matches says whether the row has each value in the column of its key.
func matches(country row, query wardian.Query) bool {
	for at, key := range query.Keys {
		if value, known := country[key]; !known || query.Values[at] != any(value) {
			return false
		}
	}
	return true
}

func main() {
	wardian.ServeLookup(countries{})
}
