import type { Summary, VitalFigures } from '#reports';
import { VITALS } from '#vitals';
import type { Annotation } from '../../api/annotations.ts';
import { reports } from '../../api/reports.ts';
import { RatingBadge } from '../../parts/badge.tsx';
import { formatChange, formatCount, formatVital } from '../../parts/numbers.ts';
import { SkeletonLines } from '../../parts/skeleton.tsx';
import { changeWords } from '../../reports/change-words.ts';
import { ENGINE_WORDS } from '../../shell/measure-panel.tsx';
import { useApp } from '../../state/app-state.ts';
import { formatFilter } from '../../state/filter.ts';
import type { View } from '../../state/url.ts';
import { useRequest } from '../../state/use-request.ts';

const DAY_MS = 86_400_000;
/** A week, so that both sides have the same days of the week. */
const SIDE_DAYS = 7;

/** A week before and a week after a note: p75 of the core vitals and page views, of what the note is about, in the engine of the charts beside it. */
export const BeforeAfter = ({ note }: { readonly note: Annotation }) => {
  const { now, router } = useApp();
  const at = Date.parse(note.at);
  const end = note.to === null ? at : Date.parse(note.to);
  const { engine } = router.address.value.view;
  const before = useSummary(note, engine, at - SIDE_DAYS * DAY_MS, at);
  const after = useSummary(note, engine, end, Math.min(end + SIDE_DAYS * DAY_MS, now.value));
  if (before.error !== undefined || after.error !== undefined)
    return (
      <p class="quiet">
        {(before.error ?? after.error)?.kind === 'not-found'
          ? 'No page view of this site has been measured, so there is no before and after.'
          : 'What happened before and after cannot be seen here.'}
      </p>
    );
  if (before.data === undefined || (after.data === undefined && end < now.value))
    return <SkeletonLines count={4} />;
  return (
    <Comparison
      before={before.data}
      after={after.data ?? null}
      days={daysSince(end, now.value)}
      engine={engine}
    />
  );
};

const useSummary = (
  { site, pageGroup, device }: Annotation,
  engine: View['engine'],
  from: number,
  to: number,
) =>
  useRequest<Summary>(
    from >= to
      ? null
      : reports.summary([
          ...(site === null ? [] : [['site', site] as const]),
          ['from', new Date(from).toISOString()],
          ['to', new Date(to).toISOString()],
          ...narrowedTo('page_group', pageGroup),
          ...narrowedTo('device', device),
          ...narrowedTo('engine', engine === 'all' ? null : engine),
        ]),
  );

const narrowedTo = (dimension: string, value: string | null): readonly (readonly [string, string])[] =>
  value === null ? [] : [['filter', formatFilter({ dimension, op: 'is', values: [value] })]];

const Comparison = ({
  before,
  after,
  days,
  engine,
}: {
  readonly before: Summary;
  readonly after: Summary | null;
  /** That have passed since, at most a week. */
  readonly days: number;
  readonly engine: View['engine'];
}) => (
  <figure class="before-after">
    <table class="table">
      <caption class="unseen">A week before and after, 75th percentile</caption>
      <thead>
        <tr>
          <th scope="col">p75</th>
          <th scope="col" class="is-number">
            7 days before
          </th>
          <th scope="col" class="is-number">
            {days < SIDE_DAYS ? `${days < 1 ? 'Since' : `${Math.floor(days)} days since`}` : '7 days after'}
          </th>
          <th scope="col">Change</th>
        </tr>
      </thead>
      <tbody>
        {before.vitals
          .filter(({ vital }) => VITALS[vital].isCore)
          .map((figures) => (
            <Line key={figures.vital} before={figures} after={vitalOf(after, figures.vital)} />
          ))}
        <tr>
          <th scope="row">Page views</th>
          <td class="is-number">{formatCount(before.views)}</td>
          <td class="is-number">{formatCount(after?.views ?? null)}</td>
          <td>{days < SIDE_DAYS ? '' : formatChange(before.views, after?.views ?? null)}</td>
        </tr>
      </tbody>
    </table>
    <figcaption class="quiet">{ENGINE_WORDS[engine]}, as the charts beside it.</figcaption>
  </figure>
);

const Line = ({ before, after }: { readonly before: VitalFigures; readonly after: VitalFigures | null }) => {
  const change = after === null ? null : changeWords(before, after);
  return (
    <tr>
      <th scope="row">{VITALS[before.vital].label}</th>
      <td class="is-number">
        <Value figures={before} />
      </td>
      <td class="is-number">{after === null ? '–' : <Value figures={after} />}</td>
      <td>{change?.words ?? 'too few page views to say'}</td>
    </tr>
  );
};

const Value = ({ figures }: { readonly figures: VitalFigures }) => (
  <>
    {formatVital(figures.vital, figures.value)}{' '}
    <RatingBadge rating={figures.rating} samples={figures.samples} hasWord={false} />
  </>
);

const vitalOf = (summary: Summary | null, vital: VitalFigures['vital']): VitalFigures | null =>
  summary?.vitals.find((figures) => figures.vital === vital) ?? null;

const daysSince = (end: number, now: number): number => Math.min(SIDE_DAYS, (now - end) / DAY_MS);
