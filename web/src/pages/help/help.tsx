import { ENOUGH_TO_RATE, type Vital, VITAL_IDS, VITALS } from '#vitals';
import { RatingBadge } from '../../parts/badge.tsx';
import { formatVital } from '../../parts/numbers.ts';
import { type Column, Table } from '../../parts/table.tsx';
import { KeysHelp } from '../../shell/keys-help.tsx';
import { PageTitle } from '../../shell/page-title.tsx';
import './help.css';

const ANSWERS: Readonly<Record<Vital['id'], string>> = {
  lcp: 'How long until the largest thing was painted: when a page looks ready.',
  inp: 'How long a page took to answer the slowest clicks and keys.',
  cls: 'How much things moved while somebody read.',
  fcp: 'How long until anything at all was painted.',
  ttfb: 'How long until the first byte of the page came.',
};

const COLUMNS: readonly Column<Vital>[] = [
  {
    id: 'vital',
    title: 'Vital',
    cell: ({ label, name, isCore }) => (
      <>
        <strong>{label}</strong> {name}
        {isCore && <span class="quiet"> · core</span>}
      </>
    ),
  },
  { id: 'what', title: 'What it says', cell: ({ id }) => ANSWERS[id] },
  { id: 'good', title: 'Good up to', isNumber: true, cell: ({ id, good }) => formatVital(id, good) },
  { id: 'poor', title: 'Poor above', isNumber: true, cell: ({ id, poor }) => formatVital(id, poor) },
];

/** What the words, signs and keys mean. */
export const Help = () => (
  <>
    <PageTitle title="Help" note="What the figures mean, how they come about, and the keys." />
    <div class="help">
      <section>
        <h2>The vitals</h2>
        <Table
          caption="The vitals and their thresholds"
          columns={COLUMNS}
          rows={VITAL_IDS.map((id) => VITALS[id])}
          keyOf={({ id }) => id}
        />
        <p>
          <RatingBadge rating="good" /> <RatingBadge rating="needs-improvement" />{' '}
          <RatingBadge rating="poor" /> are the ratings, always as a shape and a word. A site passes when all
          three core vitals are good at p75.
        </p>
      </section>
      <section>
        <h2>How figures come about</h2>
        <p>
          <strong>p75</strong> means: three of four page views were at least this good. Percentiles come from
          all page views of a selection together, never from averages of other percentiles.
        </p>
        <p>
          <strong>Intervals</strong> say how sure a figure is: with the visitors of another such period it
          would lie in there 19 times out of 20. Below {ENOUGH_TO_RATE} page views nothing is rated.
        </p>
        <p>
          <strong>Mix and performance.</strong> When a figure changes, other people may have come (more
          phones, another country), or pages may have become slower. A comparison tells the two apart.
        </p>
        <p>
          <strong>Engines.</strong> Only Chromium measures CLS. At first everything is shown for Chromium, so
          that all vitals are of the same visitors; the chip in the bar shows others.
        </p>
        <p>
          <strong>Times</strong> are UTC. “–” means that nothing was measured; it never stands for 0.
        </p>
      </section>
      <section>
        <h2>Keys</h2>
        <KeysHelp />
      </section>
    </div>
  </>
);
