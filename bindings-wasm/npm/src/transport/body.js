/** Pieces in one. */
export function joined(pieces, length) {
  const bytes = new Uint8Array(length);
  let place = 0;
  for (const piece of pieces) {
    bytes.set(piece, place);
    place += piece.length;
  }
  return bytes;
}

/** The whole body of a response; `undefined` where it has more than so many bytes, of which the rest isn't read. */
export async function wholeBody(response, maxBytes) {
  const pieces = [];
  let length = 0;
  const reader = response.body?.getReader();
  while (reader) {
    const { done, value } = await reader.read();
    if (done) break;
    length += value.length;
    if (length > maxBytes) {
      await reader.cancel().catch(() => {});
      return undefined;
    }
    pieces.push(value);
  }
  return joined(pieces, length);
}
