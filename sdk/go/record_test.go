package wardian_test

import (
	"bytes"
	"testing"
	"time"

	"wardian.dev/wardian"
	"wardian.dev/wardian/cbor"
)

func TestARecordThatGoesOnIsAsItCame(t *testing.T) {
	for _, given := range []any{
		map[string]any{"data": nil},
		map[string]any{
			"data": 1.5, "time": 5, "key": []byte("k"), "tags": map[string]any{}, "message": "", "later": []any{1},
		},
		map[string]any{
			"data": map[string]any{"a": 1}, "type": "event", "time": time.Unix(1, 500).UTC(), "key": "k",
			"meta": map[string]any{"m": 1}, "path": "p", "message": "m",
		},
	} {
		came, _ := cbor.Marshal(given)
		var record wardian.Record
		if err := cbor.Unmarshal(came, &record); err != nil {
			t.Fatal(err)
		}
		written, err := cbor.Marshal(&record)
		if err != nil {
			t.Fatal(err)
		}
		var before, after any
		cbor.Unmarshal(came, &before)
		cbor.Unmarshal(written, &after)
		first, _ := cbor.Marshal(before)
		second, _ := cbor.Marshal(after)
		if !bytes.Equal(first, second) {
			t.Fatalf("%v became %v", before, after)
		}
	}
}

func TestARecordThatIsNoneIsRefused(t *testing.T) {
	for _, given := range []any{1, map[string]any{}, map[string]any{"data": 1, "tags": "t"}, []any{}} {
		data, _ := cbor.Marshal(given)
		var record wardian.Record
		if err := cbor.Unmarshal(data, &record); err == nil {
			t.Fatalf("%v was read as %+v", given, record)
		}
	}
}

func TestTheDataOfARecordIsReadIntoATypeOfItsOwn(t *testing.T) {
	record := &wardian.Record{Data: map[string]any{"user": map[string]any{"name": 1}}}
	var into struct {
		User struct {
			Name string `cbor:"name"`
		} `cbor:"user"`
	}
	if err := record.Decode(&into); err == nil || err.Error() != "`data.user.name` must be a text" {
		t.Fatal(err)
	}
	if err := (&wardian.Record{}).Decode(&into); wardian.KindOf(err) != wardian.KindInvalid {
		t.Fatal(err)
	}
}

func TestATimeIsNanosecondsWhereTheyReach(t *testing.T) {
	for at, expected := range map[time.Time]any{
		time.Unix(0, 7).UTC():                       int64(7),
		time.Date(9999, 1, 1, 0, 0, 0, 0, time.UTC): time.Date(9999, 1, 1, 0, 0, 0, 0, time.UTC),
	} {
		data, err := cbor.Marshal(&wardian.Record{Time: at})
		if err != nil {
			t.Fatal(err)
		}
		if found := cbor.Raw(data).Get("time").Value(); found != expected {
			t.Fatal(at, found)
		}
	}
}
