import { expect, test } from 'vitest';
import { z } from 'zod';
import type { ModuleRequest } from '#gateway/contract';
import { readRecord, uuid } from './requests.ts';

const schema = z.object({
  name: z.string().min(1),
  id: uuid.optional(),
  tags: z.array(z.string()).optional(),
});

/** Key and value of each fault of a body. */
const faultsOf = async (body: unknown): Promise<readonly (readonly [string, string])[]> => {
  const request = { body: { json: () => Promise.resolve(body) } } as unknown as ModuleRequest;
  const read = await readRecord(request, schema);
  if (!('refusal' in read)) return [];
  expect(read.refusal.status).toBe(422);
  const { body: answer } = read.refusal;
  const { errors } = JSON.parse(typeof answer === 'string' ? answer : '') as {
    readonly errors: readonly {
      readonly parameters: readonly { readonly key: string; readonly value: string }[];
    }[];
  };
  return errors.flatMap(({ parameters }) => parameters.map(({ key, value }) => [key, value] as const));
};

test.each<[unknown, readonly (readonly [string, string])[]]>([
  [{ name: 'x' }, []],
  [{}, [['name', 'null']]],
  [{ name: null }, [['name', 'null']]],
  [{ name: 5 }, [['name', '5']]],
  [{ name: '' }, [['name', '']]],
  [{ name: { a: 1 } }, [['name', '{"a":1}']]],
  [['x'], [['', '["x"]']]],
  [
    { name: 'x', id: 'nobody', tags: ['a', 7] },
    [
      ['id', 'nobody'],
      ['tags.1', '7'],
    ],
  ],
  [{ name: 'x', id: 'y'.repeat(200) }, [['id', 'y'.repeat(100)]]],
])('what is wrong with %j is named with what was found', async (body, faults) => {
  expect(await faultsOf(body)).toEqual(faults);
});
