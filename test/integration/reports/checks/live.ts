import fc from 'fast-check';
import { expect } from 'vitest';
import type { LiveAnswer } from '../../../../src/modules/reports/contract.ts';
import { type Check, forAny } from './check.ts';

const MINUTE = 60_000;

/** It counts the last half hour by minute, with its pages, whenever it is asked and of whichever site. */
export const live: Check = ({ askAt, views, sites, seen }) =>
  forAny(
    [
      fc
        .tuple(
          fc.constantFrom(...views.map(({ startedAt }) => startedAt)),
          fc.integer({ min: -2 * MINUTE, max: 32 * MINUTE }),
          fc.boolean(),
        )
        // On a minute as well as within one.
        .map(([startedAt, later, isWhole]) => {
          const now = startedAt + later;
          return isWhole ? now - (now % MINUTE) : now;
        }),
      fc.option(fc.constantFrom(...sites), { freq: 1 }),
    ],
    async (now, site) => {
      const answer = await askAt(now)<LiveAnswer>('live', site === null ? '' : `site=${site}`);
      // The current minute is not over.
      const end = Math.floor(now / MINUTE) * MINUTE + MINUTE;
      const from = end - 30 * MINUTE;
      const recent = views.filter(
        ({ startedAt, isBot, hostname }) =>
          !isBot && startedAt >= from && startedAt < end && (site === null || hostname === site),
      );
      expect(answer.views).toBe(recent.length);
      expect(answer.points.map(({ at }) => Date.parse(at))).toEqual(
        Array.from({ length: 30 }, (_, index) => from + index * MINUTE),
      );
      for (const { at, views: shown } of answer.points) {
        const begin = Date.parse(at);
        expect(shown).toBe(
          recent.filter(({ startedAt }) => startedAt >= begin && startedAt < begin + MINUTE).length,
        );
      }
      const pages = [
        ...Map.groupBy(recent, ({ dimensions }) => `${dimensions.hostname}${dimensions.url_path}`),
      ]
        .map(([url, own]) => ({ url, views: own.length }))
        .toSorted((a, b) => b.views - a.views || (a.url < b.url ? -1 : 1));
      expect(answer.pages).toEqual(pages.slice(0, 10));
      const noted = [...seen].filter(([hostname]) => site === null || hostname === site);
      expect(answer.lastBeaconAt).toBe(
        noted
          .map(([, at]) => at)
          .toSorted()
          .at(-1) ?? null,
      );
    },
  );
