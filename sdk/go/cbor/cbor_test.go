package cbor_test

import (
	"bytes"
	"math"
	"reflect"
	"strings"
	"testing"
	"time"

	"wardian.dev/wardian/cbor"
)

type inner struct {
	Name string `cbor:"name,required"`
}

type outer struct {
	Count    int8              `cbor:"count"`
	Large    uint64            `cbor:"large"`
	Ratio    float64           `cbor:"ratio"`
	On       bool              `cbor:"on"`
	Data     []byte            `cbor:"data"`
	Every    time.Duration     `cbor:"every"`
	At       time.Time         `cbor:"at"`
	Inner    *inner            `cbor:"inner,omitempty"`
	List     []inner           `json:"list,omitempty"`
	Labels   map[string]string `cbor:"labels,omitempty"`
	Pair     [2]int            `cbor:"pair"`
	Any      any               `cbor:"any"`
	Raw      cbor.Raw          `cbor:"raw,omitempty"`
	Own      string
	Ignored  string `cbor:"-"`
	Embedded `cbor:""`
}

type Embedded struct {
	Deep string `cbor:"deep"`
}

type row struct {
	_    struct{} `cbor:",toarray"`
	Text string   `cbor:",required"`
	N    int
}

func TestAStructComesBackAsItWas(t *testing.T) {
	written := outer{
		Count: -128, Large: math.MaxUint64, Ratio: 0.5, On: true, Data: []byte{0, 255}, Every: 90 * time.Second,
		At: time.Date(2024, 2, 29, 1, 2, 3, 4, time.UTC), Inner: &inner{"a"}, List: []inner{{"b"}, {"c"}},
		Labels: map[string]string{"k": "v"}, Pair: [2]int{1, 2}, Any: map[string]any{"x": []any{int64(1), nil}},
		Raw: cbor.Raw{0x81, 0x01}, Own: "own", Embedded: Embedded{"deep"},
	}
	data, err := cbor.Marshal(&written)
	if err != nil {
		t.Fatal(err)
	}
	var read outer
	if err := cbor.Unmarshal(data, &read); err != nil {
		t.Fatal(err)
	}
	if !reflect.DeepEqual(read, written) {
		t.Fatalf("%+v", read)
	}
}

func TestWhatIsNotThereOrNullLeavesAFieldAsItIs(t *testing.T) {
	read := outer{Count: 7, Inner: &inner{"a"}, Every: time.Second}
	data, _ := cbor.Marshal(map[string]any{"count": nil, "inner": nil, "unknown": []any{1}})
	err := cbor.Unmarshal(data, &read)
	if err != nil || read.Count != 7 || read.Inner != nil || read.Every != time.Second {
		t.Fatal(read, err)
	}
}

func TestAnotherShapeIsToldWithItsPlace(t *testing.T) {
	for _, one := range []struct {
		given any
		said  string
	}{
		{map[string]any{"count": "1"}, "`count` must be an integer of at most 8 bits"},
		{map[string]any{"count": 128}, "`count` must be an integer of at most 8 bits"},
		{map[string]any{"large": -1}, "`large` must be an integer of at least 0 and at most 64 bits"},
		{map[string]any{"ratio": "1"}, "`ratio` must be a number"},
		{map[string]any{"on": 1}, "`on` must be true or false"},
		{map[string]any{"data": "text"}, "`data` must be a byte string"},
		{map[string]any{"every": "soon"}, "`every` must be a duration, such as `250ms` or `1m30s`"},
		{map[string]any{"at": 5}, "`at` must be a point in time"},
		{map[string]any{"inner": []any{}}, "`inner` must be a map"},
		{map[string]any{"inner": map[string]any{}}, "`inner.name` must be a text"},
		{map[string]any{"inner": map[string]any{"name": nil}}, "`inner.name` must be a text"},
		{map[string]any{"list": []any{inner{"a"}, map[string]any{"name": 1}}}, "`list[1].name` must be a text"},
		{map[string]any{"list": 1}, "`list` must be a list"},
		{map[string]any{"labels": map[string]any{"k": 1}}, "`labels.k` must be a text"},
		{map[string]any{"labels": map[any]any{cbor.ByteString("k"): "v"}}, "`labels` must have keys of another kind"},
		{map[string]any{"pair": []any{1}}, "`pair` must be a list of 2"},
		{map[string]any{"pair": []any{1, 2, 3}}, "`pair` must be a list of 2"},
		{[]any{}, "the value must be a map"},
	} {
		data, err := cbor.Marshal(one.given)
		if err != nil {
			t.Fatal(err)
		}
		var read outer
		if err := cbor.Unmarshal(data, &read); err == nil || err.Error() != one.said {
			t.Errorf("%v: %v, expected %s", one.given, err, one.said)
		}
	}
}

