import type { IncomingMessage, ServerResponse } from 'node:http';
import { describe, expect, test } from 'vitest';
import { createFrontDoor, type FrontDoor } from './front-door.ts';

const aDoor = (isReady = true): FrontDoor =>
  createFrontDoor(
    () => false,
    () => (isReady ? null : 'starting'),
    100,
  );

/** Who answers a path: a name that was mounted, or the status of the refusal. */
const answererOf = (door: FrontDoor, url: string): string => {
  const written: string[] = [];
  const response = {
    writeHead: (status: number) => {
      written.push(String(status));
      return response;
    },
    end: (text?: string) => {
      if (text !== undefined) written.push(text);
    },
  };
  door.handle(
    { url, rawHeaders: [], headers: {} } as unknown as IncomingMessage,
    response as unknown as ServerResponse,
  );
  return written[0] ?? '';
};

const named =
  (name: string) =>
  (_request: IncomingMessage, response: ServerResponse): void =>
    void response.end(name);

describe('the front door', () => {
  test('lets the longest prefix answer, in whatever order they came', () => {
    const door = aDoor();
    door.mount('/', named('gateway'));
    door.mount('/app/', named('back office'));
    expect(answererOf(door, '/app/o/demo_shop')).toBe('back office');
    expect(answererOf(door, '/apple')).toBe('gateway');
  });

  test('lets a single path win over prefixes, with any query and nothing below it', () => {
    const door = aDoor();
    door.mount('/', named('gateway'));
    door.mountAt('/', named('the way to the back office'));
    expect(answererOf(door, '/')).toBe('the way to the back office');
    expect(answererOf(door, '/?utm_source=x')).toBe('the way to the back office');
    expect(answererOf(door, '/notes')).toBe('gateway');
  });

  test('gives what is no path to whoever has all paths', () => {
    const door = aDoor();
    door.mount('/app/', named('back office'));
    expect(answererOf(door, 'http://elsewhere/app/')).toBe('404');
    door.mount('/', named('gateway'));
    for (const url of ['http://elsewhere/app/', '*', '']) expect(answererOf(door, url)).toBe('gateway');
  });

  test('forgets who is taken away, and only that one', () => {
    const door = aDoor();
    const unmount = door.mount('/', named('a first try'));
    door.mount('/', named('a second try'));
    unmount();
    expect(answererOf(door, '/notes')).toBe('a second try');
  });

  test('says 503 for what is not there yet, and 404 for what never comes', () => {
    expect(answererOf(aDoor(false), '/notes')).toBe('503');
    expect(answererOf(aDoor(true), '/notes')).toBe('404');
  });
});
