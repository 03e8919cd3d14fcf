import { describe, expect, test } from 'vitest';
import { durationText, layoutSequence, type SequenceHop } from './sequence-layout.ts';

const hop = (change: Partial<SequenceHop>): SequenceHop => ({
  requestId: '1/notes',
  phase: 'handler',
  module: 'notes',
  method: 'POST',
  path: '/notes',
  status: 201,
  startUs: 0,
  durationUs: 10,
  error: null,
  ...change,
});

const told = (rootId: string, hops: readonly SequenceHop[]): readonly string[] => {
  const { lifelines, arrows } = layoutSequence(rootId, hops);
  return arrows.map(({ from, to, words }) => `${lifelines[from]} → ${lifelines[to]}: ${words}`);
};

describe('a sequence diagram', () => {
  test('puts what a module asks for itself between its call and its answer', () => {
    const hops = [
      hop({ phase: 'auth', module: 'auth', path: '/*', status: 202, startUs: 1, durationUs: 5 }),
      hop({ startUs: 10, durationUs: 90 }),
      hop({ requestId: '1/notes;2/users', phase: 'auth', module: 'auth', method: 'GET', startUs: 20 }),
      hop({
        requestId: '1/notes;2/users',
        module: 'users',
        method: 'GET',
        path: '/users/{id}',
        status: 200,
        startUs: 40,
        durationUs: 20,
      }),
    ];
    expect(told('1/notes', hops)).toEqual([
      'client → gateway: POST /notes',
      'gateway → auth: auth',
      'auth → gateway: 202 · 5 µs',
      'gateway → notes: POST /notes',
      'notes → gateway: GET /users/{id}',
      'gateway → auth: auth',
      'auth → gateway: 201 · 10 µs',
      'gateway → users: GET /users/{id}',
      'users → gateway: 200 · 20 µs',
      'gateway → notes: 200',
      'notes → gateway: 201 · 90 µs',
      'gateway → client: 201',
    ]);
  });

  test('shows a refusal of the gateway itself as a note', () => {
    const refused = hop({ phase: 'resolve', module: null, status: 404, error: 'no route' });
    expect(told('1/notes', [refused])).toEqual([
      'client → gateway: POST /notes',
      'gateway → gateway: resolve: no route',
      'gateway → client: 404',
    ]);
  });

  test('draws requests whose beginning was not kept after the others, each once', () => {
    const orphan = hop({ requestId: '1/notes;9/lost', module: 'lost', startUs: 5_000 });
    const arrows = told('1/notes', [hop({}), orphan]);
    expect(arrows.filter((words) => words.includes('lost'))).toHaveLength(2);
    expect(arrows.slice(0, 4).at(-1)).toBe('gateway → client: 201');
  });

  test('is empty without hops', () => {
    expect(layoutSequence('1/notes', [])).toEqual({ lifelines: ['client', 'gateway'], arrows: [] });
  });

  test('tells durations in the unit that fits', () => {
    expect([12, 3_210, 45_678, 1_200_000].map(durationText)).toEqual([
      '12 µs',
      '3.21 ms',
      '45.7 ms',
      '1.20 s',
    ]);
  });
});
