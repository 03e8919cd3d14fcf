import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { readElement, readFetchDetails } from './details.ts';
import { readResourceEntries } from './entry.ts';

const detailsOf = (entry: string) => readFetchDetails(Buffer.from(entry), 0, Buffer.byteLength(entry));
const elementOf = (leaf: string) => readElement(Buffer.from(leaf), 0, Buffer.byteLength(leaf));

describe('details of a fetch', () => {
  test('are its parts before the request, its protocol and what the element said', () => {
    expect(detailsOf('3a,8c,7g,50,46,3c,32,2s,1o,1e,a*13k0,8c*25*3.5:1*44*66*7h2')).toEqual({
      redirect: 40,
      dns: 40,
      connect: 40,
      tls: 30,
      worker: 6,
      protocol: 'h2',
      attributes: ['async', 'body', 'stylesheet'],
      ownData: [],
      serverTiming: '.5:1',
    });
  });

  test('are null where the browser does not tell, or a connection was used again', () => {
    expect(detailsOf('3a,8c')).toEqual({
      redirect: null,
      dns: null,
      connect: null,
      tls: null,
      worker: null,
      protocol: '',
      attributes: [],
      ownData: [],
      serverTiming: '',
    });
  });

  test('know a connection without TLS', () => {
    expect(detailsOf('3a,8c,7g,50,46,,32')).toMatchObject({ connect: 40, tls: null });
  });

  test('of the element are its size, its place and that of the picture', () => {
    expect(elementOf('*05k,b4,-a,1e,80,go|11,2')).toEqual({
      height: 200,
      width: 400,
      y: -10,
      x: 50,
      naturalHeight: 288,
      naturalWidth: 600,
    });
    expect(elementOf('*05k,b4|11,2')).toMatchObject({ y: 0, x: 0, naturalWidth: null });
    expect(elementOf('11,2*05k,b4')).toBeNull();
  });

  test('have what the page itself noted, which may be any text', () => {
    expect(detailsOf('31,2*1a*7h2*5shop:hero*5price:1*6 a*7b:c*5:no name*5none')).toMatchObject({
      protocol: 'h2',
      worker: null,
      ownData: [
        { name: 'shop', value: 'hero' },
        { name: 'price', value: '1*6 a*7b:c' },
      ],
    });
    // Nothing in a value may be taken for sizes.
    const entry = Buffer.from('31,2*1a*5note:*1zz');
    let bytes: number | null = null;
    readResourceEntries(entry, 0, entry.length, ({ encodedBytes }) => (bytes = encodedBytes));
    expect(bytes).toBe(10);
  });

  test('have own notes as they were written', () => {
    const name = fc.stringMatching(/^[a-z]{1,20}$/);
    const value = fc.string({ unit: 'grapheme', maxLength: 40 }).filter((text) => !text.includes('*5'));
    fc.assert(
      fc.property(fc.array(fc.record({ name, value }), { maxLength: 10 }), (notes) => {
        const written = notes.map((note) => `*5${note.name}:${note.value}`).join('');
        // A value that ends with a star would begin the next note.
        fc.pre(written.split('*5').length === notes.length + 1);
        expect(detailsOf(`31,2*7h3${written}`)).toMatchObject({ protocol: 'h3', ownData: notes });
      }),
    );
  });

  test('come of any text', () => {
    const mark = fc.constantFrom(
      '*',
      ',',
      '|',
      '0',
      '1',
      '2',
      '3',
      '5',
      '*5a:',
      '6',
      '7',
      'z',
      '-',
      'zzzzzzzzzzzzzz',
      'é',
    );
    const text = fc.array(mark, { maxLength: 80 }).map((parts) => parts.join(''));
    fc.assert(
      fc.property(fc.oneof(text, fc.string()), (any) => {
        const { attributes, protocol, ownData, redirect, dns, connect, tls } = detailsOf(any);
        expect(ownData.length).toBeLessThanOrEqual(16);
        expect(attributes.length).toBeLessThanOrEqual(4);
        expect(protocol.length).toBeLessThanOrEqual(32);
        for (const part of [redirect, dns, connect, tls]) expect(part ?? 0).toBeGreaterThanOrEqual(0);
        expect(
          Object.values(elementOf(any) ?? {}).every((value) => value === null || Number.isFinite(value)),
        ).toBe(true);
      }),
      { numRuns: 1_000 },
    );
  });
});
