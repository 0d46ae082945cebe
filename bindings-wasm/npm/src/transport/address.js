/** The four bytes of a dotted IPv4 address; null where it is none. */
function bytesOfV4(text) {
  const parts = text.split(".").map(Number);
  const good = parts.length === 4 && parts.every((part) => Number.isInteger(part) && part >= 0 && part < 256);
  return good && /^[\d.]+$/.test(text) ? parts : null;
}

/** The eight words of an IPv6 address; null where it is none. */
function wordsOfV6(text) {
  let source = text.split("%")[0];
  const dotted = /^(.*:)([\d.]+)$/.exec(source);
  if (dotted?.[2].includes(".")) {
    const v4 = bytesOfV4(dotted[2]);
    if (!v4) return null;
    const word = (at) => ((v4[at] << 8) | v4[at + 1]).toString(16);
    source = `${dotted[1]}${word(0)}:${word(2)}`;
  }
  const halves = source.split("::");
  if (halves.length > 2) return null;
  const [head, tail] = halves.map((half) => (half === "" ? [] : half.split(":")));
  const missing = 8 - head.length - (tail?.length ?? 0);
  if (tail === undefined ? missing !== 0 : missing < 1) return null;
  const words = [...head, ...Array(tail === undefined ? 0 : missing).fill("0"), ...(tail ?? [])];
  return words.every((word) => /^[0-9a-f]{1,4}$/i.test(word)) ? words.map((word) => parseInt(word, 16)) : null;
}

function isPublicV4([a, b, c]) {
  return !(
    a === 0 || a === 10 || a === 127 || a >= 224 ||
    (a === 100 && b >= 64 && b < 128) || // shared by carriers
    (a === 169 && b === 254) ||
    (a === 172 && b >= 16 && b < 32) ||
    (a === 192 && b === 168) ||
    (a === 192 && b === 0 && (c === 0 || c === 2)) ||
    (a === 192 && b === 88 && c === 99) || // relays of 6to4
    (a === 198 && (b === 18 || b === 19)) || // benchmarks
    (a === 198 && b === 51 && c === 100) || (a === 203 && b === 0 && c === 113) // documents
  );
}

const inV4 = (high, low) => isPublicV4([high >> 8, high & 255, low >> 8, low & 255]);

function isPublicV6(words) {
  const [first, second, ...rest] = words;
  const zeros = (count) => words.slice(0, count).every((word) => word === 0);
  if (zeros(5) && words[5] === 0xffff) return inV4(words[6], words[7]);
  if (first === 0x64 && second === 0xff9b && rest.slice(0, 4).every((word) => word === 0)) {
    return inV4(words[6], words[7]);
  }
  if (first === 0x2001 && (second < 0x200 || second === 0xdb8)) return false; // assignments, documents
  if (first === 0x3fff && second < 0x1000) return false; // documents
  if (first === 0x2002) return false; // 6to4
  return (first & 0xe000) === 0x2000;
}

/** Whether an address lies on the public internet; `undefined` where the text is no address. */
export function isPublicAddress(text) {
  const v4 = bytesOfV4(text);
  if (v4) return isPublicV4(v4);
  const v6 = wordsOfV6(text.replace(/^\[|\]$/g, ""));
  return v6 ? isPublicV6(v6) : undefined;
}

const NOT_PUBLIC = "it doesn't lie on the public internet";

/** An address that mustn't be called. */
export class Forbidden extends Error {}

/** Whether this is Node: only there can a name be resolved, and a connection be made by oneself. */
export const isNode = globalThis.process?.versions?.node !== undefined;

/** The system's resolver, where there is one: a browser resolves by itself, and asks the server (CORS). */
async function resolve(name) {
  if (!isNode) return [];
  const { lookup } = await import(/* webpackIgnore: true */ /* @vite-ignore */ "node:dns/promises");
  return (await lookup(name, { all: true })).map((found) => found.address);
}

/**
 * Refuses an address for what can be seen of it. Whether it names a host that is still to be resolved. Origins in
 * `allow` are called whatever they are: for simulators, never for what users give.
 */
export function namesHost(url, allow) {
  if (allow.includes(url.origin)) return false;
  if (url.protocol !== "https:") throw new Forbidden("it isn't `https`");
  if (url.username || url.password) throw new Forbidden("it holds credentials");
  const literal = isPublicAddress(url.hostname);
  if (literal === false) throw new Forbidden(NOT_PUBLIC);
  return literal === undefined;
}

/**
 * What a name resolves to, all of it public. A name that can't be resolved throws the resolver's error.
 * @returns {Promise<readonly string[]>}
 */
export async function publicAddresses(name, lookup = resolve) {
  const found = await lookup(name);
  // One inner address among public ones is how a name is turned against its resolver.
  if (!found.every((address) => isPublicAddress(address))) throw new Forbidden(NOT_PUBLIC);
  return found;
}
