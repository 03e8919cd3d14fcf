import { createHmac } from 'node:crypto';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { createHmacSha256 } from './hmac.ts';

test('signs as the library does, whatever the key and the texts before', () => {
  const text = fc
    .array(fc.integer({ min: 0, max: 255 }), { maxLength: 200 })
    .map((codes) => String.fromCharCode(...codes));
  fc.assert(
    fc.property(
      fc.uint8Array({ minLength: 1, maxLength: 130 }),
      fc.array(text, { maxLength: 5 }),
      (key, texts) => {
        const sign = createHmacSha256(key, 200);
        for (const each of texts)
          expect(sign(each)).toBe(createHmac('sha256', key).update(each, 'latin1').digest('base64url'));
      },
    ),
  );
});

test('refuses a text that is longer than said', () => {
  expect(() => createHmacSha256(new Uint8Array(32), 10)('x'.repeat(11))).toThrow(RangeError);
});
