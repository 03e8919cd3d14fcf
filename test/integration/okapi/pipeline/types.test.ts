import { describe, expect, it } from 'vitest';
import type { Module } from '#gateway/contract';
import { type Hosting, spyModule } from '../../../support/gateway-world.ts';
import {
  type Answer,
  filter,
  of,
  post,
  seen,
  serving,
  startPipeline,
} from '../../../support/pipeline-world.ts';

/** What each type of entry gets of the body, and what becomes of its answer. */
describe.each<Hosting>(['in process', 'remote'])('the types of entries over modules %s', (hosting) => {
  const start = (...modules: Module[]): Promise<void> => startPipeline(hosting, ...modules);

  it('§1.8.3 sends no body to a headers filter, and the handler gets all of it', async () => {
    await start(
      filter('pre', { phase: 'pre', type: 'headers' }, () => ({ status: 200, body: 'dropped' })),
      serving(),
    );
    expect((await post('the body')).text).toBe('handled');
    expect(of('pre')?.body).toBe('');
    expect(of('serving')?.body).toBe('the body');
  });

  it('§1.8.3 makes the answer of a request-response filter the body of the next request, with its type', async () => {
    const upper: Answer = (_request, body) => ({
      status: 200,
      headers: { 'content-type': 'text/upper' },
      body: body.toUpperCase(),
    });
    await start(filter('pre', { phase: 'pre' }, upper), serving());
    await post('quiet');
    expect(of('serving')).toMatchObject({ body: 'QUIET' });
    expect(of('serving')?.headers['content-type']).toBe('text/upper');
  });

  it('§1.8.3 sends request-response-1.0 and request-only with a length, and request-only changes nothing', async () => {
    await start(
      filter('first', { level: '41', type: 'request-only' }, () => ({ status: 200, body: 'dropped' })),
      serving(undefined, { type: 'request-response-1.0' }),
    );
    expect((await post('12345')).text).toBe('handled');
    expect(of('first')).toMatchObject({ body: '12345' });
    expect(of('first')?.headers['content-length']).toBe('5');
    expect(of('serving')).toMatchObject({ body: '12345' });
    expect(of('serving')?.headers['content-length']).toBe('5');
  });

  it('§1.8.3 takes an entry of type system for request-response', async () => {
    await start(
      serving((_request, body) => ({ status: 201, body: `got ${body}` }), { type: 'system' }),
      filter('one', { phase: 'pre', type: 'system' }, (_request, body) => ({
        status: 200,
        headers: { 'content-type': 'text/x' },
        body: `${body} on`,
      })),
    );
    expect(await post()).toMatchObject({ status: 201, text: 'got sent on' });
    expect(of('serving')?.headers['content-type']).toBe('text/x');
  });

  it('§1.8.3 holds the body of an entry of type internal, and makes 204 of its empty 200', async () => {
    const answers = ['said', ''];
    await start(serving(() => ({ status: 200, body: answers.shift() ?? '' }), { type: 'internal' }));
    if (hosting === 'remote') {
      expect(await post()).toMatchObject({ status: 500, text: 'Unhandled internal module path=/things' });
      return expect(seen).toEqual([]);
    }
    expect(await post()).toMatchObject({ status: 200, text: 'said' });
    expect(await post()).toMatchObject({ status: 204, text: '' });
    expect(of('serving')?.headers['content-length']).toBe('4');
  });

  it('§1.8.3 lets a request-log filter see the body and ignores whatever it answers', async () => {
    await start(
      filter('log', { phase: 'pre', type: 'request-log' }, () => ({
        status: 500,
        headers: { 'x-leak': 'yes' },
        body: 'no',
      })),
      serving(),
    );
    expect(await post('logged')).toMatchObject({ status: 200, text: 'handled' });
    await expect.poll(() => of('log')?.body).toBe('logged');
    expect(of('serving')).toMatchObject({ body: 'logged' });
    expect(of('serving')?.headers['x-leak']).toBeUndefined();
  });

  it('§1.8.3 puts rewritePath in front of the path of a filter alone', async () => {
    const rewriting = spyModule(
      {
        id: 'pre-1.0.0',
        filters: [
          { methods: ['*'], pathPattern: '/*', phase: 'pre', type: 'headers', rewritePath: '/filter' },
        ],
      },
      seen,
    );
    await start(rewriting, serving());
    await post();
    expect(of('pre')?.path).toBe('/filter/things');
    expect(of('serving')?.path).toBe('/things');
  });
});
