"""What crosses the border between host and guest: names, types, errors, and bounded CBOR."""
