import { describe, expect, test } from 'vitest';
import { createManualClock, silentLog } from '#core';
import { createGate } from './gate.ts';

const turns = async (): Promise<void> => {
  for (let turn = 0; turn < 20; turn++) await Promise.resolve();
};

const setUp = () => {
  const clock = createManualClock(0);
  const server = { up: false, probes: 0 };
  const gate = createGate(
    {
      probe: async () => {
        server.probes++;
        return { up: server.up, startedAt: 5 };
      },
    },
    { clock, log: silentLog },
    { probeTimeoutMs: 1, firstPauseMs: 1_000, longestPauseMs: 60_000, random: () => 1 },
  );
  return { clock, server, gate, signal: new AbortController() };
};

describe('the gate to the warehouse', () => {
  test('asks once for everybody, and again after pauses that double up to a minute', async () => {
    const { clock, server, gate, signal } = setUp();
    let through = 0;
    for (let tenant = 0; tenant < 1_000; tenant++)
      void gate.waitUntilUp('refused', signal.signal).then(() => {
        through++;
      });
    await turns();
    expect(server.probes).toBe(1);
    expect(gate.up).toBe(false);
    for (const pause of [2, 4, 8, 16, 32, 60, 60]) {
      const before = server.probes;
      clock.advance(pause * 1_000 - 1);
      await turns();
      expect(server.probes).toBe(before);
      clock.advance(1);
      await turns();
      expect(server.probes).toBe(before + 1);
    }
    server.up = true;
    clock.advance(60_000);
    await turns();
    expect(through).toBe(1_000);
    expect(gate.up).toBe(true);
    expect(gate.outages).toBe(1);
  });

  test('lets nobody through at full speed when probes work and inserts do not', async () => {
    const { clock, server, gate, signal } = setUp();
    server.up = true;
    await gate.waitUntilUp('read-only', signal.signal);
    let isThrough = false;
    void gate.waitUntilUp('read-only', signal.signal).then(() => {
      isThrough = true;
    });
    await turns();
    expect(isThrough).toBe(false);
    clock.advance(2_000);
    await turns();
    expect(isThrough).toBe(true);
    gate.worked();
    await gate.waitUntilUp('refused', signal.signal);
  });

  test('ends waiting when it is told to stop', async () => {
    const { gate, signal } = setUp();
    const waiting = gate.waitUntilUp('refused', signal.signal);
    await turns();
    signal.abort();
    await waiting;
    expect(gate.up).toBe(false);
  });
});
