import { describe, expect, test } from 'vitest';
import { deviceOf, withDevice } from './device.ts';

const country = { dimension: 'country', op: 'is' as const, values: ['DE'] };

describe('the device toggle', () => {
  test('shows what it set, and leaves other filters alone', () => {
    const filters = withDevice([country], 'mobile');
    expect(deviceOf(filters)).toBe('mobile');
    expect(withDevice(filters, 'all')).toEqual([country]);
  });

  test('shows nothing pressed when a filter says something else of devices', () => {
    expect(deviceOf([{ dimension: 'device', op: 'is_not', values: ['mobile'] }])).toBeNull();
    expect(deviceOf([{ dimension: 'device', op: 'is', values: ['mobile', 'tablet'] }])).toBeNull();
  });
});
