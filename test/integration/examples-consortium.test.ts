import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Step } from '../../examples/consortium/story.ts';
import { runProgram } from '../../examples/process.ts';

const main = fileURLToPath(new URL('../../examples/consortium/main.ts', import.meta.url));

let folder: string;
let temporary: string;
let printed: string;
let steps: readonly Step[];

/** The example runs once, as the command that a reader types; `runProgram` refuses another exit code than 0. */
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'rumbrella-story-'));
  temporary = await mkdtemp(join(folder, 'tmp-'));
  const facts = join(folder, 'facts.json');
  printed = await runProgram({
    command: process.execPath,
    args: [main, '--facts', facts],
    env: { TMPDIR: temporary },
  });
  steps = JSON.parse(await readFile(facts, 'utf8')) as readonly Step[];
}, 240_000);

afterAll(() => rm(folder, { recursive: true, force: true }));

const step = (name: string): Step => {
  const found = steps.find((each) => each.name === name);
  if (found === undefined) throw new Error(`the story has no step "${name}"`);
  return found;
};

/** Hops of the modules (auth left out), by name: `module origin>requested>execution rule status`. */
const handlers = (name: string): readonly string[] =>
  step(name)
    .hops.filter(({ phase }) => phase === 'handler')
    .map(
      ({ module, tenants, rule, status }) =>
        `${module} ${tenants.origin}>${tenants.requested}>${tenants.execution} ${rule} ${status}`,
    )
    .toSorted();

describe('the consortium', () => {
  test('shares its subscription: a member without kb-ebsco searches for central, with the account of central', () => {
    expect(handlers('shared subscription')).toEqual([
      'mod-kb-ebsco-4.0.0 college>central>central callback 200',
      'mod-kb-ebsco-4.0.0 college>college>central only-candidate 200',
    ]);
    expect(packageNames('shared subscription')).toEqual(['Shared Journals', 'Shared Books']);
  });

  test('leaves a member with an own subscription at home', () => {
    expect(handlers('own subscription')).toEqual([
      'mod-kb-ebsco-4.0.0 institute>institute>institute requested 200',
      'mod-kb-ebsco-4.0.0 institute>institute>institute requested 200',
    ]);
    expect(packageNames('own subscription')).toEqual(['Physics Letters']);
  });

  test('keeps what a member may do in central within the ceiling of its relation', () => {
    expect(step('ceiling').status).toBe(403);
    expect(step('ceiling').answer).toContain('requires permission: kb-ebsco.kb-credentials.item.post');
    expect(handlers('ceiling')).toEqual([]);
  });

  test('decides about kinds of notes: limit from central, creator from the college', () => {
    expect(handlers('new note type')).toEqual([
      'mod-configuration-1.0.0 college>central>central callback 200',
      'mod-notes-1.0.0 college>college>central college#1.when[3] 201',
      'mod-users-1.0.0 college>central>college origin 200',
    ]);
    expect(step('new note type').answer).toMatchObject({
      name: 'Access problem',
      metadata: { createdByUsername: 'carl' },
    });
  });

  test('lets members read their own kinds of notes', () => {
    expect(handlers('note types at home')).toEqual(['mod-notes-1.0.0 college>college>college requested 200']);
    expect(noteTypeNames('note types at home')).toEqual(['General note']);
    expect(noteTypeNames('note types of central')).toEqual(['Access problem']);
  });

  test('keeps notes about e-resources, and only those', () => {
    expect(handlers('note about a package')).toEqual([
      'mod-notes-1.0.0 college>college>central college#1.when[0] 201',
      'mod-users-1.0.0 college>central>college origin 200',
    ]);
    expect(handlers('note at home')).toEqual([
      'mod-notes-1.0.0 college>college>college requested 201',
      'mod-users-1.0.0 college>college>college requested 200',
    ]);
    expect(step('notes of the package').answer).toMatchObject({
      totalRecords: 1,
      notes: [{ title: 'Package is slow' }],
    });
  });

  test('corrects a note of the consortium where it is, and finds it by its id when central is named', () => {
    const calls = (name: string): readonly string[] =>
      handlers(name).filter((call) => call.startsWith('mod-notes'));
    expect(calls('correction of the note')).toEqual([
      'mod-notes-1.0.0 college>college>central college#1.when[1] 204',
    ]);
    expect(calls('note by its id at home')).toEqual([
      'mod-notes-1.0.0 college>college>college requested 404',
    ]);
    expect(calls('note by its id')).toEqual(['mod-notes-1.0.0 college>central>central named 200']);
    expect(step('note by its id').answer).toMatchObject({ title: 'Package is fast again' });
    expect(calls('end of the note')).toEqual(['mod-notes-1.0.0 college>central>central named 204']);
  });

  test('executes module 1 for the college, and what it asks for where that is', () => {
    expect(handlers('module 1')).toEqual([
      'mod-courses-1.0.0 college>college>college requested 200',
      'mod-kb-ebsco-4.0.0 college>central>central callback 200',
      'mod-kb-ebsco-4.0.0 college>college>central only-candidate 200',
    ]);
    expect(step('module 1').answer).toEqual({ readingList: ['Shared Journals', 'Shared Books'] });
  });

  test('refuses module 1 for anybody else, calls nobody, and explains it', () => {
    const { status, hops, explanation } = step('module 1 for somebody else');
    expect(status).toBe(404);
    expect(hops.map(({ phase, module, status: of }) => [phase, module, of])).toEqual([
      ['resolve', null, 404],
    ]);
    expect(explanation).toMatchObject({ outcome: 'refused', code: 'TENANT_NO_MODULE', tenant: null });
    expect(explanation?.why).toContain('institute#2: central: no module that is enabled for it answers');
  });

  test('refuses one member in the name of another', () => {
    const { status, hops, explanation } = step('another member');
    expect(status).toBe(403);
    expect(hops.map(({ phase, module }) => [phase, module])).toEqual([['resolve', null]]);
    expect(explanation).toMatchObject({ code: 'TENANT_NOT_ALLOWED' });
  });
});

describe('the command', () => {
  test('tells every step with its sentence and each of its hops', () => {
    for (const { sentence, hops } of steps) {
      const words = sentence.split(' ').slice(0, 4).join(' ');
      const told = printed.slice(printed.indexOf(words));
      expect(printed).toContain(words);
      for (const { module, durationUs, path } of hops) {
        expect(told).toContain(path);
        expect(told).toMatch(new RegExp(`${module ?? '-'} .* ${durationUs}$`, 'm'));
      }
    }
  });

  test('leaves nothing running and nothing behind', async () => {
    const url = /Rumbrella runs at (\S+),/.exec(printed)?.[1] ?? '';
    await expect(fetch(`${url}/_/version`)).rejects.toThrow('fetch failed');
    expect(await readdir(temporary)).toEqual([]);
  });
});

const packageNames = (name: string): readonly string[] =>
  (step(name).answer as { data: readonly { attributes: { name: string } }[] }).data.map(
    ({ attributes }) => attributes.name,
  );

const noteTypeNames = (name: string): readonly string[] =>
  (step(name).answer as { noteTypes: readonly { name: string }[] }).noteTypes.map((type) => type.name);
