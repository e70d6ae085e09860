package cbor

import (
	"reflect"
	"strings"
	"sync"
)

// shape is how the fields of a struct are read and written.
type shape struct {
	fields   []field
	byName   map[string]int
	required uint64 // their bits
	isList   bool
}

type field struct {
	name      string
	index     []int
	omitEmpty bool
	required  bool
	bit       uint8 // of the first 64 that are required
}

var (
	shapes = map[reflect.Type]*shape{}
	lock   sync.Mutex
)

func shapeOf(of reflect.Type) *shape {
	lock.Lock()
	defer lock.Unlock()
	made := shapes[of]
	if made == nil {
		made = &shape{byName: map[string]int{}}
		made.collect(of, nil)
		shapes[of] = made
	}
	return made
}

func (s *shape) collect(of reflect.Type, above []int) {
	required := uint8(0)
	for at := range of.NumField() {
		each := of.Field(at)
		tag, tagged := each.Tag.Lookup("cbor")
		if !tagged {
			tag = each.Tag.Get("json")
		}
		name, options, _ := strings.Cut(tag, ",")
		has := func(option string) bool { return strings.Contains(","+options+",", ","+option+",") }
		index := append(append([]int{}, above...), at)
		switch {
		case each.Name == "_":
			s.isList = s.isList || has("toarray")
			continue
		case each.Anonymous && name == "" && each.Type.Kind() == reflect.Struct:
			s.collect(each.Type, index)
			continue
		case !each.IsExported() || name == "-":
			continue
		case name == "":
			name = each.Name
		}
		made := field{name: name, index: index, omitEmpty: has("omitempty")}
		if has("required") && required < 64 {
			made.required, made.bit = true, required
			s.required |= 1 << required
			required++
		}
		if at, twice := s.byName[name]; twice { // the outer one counts
			if len(s.fields[at].index) > len(index) {
				s.fields[at] = made
			}
			continue
		}
		s.byName[name] = len(s.fields)
		s.fields = append(s.fields, made)
	}
}
