import type { Explanation, Hop } from '../operator.ts';
import type { Person, Sending } from '../person.ts';
import type { World } from './world.ts';

/** One step of the story, with the facts. */
export interface Step {
  /** Short name, for those who look for a step. */
  readonly name: string;
  /** What happens, in one sentence. */
  readonly sentence: string;
  readonly by: string;
  readonly sent: Sending;
  readonly status: number;
  readonly answer: unknown;
  readonly hops: readonly Hop[];
  /** Why it was refused; null when it was not. */
  readonly explanation: Explanation | null;
}

interface Chapter {
  readonly name: string;
  readonly sentence: string;
  readonly by: (world: World) => Person;
  readonly sent: Sending | ((earlier: readonly Step[]) => Sending);
  readonly status: number;
  readonly explain?: true;
}

/**
 * Walks through the story, one step after the other. Errors: a step was answered with another status than the story says, since
 * a story must be true.
 */
export async function* tellStory(world: World): AsyncGenerator<Step> {
  const earlier: Step[] = [];
  for (const chapter of CHAPTERS) {
    const sent = typeof chapter.sent === 'function' ? chapter.sent(earlier) : chapter.sent;
    const person = chapter.by(world);
    const received = await person.send(sent);
    if (received.status !== chapter.status)
      throw new Error(`${chapter.name} was answered ${received.status}: ${received.text}`);
    const step = {
      name: chapter.name,
      sentence: chapter.sentence,
      by: `${person.username}@${person.tenant}`,
      sent,
      status: received.status,
      answer: received.json ?? received.text,
      hops: await world.operator.hops(received.requestId),
      explanation: chapter.explain === true ? await explain(world, person, sent) : null,
    };
    earlier.push(step);
    yield step;
  }
}

const explain = (
  { operator }: World,
  person: Person,
  { tenant = person.tenant, method = 'GET', path, body }: Sending,
): Promise<Explanation> =>
  operator.explain({
    tenant,
    origin: person.tenant,
    method,
    path,
    ...(body !== undefined && { body: JSON.stringify(body) }),
  });

const carl = (world: World): Person => world.carl;
const ines = (world: World): Person => world.ines;
const cora = (world: World): Person => world.cora;

/** Id of the tenant's first note type, as an earlier step has read it. */
const noteType = (earlier: readonly Step[], name: string): string => {
  const answer = earlier.find((step) => step.name === name)?.answer as
    | { noteTypes: readonly { id: string }[] }
    | undefined;
  return answer?.noteTypes[0]?.id ?? '';
};

/** Id of what an earlier step has made. */
const madeIn = (earlier: readonly Step[], name: string): string => {
  const answer = earlier.find((step) => step.name === name)?.answer as { id: string } | undefined;
  return answer?.id ?? '';
};

const note = (title: string, domain: string, typeId: string, packageId?: string) => ({
  title,
  domain,
  typeId,
  content: 'written for the example',
  links: packageId === undefined ? [] : [{ id: packageId, type: 'package' }],
});

