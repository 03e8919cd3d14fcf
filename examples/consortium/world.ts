import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { copyFile, mkdtemp, readFile, rm } from 'node:fs/promises';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { createRmApiDouble } from '../kb-ebsco/rm-api-double.ts';
import { createOperator, type Operator } from '../operator.ts';
import { addPerson, type NewPerson, type Person, signIn } from '../person.ts';
import { runProgram, startProgram } from '../process.ts';
import { coursesDescriptor, createCourses } from './courses.ts';

/** Everything that the story needs, running. */
export interface World {
  readonly url: string;
  readonly operator: Operator;
  /** Of the college. */
  readonly carl: Person;
  /** Of the institute. */
  readonly ines: Person;
  /** Of the consortium's office. */
  readonly cora: Person;
  /** Ends all of it, in the opposite order, and removes the folder. */
  stop(): Promise<void>;
}

const rumbrella = fileURLToPath(new URL('../../bin/rumbrella.js', import.meta.url));
const kbEbsco = fileURLToPath(new URL('../kb-ebsco/main.ts', import.meta.url));
const usersMap = fileURLToPath(new URL('users-map.yaml', import.meta.url));
const kbDescriptor = new URL('../kb-ebsco/ModuleDescriptor.json', import.meta.url);

/** Starts Rumbrella on a folder of its own, the modules beside it, and sets everything up as its operator and its administrators would. */
export const startWorld = async (say: (line: string) => void, signal: AbortSignal): Promise<World> => {
  const undo: (() => Promise<unknown>)[] = [];
  const stop = async (): Promise<void> => {
    for (const step of undo.splice(0).toReversed()) await step();
  };
  try {
    const folder = await mkdtemp(join(tmpdir(), 'rumbrella-consortium-'));
    undo.push(() => rm(folder, { recursive: true, force: true }));
    await copyFile(usersMap, join(folder, 'users-map.yaml'));
    const token = randomBytes(24).toString('base64url');
    const env = { HOME: folder, RUMBRELLA_PORT: '0', RUMBRELLA_DEMO: 'off', RUMBRELLA_OPERATOR_TOKEN: token };
    const url = await startRumbrella(folder, env, signal, undo);
    say(`Rumbrella runs at ${url}, with the organizations central, college and institute.`);

    const rmApi = await listen(
      createRmApiDouble([
        {
          customerId: 'consortium',
          apiKey: 'key-of-the-consortium',
          packages: ['Shared Journals', 'Shared Books'],
        },
        { customerId: 'institute', apiKey: 'key-of-the-institute', packages: ['Physics Letters'] },
      ]),
      undo,
    );
    const kb = await startProgram(
      { command: process.execPath, args: [kbEbsco, '0'], signal },
      (line) => /"port":(\d+)/.exec(line)?.[1],
    );
    undo.push(() => kb.stop());
    const courses = await listen(createCourses(), undo);
    const operator = createOperator(url, token);
    const descriptor = JSON.parse(await readFile(kbDescriptor, 'utf8')) as { id: string };
    await operator.addModule(descriptor, `http://127.0.0.1:${kb.ready}`);
    await operator.addModule(coursesDescriptor, courses);
    await operator.enable('central', descriptor.id);
    await operator.enable('institute', descriptor.id);
    await operator.enable('college', coursesDescriptor.id);
    say(
      'The knowledge base (kb-ebsco, a process of its own) is enabled for central and for institute, not for college.',
    );
    say(
      'Module 1 (courses) is enabled for college only. Notes, users, permissions, configuration are enabled for all.',
    );

    const account = async (tenant: string, person: NewPerson): Promise<Person> => {
      await runProgram(
        {
          command: process.execPath,
          // An administrator gives others what he holds himself: of modules of other makers that is what the operator gives him.
          args: [
            rumbrella,
            'accounts',
            'add',
            tenant,
            'admin',
            '--role=administrator',
            '--permission=kb-ebsco.all',
            '--permission=courses.get',
            '--password-stdin',
          ],
          cwd: folder,
          env,
          signal,
        },
        `password-of-${tenant}`,
      );
      await addPerson(await signIn(url, tenant, 'admin', `password-of-${tenant}`), person);
      return signIn(url, tenant, person.username, person.password);
    };
    const cora = await account('central', CORA);
    const carl = await account('college', CARL);
    const ines = await account('institute', INES);
    say(
      'One librarian each has an account: Cora (central), Carl (college), Ines (institute). Carl has none in central.',
    );
    await giveCredentials(cora, rmApi, 'consortium');
    await giveCredentials(ines, rmApi, 'institute');
    say('Cora gave kb-ebsco the account of the consortium at EBSCO, Ines that of the institute.');
    return { url, operator, carl, ines, cora, stop };
  } catch (error) {
    await stop();
    throw error;
  }
};

const CORA: NewPerson = {
  username: 'cora',
  firstName: 'Cora',
  lastName: 'Central',
  password: 'password-of-cora',
  permissions: ['kb-ebsco.all', 'notes.all', 'configuration.all'],
};
const CARL: NewPerson = {
  username: 'carl',
  firstName: 'Carl',
  lastName: 'College',
  password: 'password-of-carl',
  // All of kb-ebsco, as his colleagues have it: what he may do with it in central is bounded by the relation.
  permissions: ['kb-ebsco.all', 'notes.all', 'courses.get'],
};
const INES: NewPerson = {
  username: 'ines',
  firstName: 'Ines',
  lastName: 'Institute',
  password: 'password-of-ines',
  permissions: ['kb-ebsco.all', 'notes.all', 'courses.get'],
};

const giveCredentials = async (person: Person, url: string, customerId: string): Promise<void> => {
  const answer = await person.send({
    method: 'POST',
    path: '/eholdings/kb-credentials',
    body: {
      data: {
        type: 'kbCredentials',
        attributes: {
          name: `Account of the ${customerId}`,
          apiKey: `key-of-the-${customerId}`,
          url,
          customerId,
        },
      },
    },
  });
  if (answer.status !== 201)
    throw new Error(`giving credentials was answered ${answer.status}: ${answer.text}`);
};

const startRumbrella = async (
  folder: string,
  env: Readonly<Record<string, string>>,
  signal: AbortSignal,
  undo: (() => Promise<unknown>)[],
): Promise<string> => {
  let port: unknown;
  const server = await startProgram(
    { command: process.execPath, args: [rumbrella, 'serve'], cwd: folder, env, signal },
    (line) => {
      if (!line.startsWith('{')) return undefined;
      const entry = JSON.parse(line) as { event?: string; port?: number };
      if (entry.event === 'server_started') port = entry.port;
      return entry.event === 'server_ready' ? true : undefined;
    },
  );
  undo.push(() => server.stop());
  return `http://localhost:${String(port)}`;
};

const listen = async (server: Server, undo: (() => Promise<unknown>)[]): Promise<string> => {
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  undo.push(async () => {
    server.close();
    server.closeAllConnections();
    await once(server, 'close');
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
};
