package cbor_test

import (
	"bytes"
	"encoding/hex"
	"encoding/json"
	"math"
	"os"
	"path/filepath"
	"reflect"
	"strconv"
	"testing"
	"time"

	"wardian.dev/wardian/cbor"
)

type vector struct {
	Name, Hex string
	Value     any
}

// each runs a test for each vector of a folder, and fails when there are none.
func each(t *testing.T, folder string, run func(t *testing.T, data []byte, value any)) {
	files, _ := filepath.Glob(filepath.Join("..", "..", "abi", "vectors", folder, "*.json"))
	if len(files) == 0 {
		t.Fatal("there are no vectors in", folder)
	}
	for _, file := range files {
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		var vectors []vector
		decoder := json.NewDecoder(bytes.NewReader(text))
		decoder.UseNumber()
		if err := decoder.Decode(&vectors); err != nil {
			t.Fatal(file, err)
		}
		for _, vector := range vectors {
			t.Run(filepath.Base(file)+"/"+vector.Name, func(t *testing.T) {
				data, err := hex.DecodeString(vector.Hex)
				if err != nil {
					t.Fatal(err)
				}
				run(t, data, vector.Value)
			})
		}
	}
}

func TestEachAcceptedItemIsReadWithItsMeaningAndWrittenWithItAgain(t *testing.T) {
	each(t, "accept", func(t *testing.T, data []byte, value any) {
		var read any
		for range 2 {
			if err := cbor.Unmarshal(data, &read); err != nil {
				t.Fatal(err)
			}
			if !equal(read, meant(t, value)) {
				t.Fatalf("%x: read %#v, expected %#v", data, read, meant(t, value))
			}
			var err error
			if data, err = cbor.Marshal(read); err != nil {
				t.Fatal(err)
			}
		}
	})
}

func TestEachRejectedItemIsRefused(t *testing.T) {
	each(t, "reject", func(t *testing.T, data []byte, _ any) {
		var read any
		if err := cbor.Unmarshal(data, &read); err == nil {
			t.Fatalf("%x was read as %#v", data, read)
		}
	})
}

func TestAPartOfAnItemOrMoreThanItIsRefused(t *testing.T) {
	each(t, "accept", func(t *testing.T, data []byte, _ any) {
		for size := range data {
			if cbor.Check(data[:size]) == nil {
				t.Fatalf("%x is a part of an item", data[:size])
			}
		}
		if cbor.Check(append(append([]byte{}, data...), 0)) == nil {
			t.Fatalf("%x is more than an item", data)
		}
	})
}

// meant is what the value of a vector means; see the vectors' README.md.
func meant(t *testing.T, value any) any {
	switch value := value.(type) {
	case json.Number:
		whole, err := value.Int64()
		if err != nil {
			t.Fatal(err)
		}
		return whole
	case []any:
		list := []any{}
		for _, each := range value {
			list = append(list, meant(t, each))
		}
		return list
	case map[string]any:
		for kind, content := range value {
			return special(t, kind, content)
		}
	}
	return value
}

func special(t *testing.T, kind string, content any) any {
	if pairs, is := content.([]any); is && kind == "map" {
		texts, mixed, isMixed := map[string]any{}, map[any]any{}, false
		for _, pair := range pairs {
			key := meant(t, pair.([]any)[0])
			value := meant(t, pair.([]any)[1])
			if text, is := key.(string); is {
				texts[text] = value
			} else {
				key, isMixed = cbor.ByteString(key.([]byte)), true
			}
			mixed[key] = value
		}
		if isMixed {
			return mixed
		}
		return texts
	}
	switch text := content.(string); kind {
	case "int":
		if whole, err := strconv.ParseInt(text, 10, 64); err == nil {
			return whole
		}
		whole, err := strconv.ParseUint(text, 10, 64)
		if err != nil {
			t.Fatal(err)
		}
		return whole
	case "float":
		number, err := strconv.ParseFloat(text, 64)
		if err != nil {
			t.Fatal(err)
		}
		return number
	case "bytes":
		data, err := hex.DecodeString(text)
		if err != nil {
			t.Fatal(err)
		}
		return data
	case "time":
		at, err := time.Parse(time.RFC3339Nano, text)
		if err != nil {
			t.Fatal(err)
		}
		return at
	}
	t.Fatal("unknown in a vector: ", kind)
	return nil
}

func equal(a, b any) bool {
	switch a := a.(type) {
	case float64:
		b, is := b.(float64)
		return is && (math.IsNaN(a) && math.IsNaN(b) || math.Float64bits(a) == math.Float64bits(b))
	case time.Time:
		b, is := b.(time.Time)
		return is && a.Truncate(time.Microsecond).Equal(b)
	case []any:
		b, is := b.([]any)
		if !is || len(a) != len(b) {
			return false
		}
		for at := range a {
			if !equal(a[at], b[at]) {
				return false
			}
		}
		return true
	case map[string]any:
		b, is := b.(map[string]any)
		if !is || len(a) != len(b) {
			return false
		}
		for key := range a {
			if value, has := b[key]; !has || !equal(a[key], value) {
				return false
			}
		}
		return true
	}
	return reflect.DeepEqual(a, b)
}
