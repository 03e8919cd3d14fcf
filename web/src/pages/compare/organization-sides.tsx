import type { Organization } from '../../api/session.ts';
import { SelectField } from '../../parts/field.tsx';
import { useApp } from '../../state/app-state.ts';
import type { SideProps } from './selection-sides.tsx';

/** Organizations with page views that the caller may act for, the own one first. */
export const useComparable = (): readonly Organization[] => {
  const { session } = useApp();
  const state = session.state.value;
  return state.kind === 'signed-in' ? state.organizations.filter(({ trace }) => trace !== null) : [];
};

/** Two organizations. */
export const OrganizationSides = ({
  sides,
  organizations,
  onChange,
}: Omit<SideProps, 'selected'> & { readonly organizations: readonly Organization[] }) => (
  <>
    {(['a', 'b'] as const).map((side) => (
      <SelectField
        key={side}
        label={side.toUpperCase()}
        value={sides[side] ?? ''}
        choices={[
          { value: '', label: 'Choose…' },
          ...organizations.map(({ id, name }) => ({ value: id, label: name })),
        ]}
        onValue={(chosen) => onChange({ [side]: chosen === '' ? null : chosen })}
      />
    ))}
  </>
);
