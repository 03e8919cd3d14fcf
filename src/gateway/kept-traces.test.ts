import { describe, expect, it } from 'vitest';
import { createManualClock } from '#core';
import { parseDescriptor } from './descriptor.ts';
import { compileModule, type Entry } from './entry.ts';
import { createTraces } from './hops.ts';
import type { CalledHop, TracedContext } from './trace.ts';

const module = compileModule(
  parseDescriptor({
    id: 'mod-notes-1.0.0',
    provides: [
      {
        id: 'notes',
        version: '1.0',
        handlers: [{ methods: ['GET'], pathPattern: '/notes', permissionsRequired: [] }],
      },
    ],
    filters: ['auth', 'pre', 'post'].map((phase) => ({
      methods: ['*'],
      pathPattern: '/*',
      phase,
      type: 'headers',
    })),
  }),
);
const entry = (label: string): Entry => {
  const found = module.entries.find(({ kind, phase }) => (kind === 'filter' ? phase : kind) === label);
  if (found === undefined) throw new Error(`there is no entry ${label}`);
  return found;
};
const context: TracedContext = {
  requestId: '1/notes',
  originTenant: 'agency',
  requestedTenant: 'agency',
  tenant: 'shop',
  relation: 'agency→shop',
  rule: 'candidate',
  actors: [],
};
const called = (label: string, startedAt: number, more: Partial<CalledHop> = {}): CalledHop => ({
  context,
  entry: entry(label),
  method: 'GET',
  status: 200,
  startedAt,
  endedAt: startedAt + 2,
  error: null,
  ...more,
});
const make = (maxTraces = 2, maxHopsPerTrace = 10) =>
  createTraces({ maxTraces, maxHopsPerTrace, keepMs: 10_000 }, createManualClock(1_000_000));
const caller = { userId: 'u', originTenant: 'agency', path: '/notes' };

describe('kept traces', () => {
  it('are read back as they were recorded', () => {
    const traces = make();
    const trace = traces.begin('1/notes', caller);
    trace.called(called('auth', 1, { status: 202 }));
    trace.called(called('handler', 4, { status: null }));
    const [auth, handler] = traces.find('1/notes')?.hops ?? [];
    expect(auth).toEqual({
      requestId: '1/notes',
      phase: 'auth',
      module: 'mod-notes-1.0.0',
      method: 'GET',
      path: '/*',
      tenants: { origin: 'agency', requested: 'agency', execution: 'shop' },
      relation: 'agency→shop',
      rule: 'candidate',
      actors: [],
      status: 202,
      startUs: 1_000,
      durationUs: 2_000,
      error: null,
    });
    expect(handler).toMatchObject({ phase: 'handler', status: null, startUs: 4_000 });
    expect(traces.find('1/notes')).toMatchObject({ userId: 'u', originTenant: 'agency', dropped: 0 });
  });

  it('tell calls in another context, failures and many calls apart', () => {
    const traces = make();
    const trace = traces.begin('1/notes', caller);
    const inner = { ...context, requestId: '1/notes;2/notes', tenant: 'agency', actors: ['mod-notes-1.0.0'] };
    const hops = [
      called('auth', 1),
      called('handler', 2, { context: inner, method: 'POST', status: 201 }),
      called('pre', 3, { status: null, error: 'gone' }),
      called('handler', 4, { context: { ...context, tenant: 'other' } }),
      ...[5, 6, 7].map((at) => called('post', at)),
    ];
    for (const hop of hops) trace.called(hop);
    expect(
      traces.find('1/notes')?.hops.map(({ requestId, method, tenants, actors, status, startUs, error }) => ({
        requestId,
        method,
        tenant: tenants.execution,
        actors,
        status,
        startUs,
        error,
      })),
    ).toEqual(
      hops.map((hop) => ({
        requestId: hop.context.requestId,
        method: hop.method,
        tenant: hop.context.tenant,
        actors: hop.context.actors,
        status: hop.status,
        startUs: hop.startedAt * 1_000,
        error: hop.error,
      })),
    );
    expect(trace.lines('1/notes;2/notes')).toEqual(['POST mod-notes-1.0.0 /notes : 201 2000us']);
  });

  it.each([
    [{ context: { ...context, requestId: '1/notes;2/b' } }, { requestId: '1/notes;2/b' }],
    [{ context: { ...context, tenant: 'b' } }, { tenants: { execution: 'b' } }],
    [{ context: { ...context, originTenant: 'b' } }, { tenants: { origin: 'b' } }],
    [{ context: { ...context, requestedTenant: 'b' } }, { tenants: { requested: 'b' } }],
    [{ context: { ...context, relation: 'b' } }, { relation: 'b' }],
    [{ context: { ...context, rule: 'b' } }, { rule: 'b' }],
    [{ context: { ...context, actors: ['b'] } }, { actors: ['b'] }],
    [{ method: 'POST' }, { method: 'POST' }],
    [{ error: 'b' }, { error: 'b' }],
  ])('keep what differs in a later call: %j', (more: Partial<CalledHop>, kept) => {
    const traces = make();
    const trace = traces.begin('1/notes', caller);
    trace.called(called('auth', 1));
    trace.called(called('handler', 2, more));
    expect(traces.find('1/notes')?.hops[1]).toMatchObject(kept);
  });

  it('keep the order in which calls ended', () => {
    const trace = make().begin('1/notes', caller);
    for (const status of [200, 201, 202, 203, 204, 205])
      trace.called(called('auth', 1, { status, error: status === 201 ? 'no' : null }));
    expect(trace.lines('1/notes').map((line) => line.split(' ')[4])).toEqual([
      '200',
      '201',
      '202',
      '203',
      '204',
      '205',
    ]);
  });

  it('count the hops past their bound, whatever their kind', () => {
    const traces = make(2, 3);
    const trace = traces.begin('1/notes', caller);
    for (const at of [1, 2]) trace.called(called('auth', at));
    for (const at of [3, 4, 5]) trace.called(called('pre', at, { error: 'no' }));
    expect(traces.find('1/notes')).toMatchObject({ dropped: 2, hops: [{}, {}, { error: 'no' }] });
  });

  it('go on when a call back comes', () => {
    const traces = make();
    traces.begin('1/notes', caller).called(called('auth', 1));
    traces.begin('2/notes', caller);
    traces.recorder('1/notes')?.called(called('handler', 2));
    expect(traces.find('1/notes')?.hops).toHaveLength(2);
    expect(traces.find('2/notes')?.hops).toHaveLength(0);
  });

  it('have nothing of the one that was there before, nor does that one go on in them', () => {
    const traces = make(1);
    const before = traces.begin('1/notes', caller);
    before.called(called('auth', 1));
    before.called(called('pre', 2, { error: 'no' }));
    traces.begin('2/notes', { userId: null, originTenant: null });
    before.called(called('handler', 3));
    expect(before.lines('1/notes')).toEqual([]);
    expect(traces.find('1/notes')).toBeNull();
    expect(traces.find('2/notes')).toMatchObject({ userId: null, originTenant: null, hops: [], dropped: 0 });
    expect(traces.recent({ limit: 5 })).toEqual([]);
  });
});
