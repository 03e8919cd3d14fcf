import { describe, expect, test } from 'vitest';
import { exportName } from './export.ts';

const period = { from: '2026-11-01T00:00:00.000Z', to: '2026-11-22T06:00:00.000Z' };

describe('name of an export', () => {
  test('tells tenant, report, site and period', () => {
    expect(exportName('shop', '/reports/breakdown', { site: 'shop.example', ...period })).toBe(
      'shop-breakdown-shop.example-2026-11-01-2026-11-22',
    );
  });

  test('says all when there is no site, and nothing of a period when there is none', () => {
    expect([
      exportName('shop', '/reports/series', { site: null, ...period }),
      exportName('shop', '/reports/live'),
    ]).toEqual(['shop-series-all-2026-11-01-2026-11-22', 'shop-live']);
  });

  test('holds nothing that could end the header or leave the folder', () => {
    const name = exportName('shop', '/reports/page-views/{id}', { site: '../"\r\nx: y/é', ...period });
    expect(name).toMatch(/^[0-9A-Za-z._-]+$/);
    expect(name).not.toContain('..');
  });
});
