import fc from 'fast-check';
import { hourAt, pageLife } from './rollup-world.ts';

/** Beacons of page lives of up to 20 hours on three days, in the order in which they are stored: late ones come later. */
export const pageLives = fc.array(
  fc.record({
    host: fc.constantFrom('a.example', 'b.example'),
    session: fc.constantFrom('', 's1', 's2', 's3'),
    at: fc.integer({ min: 0, max: 72 * 60 * 60 }).map((seconds) => hourAt(-72) + seconds * 1_000),
    lone: fc.boolean(),
    load: fc.record({
      event_type: fc.constantFrom('visit_page', 'visit_page', 'early', 'spa', 'error', 'quit_page'),
      largest_contentful_paint: fc.option(fc.nat(9_000)),
      was_hidden: fc.boolean(),
    }),
    later: fc.array(
      fc.record({
        after: fc.nat(20 * 60 * 60).map((seconds) => seconds * 1_000),
        event_type: fc.constantFrom('quit_page', 'spa', 'error', 'visit_page', 'bfcache', 'early'),
        inp: fc.option(fc.nat(900)),
        cumulative_layout_shift: fc.option(fc.nat(64).map((n) => n / 64)),
        error_count: fc.option(fc.nat(3)),
        isReplayed: fc.boolean(),
      }),
      { maxLength: 3 },
    ),
  }),
  { minLength: 1, maxLength: 8 },
);

const isPageView = (type: string): boolean => ['visit_page', 'spa', 'bfcache'].includes(type);

/** Their beacons: those that come in time, and those that a replay brings later. */
export const beaconsOf = (all: typeof pageLives extends fc.Arbitrary<infer T> ? T : never) => {
  const beacons = all.flatMap(({ host, session, at, lone, load, later }, index) =>
    pageLife(
      { host, session: session === '' ? '' : `${session}${index}`, page: lone ? '' : `p${index}`, at },
      later.map(({ after, inp, cumulative_layout_shift, error_count, event_type }) => ({
        after,
        inp,
        cumulative_layout_shift,
        error_count,
        event_type,
        // The session goes on, or it does not.
        session_length: index % 2 === 0 ? 2 : 1,
        is_page_view: isPageView(event_type),
      })),
      { ...load, is_page_view: isPageView(load.event_type), journal_segment: BigInt(index) },
    ).map((row, number) => ({
      row: { ...row, journal_segment: BigInt(index), journal_offset: number },
      isReplayed: number > 0 && later[number - 1]?.isReplayed === true,
    })),
  );
  return {
    inTime: beacons.filter(({ isReplayed }) => !isReplayed).map(({ row }) => row),
    replayed: beacons.filter(({ isReplayed }) => isReplayed).map(({ row }) => row),
  };
};
