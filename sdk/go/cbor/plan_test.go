package cbor_test

import (
	"bytes"
	"math"
	"math/rand/v2"
	"reflect"
	"strconv"
	"strings"
	"testing"
	"time"

	"wardian.dev/wardian/cbor"
)

type named string

type namedMap map[string]any

// twin reads and writes itself: as a list of its number, twice.
type twin struct{ number int64 }

func (t *twin) WriteCBOR(to *cbor.Writer) error { return to.Value([]int64{t.number, t.number}) }

func (t *twin) UnmarshalCBOR(item cbor.Raw) error {
	var both [2]int64
	err := item.Decode(&both)
	t.number = both[0]
	return err
}

var leaves = []reflect.Type{
	reflect.TypeFor[bool](), reflect.TypeFor[int](), reflect.TypeFor[int8](), reflect.TypeFor[int16](),
	reflect.TypeFor[int32](), reflect.TypeFor[int64](), reflect.TypeFor[uint](), reflect.TypeFor[uint8](),
	reflect.TypeFor[uint16](), reflect.TypeFor[uint32](), reflect.TypeFor[uint64](), reflect.TypeFor[float32](),
	reflect.TypeFor[float64](), reflect.TypeFor[string](), reflect.TypeFor[named](), reflect.TypeFor[cbor.ByteString](),
	reflect.TypeFor[[]byte](), reflect.TypeFor[[3]byte](), reflect.TypeFor[cbor.Raw](), reflect.TypeFor[time.Time](),
	reflect.TypeFor[time.Duration](), reflect.TypeFor[any](), reflect.TypeFor[map[string]any](),
	reflect.TypeFor[namedMap](), reflect.TypeFor[twin](), reflect.TypeFor[row](), reflect.TypeFor[Embedded](),
}

// someType makes a type, of others.
func someType(random *rand.Rand, depth int) reflect.Type {
	if depth == 0 || random.IntN(3) == 0 {
		return leaves[random.IntN(len(leaves))]
	}
	inner := someType(random, depth-1)
	switch random.IntN(7) {
	case 0:
		return reflect.PointerTo(inner)
	case 1:
		return reflect.SliceOf(inner)
	case 2:
		return reflect.ArrayOf(random.IntN(4), inner)
	case 3:
		return reflect.MapOf(reflect.TypeFor[named](), inner)
	case 4:
		return reflect.MapOf(reflect.TypeFor[cbor.ByteString](), inner)
	}
	fields := []reflect.StructField{}
	for at := range random.IntN(12) {
		tag := []string{`cbor:"key`, `json:"key`}[random.IntN(2)] + strconv.Itoa(at) + []string{`"`, `,omitempty"`}[random.IntN(2)]
		made := reflect.StructField{Name: "F" + strconv.Itoa(at), Type: someType(random, depth-1), Tag: reflect.StructTag(tag)}
		fields = append(fields, made)
	}
	return reflect.StructOf(fields)
}

func someText(random *rand.Rand) string {
	return strings.Repeat([]string{"", "a", "key1", "ä", "0123456789"}[random.IntN(5)], random.IntN(30))
}

func someValue(random *rand.Rand) any {
	switch random.IntN(8) {
	case 0:
		return nil
	case 1:
		return random.IntN(2) == 0
	case 2:
		return random.Int64N(1<<random.IntN(62)+1) - random.Int64N(1<<random.IntN(62)+1)
	case 3:
		return random.NormFloat64()
	case 4:
		return []byte(someText(random))
	case 5:
		list := []any{}
		for range random.IntN(3) {
			list = append(list, someValue(random))
		}
		return list
	case 6:
		return map[string]any(someMap(random))
	}
	return someText(random)
}

func someMap(random *rand.Rand) namedMap {
	made := namedMap{}
	for range random.IntN(12) {
		made[someText(random)] = someValue(random)
	}
	return made
}

// fill gives a value some content; what can be nil is that now and then.
func fill(random *rand.Rand, to reflect.Value) {
	switch into := to.Addr().Interface().(type) {
	case *cbor.Raw:
		*into, _ = cbor.Marshal(someValue(random))
		return
	case *time.Time:
		*into = time.Unix(random.Int64N(1<<33), random.Int64N(1e9)).UTC()
		return
	case *any:
		*into = someValue(random)
		return
	case *twin:
		into.number = random.Int64()
		return
	}
	switch kind := to.Kind(); {
	case to.CanInt():
		to.SetInt(int64(random.Uint64()) >> (64 - to.Type().Bits() + random.IntN(to.Type().Bits())))
	case to.CanUint():
		to.SetUint(random.Uint64() >> (64 - to.Type().Bits() + random.IntN(to.Type().Bits())))
	case to.CanFloat():
		to.SetFloat(float64(float32(random.NormFloat64())))
	case kind == reflect.Bool:
		to.SetBool(random.IntN(2) == 0)
	case kind == reflect.String:
		to.SetString(someText(random))
	case kind == reflect.Array:
		for at := range to.Len() {
			fill(random, to.Index(at))
		}
	case kind == reflect.Struct:
		for at := range to.NumField() {
			if to.Field(at).CanSet() {
				fill(random, to.Field(at))
			}
		}
	case random.IntN(5) == 0: // nil
	case kind == reflect.Pointer:
		to.Set(reflect.New(to.Type().Elem()))
		if fill(random, to.Elem()); plain(to.Elem()) == nil { // which is read as no pointer
			to.SetZero()
		}
	case kind == reflect.Slice:
		to.Set(reflect.MakeSlice(to.Type(), random.IntN(5), 5))
		for at := range to.Len() {
			fill(random, to.Index(at))
		}
	case kind == reflect.Map:
		to.Set(reflect.MakeMap(to.Type()))
		for range random.IntN(12) {
			key, value := reflect.New(to.Type().Key()).Elem(), reflect.New(to.Type().Elem()).Elem()
			fill(random, key)
			fill(random, value)
			to.SetMapIndex(key, value)
		}
	}
}

