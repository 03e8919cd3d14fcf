import { hash } from 'node:crypto';

/** Block of SHA-256, bytes. */
const block = 64;

/**
 * HMAC-SHA256 (RFC 2104) of many short texts under one key, base64url. By hand over the library's one-shot hash, because every hop signs:
 * an `Hmac` object costs 3.0 µs with its collection, two hashes from standing buffers 1.6 (measured, texts of 460 bytes).
 * `text` must be Latin-1; longer texts than `maxBytes` are not expected and throw a `RangeError`.
 */
export const createHmacSha256 = (key: Uint8Array, maxBytes: number): ((text: string) => string) => {
  const short = key.length > block ? hash('sha256', key, 'buffer') : Buffer.from(key);
  const inner = Buffer.alloc(block + maxBytes, 0x36, 'latin1');
  const outer = Buffer.alloc(block + 32, 0x5c, 'latin1');
  for (const [index, byte] of short.entries()) {
    inner[index] = byte ^ 0x36;
    outer[index] = byte ^ 0x5c;
  }
  // A view for each length that has come up: making one costs as much as hashing.
  const views: (Buffer | undefined)[] = [];
  return (text) => {
    if (text.length > maxBytes) throw new RangeError(`a text of ${text.length} characters is to be signed`);
    const end = block + inner.write(text, block, 'latin1');
    const digest = hash('sha256', (views[end] ??= inner.subarray(0, end)), 'latin1');
    outer.write(digest, block, 'latin1');
    return hash('sha256', outer, 'base64url');
  };
};
