import { Command } from 'commander';
import { describe, expect, test } from 'vitest';
import { emptyState, type LoaderState } from '#loader';
import type { ReplayReport } from '#archive';
import type { TenantId } from '#tenants';
import { isSettled } from '#upkeep';
import { addReplayCommand, checkReplay } from './replay.ts';
import { reportJson, reportText } from './replay-report.ts';

const SHOP = 'shop' as TenantId;
const S = '0000000000000001';

describe('isSettled', () => {
  const state: LoaderState = { ...emptyState, cursor: { [S]: 100 } };
  const at = (offset: number, changed: Partial<LoaderState> = {}): boolean =>
    isSettled({ ...state, ...changed }, SHOP, { segment: S, offset });

  test('is what lies before the cursor', () => {
    expect([at(99), at(100)]).toEqual([true, false]);
    expect(isSettled(state, SHOP, { segment: '0000000000000002', offset: 0 })).toBe(false);
  });

  test('is less for an organization that lags, and not for others', () => {
    const lag = { cursor: { [S]: 50 }, since: 0, code: '', reason: '', attempts: 1, pending: 1 };
    expect([at(49, { lagging: { shop: lag } }), at(50, { lagging: { shop: lag } })]).toEqual([true, false]);
    expect(at(50, { lagging: { news: lag } })).toBe(true);
  });

  test('is not what is looked at once more', () => {
    const reverify = { cursor: { [S]: 20 }, until: { [S]: 60 } };
    expect([19, 20, 59, 60].map((offset) => at(offset, { reverify }))).toEqual([true, false, false, true]);
  });
});

describe('checkReplay', () => {
  const find = (id: TenantId) =>
    id === SHOP ? { isExpired: false } : id === 'late' ? { isExpired: true } : undefined;

  test('refuses organizations that cannot take beacons, and an empty range', () => {
    const codes = [{ tenant: 'nobody' }, { as: 'late' }, { since: 2, until: 2 }].map((options) => {
      try {
        checkReplay(options as never, find);
        return 'none';
      } catch (error) {
        return (error as { code: string }).code;
      }
    });
    expect(codes).toEqual(['REPLAY_NO_TENANT', 'REPLAY_TENANT_EXPIRED', 'REPLAY_EMPTY_RANGE']);
    expect(() => checkReplay({ tenant: SHOP, since: 1, until: 2 }, find)).not.toThrow();
  });
});

describe('the command', () => {
  const parse = (...words: string[]): Record<string, unknown> => {
    const program = new Command().exitOverride().configureOutput({ writeErr: () => undefined });
    addReplayCommand(program, {
      config: () => ({}) as never,
      openDatabase: () => Promise.reject(new Error('not needed')),
      out: () => undefined,
    });
    const command = program.commands[0] ?? program;
    command.exitOverride().configureOutput({ writeErr: () => undefined });
    return command.parseOptions(words) && command.opts();
  };

  test('understands days as whole days, and instants as they are', () => {
    expect(parse('--since', '2027-01-01', '--until', '2027-01-31')).toMatchObject({
      since: Date.UTC(2027, 0, 1),
      until: Date.UTC(2027, 1, 1),
    });
    expect(parse('--until', '2027-01-31T12:00:00+02:00')).toMatchObject({ until: Date.UTC(2027, 0, 31, 10) });
  });

  test('refuses what it cannot understand', () => {
    for (const words of [
      ['--since', '2027-13-01'],
      ['--since', '1.1.2027'],
      ['--since', '2027-01-31T12:00'],
      ['--tenant', '../x'],
      ['--rate', '0'],
    ])
      expect(() => parse(...words)).toThrow(/invalid/);
  });
});

describe('the report', () => {
  const report: ReplayReport = {
    tenants: new Map([[SHOP, { inserted: 1_200, existing: 3, quarantined: 0, refused: 1 }]]),
    read: 1_300,
    left: { not_selected: 0, unknown: 96, expired: 0, removed: 0, in_journal: 0, repeated: 0 },
    badLines: 1,
    badExamples: [{ file: '/a/7.json.lines', line: 12, reason: 'found no JSON object' }],
    unmarked: 0,
    unfinished: 0,
    skippedDays: 0,
    ignored: [],
    stopped: false,
  };

  test('tells a person what was done, what stays and what was bad', () => {
    const text = reportText(report, false);
    for (const part of [
      '1,300 beacons read',
      '1,200',
      '96  stay: no organization has their trace',
      '/a/7.json.lines:12',
    ])
      expect(text).toContain(part);
    expect(reportText(report, true)).toContain('would be inserted');
  });

  test('is JSON for a program', () => {
    expect(JSON.parse(reportJson(report, true))).toMatchObject({
      dry_run: true,
      tenants: { shop: { inserted: 1_200 } },
    });
  });
});
