import { VITAL_IDS, VITALS } from '#vitals';
import { useApp } from '../state/app-state.ts';
import { Segmented } from '../parts/segmented.tsx';

/** Chooses the vital of the page; it stands in the address. */
export const VitalChoice = () => {
  const { router } = useApp();
  return (
    <Segmented
      label="Vital"
      value={router.address.value.view.vital}
      choices={VITAL_IDS.map((value) => ({ value, label: VITALS[value].label }))}
      onValue={(vital) => router.setView({ vital })}
    />
  );
};