const CHAPTERS: readonly Chapter[] = [
  {
    name: 'shared subscription',
    sentence:
      'Carl searches packages. The college has no kb-ebsco, and central is the only tenant that its relation reaches with it: the search is ' +
      "executed for central, with the consortium's account. kb-ebsco's question to itself stays there.",
    by: carl,
    sent: { path: '/eholdings/packages?q=shared' },
    status: 200,
  },
  {
    name: 'own subscription',
    sentence:
      'Ines does the same. The institute has kb-ebsco itself, so it stays at home, with its own account.',
    by: ines,
    sent: { path: '/eholdings/packages?q=' },
    status: 200,
  },
  {
    name: 'ceiling',
    sentence:
      "Carl tries to replace the consortium's account. At home he holds the permission, but the relation lets him only read there.",
    by: carl,
    sent: {
      method: 'POST',
      path: '/eholdings/kb-credentials',
      body: {
        data: {
          attributes: { name: "Carl's", apiKey: 'key', url: 'https://kb.example', customerId: 'carl' },
        },
      },
    },
    status: 403,
  },
  {
    name: 'new note type',
    sentence:
      'Carl adds a kind of note. Those are decided by the consortium: a rule sends the change to central, the limit is read from the ' +
      'configuration of central, and Carl himself is found where he belongs.',
    by: carl,
    sent: { method: 'POST', path: '/note-types', body: { name: 'Access problem' } },
    status: 201,
  },
  {
    name: 'note types at home',
    sentence: 'Carl reads the kinds of notes. No rule claims reading, so he sees those of the college.',
    by: carl,
    sent: { path: '/note-types' },
    status: 200,
  },
  {
    name: 'note types of central',
    sentence: 'Cora reads them in central and finds the new one there, made by Carl.',
    by: cora,
    sent: { path: '/note-types?query=name==%22Access%20problem%22' },
    status: 200,
  },
  {
    name: 'note about a package',
    sentence:
      'Carl writes a note about a package. The rule looks at the body: the domain eholdings belongs to the consortium.',
    by: carl,
    sent: (earlier) => ({
      method: 'POST',
      path: '/notes',
      body: note('Package is slow', 'eholdings', noteType(earlier, 'note types of central'), '19-1'),
    }),
    status: 201,
  },
  {
    name: 'note at home',
    sentence:
      'Carl writes another one, about an order: same method, same path, another domain, and it stays at home.',
    by: carl,
    sent: (earlier) => ({
      method: 'POST',
      path: '/notes',
      body: note('Order is late', 'orders', noteType(earlier, 'note types at home')),
    }),
    status: 201,
  },
  {
    name: 'notes of the package',
    sentence: 'Carl looks at the notes of the package and gets them from where they are.',
    by: carl,
    sent: { path: '/note-links/domain/eholdings/type/package/id/19-1' },
    status: 200,
  },
  {
    name: 'correction of the note',
    sentence:
      'Carl corrects the note about the package. Its domain is in the body again, and another rule follows it.',
    by: carl,
    sent: (earlier) => ({
      method: 'PUT',
      path: `/notes/${madeIn(earlier, 'note about a package')}`,
      body: note('Package is fast again', 'eholdings', noteType(earlier, 'note types of central'), '19-1'),
    }),
    status: 204,
  },
  {
    name: 'note by its id at home',
    sentence:
      'Carl asks for the note by its id alone. Nothing in such a request says whose it is, so it is looked for at home, where it is not.',
    by: carl,
    sent: (earlier) => ({ path: `/notes/${madeIn(earlier, 'note about a package')}` }),
    status: 404,
  },
  {
    name: 'note by its id',
    sentence: 'Carl names central in X-Okapi-Tenant and gets it: his relation reaches central with notes.',
    by: carl,
    sent: (earlier) => ({ path: `/notes/${madeIn(earlier, 'note about a package')}`, tenant: 'central' }),
    status: 200,
  },
  {
    name: 'end of the note',
    sentence: 'Carl deletes it in the same way, within the ceiling of his relation.',
    by: carl,
    sent: (earlier) => ({
      method: 'DELETE',
      path: `/notes/${madeIn(earlier, 'note about a package')}`,
      tenant: 'central',
    }),
    status: 204,
  },
  {
    name: 'module 1',
    sentence:
      'Carl reads a reading list. Module 1 is executed for the college; the packages that it asks for come from central.',
    by: carl,
    sent: { path: '/courses/reading-list' },
    status: 200,
  },
  {
    name: 'module 1 for somebody else',
    sentence:
      'Ines asks for it, too. Module 1 exists for the college only: refused before any module is called.',
    by: ines,
    sent: { path: '/courses/reading-list' },
    status: 404,
    explain: true,
  },
  {
    name: 'another member',
    sentence: 'Ines names the college as tenant. Members have no relation to each other: refused.',
    by: ines,
    sent: { path: '/notes', tenant: 'college' },
    status: 403,
    explain: true,
  },
];
