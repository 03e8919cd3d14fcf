import { afterEach } from 'vitest';
import type { Module, ModuleRequest, ModuleResponse } from '#gateway/contract';
import {
  type Hosting,
  type Received,
  type Seen,
  spyModule,
  startWorld,
  type World,
} from './gateway-world.ts';

/** The gateway of the running test. */
export let world: World;
/** What the modules were called with in the running test, in order. */
export const seen: Seen[] = [];
afterEach(async () => {
  seen.length = 0;
  await world.stop();
});

/** What a module of these tests answers to a request and its body. */
export type Answer = (request: ModuleRequest, body: string) => ModuleResponse;

/** Starts a gateway with one tenant, `shop`, for which these modules are enabled. */
export const startPipeline = async (hosting: Hosting, ...modules: Module[]): Promise<void> => {
  world = await startWorld('- user: { prefix: shop, expire: 2028-01-01 }', modules, {}, hosting);
  world.store.enable('shop', ...modules.map(({ descriptor }) => descriptor.id));
};

/** The routing entry of a handler of `/things`. */
export const handler = (extra: object = {}): object => ({
  methods: ['GET', 'POST'],
  pathPattern: '/things',
  permissionsRequired: [],
  ...extra,
});

/** The module `serving` with the handler of `/things`. */
export const serving = (
  answer: Answer = () => ({ status: 200, headers: { 'content-type': 'text/plain' }, body: 'handled' }),
  extra = {},
): Module =>
  spyModule(
    { id: 'serving-1.0.0', provides: [{ id: 'things', version: '1.0', handlers: [handler(extra)] }] },
    seen,
    answer,
  );

/** A module with one filter for every path. */
export const filter = (
  name: string,
  entry: object,
  answer: Answer = () => ({ status: 200, body: '' }),
): Module =>
  spyModule(
    { id: `${name}-1.0.0`, filters: [{ methods: ['*'], pathPattern: '/*', ...entry }] },
    seen,
    answer,
  );

/** Posts to `/things` for the shop. */
export const post = (body = 'sent', headers: Record<string, string> = {}): Promise<Received> =>
  world.send({
    method: 'POST',
    path: '/things?a=1',
    headers: { 'X-Okapi-Tenant': 'shop', 'Content-Type': 'text/plain', ...headers },
    body,
  });

/** Names of the modules in the order in which they were called. */
export const order = (): string[] => seen.map(({ module }) => module.replace('-1.0.0', ''));

/** The first call of a module. */
export const of = (name: string): Seen | undefined => seen.find(({ module }) => module === `${name}-1.0.0`);
