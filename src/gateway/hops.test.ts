import { describe, expect, it } from 'vitest';
import { createManualClock } from '#core';
import { createTraces } from './hops.ts';
import type { TraceQuestion } from './trace.ts';

const nobody = { userId: null, originTenant: null };
const make = (maxTraces = 3) => {
  const clock = createManualClock(1_000_000);
  return { clock, traces: createTraces({ maxTraces, maxHopsPerTrace: 2, keepMs: 10_000 }, clock) };
};
const refused = {
  requestId: 'a',
  method: 'GET',
  path: '/',
  originTenant: null,
  requestedTenant: '',
  status: 404,
  at: 0,
  error: 'x',
};

describe('traces', () => {
  it('are found by the id of any request of their chain', () => {
    const { traces } = make();
    traces.begin('edge;1/a', nobody);
    expect(traces.find('edge;1/a;2/b;3/c')?.requestId).toBe('edge;1/a');
    expect(traces.find('edge')).toBeNull();
    expect(traces.find('')).toBeNull();
  });

  it('push out the oldest when there are too many', () => {
    const { traces } = make();
    for (const id of ['1/a', '2/a', '3/a', '4/a', '5/a']) traces.begin(id, nobody);
    expect(['1/a', '2/a', '3/a', '4/a', '5/a'].map((id) => traces.recorder(id) !== null)).toEqual([
      false,
      false,
      true,
      true,
      true,
    ]);
  });

  it('are forgotten after their time, the oldest first, whatever the place in the ring', () => {
    const { traces, clock } = make();
    for (const id of ['1/a', '2/a', '3/a', '4/a']) {
      traces.begin(id, nobody);
      clock.advance(3_000);
    }
    expect(traces.find('2/a')).not.toBeNull();
    clock.advance(2_000);
    expect(traces.find('2/a')).toBeNull();
    expect(traces.recorder('2/a')).toBeNull();
    expect(traces.find('4/a')).not.toBeNull();
  });

  it('keep a bounded number of hops and count the others', () => {
    const { traces } = make();
    const trace = traces.begin('1/a', nobody);
    for (let index = 0; index < 5; index += 1) trace.refused(refused);
    expect(traces.find('1/a')).toMatchObject({ dropped: 3, hops: [{ status: 404 }, { status: 404 }] });
  });

  it('are not kept when none may be', () => {
    const { traces } = make(0);
    traces.begin('1/a', nobody).refused(refused);
    expect(traces.find('1/a')).toBeNull();
  });

  it('are listed with the newest first, by tenant, beginning of the path and status', () => {
    const { traces } = make(10);
    const requests = [
      { id: '1/notes', path: '/notes/1', requestedTenant: 'a', status: 404 },
      { id: '2/users', path: '/users', requestedTenant: 'b', status: 403 },
      { id: '3/notes', path: '/notes', requestedTenant: 'b', status: 500 },
    ];
    for (const { id, ...request } of requests)
      traces.begin(id, nobody).refused({ ...refused, ...request, requestId: id });
    traces.begin('4/under-way', nobody);
    const idsOf = (question: Partial<TraceQuestion>): string[] =>
      traces.recent({ limit: 10, ...question }).map(({ requestId }) => requestId);
    expect(idsOf({})).toEqual(['3/notes', '2/users', '1/notes']);
    expect(idsOf({ limit: 1 })).toEqual(['3/notes']);
    expect(idsOf({ tenant: 'b' })).toEqual(['3/notes', '2/users']);
    expect(idsOf({ path: '/notes' })).toEqual(['3/notes', '1/notes']);
    expect(idsOf({ minStatus: 404 })).toEqual(['3/notes', '1/notes']);
  });
});
