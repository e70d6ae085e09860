/** Texts between UTF-8, in which they travel, and the UTF-16 of this language's strings. */

/** How many UTF-16 units the bytes make; -1 where they are not UTF-8. */
export function unitsOf(at: usize, size: usize): i32 {
  const end = at + size;
  let units = 0;
  while (at < end) {
    while (at + 8 <= end && !(load<u64>(at) & 0x8080_8080_8080_8080)) {
      at += 8;
      units += 8;
    }
    if (at == end) break;
    const first = <u32>load<u8>(at++);
    units++;
    if (first < 0x80) continue;
    if (first < 0xc2 || first > 0xf4) return -1;
    const more: usize = first >= 0xf0 ? 3 : first >= 0xe0 ? 2 : 1;
    if (end - at < more) return -1;
    // The range of the second byte shuts out overlong forms, surrogates and what lies beyond U+10FFFF.
    const second = <u32>load<u8>(at);
    if (second < <u32>(first == 0xe0 ? 0xa0 : first == 0xf0 ? 0x90 : 0x80)) return -1;
    if (second > <u32>(first == 0xed ? 0x9f : first == 0xf4 ? 0x8f : 0xbf)) return -1;
    for (let i: usize = 1; i < more; i++) if ((load<u8>(at + i) & 0xc0) != 0x80) return -1;
    at += more;
    if (more == 3) units++;
  }
  return units;
}

/** Writes UTF-8 that was checked as UTF-16 units, and gives the address behind them. */
export function toUnits(at: usize, size: usize, to: usize): usize {
  const end = at + size;
  while (at < end) {
    const first = <u32>load<u8>(at++);
    if (first < 0x80) {
      store<u16>(to, first);
    } else if (first < 0xe0) {
      store<u16>(to, ((first & 0x1f) << 6) | (load<u8>(at) & 0x3f));
      at += 1;
    } else if (first < 0xf0) {
      store<u16>(to, ((first & 0xf) << 12) | ((<u32>load<u8>(at) & 0x3f) << 6) | (load<u8>(at, 1) & 0x3f));
      at += 2;
    } else {
      const point =
        (((first & 7) << 18) |
          ((<u32>load<u8>(at) & 0x3f) << 12) |
          ((<u32>load<u8>(at, 1) & 0x3f) << 6) |
          (load<u8>(at, 2) & 0x3f)) -
        0x10000;
      store<u32>(to, ((0xdc00 | (point & 0x3ff)) << 16) | (0xd800 | (point >> 10)));
      at += 3;
      to += 2;
    }
    to += 2;
  }
  return to;
}

/** How many bytes a string takes; -1 where it holds half of a surrogate pair, which UTF-8 cannot say. */
export function bytesOf(text: string): i32 {
  const units = changetype<usize>(text);
  const length = text.length;
  let size = length;
  for (let i = 0; i < length; i++) {
    const unit = <u32>load<u16>(units + (<usize>i << 1));
    if (unit < 0x80) continue;
    if (unit < 0x800) size++;
    else if ((unit & 0xf800) != 0xd800) size += 2;
    else {
      if (unit >= 0xdc00 || i + 1 == length) return -1;
      if ((load<u16>(units + (<usize>i << 1), 2) & 0xfc00) != 0xdc00) return -1;
      i++;
      size += 2;
    }
  }
  return size;
}

/** Writes a string that `bytesOf` found good, and gives the address behind it. */
export function toBytes(text: string, to: usize): usize {
  let at = changetype<usize>(text);
  const end = at + (<usize>text.length << 1);
  for (; at < end; at += 2) {
    let point = <u32>load<u16>(at);
    if (point < 0x80) {
      store<u8>(to++, point);
    } else if (point < 0x800) {
      store<u8>(to, 0xc0 | (point >> 6));
      store<u8>(to, 0x80 | (point & 0x3f), 1);
      to += 2;
    } else if ((point & 0xf800) != 0xd800) {
      store<u8>(to, 0xe0 | (point >> 12));
      store<u8>(to, 0x80 | ((point >> 6) & 0x3f), 1);
      store<u8>(to, 0x80 | (point & 0x3f), 2);
      to += 3;
    } else {
      at += 2;
      point = 0x10000 + (((point & 0x3ff) << 10) | (load<u16>(at) & 0x3ff));
      store<u8>(to, 0xf0 | (point >> 18));
      store<u8>(to, 0x80 | ((point >> 12) & 0x3f), 1);
      store<u8>(to, 0x80 | ((point >> 6) & 0x3f), 2);
      store<u8>(to, 0x80 | (point & 0x3f), 3);
      to += 4;
    }
  }
  return to;
}
