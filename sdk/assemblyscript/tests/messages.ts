/** Tests of what the transform makes of `@message` and of the types of `@entry`. */
import { Value, caught } from "wardian";

@message
class Point {
  x: f64;
  y: f64 = 0.5;
}

@message
class Shape {
  name: string;
  points: Point[] = [];
  sides: u8 = 4;
  label: string | null;
  more: Value = Value.null;
}

@entry
function test_a_message_has_its_fields_and_their_defaults(): void {
  const shape = Shape.of(Value.map().set("name", "square").set("points", [Value.map().set("x", 1)]));
  assert(shape.name == "square" && shape.points[0].x == 1 && shape.points[0].y == 0.5 && shape.sides == 4);
  assert(shape.label == null && shape.more.isNull && caught() == null);
  const shown = shape.toValue().show();
  assert(
    shown == '{"name": "square", "points": [{"x": 1.0, "y": 0.5}], "sides": 4, "label": null, "more": null}',
    shown,
  );
}

function refusal(value: Value): string {
  Shape.of(value);
  return caught()!.message;
}

@entry
function test_a_message_names_the_field_that_is_wrong(): void {
  const named = Value.map().set("name", "square");
  assert(refusal(Value.of(1)) == "the request must be a map");
  assert(refusal(Value.map()) == "`name` must be a text");
  assert(refusal(named.copy().set("points", [1])) == "`points[0]` must be a map");
  assert(refusal(named.copy().set("points", [Value.map()])) == "`x` must be a number");
  assert(refusal(named.copy().set("sides", 256)) == "`sides` must be an integer of 8 bits that is not negative");
  assert(refusal(named.copy().set("sides", -1)) == "`sides` must be an integer of 8 bits that is not negative");
  assert(refusal(named.copy().set("label", 1)) == "`label` must be a text");
}

@entry
function least(number: i64): i64 {
  return number;
}

@entry("renamed")
function named(values: u64[]): u64[] {
  return values;
}
