import type { BreakdownRow } from '#reports';
import { type VitalId, VITALS } from '#vitals';
import { formatVital } from '../parts/numbers.ts';
import { changeWords } from './change-words.ts';
import type { RowsBefore } from './use-rows-before.ts';
import './breakdown-table.css';

const SIGNS = { better: '↓', worse: '↑', same: '≈' } as const;
const CLASSES = { better: 'is-good', worse: 'is-poor', same: 'quiet' } as const;

/** The head of the column. */
export const ChangeHead = ({ before, vital }: { readonly before: RowsBefore; readonly vital: VitalId }) => (
  <th scope="col" title={`${VITALS[vital].label} against ${before.words}`}>
    Change
  </th>
);

/** How a row's vital changed against before, and between what the value lies (95 %). */
export const ChangeCell = ({
  row,
  before,
  vital,
}: {
  readonly row: BreakdownRow;
  readonly before: RowsBefore;
  readonly vital: VitalId;
}) => {
  const figures = row.vitals.find((each) => each.vital === vital);
  const earlier = before.rows?.get(row.value)?.vitals.find((each) => each.vital === vital);
  const words = figures === undefined ? null : changeWords(earlier, figures);
  const interval = figures?.interval ?? null;
  return (
    <td class="change-cell" data-label="Change" aria-busy={before.rows === null}>
      {words === null ? (
        <span class="quiet">{before.rows === null ? '…' : '–'}</span>
      ) : (
        <span class={CLASSES[words.direction]} title={words.words}>
          {SIGNS[words.direction]} {words.direction === 'same' ? 'not told apart' : words.words}
        </span>
      )}
      {interval !== null && (
        <span class="quiet numbers change-interval">
          {formatVital(vital, interval.low)} – {formatVital(vital, interval.high)}
        </span>
      )}
    </td>
  );
};
