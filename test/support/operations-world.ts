import { afterAll, beforeAll, expect } from 'vitest';
import type { ReplayJob, UnclaimedAnswer } from '#modules';
import type { Person } from '../../examples/person.ts';
import { signInPeople } from './people.ts';
import { poll } from './poll.ts';
import { type RunningRumbrella, startRumbrella } from './rumbrella.ts';

/** The demo, and an operator of its umbrella, an administrator and a viewer of its shop. */
export let rumbrella: RunningRumbrella;
export let operator: Person;
export let administrator: Person;
export let viewer: Person;

beforeAll(async () => {
  rumbrella = await startRumbrella();
  [operator, administrator, viewer] = (await signInPeople(
    rumbrella,
    { tenant: 'demo_agency', username: 'olga', permissions: ['operations.all', 'notes.all'] },
    { tenant: 'demo_shop', username: 'adam', permissions: ['organizations.all', 'reports.all', 'perms.all'] },
    { tenant: 'demo_shop', username: 'vera', permissions: ['reports.all'] },
  )) as [Person, Person, Person];
});

afterAll(() => rumbrella?.remove());

/** What somebody was answered. */
export interface Called {
  readonly status: number;
  /** JSON, or the text. */
  readonly body: unknown;
}

/** Asks the running server as somebody, for his own organization unless another one is named. */
export const call = async (
  who: Person,
  method: string,
  path: string,
  body?: object,
  tenant = who.tenant,
): Promise<Called> => {
  const { status, text, json } = await who.send({
    method,
    path,
    tenant,
    ...(body !== undefined && { body }),
  });
  return { status, body: json ?? text };
};

/** Reads what must be there. */
export const get = async <T>(path: string, who = operator): Promise<T> => {
  const { status, body } = await call(who, 'GET', path);
  expect(status, JSON.stringify(body)).toBe(200);
  return body as T;
};

/** Sends one beacon; its address carries the marker. */
export const send = async (trace: string, marker: string): Promise<void> => {
  const body = new URLSearchParams({
    u: `https://late.example/${marker}?secret=1`,
    pid: marker.slice(0, 8),
    'pt.lcp': '1234',
  });
  const answer = await fetch(`${rumbrella.url}/beacon/catcher?brum_trace=${trace}`, { method: 'POST', body });
  expect(answer.status).toBe(204);
};

/** Waits until so many beacons of a trace are seen among those of nobody. */
export const groupOf = (
  folder: 'unknown' | 'expired',
  trace: string,
  beacons: number,
): Promise<UnclaimedAnswer['groups'][number]> => {
  let to = '';
  return poll(
    `beacons of ${trace} are seen in ${folder}`,
    async () => {
      // Another end of the range is another look; the same one is answered from memory for a while.
      if (to === '') to = new Date(Date.now() + 60_000 + Math.floor(Math.random() * 1_000)).toISOString();
      const look = await get<UnclaimedAnswer>(`/operations/unclaimed?folder=${folder}&to=${to}`);
      if (look.state !== 'running') to = '';
      return look.groups.find((group) => group.trace === trace && group.beacons >= beacons);
    },
    60_000,
  );
};

/** Replays, and waits for the end. */
export const replayed = async (request: object): Promise<ReplayJob> => {
  const started = await call(operator, 'POST', '/operations/replays', request);
  expect(started.status, JSON.stringify(started.body)).toBe(202);
  const { id } = started.body as ReplayJob;
  return poll('the replay is at its end', async () => {
    const job = await get<ReplayJob>(`/operations/replays/${id}`);
    return job.state !== 'running' && job;
  });
};

/** Rows in the table of an organization. */
export const rowsOf = async (tenant: string): Promise<number> => {
  const [row] = await rumbrella.sql<{ rows: number }>(
    `SELECT toUInt32(count()) AS rows FROM ${tenant}_webperf_rum_events`,
  );
  return row?.rows ?? 0;
};
