import type { FunnelLine, HealthAnswer, ReasonCount } from '#operations';
import { formatCount, formatMoment, NOTHING } from '../../../parts/numbers.ts';
import { type Column, Table } from '../../../parts/table.tsx';
import { Panel } from '../../../reports/panel.tsx';
import { reasonWords } from './reason-words.ts';
import './funnel.css';

/** What became of beacons, from the door to the row, as bars of one scale. */
export const FunnelPanel = ({
  health,
}: {
  readonly health: Pick<HealthAnswer, 'countingSince' | 'funnel'>;
}) => {
  const total = totalOf(health.funnel);
  const columns: readonly Column<FunnelLine>[] = [
    {
      id: 'destination',
      title: 'Where they belong',
      cell: ({ destination }) =>
        destination === 'unknown' || destination === 'expired' ? (
          <i>{destination === 'unknown' ? 'nobody (unknown)' : 'expired organizations'}</i>
        ) : (
          destination
        ),
    },
    number('received', 'Received', ({ received }) => received),
    number('journaled', 'On disk', ({ journaled }) => journaled),
    number('stored', 'Rows', ({ stored }) => stored),
    number('archived', 'Archive only', ({ archivedOnly }) => archivedOnly),
    reasons('notAccepted', 'Not accepted', ({ notAccepted }) => notAccepted),
    reasons('quarantined', 'Quarantined', ({ quarantined }) => quarantined),
    number('pending', 'Waiting', ({ pending }) => pending),
    reasons('refused', 'Refused at the door', ({ refused }) => refused),
  ];
  return (
    <Panel
      title="From the browser to the row"
      note={`Beacons since ${formatMoment(health.countingSince)} UTC, refusals since this process started. Rows + archive only + not accepted + quarantined + waiting = on disk.`}
    >
      {total.received === 0 ? (
        <p class="panel-empty">
          No beacon has come since the start. Put an organization&apos;s snippet on its pages, or send one
          from the demo site.
          {health.funnel.some(({ destination }) => destination.startsWith('demo_')) &&
            ' The page views that were made for the demo did not come this way.'}
        </p>
      ) : (
        <>
          <Bars total={total} />
          <Table
            caption="Beacons by where they belong"
            columns={columns}
            rows={health.funnel.filter((line) => line.received + line.stored + line.archivedOnly > 0)}
            keyOf={({ destination }) => destination}
          />
        </>
      )}
    </Panel>
  );
};

interface Total {
  readonly received: number;
  readonly journaled: number;
  readonly stored: number;
  readonly archivedOnly: number;
  readonly notAccepted: number;
  readonly quarantined: number;
  readonly pending: number;
}

const totalOf = (lines: readonly FunnelLine[]): Total => {
  const sum = (of: (line: FunnelLine) => number): number => lines.reduce((all, line) => all + of(line), 0);
  return {
    received: sum(({ received }) => received),
    journaled: sum(({ journaled }) => journaled),
    stored: sum(({ stored }) => stored),
    archivedOnly: sum(({ archivedOnly }) => archivedOnly),
    notAccepted: sum(({ notAccepted }) => countOf(notAccepted)),
    quarantined: sum(({ quarantined }) => countOf(quarantined)),
    pending: sum(({ pending }) => pending),
  };
};

/** The bars repeat what the table says. */
const Bars = ({ total }: { readonly total: Total }) => {
  const most = Math.max(1, total.received, total.journaled);
  const bar = (words: string, parts: readonly { readonly of: string; readonly count: number }[]) => (
    <div class="funnel-line" key={words}>
      <span>{words}</span>
      <span class="funnel-bar">
        {parts.map(({ of, count }) => (
          <span key={of} class={`funnel-part is-${of}`} style={{ width: `${(100 * count) / most}%` }} />
        ))}
      </span>
      <b>{formatCount(parts.reduce((sum, { count }) => sum + count, 0))}</b>
    </div>
  );
  return (
    <div class="funnel">
      {bar('Received', [{ of: 'received', count: total.received }])}
      {bar('On disk', [{ of: 'journaled', count: total.journaled }])}
      {bar('Rows', [{ of: 'stored', count: total.stored }])}
      {bar('Archive only', [{ of: 'archived', count: total.archivedOnly }])}
      {bar('Not accepted or quarantined', [
        { of: 'quarantined', count: total.notAccepted + total.quarantined },
      ])}
    </div>
  );
};

const number = (id: string, title: string, of: (line: FunnelLine) => number): Column<FunnelLine> => ({
  id,
  title,
  isNumber: true,
  cell: (line) => (of(line) === 0 ? NOTHING : formatCount(of(line))),
});

const reasons = (
  id: string,
  title: string,
  of: (line: FunnelLine) => readonly ReasonCount[],
): Column<FunnelLine> => ({
  id,
  title,
  isNumber: true,
  cell: (line) =>
    of(line).length === 0 ? (
      NOTHING
    ) : (
      <span>
        {of(line).map(({ reason, count }) => (
          <span key={reason} class="funnel-reason">
            {formatCount(count)} <span class="quiet">{reasonWords(reason)}</span>
          </span>
        ))}
      </span>
    ),
});

const countOf = (counts: readonly ReasonCount[]): number => counts.reduce((sum, { count }) => sum + count, 0);
