import { setTimeout as sleep } from 'node:timers/promises';
import { createRandom, generateBeacon } from '../../src/demo/generator.ts';

/** Who sends how much to where. */
export interface Arriving {
  /** Address of the server. */
  readonly url: string;
  readonly trace: string;
  /** Page views, at least one. */
  readonly perSecond: number;
}

/** Sends load beacons to the collector every second until it is told to stop, as a tenant has them that is looked at. */
export const startArriving = ({ url, trace, perSecond }: Arriving): (() => Promise<void>) => {
  const random = createRandom(1);
  const ended = new AbortController();
  const send = async (): Promise<void> => {
    const { method, query, body, headers } = generateBeacon(random, {
      host: 'www.shop.example',
      trace,
      at: Date.now(),
      kind: 'load',
    });
    const address = `${url}/beacon/catcher${query === '' ? '' : `?${query}`}`;
    const { status } = await fetch(address, { method, headers, ...(method === 'POST' && { body }) });
    if (status !== 204) throw new Error(`a beacon was answered ${status}, expected 204`);
  };
  const arrive = async (): Promise<void> => {
    while (!ended.signal.aborted) {
      await Promise.all(Array.from({ length: Math.max(1, Math.round(perSecond)) }, send));
      await sleep(1_000, undefined, { signal: ended.signal }).catch(() => undefined);
    }
  };
  const arriving = arrive();
  return async () => {
    ended.abort();
    await arriving;
  };
};
