import { useState } from 'preact/hooks';
import { Select, SelectField } from '../parts/field.tsx';
import { Segmented } from '../parts/segmented.tsx';
import { useApp } from '../state/app-state.ts';
import { withoutDimension } from '../state/filter.ts';
import { ENGINES, NAVIGATIONS, PERCENTILES, type View } from '../state/url.ts';
import { CompareDialog } from './compare-dialog.tsx';

type Device = 'all' | 'mobile' | 'desktop';

const DEVICES = [
  { value: 'all', label: 'All' },
  { value: 'mobile', label: 'Mobile' },
  { value: 'desktop', label: 'Desktop' },
] as const;

const ENGINE_WORDS: Readonly<Record<View['engine'], string>> = {
  Blink: 'Chromium',
  WebKit: 'WebKit (Safari)',
  Gecko: 'Gecko (Firefox)',
  all: 'All engines',
};

const NAVIGATION_WORDS: Readonly<Record<View['navigations'], string>> = {
  hard: 'Page loads',
  soft: 'Soft navigations',
  bfcache: 'Back/forward cache',
  all: 'All navigations',
};

/** Why not all engines at first. */
export const ENGINE_REASON =
  'Chromium only: no other engine measures CLS, so figures of all engines together would be of different visitors.';

/** Device, engine, navigations, percentile and comparison. With labels in a sheet, without in the bar. */
export const SelectionControls = ({ hasLabels }: { readonly hasLabels: boolean }) => {
  const { router } = useApp();
  const { view } = router.address.value;
  const [isComparing, setComparing] = useState(false);
  const change = (part: Partial<View>): void => router.setView(part);
  const controls = [
    {
      label: 'Engine',
      hint: ENGINE_REASON,
      value: view.engine,
      choices: ENGINES.map((engine) => ({ value: engine, label: ENGINE_WORDS[engine] })),
      onValue: (value: string) =>
        change({ engine: ENGINES.find((engine) => engine === value) ?? view.engine }),
    },
    {
      label: 'Navigations',
      value: view.navigations,
      choices: NAVIGATIONS.map((kind) => ({ value: kind, label: NAVIGATION_WORDS[kind] })),
      onValue: (value: string) =>
        change({ navigations: NAVIGATIONS.find((kind) => kind === value) ?? view.navigations }),
    },
    {
      label: 'Percentile',
      value: String(view.percentile),
      choices: PERCENTILES.map((p) => ({ value: String(p), label: `p${p}` })),
      onValue: (value: string) => change({ percentile: PERCENTILES.find((p) => String(p) === value) ?? 75 }),
    },
    {
      label: 'Compare',
      value: typeof view.compare === 'string' ? view.compare : 'custom',
      choices: [
        { value: 'none', label: hasLabels ? 'Nothing' : 'Compare' },
        { value: 'prev', label: 'Previous period' },
        { value: 'year', label: 'A year ago' },
        { value: 'custom', label: 'Another period…' },
      ],
      onValue: (value: string) => {
        if (value === 'custom') setComparing(true);
        else if (value === 'none' || value === 'prev' || value === 'year') change({ compare: value });
      },
    },
  ];
  return (
    <>
      <Segmented<Device>
        label="Device"
        choices={DEVICES}
        value={deviceOf(view)}
        onValue={(device) => change({ filters: withDevice(view, device) })}
      />
      {controls.map((control) =>
        hasLabels ? (
          <SelectField key={control.label} {...control} />
        ) : (
          <Select
            key={control.label}
            {...control}
            {...(control.hint !== undefined && { title: control.hint })}
          />
        ),
      )}
      <CompareDialog isOpen={isComparing} onClose={() => setComparing(false)} />
    </>
  );
};

/** What the toggle shows; null when a filter says something else of devices. */
const deviceOf = ({ filters }: View): Device | null => {
  const of = filters.filter(({ dimension }) => dimension === 'device');
  const [filter] = of;
  if (filter === undefined) return 'all';
  if (of.length > 1 || filter.op !== 'is' || filter.values.length !== 1) return null;
  return DEVICES.find(({ value }) => value === filter.values[0])?.value ?? null;
};

const withDevice = ({ filters }: View, device: Device): View['filters'] => {
  const others = withoutDimension(filters, 'device');
  return device === 'all' ? others : [...others, { dimension: 'device', op: 'is', values: [device] }];
};
