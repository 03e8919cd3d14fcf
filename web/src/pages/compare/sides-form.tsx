import { reports } from '../../api/reports.ts';
import { SelectField, TextField } from '../../parts/field.tsx';
import { formatPercent } from '../../parts/numbers.ts';
import { dimensionWord, valueWords } from '../../reports/dimension-words.ts';
import { Panel } from '../../reports/panel.tsx';
import type { Selected } from '../../reports/use-selected.ts';
import { useApp } from '../../state/app-state.ts';
import { dayOf } from '../../state/moment.ts';
import { useRequest } from '../../state/use-request.ts';
import { OrganizationSides, useComparable } from './organization-sides.tsx';
import { SelectionSides, type SideProps } from './selection-sides.tsx';
import { otherPeriod, type Sides, SIDES_BY } from './sides.ts';

/** Chooses the two sides; what is chosen stands in the address. */
export const SidesForm = ({ sides, selected }: { readonly sides: Sides; readonly selected: Selected }) => {
  const { router, organization } = useApp();
  const organizations = useComparable();
  const change = (extra: Readonly<Record<string, string | null>>): void =>
    router.setExtra(extra, { replace: true });
  return (
    <Panel title="What is compared" note="Everything chosen above holds for both sides.">
      <div class="sides-form">
        <SelectField
          label="By"
          value={sides.by}
          choices={SIDES_BY.filter((value) => value !== 'organization' || organizations.length > 1).map(
            (value) => ({ value: value as string, label: BY_WORDS[value] ?? dimensionWord(value) }),
          )}
          onValue={(by) =>
            change({
              by: by === 'period' ? null : by,
              a: by === 'organization' ? (organization.value?.id ?? null) : null,
              b: null,
              when: null,
            })
          }
        />
        {sides.by === 'period' && <PeriodSide sides={sides} selected={selected} onChange={change} />}
        {sides.by === 'selection' && <SelectionSides sides={sides} selected={selected} onChange={change} />}
        {sides.by === 'organization' && (
          <OrganizationSides sides={sides} organizations={organizations} onChange={change} />
        )}
        {BY_WORDS[sides.by] === undefined && (
          <ValueSides key={sides.by} sides={sides} selected={selected} onChange={change} />
        )}
      </div>
    </Panel>
  );
};

/** What is no dimension. */
const BY_WORDS: Readonly<Record<string, string>> = {
  period: 'Period',
  selection: 'Filters or segments',
  organization: 'Organization',
};

const PERIODS = [
  { value: 'prev', label: 'The period before' },
  { value: 'year', label: 'A year before' },
  { value: 'day', label: 'From a day of my choice' },
];

const PeriodSide = ({ sides, selected, onChange }: SideProps) => {
  const isDay = sides.b !== 'prev' && sides.b !== 'year';
  const start = dayOf(otherPeriod(sides.b, selected.period).from);
  return (
    <>
      <SelectField
        label="B"
        value={isDay ? 'day' : (sides.b ?? 'prev')}
        choices={PERIODS}
        onValue={(value) =>
          onChange({ by: null, b: value === 'prev' ? null : value === 'day' ? start : value })
        }
      />
      {isDay && (
        <TextField
          label="B begins"
          type="date"
          value={start}
          onValue={(value) => value !== '' && onChange({ b: value })}
        />
      )}
    </>
  );
};

const MOST_VALUES = 50;

const ValueSides = ({ sides, selected, onChange }: SideProps) => {
  const { by } = sides;
  const asked = useRequest(
    reports.breakdown(selected.selection, { dimension: by, limit: MOST_VALUES, vitals: 'lcp' }),
  );
  const rows = asked.data?.rows ?? [];
  const choices = [
    { value: CHOOSE, label: asked.data === undefined ? 'Loading…' : 'Choose…' },
    ...rows.map(({ value, share }) => ({
      value: `=${value}`,
      label: `${valueWords(by, value)} (${formatPercent(share)})`,
    })),
  ];
  const field = (side: 'a' | 'b') => {
    const value = sides[side];
    const isKnown = value !== null && rows.some((row) => row.value === value);
    return (
      <SelectField
        label={side.toUpperCase()}
        value={value === null ? CHOOSE : `=${value}`}
        choices={
          isKnown || value === null
            ? choices
            : [...choices, { value: `=${value}`, label: valueWords(by, value) }]
        }
        onValue={(chosen) => onChange({ by, [side]: chosen === CHOOSE ? null : chosen.slice(1) })}
      />
    );
  };
  return (
    <>
      {field('a')}
      {field('b')}
    </>
  );
};

/** No value yet; values begin with `=`, since one of them may be empty. */
const CHOOSE = '';