func TestAStructMayBeAList(t *testing.T) {
	var read row
	for _, one := range []struct {
		given any
		said  string
	}{
		{[]any{"a", 1}, ""},
		{[]any{"a"}, ""},
		{[]any{}, "`[0]` must be a text"},
		{[]any{"a", "b"}, "`[1]` must be an integer"},
		{[]any{"a", 1, 2}, "the value must be a list of 2"},
		{map[string]any{}, "the value must be a list"},
	} {
		data, _ := cbor.Marshal(one.given)
		err := cbor.Unmarshal(data, &read)
		if said := ""; err != nil {
			if said = err.Error(); !strings.HasPrefix(said, one.said) || one.said == "" {
				t.Errorf("%v: %v, expected %s", one.given, err, one.said)
			}
		} else if one.said != "" {
			t.Errorf("%v was read", one.given)
		}
	}
	data, err := cbor.Marshal(row{Text: "a", N: 1})
	if err != nil || !bytes.Equal(data, []byte{0x82, 0x61, 'a', 1}) {
		t.Fatal(data, err)
	}
}

func TestNumbersOfEachWidthAreReadAsEachKindThatHoldsThem(t *testing.T) {
	for _, head := range [][]byte{
		{0x07}, {0x18, 7}, {0x19, 0, 7}, {0x1a, 0, 0, 0, 7}, {0x1b, 0, 0, 0, 0, 0, 0, 0, 7}, {0xc2, 0x41, 7},
	} {
		var small int8
		var large uint64
		var number float32
		for _, into := range []any{&small, &large, &number} {
			if err := cbor.Unmarshal(head, into); err != nil {
				t.Fatal(head, err)
			}
		}
		if small != 7 || large != 7 || number != 7 {
			t.Fatal(head, small, large, number)
		}
	}
}

func TestWhatCannotBeAnItemIsRefused(t *testing.T) {
	deep := []any{}
	for range cbor.MaxDepth {
		deep = []any{deep}
	}
	for _, value := range []any{
		"\xff", map[string]any{"\xff": 1}, deep, func() {}, map[int]int{1: 1}, map[any]any{1: 1}, cbor.Raw{0xff},
		cbor.Raw{1, 2}, time.Date(10000, 1, 1, 0, 0, 0, 0, time.UTC), []any{make(chan int)}, complex(1, 1),
	} {
		if data, err := cbor.Marshal(value); err == nil {
			t.Errorf("%T became %x", value, data)
		}
	}
	if _, err := cbor.Marshal(deep[0]); err != nil {
		t.Error(err)
	}
}

func TestEqualMapsAreEqualBytes(t *testing.T) {
	names := map[string]int{}
	for _, name := range strings.Fields("the quick brown fox jumps over a lazy dog and runs away from it all to the end") {
		names[name] = len(name)
	}
	first, _ := cbor.Marshal(names)
	for range 20 {
		if again, _ := cbor.Marshal(names); !bytes.Equal(first, again) {
			t.Fatal("another order")
		}
	}
}

func TestAKeyThatIsThereTwiceIsRefusedInLargeMapsToo(t *testing.T) {
	many := map[string]any{}
	for at := range 1000 {
		many[strings.Repeat("k", at)] = at
	}
	data, _ := cbor.Marshal(many)
	if err := cbor.Check(data); err != nil {
		t.Fatal(err)
	}
	twice := append([]byte{0xb9, 0x03, 0xe9}, data[3:]...) // one pair more
	twice = append(twice, 0x61, 'k', 1)
	if err := cbor.Check(twice); err == nil || !strings.Contains(err.Error(), "twice") {
		t.Fatal(err)
	}
	if err := cbor.Check(append(twice[:len(twice)-3], 0x41, 'k', 1)); err != nil {
		t.Fatal("a byte string is no text:", err)
	}
}

func FuzzWhateverIsReadIsWrittenWithItsMeaning(f *testing.F) {
	f.Add([]byte{0xa1, 0x61, 'a', 0x83, 1, 0xf9, 0x3c, 0, 0x5f, 0x41, 1, 0xff})
	f.Fuzz(func(t *testing.T, data []byte) {
		var read, again any
		if cbor.Unmarshal(data, &read) != nil {
			return
		}
		written, err := cbor.Marshal(read)
		if err != nil {
			t.Fatalf("%x was read as %#v, which cannot be written: %v", data, read, err)
		}
		if err := cbor.Unmarshal(written, &again); err != nil {
			t.Fatalf("%x was written as %x: %v", data, written, err)
		}
		twice, _ := cbor.Marshal(again)
		if !bytes.Equal(written, twice) {
			t.Fatalf("%x was written as %x, and then as %x", data, written, twice)
		}
	})
}
