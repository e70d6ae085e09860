package cbor_test

import (
	"bytes"
	"reflect"
	"strings"
	"testing"

	"wardian.dev/wardian/cbor"
)

func FuzzWhateverIsReadIntoATypeIsAnItemAgain(f *testing.F) {
	for _, given := range []any{
		outer{Inner: &inner{"a"}, List: []inner{{"b"}}, Labels: map[string]string{"k": "v"}}, row{Text: "a"}, twin{7},
		map[string]any{"a": []any{1, "b", nil}}, map[any]any{cbor.ByteString("k"): 1, "t": 2}, []string{"a"}, 1.5, -1,
	} {
		data, err := cbor.Marshal(given)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(data)
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		for _, into := range []any{
			new(outer), new(row), new(twin), new(map[string]any), new(namedMap), new(map[any]any), new([]string),
			new(map[cbor.ByteString]int8), new([2]any), new(*[]*named), new(float32), new(int16), new(uint32), new(cbor.Raw),
		} {
			if cbor.Unmarshal(data, into) != nil {
				continue
			}
			written, err := cbor.Marshal(into)
			if err != nil {
				t.Fatalf("%x was read as %#v, which cannot be written: %v", data, into, err)
			}
			if err := cbor.Check(written); err != nil {
				t.Fatalf("%x was read as %#v, which was written as %x: %v", data, into, written, err)
			}
		}
	})
}

func TestARecursiveTypeIsReadAndWritten(t *testing.T) {
	type tree struct {
		Name     string          `cbor:"name"`
		Branches []tree          `cbor:"branches,omitempty"`
		Next     *tree           `cbor:"next,omitempty"`
		ByName   map[string]tree `cbor:"by_name,omitempty"`
	}
	written := tree{"a", []tree{{Name: "b", Next: &tree{Name: "c"}}}, nil, map[string]tree{"d": {Name: "d"}}}
	data, err := cbor.Marshal(written)
	if err != nil {
		t.Fatal(err)
	}
	var read tree
	if err := cbor.Unmarshal(data, &read); err != nil || !reflect.DeepEqual(read, written) {
		t.Fatal(read, err)
	}
}

func TestWhatIsRequiredOfAnEmbeddedStructIsSoBesideThatOfItsOwn(t *testing.T) {
	type Within struct {
		First string `cbor:"first,required"`
	}
	var read struct {
		Within
		Second string `cbor:"second,required"`
	}
	for given, said := range map[string]string{"first": "`second` must be a text", "second": "`first` must be a text"} {
		data, _ := cbor.Marshal(map[string]any{given: "x"})
		if err := cbor.Unmarshal(data, &read); err == nil || err.Error() != said {
			t.Fatal(err)
		}
	}
}

func TestWhatWasReadStaysWhenItsBytesChange(t *testing.T) {
	for _, size := range []int{3, 1000} { // texts of small items are parts of one string
		given := map[string]any{"text": strings.Repeat("a", size), "raw": []byte("b"), "list": []any{"c"}}
		data, _ := cbor.Marshal(given)
		var read any
		var raw cbor.Raw
		if cbor.Unmarshal(data, &read) != nil || cbor.Unmarshal(data, &raw) != nil {
			t.Fatal("it was not read")
		}
		clear(data)
		if !reflect.DeepEqual(read, any(given)) || !reflect.DeepEqual(raw.Value(), any(given)) {
			t.Fatal(read, raw.Value())
		}
	}
}

func TestANamedTextAndAPointerWriteThemselvesWhereverTheyAre(t *testing.T) {
	pointer := &twin{1}
	for _, given := range []any{pointer, *pointer, []twin{{1}}[0], map[string]any{"k": pointer}["k"]} {
		if data, err := cbor.Marshal(given); err != nil || !bytes.Equal(data, []byte{0x82, 1, 1}) {
			t.Fatal(data, err)
		}
	}
	if data, err := cbor.Marshal(struct{ Twin *twin }{}); err != nil || !bytes.Equal(data[len(data)-1:], []byte{0xf6}) {
		t.Fatal("nobody is null:", data, err)
	}
	data, err := cbor.Marshal([]loud{"a"})
	if err != nil || !bytes.Equal(data, []byte{0x81, 0x62, 'a', '!'}) {
		t.Fatal(data, err)
	}
}

// loud is a text that writes itself.
type loud string

func (l loud) WriteCBOR(to *cbor.Writer) error { return to.Value(string(l) + "!") }
