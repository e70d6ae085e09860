/**
 * Keys of maps as strings. A byte key is the character U+DFFF and one of U+DC00 to U+DCFF for each byte. None of them may
 * stand in a text by itself, so that no text is equal to a byte key, and one index serves both.
 */

const MARK: u16 = 0xdfff;
const FIRST: u16 = 0xdc00;

export function keyOfBytes(bytes: Uint8Array): string {
  const key = changetype<string>(__new((<usize>bytes.length + 1) << 1, idof<string>()));
  store<u16>(changetype<usize>(key), MARK);
  for (let i = 0; i < bytes.length; i++) {
    store<u16>(changetype<usize>(key) + ((<usize>i + 1) << 1), FIRST | <u16>unchecked(bytes[i]));
  }
  return key;
}

export function isBytesKey(key: string): bool {
  return key.length > 0 && load<u16>(changetype<usize>(key)) == MARK;
}

export function bytesOfKey(key: string): Uint8Array {
  const bytes = new Uint8Array(key.length - 1);
  for (let i = 0; i < bytes.length; i++) unchecked((bytes[i] = <u8>key.charCodeAt(i + 1)));
  return bytes;
}
