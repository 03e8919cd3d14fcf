import { expect } from 'vitest';
import type { HeatAnswer } from '../../../../src/modules/reports/contract.ts';
import { queryOf } from '../asking.ts';
import { percentile, tolerance, valuesOf } from '../slow.ts';
import { type Check, chosen, forAny } from './check.ts';
import { expectNear, vital } from './figures.ts';

/** It shows the hours of the week, and the values over time. */
export const heat: Check = ({ ask, views, selections }) =>
  forAny([selections, vital], async (by, id) => {
    const all = chosen(views, by);
    const week = await ask<HeatAnswer>('heat', queryOf(by, { vital: id, kind: 'weekday' }));
    expect(week.cells).toHaveLength(168);
    for (const { row, column, value, views: shown, samples } of week.cells) {
      const here = all.filter(({ startedAt }) => {
        const date = new Date(startedAt);
        return (date.getUTCDay() + 6) % 7 === row && date.getUTCHours() === column;
      });
      expect(shown).toBe(here.length);
      expect(samples).toBe(valuesOf(here, id).length);
      expectNear(id, value, percentile(valuesOf(here, id), by.percentile));
    }
    const time = await ask<HeatAnswer>('heat', queryOf(by, { vital: id, kind: 'time' }));
    const half = tolerance(id, 0) / 100;
    for (const [index, at] of time.columns.entries()) {
      const end = Date.parse(time.columns[index + 1] ?? '2100-01-01');
      const values = valuesOf(
        all.filter(({ startedAt }) => startedAt >= Date.parse(at) && startedAt < end),
        id,
      );
      const cells = time.cells.filter(({ column }) => column === index);
      expect(cells.reduce((sum, cell) => sum + cell.views, 0)).toBe(values.length);
      for (const cell of cells) {
        const [from = 0, to = 0] = (time.rows[cell.row] ?? '').split('–').map(Number);
        const inside = values.filter((value) => value >= from - half && value <= to + half).length;
        expect([cell.views, cell.samples]).toEqual([inside, values.length]);
        if (values.length === 0) expect(cell.value).toBeNull();
        else expect(cell.value).toBeCloseTo(inside / values.length, 12);
      }
      const sum = cells.reduce((whole, { value }) => whole + (value ?? 0), 0);
      expect(sum).toBeCloseTo(values.length === 0 ? 0 : 1, 9);
    }
  });
