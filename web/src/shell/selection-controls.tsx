import { useState } from 'preact/hooks';
import { Select, SelectField } from '../parts/field.tsx';
import { Segmented } from '../parts/segmented.tsx';
import { useApp } from '../state/app-state.ts';
import { CompareDialog } from './compare-dialog.tsx';
import { type Device, DEVICES, deviceOf, withDevice } from './device.ts';
import { MeasureChip, MeasureFields } from './measure-panel.tsx';

/** Device, measure (engine, navigations, percentile) and comparison: short in the bar, with labels in a sheet. */
export const SelectionControls = ({ hasLabels }: { readonly hasLabels: boolean }) => {
  const { router } = useApp();
  const { view } = router.address.value;
  return (
    <>
      <Segmented<Device>
        label="Device"
        choices={DEVICES}
        value={deviceOf(view.filters)}
        onValue={(device) => router.setView({ filters: withDevice(view.filters, device) })}
      />
      {hasLabels ? <MeasureFields /> : <MeasureChip />}
      <CompareSelect hasLabel={hasLabels} />
    </>
  );
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
