import { describe, expect, test } from 'vitest';
import { createManualClock } from '#core';
import type { TenantId } from '#tenants';
import { createLagBook } from './lag-book.ts';
import { DOUBLED } from './settle.ts';

const A = '00000000000000a1';
// oxlint-disable-next-line typescript/no-unsafe-type-assertion -- the parser of the users map is not under test here
const shop = 'shop' as TenantId;
const trouble = { code: '252', reason: 'too many parts' };
const pauses = { firstMs: 1_000, longestMs: 8_000, afterDoubledMs: 3_600_000, random: () => 1 };
const setUp = () => {
  const clock = createManualClock(1_000_000);
  return { clock, book: createLagBook({}, clock, pauses) };
};

describe('the book of tenants that lag', () => {
  test('tries a tenant again after pauses that double up to a bound', () => {
    const { clock, book } = setUp();
    for (const pause of [1_000, 2_000, 4_000, 8_000, 8_000]) {
      book.leave(shop, { [A]: 10 }, trouble, 1);
      clock.advance(pause - 1);
      expect(book.due({ [A]: 50 })).toEqual([]);
      clock.advance(1);
      expect(book.due({ [A]: 50 })).toEqual([shop]);
    }
  });

  test('remembers the first place from which a tenant lags, and since when', () => {
    const { clock, book } = setUp();
    book.leave(shop, { [A]: 10 }, trouble, 5);
    clock.advance(60_000);
    book.leave(shop, { [A]: 90 }, trouble, 7);
    expect(book.get(shop)).toMatchObject({ cursor: { [A]: 10 }, since: 1_000_000, attempts: 2, pending: 12 });
  });

  test('does not try a tenant that is where the others are', () => {
    const { clock, book } = setUp();
    book.leave(shop, { [A]: 10 }, trouble, 1);
    clock.advance(60_000);
    expect(book.due({ [A]: 10 })).toEqual([]);
  });

  test('tries nothing for a tenant while an insert of it is still running', async () => {
    const { clock, book } = setUp();
    let end = (): void => undefined;
    const running = new Promise<void>((resolve) => {
      end = resolve;
    });
    book.leave(shop, { [A]: 10 }, trouble, 1);
    book.awaitInsert(shop, running);
    clock.advance(60_000);
    expect(book.due({ [A]: 50 })).toEqual([]);
    end();
    for (let turn = 0; turn < 4; turn++) await Promise.resolve();
    expect(book.due({ [A]: 50 })).toEqual([shop]);
  });

  test('waits for a person after doubled rows', () => {
    const { clock, book } = setUp();
    book.leave(shop, { [A]: 10 }, { code: DOUBLED, reason: '' }, 1);
    clock.advance(3_599_999);
    expect(book.due({ [A]: 50 })).toEqual([]);
    clock.advance(1);
    expect(book.due({ [A]: 50 })).toEqual([shop]);
  });

  test('gives a tenant that has failed three times no rows until one of its turns works', () => {
    const { book } = setUp();
    for (let failure = 0; failure < 3; failure++) book.leave(shop, { [A]: 10 }, trouble, 1);
    expect(book.hopeless()).toEqual(new Set([shop]));
    book.advance(shop, { [A]: 20 }, 1);
    expect(book.hopeless()).toEqual(new Set());
  });

  test('is the same after it was saved and opened again, and tries at once', () => {
    const { clock, book } = setUp();
    book.leave(shop, { [A]: 10 }, trouble, 3);
    const again = createLagBook(book.toState(), clock, pauses);
    expect(again.get(shop)).toEqual(book.get(shop));
    expect(again.due({ [A]: 50 })).toEqual([shop]);
  });
});
