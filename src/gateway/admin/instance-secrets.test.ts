import { describe, expect, test } from 'vitest';
import { createInstanceSecrets } from './instance-secrets.ts';

const given = 'given-by-the-operator-0123456789';
const made = expect.stringMatching(/^[\w-]{43}$/) as string;

/** Decides for a module whose other instances have these secrets. */
const world = (others: readonly (string | undefined)[], areRequired = false) =>
  createInstanceSecrets(
    {
      instances: () =>
        others.map((secret, place) => ({
          instId: String(place),
          url: 'http://127.0.0.1:1',
          ...(secret !== undefined && { secret }),
        })),
    },
    areRequired,
  );

describe('a new instance', () => {
  test('has the secret that it brings, and none when it brings none', () => {
    for (const isStarted of [true, false]) {
      expect(world([]).decide('m-1.0.0', given, isStarted)).toBe(given);
      expect(world([undefined, given]).decide('m-1.0.0', undefined, isStarted)).toBeUndefined();
    }
  });

  test('is made one that is started here, and is different each time', () => {
    const secrets = [1, 2].map(() => world([]).decide('m-1.0.0', true, true));
    expect(secrets).toEqual([made, made]);
    expect(secrets[0]).not.toBe(secrets[1]);
    expect(() => world([]).decide('m-1.0.0', true, false)).toThrow('for modules that are started here');
  });

  test('needs one where all others of its module have one: nobody comes in beside them without', () => {
    expect(() => world([given]).decide('m-1.0.0', undefined, false)).toThrow(
      'Needs secret: the other instances of m-1.0.0 have one',
    );
    expect(world([given]).decide('m-1.0.0', undefined, true)).toEqual(made);
  });

  test('needs one where the configuration says so', () => {
    expect(() => world([], true).decide('m-1.0.0', undefined, false)).toThrow(
      'Needs secret: gateway.require_instance_secrets is on',
    );
    expect(world([], true).decide('m-1.0.0', undefined, true)).toEqual(made);
  });
});
