import { formatVital } from '../parts/numbers.ts';
import './phases-bar.css';

/** A part of a whole that goes by in order. */
export interface Phase {
  readonly name: string;
  /** What a person may do about it. */
  readonly hint: string;
  /** ms; null: not known. */
  readonly value: number | null;
}

/** Parts one after the other as one bar, with their names, times and shares listed below, so the bar needs no key. */
export const PhasesBar = ({
  label,
  phases,
}: {
  readonly label: string;
  readonly phases: readonly Phase[];
}) => {
  const total = phases.reduce((sum, { value }) => sum + (value ?? 0), 0);
  const shareOf = (value: number | null): number => (total === 0 ? 0 : (value ?? 0) / total);
  return (
    <div class="phases">
      <div class="phases-bar" aria-hidden="true">
        {phases.map(({ name, value }, index) => (
          <i
            key={name}
            class={`phase phase-${index + 1}`}
            style={{ flexGrow: shareOf(value) }}
            hidden={(value ?? 0) === 0}
          />
        ))}
      </div>
      <dl class="phases-list" aria-label={label}>
        {phases.map(({ name, hint, value }, index) => (
          <div key={name}>
            <dt>
              <i class={`phase phase-key phase-${index + 1}`} aria-hidden="true" /> {name}
            </dt>
            <dd>
              <b class="numbers">{value === null ? '–' : formatVital('lcp', value)}</b>{' '}
              <span class="quiet numbers">
                {value === null ? 'not known' : `${Math.round(shareOf(value) * 100)} %`}
              </span>
              <p class="quiet">{hint}</p>
            </dd>
          </div>
        ))}
      </dl>
    </div>
  );
};
