import { useState } from 'preact/hooks';
import type { LockedSelection } from '../api/accounts.ts';
import { Select, SelectField } from '../parts/field.tsx';
import { LOCK_REASON, LockedPill } from '../parts/pill.tsx';
import { Segmented } from '../parts/segmented.tsx';
import { useApp } from '../state/app-state.ts';
import { useLock } from '../state/use-lock.ts';
import { compareWords } from '../state/period.ts';
import { CompareDialog } from './compare-dialog.tsx';
import { type Device, DEVICES, deviceOf, withDevice } from './device.ts';
import { MeasureChip, MeasureFields } from './measure-panel.tsx';

/** Device, measure (engine, navigations, percentile) and comparison: short in the bar, with labels in a sheet. */
export const SelectionControls = ({ hasLabels }: { readonly hasLabels: boolean }) => {
  const { router } = useApp();
  const { view } = router.address.value;
  const lock = useLock();
  const ofDevice = lock?.filters.filter(({ dimension }) => dimension === 'device') ?? [];
  const isDeviceHeld = ofDevice.length > 0;
  return (
    <>
      <Segmented<Device>
        label="Device"
        choices={DEVICES}
        value={deviceOf(isDeviceHeld ? ofDevice : view.filters)}
        locked={isDeviceHeld ? LOCK_REASON : undefined}
        onValue={(device) => router.setView({ filters: withDevice(view.filters, device) })}
      />
      {hasLabels ? <MeasureFields /> : <MeasureChip />}
      {lock?.period ? <LockedCompare lock={lock} /> : <CompareSelect hasLabel={hasLabels} />}
    </>
  );
};

const LockedCompare = ({ lock: { compare } }: { readonly lock: LockedSelection }) => {
  const words = compareWords(compare ?? 'none', useApp().now.value);
  return <LockedPill words={words}>{words}</LockedPill>;
};

const CompareSelect = ({ hasLabel }: { readonly hasLabel: boolean }) => {
  const { router } = useApp();
  const { compare } = router.address.value.view;
  const [isChoosing, setChoosing] = useState(false);
  const control = {
    label: 'Compare',
    value: typeof compare === 'string' ? compare : 'custom',
    choices: [
      { value: 'none', label: hasLabel ? 'Nothing' : 'Compare' },
      { value: 'prev', label: 'Previous period' },
      { value: 'year', label: 'A year ago' },
      { value: 'custom', label: 'Another period…' },
    ],
    onValue: (value: string): void => {
      if (value === 'custom') setChoosing(true);
      else if (value === 'none' || value === 'prev' || value === 'year') router.setView({ compare: value });
    },
  };
  return (
    <>
      {hasLabel ? <SelectField {...control} /> : <Select {...control} />}
      <CompareDialog isOpen={isChoosing} onClose={() => setChoosing(false)} />
    </>
  );
};
