import { type Filter, withoutDimension } from '../state/filter.ts';

/** What the toggle chooses. */
export type Device = 'all' | 'mobile' | 'desktop';

/** Its choices. */
export const DEVICES = [
  { value: 'all', label: 'All' },
  { value: 'mobile', label: 'Mobile' },
  { value: 'desktop', label: 'Desktop' },
] as const;

/** What the toggle shows; null when filters say something else of devices. */
export const deviceOf = (filters: readonly Filter[]): Device | null => {
  const of = filters.filter(({ dimension }) => dimension === 'device');
  const [filter] = of;
  if (filter === undefined) return 'all';
  return of.length === 1 && isDeviceFilter(filter) ? (filter.values[0] as Device) : null;
};

/** Is it a filter that the toggle sets? */
export const isDeviceFilter = ({ dimension, op, values }: Filter): boolean =>
  dimension === 'device' &&
  op === 'is' &&
  values.length === 1 &&
  ['mobile', 'desktop'].includes(values[0] ?? '');

/** The filters with what the toggle chose. */
export const withDevice = (filters: readonly Filter[], device: Device): readonly Filter[] => {
  const others = withoutDimension(filters, 'device');
  return device === 'all' ? others : [...others, { dimension: 'device', op: 'is', values: [device] }];
};
