import { Readable } from 'node:stream';
import { describe, expect, test } from 'vitest';
import { collectBody } from './body.ts';

describe('a body', () => {
  test('is collected from a stream', async () => {
    expect(
      Buffer.from(await collectBody(Readable.from([Buffer.from('ab'), Buffer.from('c')]), 3)).toString(),
    ).toBe('abc');
  });

  test('is refused when it is longer than allowed', async () => {
    await expect(collectBody(Readable.from([Buffer.from('abcd')]), 3)).rejects.toMatchObject({ status: 413 });
  });

  test('is refused, and not waited for, when it has been read before', async () => {
    const stream = Readable.from([Buffer.from('abc')]);
    await collectBody(stream, 10);
    await expect(collectBody(stream, 10)).rejects.toMatchObject({ code: 'GATEWAY_BODY_READ' });
  });
});
