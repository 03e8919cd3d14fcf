import { useState } from 'preact/hooks';
import { reports } from '../api/reports.ts';
import { Button } from '../parts/button.tsx';
import { Dialog, DialogActions } from '../parts/dialog.tsx';
import { SelectField, TextField } from '../parts/field.tsx';
import { formatShort } from '../parts/numbers.ts';
import { SkeletonLines } from '../parts/skeleton.tsx';
import { dimensionWord, valueWords } from '../reports/dimension-words.ts';
import { useApp } from '../state/app-state.ts';
import { type Filter, OPERATOR_WORDS, OPERATORS } from '../state/filter.ts';
import { selectionOf } from '../state/selection.ts';
import { useLater } from '../state/use-later.ts';
import { useRequest } from '../state/use-request.ts';
import './filter-dialog.css';

/** What one filters by, most asked first. The site has its own picker, the engine its own chip. */
const DIMENSIONS = [
  'page_group',
  'url_path',
  'page_type',
  'device',
  'country',
  'city',
  'browser',
  'browser_version',
  'operating_system',
  'connection',
  'round_trip',
  'protocol',
  'screen_width',
  'cpu_cores',
  'device_memory',
  'navigation_type',
  'referrer_type',
  'referrer_host',
  'utm_source',
  'utm_medium',
  'utm_campaign',
  'ab_group',
  'release',
  'boomerang_version',
] as const;

/** Makes a filter, or changes one. */
export const FilterDialog = ({
  isOpen,
  filter,
  onFilter,
  onClose,
}: {
  readonly isOpen: boolean;
  /** The one to change; null: a new one. */
  readonly filter: Filter | null;
  readonly onFilter: (filter: Filter) => void;
  readonly onClose: () => void;
}) => (
  <Dialog title={filter === null ? 'Add a filter' : 'Change the filter'} isOpen={isOpen} onClose={onClose}>
    <FilterForm filter={filter} onFilter={onFilter} />
  </Dialog>
);

const FilterForm = ({
  filter,
  onFilter,
}: {
  readonly filter: Filter | null;
  readonly onFilter: (filter: Filter) => void;
}) => {
  const [dimension, setDimension] = useState<string>(filter?.dimension ?? DIMENSIONS[0]);
  const [op, setOp] = useState<Filter['op']>(filter?.op ?? 'is');
  const [values, setValues] = useState<readonly string[]>(filter?.values ?? []);
  const [text, setText] = useState(filter !== null && isText(filter.op) ? filter.values.join('') : '');
  const chosen = isText(op) ? [text.trim()].filter((one) => one !== '') : values;
  const dimensions = DIMENSIONS.includes(dimension as (typeof DIMENSIONS)[number])
    ? DIMENSIONS
    : [...DIMENSIONS, dimension];
  return (
    <form
      class="filter-form"
      onSubmit={(event) => {
        event.preventDefault();
        if (chosen.length > 0) onFilter({ dimension, op, values: chosen });
      }}
    >
      <div class="filter-line">
        <SelectField
          label="Dimension"
          value={dimension}
          choices={dimensions.map((value) => ({ value, label: dimensionWord(value) }))}
          onValue={(next) => {
            setDimension(next);
            setValues([]);
            setText('');
          }}
        />
        <SelectField
          label="Condition"
          value={op}
          choices={OPERATORS.map((value) => ({ value, label: OPERATOR_WORDS[value] }))}
          onValue={setOp}
        />
      </div>
      <TextField
        label={isText(op) ? 'Text' : 'Look for values'}
        type="search"
        value={text}
        onValue={setText}
        placeholder={isText(op) ? '' : 'all'}
      />
      {!isText(op) && <Values dimension={dimension} search={text} values={values} onValues={setValues} />}
      <DialogActions>
        <Button type="submit" kind="primary" disabled={chosen.length === 0}>
          {filter === null ? 'Add filter' : 'Change filter'}
        </Button>
      </DialogActions>
    </form>
  );
};

/** Does the operator take free text? */
const isText = (op: Filter['op']): boolean => op === 'contains' || op === 'begins';

/** Values that there are in the period and site, most page views first; what is chosen always stays in sight. */
const Values = ({
  dimension,
  search,
  values,
  onValues,
}: {
  readonly dimension: string;
  readonly search: string;
  readonly values: readonly string[];
  readonly onValues: (values: readonly string[]) => void;
}) => {
  const { router, now } = useApp();
  const { site, view } = router.address.value;
  const looked = useLater(search.trim());
  const selection = selectionOf(site, { ...view, filters: [] }, now.value);
  const asked = useRequest(
    reports.breakdown(selection, {
      dimension,
      order: 'views',
      limit: 50,
      ...(looked !== '' && { search: looked }),
    }),
  );
  if (asked.isLoading) return <SkeletonLines />;
  const rows = (asked.data?.dimension === dimension ? asked.data.rows : undefined) ?? [];
  const missing = values.filter((value) => !rows.some((row) => row.value === value));
  if (rows.length === 0 && missing.length === 0)
    return (
      <p class="quiet">
        {asked.error?.message ?? 'No value of this dimension in the period. Choose “contains” to write one.'}
      </p>
    );
  const toggle = (value: string): void =>
    onValues(values.includes(value) ? values.filter((one) => one !== value) : [...values, value]);
  return (
    <div class="filter-values" role="group" aria-label={dimensionWord(dimension)}>
      {[...missing.map((value) => ({ value, views: null })), ...rows].map(({ value, views }) => (
        <label key={value} class="filter-value">
          <input type="checkbox" checked={values.includes(value)} onChange={() => toggle(value)} />
          <span>{valueWords(dimension, value)}</span>
          <span class="quiet numbers">{formatShort(views)}</span>
        </label>
      ))}
    </div>
  );
};
