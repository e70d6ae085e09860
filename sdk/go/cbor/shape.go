package cbor

import (
	"math/bits"
	"reflect"
	"strings"
	"unicode/utf8"
)

// shape is how the fields of a struct are read and written.
type shape struct {
	fields   []field
	byName   map[string]int
	required uint64 // their bits
	isList   bool
	mayOmit  bool
}

type field struct {
	name      string
	label     []byte // the name as an item; nothing when it is none
	offset    uintptr
	plan      *plan
	depth     int // in structs that are embedded
	omitEmpty bool
	required  bool
	bit       uint8 // of the first 64 that are required
}

// fewFields is how many are compared with a name, one after the other; more are looked up.
const fewFields = 8

// find gives a field by its name, first the one that is expected there: maps come in one order again and again.
func (s *shape) find(name []byte, expected int) *field {
	if expected < len(s.fields) && s.fields[expected].name == string(name) {
		return &s.fields[expected]
	}
	if len(s.fields) > fewFields {
		if at, known := s.byName[string(name)]; known {
			return &s.fields[at]
		}
		return nil
	}
	for at := range s.fields {
		if s.fields[at].name == string(name) {
			return &s.fields[at]
		}
	}
	return nil
}

func (s *shape) collect(of reflect.Type, base uintptr, depth int) {
	for at := range of.NumField() {
		each := of.Field(at)
		tag, tagged := each.Tag.Lookup("cbor")
		if !tagged {
			tag = each.Tag.Get("json")
		}
		name, options, _ := strings.Cut(tag, ",")
		has := func(option string) bool { return strings.Contains(","+options+",", ","+option+",") }
		switch {
		case each.Name == "_":
			s.isList = s.isList || has("toarray")
			continue
		case each.Anonymous && name == "" && each.Type.Kind() == reflect.Struct:
			s.collect(each.Type, base+each.Offset, depth+1)
			continue
		case !each.IsExported() || name == "-":
			continue
		case name == "":
			name = each.Name
		}
		made := field{
			name: name, offset: base + each.Offset, plan: planOf(each.Type), depth: depth, omitEmpty: has("omitempty"),
		}
		if utf8.ValidString(name) {
			made.label = appendHead(nil, majorText, uint64(len(name)))
			made.label = append(made.label, name...)
		}
		if count := bits.OnesCount64(s.required); has("required") && count < 64 {
			made.required, made.bit = true, uint8(count)
			s.required |= 1 << count
		}
		s.mayOmit = s.mayOmit || made.omitEmpty
		if at, twice := s.byName[name]; twice { // the outer one counts
			if s.fields[at].depth > depth {
				s.fields[at] = made
			}
			continue
		}
		s.byName[name] = len(s.fields)
		s.fields = append(s.fields, made)
	}
}
