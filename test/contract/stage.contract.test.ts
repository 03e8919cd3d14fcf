import { once } from 'node:events';
import { Readable } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, describe, expect, it } from 'vitest';
import { silentLog } from '#core';
import { parseDescriptor } from '#gateway';
import type { Handler, Module } from '#gateway/contract';
import { compileModule } from '../../src/gateway/entry.ts';
import { collectBody } from '../../src/gateway/body.ts';
import { createLocalStage } from '../../src/gateway/stages/local.ts';
import { createRemoteStage } from '../../src/gateway/stages/remote.ts';
import type { Stage, StageCall, StageResponse } from '../../src/gateway/stages/stage.ts';
import { hostModule, type Hosting } from '../support/gateway-world.ts';

/** What a stage promises to the pipeline, whether the module is a function or a process elsewhere. */
describe.each<Hosting>(['in process', 'remote'])('a stage with its module %s', (hosting) => {
  const descriptor = parseDescriptor({
    id: 'm-1.0.0',
    provides: [
      {
        id: 'm',
        version: '1.0',
        handlers: [{ methods: ['GET', 'POST', 'HEAD'], pathPattern: '/m/{id}', permissionsRequired: [] }],
      },
    ],
  });
  const [entry] = compileModule(descriptor).entries;
  if (entry === undefined) throw new Error('no entry');
  const stops: (() => Promise<void>)[] = [];
  afterEach(async () => {
    for (const stop of stops.splice(0)) await stop();
  });

  const stageOf = async (handler: Handler, timeoutMs = 5_000): Promise<Stage> => {
    const module: Module = {
      descriptor,
      handlers: { 'GET /m/{id}': handler, 'POST /m/{id}': handler, 'HEAD /m/{id}': handler },
    };
    const options = { moduleTimeoutMs: timeoutMs, maxBodyBytes: 1_000 };
    if (hosting === 'in process')
      return createLocalStage([module], () => compileModule(descriptor), options, silentLog);
    const { url, stop } = await hostModule(module);
    const stage = createRemoteStage(
      () => [{ instId: 'one', url }],
      {
        connectTimeoutMs: 1_000,
        headersTimeoutMs: timeoutMs,
        bodyTimeoutMs: timeoutMs,
        allow: ['127.0.0.0/8'],
      },
      () => undefined,
    );
    stops.push(() => stage.stop(), stop);
    return stage;
  };
  const call = (extra: Partial<StageCall> = {}): StageCall => ({
    entry,
    method: 'POST',
    uri: '/m/7?a=b',
    headers: { 'content-type': 'text/plain', 'x-okapi-tenant': 'shop' },
    body: null,
    requestId: '1/m',
    tenant: 'shop',
    originTenant: 'shop',
    userId: null,
    permissions: [],
    call: () => Promise.reject(new Error('not called')),
    onGone: () => () => undefined,
    ...extra,
  });
  const textOf = async (response: StageResponse): Promise<string> =>
    Buffer.from(await collectBody(response.body, 10_000_000)).toString();

  it('gives method, path, query, parameters, headers and body to the module', async () => {
    const stage = await stageOf(async (request) => ({
      status: 200,
      body: JSON.stringify([
        request.method,
        request.path,
        request.query.get('a'),
        request.params['id'],
        request.headers['content-type'],
        Buffer.from(await request.body.bytes()).toString(),
      ]),
    }));
    const response = await stage.call(call({ body: 'body' }));
    expect(JSON.parse(await textOf(response))).toEqual(['POST', '/m/7', 'b', '7', 'text/plain', 'body']);
  });

  it.each([
    ['text', 'some é'],
    ['bytes', Buffer.from('some é')],
    ['a stream', () => Readable.from([Buffer.from('some '), Buffer.from('é')], { objectMode: false })],
  ])('takes and gives %s', async (_kind, sent) => {
    const make = typeof sent === 'function' ? sent : () => sent;
    const stage = await stageOf(async (request) => {
      const got = Buffer.from(await request.body.bytes()).toString();
      return { status: got === 'some é' ? 200 : 500, body: make() };
    });
    const response = await stage.call(call({ body: make() }));
    expect([response.status, await textOf(response)]).toEqual([200, 'some é']);
  });

  it('gives headers in lower case, several values of one name, and none of the connection', async () => {
    const stage = await stageOf(() => ({
      status: 201,
      headers: { 'Content-Type': 'a/b', 'Set-Cookie': ['a=1', 'b=2'], Connection: 'close', 'X-One': '1' },
      body: 'x',
    }));
    const { headers } = await stage.call(call());
    expect(headers).toMatchObject({ 'content-type': 'a/b', 'set-cookie': ['a=1', 'b=2'], 'x-one': '1' });
    expect(headers['connection']).toBeUndefined();
    expect(headers['content-length']).toBeUndefined();
    expect(headers['transfer-encoding']).toBeUndefined();
  });

  it('says 504 when the module does not answer in time, and the module is told', async () => {
    let aborted = false;
    const stage = await stageOf(async (request) => {
      request.signal.addEventListener('abort', () => {
        aborted = true;
      });
      await sleep(2_500, undefined, { signal: request.signal }).catch(() => undefined);
      return { status: 200 };
    }, 100);
    await expect(stage.call(call())).rejects.toMatchObject({ code: 'GATEWAY_MODULE_TIMEOUT', status: 504 });
    if (hosting === 'in process') expect(aborted).toBe(true);
  });

  it('streams with back-pressure: the module makes no more than somebody reads', async () => {
    let made = 0;
    const stage = await stageOf(() => ({
      status: 200,
      body: new Readable({
        read() {
          made += 65_536;
          this.push(made > 64 * 1_048_576 ? null : Buffer.alloc(65_536));
        },
      }),
    }));
    const { body } = await stage.call(call());
    if (!(body instanceof Readable)) throw new Error('no stream');
    body.on('error', () => undefined);
    await once(body, 'readable');
    await sleep(300);
    expect(made).toBeLessThan(16 * 1_048_576);
    body.destroy();
  });

  it('breaks the stream when the module breaks half-way', async () => {
    const stage = await stageOf(() => ({
      status: 200,
      body: Readable.from(
        (async function* pieces() {
          yield Buffer.alloc(100_000);
          await sleep(20);
          throw new Error('half-way');
        })(),
        { objectMode: false },
      ),
    }));
    // The host of the test cuts its connection as a crashing module does.
    const response = await stage.call(call());
    await expect(collectBody(response.body, 10_000_000) as Promise<Uint8Array>).rejects.toThrow();
  });

  it('stops twice', async () => {
    const stage = await stageOf(() => ({ status: 200 }));
    await stage.call(call());
    await stage.stop();
    await stage.stop();
  });
});