// plain gives by reflection what an item of a value is read as.
func plain(of reflect.Value) any {
	switch value := of.Interface().(type) {
	case cbor.Raw:
		return plain(reflect.ValueOf(&[]any{value.Value()}).Elem().Index(0))
	case time.Time:
		return value.UTC().Format(time.RFC3339Nano)
	case time.Duration:
		return value.String()
	case cbor.ByteString:
		return []byte(value)
	case twin:
		return []any{value.number, value.number}
	}
	switch kind := of.Kind(); {
	case of.CanInt():
		return of.Int()
	case of.CanUint() && of.Uint() <= math.MaxInt64:
		return int64(of.Uint())
	case of.CanUint():
		return of.Uint()
	case of.CanFloat():
		return of.Float()
	case kind == reflect.Bool:
		return of.Bool()
	case kind == reflect.String:
		return of.String()
	case kind == reflect.Pointer || kind == reflect.Interface:
		if of.IsNil() {
			return nil
		}
		return plain(of.Elem())
	case kind == reflect.Map && of.IsNil():
		return nil
	case kind == reflect.Map:
		texts, all, isBytes := map[string]any{}, map[any]any{}, false
		for each := of.MapRange(); each.Next(); {
			key := each.Key()
			if key.Kind() == reflect.Interface {
				key = key.Elem()
			}
			value := plain(each.Value())
			texts[key.String()], all[key.Interface()] = value, value
			_, isBytes = key.Interface().(cbor.ByteString)
		}
		if isBytes {
			return all
		}
		return texts
	case kind == reflect.Struct:
		return plainStruct(of)
	case of.Type().Elem().Kind() == reflect.Uint8 && kind == reflect.Slice:
		if of.IsNil() {
			return nil
		}
		return append([]byte{}, of.Bytes()...)
	}
	list, content := []any{}, []byte{}
	for at := range of.Len() {
		list = append(list, plain(of.Index(at)))
		if of.Type().Elem().Kind() == reflect.Uint8 {
			content = append(content, byte(of.Index(at).Uint()))
		}
	}
	if of.Type().Elem().Kind() == reflect.Uint8 {
		return content
	}
	return list
}

func plainStruct(of reflect.Value) any {
	if each, is := of.Interface().(row); is {
		return []any{each.Text, int64(each.N)}
	}
	made := map[string]any{}
	for at := range of.NumField() {
		field := of.Type().Field(at)
		tag := field.Tag.Get("cbor") + field.Tag.Get("json")
		name, option, _ := strings.Cut(tag, ",")
		held := of.Field(at)
		isEmpty := held.IsZero() || (held.Kind() == reflect.Slice || held.Kind() == reflect.Map) && held.Len() == 0
		if held.Kind() == reflect.Struct && held.Type() != reflect.TypeFor[time.Time]() {
			isEmpty = false
		}
		if held.Kind() == reflect.Array {
			isEmpty = held.Len() == 0
		}
		if option != "omitempty" || !isEmpty {
			made[name] = plain(held)
		}
	}
	return made
}

func TestWhatIsWrittenAndReadByPlansIsWhatReflectionSees(t *testing.T) {
	for seed := range uint64(4000) {
		random := rand.New(rand.NewPCG(seed, 0))
		of := someType(random, 3)
		given := reflect.New(of)
		fill(random, given.Elem())
		expected := plain(given.Elem())
		written, err := cbor.Marshal(given.Interface())
		if err != nil {
			t.Fatal(seed, of, err)
		}
		if held, err := cbor.Marshal(given.Elem().Interface()); err != nil || !bytes.Equal(held, written) {
			t.Fatalf("%d: %v by its pointer is %x, and by itself %x, %v", seed, of, written, held, err)
		}
		var whatever any
		if err := cbor.Unmarshal(written, &whatever); err != nil {
			t.Fatal(seed, of, err)
		}
		if meant := plain(reflect.ValueOf(&whatever).Elem()); !equal(meant, expected) {
			t.Fatalf("%d: %v was written as %v, not as %v", seed, of, meant, expected)
		}
		again := reflect.New(of)
		if err := cbor.Unmarshal(written, again.Interface()); err != nil {
			t.Fatal(seed, of, err)
		}
		if meant := plain(again.Elem()); !equal(meant, expected) {
			t.Fatalf("%d: %v was read as %v, not as %v", seed, of, meant, expected)
		}
	}
}
