import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { ModuleRequest } from '#gateway/contract';
import type { Received } from '../support/gateway-world.ts';
import { asked, type Asked } from './gateway-asked.ts';
import { isFilter, requestIdOf } from './gateway-calls.ts';
import { HOSTINGS, runs } from './gateway-runs.ts';
import { type Spied, withSpied } from './gateway-spied.ts';
import { state } from './gateway-worlds.ts';

/** What a module marks each byte of its answer with: the tenant that it worked for, and the request. */
const tagOf = (tenant: string, requestId: string): string => `<${tenant}|${requestId}>`;

/** Small ones, those that are sent in pieces, and those that are not taken whole from a module's socket. */
const TIMES = [1, 20, 400, 5_000] as const;

/** Answers with nothing but tags, of a size that the query asks for, and not with what others have answered the module. */
const tagged = (_name: string, { tenant, requestId, query }: ModuleRequest) => {
  const tag = tagOf(tenant, requestId);
  const times = Number(query.get('times') ?? 1);
  return { status: 200, headers: { etag: `"${tag}"`, 'x-mine': tag }, body: tag.repeat(times) };
};

/** Sends requests of several people at once. */
const atOnce = (
  spied: Spied,
  all: readonly (Asked & { readonly times: number })[],
): Promise<readonly Received[]> =>
  Promise.all(
    all.map((request, at) => {
      const query = `${request.query === '' ? '?' : `${request.query}&`}times=${request.times}`;
      return spied.send({ ...request, query }, { 'x-okapi-request-id': `n${at}` });
    }),
  );

describe.each(HOSTINGS)('answers, with modules %s', (...[hosting, share]) => {
  test('I-22: no byte of an answer that was made for a tenant, or for another request, goes to whose request is executed for another one', () =>
    withSpied(
      async (spied) => {
        let answered = 0;
        const some = fc
          .tuple(asked, fc.constantFrom(...TIMES))
          .map(([request, times]) => ({ ...request, times }));
        await fc.assert(
          fc.asyncProperty(state, fc.array(some, { minLength: 2, maxLength: 6 }), async (world, all) => {
            spied.set(world);
            spied.seen.length = 0;
            for (const answer of await atOnce(spied, all)) {
              const id = String(answer.headers['x-okapi-request-id']);
              const handled = spied.seen.find((call) => requestIdOf(call) === id && !isFilter(call));
              const text = `${answer.text} ${JSON.stringify(answer.headers)}`;
              const tags = new Set(text.match(/<[a-z]+\|[^>]*>/g));
              expect([...tags]).toEqual(
                handled === undefined ? [] : [tagOf(handled.tenant, requestIdOf(handled))],
              );
              if (handled !== undefined) answered += 1;
              expect(answer.text).not.toContain('of a filter');
            }
          }),
          runs(share),
        );
        expect(answered).toBeGreaterThan(0);
      },
      { hosting, answer: tagged },
    ));
});
