import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import { AppError, type Clock } from '#core';
import { type Handler, json, type ModuleRequest, type ModuleResponse, text } from '#gateway/contract';
import type { Snapshot } from '#tenants';
import { readRecord, type Records, unprocessable } from '../records/index.ts';
import { type ReadInput, readInput } from './annotation-input.ts';
import { allTypes, findKind, kindKey, kindsOf } from './annotation-kinds.ts';
import { mayWrite, rightsOn } from './annotation-rights.ts';
import type { Annotations, StoredAnnotation, StoredAuthor } from './annotation-store.ts';
import type { Annotation, AnnotationKinds, AnnotationList, Party } from './contract.ts';
import { readCreator } from './neighbours.ts';
import type { NoteType } from './note-types.ts';
import { isUmbrella, umbrellasOf } from './umbrellas.ts';

/** What annotations need. */
export interface AnnotationDeps {
  readonly annotations: Annotations;
  readonly types: Records<NoteType>;
  readonly clock: Clock;
  readonly snapshot: () => Snapshot;
  /** The site to which an account is held (an API key for one site); null: to none. */
  readonly siteOf: (tenant: string, userId: string) => Promise<string | null>;
}

const WRITABLE = ['personal', 'site', 'organization', 'consortium'] as const;

/** `/annotations`: notes on the charts of a tenant's sites. */
export const annotationHandlers = (deps: AnnotationDeps): Readonly<Record<string, Handler>> => {
  const { annotations, types, clock, snapshot } = deps;
  const writer = createWriter(deps);

  const onlySite = async (request: ModuleRequest): Promise<string | null> =>
    request.userId === null ? null : deps.siteOf(request.originTenant, request.userId);
  const shown =
    (request: ModuleRequest, tenant: string, hidden: ReadonlySet<string>) =>
    (annotation: StoredAnnotation): Annotation =>
      present(annotation, tenant, request, snapshot(), hidden.has(annotation.id));

  /** An annotation that the caller may see: the tenant's own, or one that an umbrella organization wrote for its consortium. */
  const find = async (request: ModuleRequest): Promise<Found | undefined> => {
    const { id = '' } = request.params;
    const own = await annotations.find(request.tenant, id);
    if (own !== undefined)
      return isReadable(own, request) ? { tenant: request.tenant, annotation: own } : undefined;
    for (const { id: tenant } of umbrellasOf(snapshot(), request.tenant, clock.now())) {
      const annotation = await annotations.find(tenant, id);
      if (annotation?.scope === 'consortium') return { tenant, annotation };
    }
    return undefined;
  };

  return {
    'GET /annotations': async (request) => {
      const asked = readQuestion(request, await onlySite(request));
      const reader = { tenant: request.originTenant, userId: request.userId ?? '' };
      const umbrellas = umbrellasOf(snapshot(), request.tenant, clock.now());
      const [hidden, own, ...ofUmbrellas] = await Promise.all([
        annotations.hidden(request.tenant),
        annotations.list(request.tenant, { ...asked, reader }),
        ...umbrellas.map(({ id }) => annotations.listForConsortium(id, asked)),
      ]);
      const all = [
        ...own.map(shown(request, request.tenant, hidden)),
        ...ofUmbrellas.flatMap((list, index) => list.map(shown(request, umbrellas[index]?.id ?? '', hidden))),
      ].filter(asked.matches);
      const answer: AnnotationList = {
        annotations: all.toSorted((a, b) => (a.at < b.at ? -1 : a.at > b.at ? 1 : 0)),
        totalRecords: all.length,
        mayWrite: WRITABLE.filter(
          (scope) =>
            mayWrite(request, scope) &&
            (scope !== 'consortium' || isUmbrella(snapshot(), request.tenant, clock.now())),
        ),
      };
      return json(200, answer);
    },
    'GET /annotations/kinds': async (request) => {
      const answer: AnnotationKinds = { kinds: kindsOf(await allTypes(types, request.tenant)) };
      return json(200, answer);
    },
    'GET /annotations/{id}': async (request) => {
      const found = await find(request);
      if (found === undefined) return noAnnotation(request);
      const hidden = await annotations.hidden(request.tenant);
      return json(200, shown(request, found.tenant, hidden)(found.annotation));
    },
    'POST /annotations': async (request) => writer.add(request, await onlySite(request), false),
    'POST /annotations/mine': async (request) => writer.add(request, await onlySite(request), true),
    'PUT /annotations/{id}': async (request) =>
      writer.replace(request, await find(request), await onlySite(request)),
    'PUT /annotations/mine/{id}': async (request) =>
      writer.replace(request, mine(await find(request), request), await onlySite(request)),
    'DELETE /annotations/{id}': async (request) => writer.remove(request, await find(request)),
    'DELETE /annotations/mine/{id}': async (request) =>
      writer.remove(request, mine(await find(request), request)),
    'PUT /annotations/{id}/hidden': async (request) => {
      const read = await readRecord(request, z.looseObject({ hidden: z.boolean() }));
      if ('refusal' in read) return read.refusal;
      const found = await find(request);
      if (found === undefined) return noAnnotation(request);
      if (!rightsOn(request, found.tenant, found.annotation).hide)
        return text(
          403,
          'Only notes of an umbrella organization and of the product itself can be hidden, by editors',
        );
      const { id } = found.annotation;
      if (read.record.hidden) await annotations.hide(request.tenant, id, request.userId ?? '', clock.now());
      else await annotations.show(request.tenant, id);
      return { status: 204 };
    },
  };
};

interface Found {
  /** Whose it is. */
  readonly tenant: string;
  readonly annotation: StoredAnnotation;
}

const createWriter = ({ annotations, types, clock, snapshot }: AnnotationDeps) => {
  const refusedScope = (request: ModuleRequest, { scope }: ReadInput): ModuleResponse | null => {
    if (!mayWrite(request, scope))
      return text(403, `You may not write notes of the scope ${scope} here; ${WHO_MAY[scope]}`);
    if (scope === 'consortium' && !isUmbrella(snapshot(), request.tenant, clock.now()))
      return unprocessable({
        message: 'this organization has no members that would see it',
        code: 'VALIDATION_ERROR',
        parameters: [{ key: 'scope', value: scope }],
      });
    return null;
  };
  const refusedSite = (input: ReadInput, onlySite: string | null): ModuleResponse | null =>
    onlySite !== null && (input.site !== onlySite || input.scope !== 'site')
      ? text(403, `This account may write notes of the site ${onlySite} only`)
      : null;

  return {
    add: async (
      request: ModuleRequest,
      onlySite: string | null,
      isMine: boolean,
    ): Promise<ModuleResponse> => {
      const now = clock.now();
      const old = isMine ? { scope: 'personal' as const, kind: 'general-note', startsAt: now } : undefined;
      const read = await readInput(request, now, onlySite, old);
      if ('refusal' in read) return read.refusal;
      const input = isMine ? { ...read.input, scope: 'personal' as const } : read.input;
      const refusal = refusedScope(request, input) ?? refusedSite(input, onlySite);
      if (refusal !== null) return refusal;
      const kind = await findKind(request, types, input.kind, now);
      if ('status' in kind) return kind;
      const annotation: StoredAnnotation = {
        ...contentOf(input, kind),
        id: randomUUID(),
        author: await authorOf(request),
        createdAt: now,
        updatedAt: now,
      };
      await annotations.add(request.tenant, annotation);
      return json(201, present(annotation, request.tenant, request, snapshot(), false), {
        location: `/annotations/${annotation.id}`,
      });
    },
    replace: async (
      request: ModuleRequest,
      found: Found | undefined,
      onlySite: string | null,
    ): Promise<ModuleResponse> => {
      if (found === undefined) return noAnnotation(request);
      const { tenant, annotation: old } = found;
      if (!rightsOn(request, tenant, old).edit || old.scope === 'system') return notYours(old);
      const before = { kind: old.kindId, startsAt: old.startsAt, scope: old.scope };
      const read = await readInput(request, clock.now(), onlySite, before);
      if ('refusal' in read) return read.refusal;
      const { input } = read;
      // Whoever may change it may leave its scope as it is.
      const refusal =
        (input.scope === old.scope ? null : refusedScope(request, input)) ?? refusedSite(input, onlySite);
      if (refusal !== null) return refusal;
      const kind = await findKind(request, types, input.kind, clock.now());
      if ('status' in kind) return kind;
      const annotation = { ...old, ...contentOf(input, kind), updatedAt: clock.now() };
      if (!(await annotations.replace(tenant, annotation))) return noAnnotation(request);
      return json(200, present(annotation, tenant, request, snapshot(), false));
    },
    remove: async (request: ModuleRequest, found: Found | undefined): Promise<ModuleResponse> => {
      if (found === undefined) return noAnnotation(request);
      if (!rightsOn(request, found.tenant, found.annotation).remove) return notYours(found.annotation);
      return (await annotations.remove(found.tenant, found.annotation.id))
        ? { status: 204 }
        : noAnnotation(request);
    },
  };
};

const WHO_MAY = {
  personal: 'ask an administrator',
  site: 'editors may',
  organization: 'administrators may',
  consortium: 'administrators of an umbrella organization may, at home',
} as const;

const contentOf = (input: ReadInput, { id, name }: NoteType) => ({
  kindId: id,
  kindName: name,
  scope: input.scope,
  site: input.site,
  startsAt: input.startsAt,
  endsAt: input.endsAt,
  isPeriod: input.isPeriod,
  title: input.title,
  content: input.content,
  pageGroup: input.pageGroup,
  device: input.device,
  link: input.link,
  version: input.version,
});

const authorOf = async (request: ModuleRequest): Promise<StoredAuthor | null> => {
  if (request.userId === null) return null;
  const { createdByUsername, createdBy } = await readCreator(request);
  const names = [createdBy?.firstName, createdBy?.lastName].filter(
    (name) => name !== undefined && name !== '',
  );
  return {
    tenant: request.originTenant,
    userId: request.userId,
    username: createdByUsername ?? null,
    name: names.join(' ') || (createdByUsername ?? request.userId),
  };
};

const isReadable = ({ scope, author }: StoredAnnotation, request: ModuleRequest): boolean =>
  scope !== 'personal' ||
  (author !== null && author.tenant === request.originTenant && author.userId === request.userId);

const mine = (found: Found | undefined, { originTenant, userId }: ModuleRequest): Found | undefined =>
  found?.annotation.author?.tenant === originTenant && found.annotation.author.userId === userId
    ? found
    : undefined;

const noAnnotation = ({ params }: ModuleRequest): ModuleResponse =>
  text(404, `Annotation with ID [${params['id'] ?? ''}] was not found`);

const notYours = ({ scope }: StoredAnnotation): ModuleResponse =>
  text(
    403,
    scope === 'system'
      ? 'Notes of the product itself cannot be changed; they can be hidden'
      : 'You may not change this note',
  );

const present = (
  annotation: StoredAnnotation,
  tenant: string,
  request: ModuleRequest,
  snapshot: Snapshot,
  hidden: boolean,
): Annotation => {
  const { author, kindId, kindName } = annotation;
  return {
    id: annotation.id,
    domain: 'rum',
    kind: { key: kindKey(kindName), name: kindName, id: kindId },
    title: annotation.title,
    content: annotation.content,
    at: new Date(annotation.startsAt).toISOString(),
    to: annotation.isPeriod ? new Date(annotation.endsAt).toISOString() : null,
    scope: annotation.scope,
    site: annotation.site,
    pageGroup: annotation.pageGroup,
    device: annotation.device,
    link: annotation.link,
    version: annotation.version,
    organization: party(snapshot, tenant),
    author: author && {
      name: author.name,
      username: author.username,
      organization: party(snapshot, author.tenant),
    },
    hidden,
    may: rightsOn(request, tenant, annotation),
    createdAt: new Date(annotation.createdAt).toISOString(),
    updatedAt: new Date(annotation.updatedAt).toISOString(),
  };
};

const party = (snapshot: Snapshot, id: string): Party => ({ id, name: snapshot.byId(id)?.name ?? id });

interface Question {
  readonly from: number;
  readonly to: number;
  readonly site: string | null;
  readonly matches: (annotation: Annotation) => boolean;
}

const readQuestion = ({ query }: ModuleRequest, onlySite: string | null): Question => {
  const moment = (name: string, fallback: number): number => {
    const given = query.get(name);
    if (given === null) return fallback;
    const value = Date.parse(given);
    if (Number.isSafeInteger(value)) return value;
    throw new AppError(
      'ANNOTATIONS_PERIOD',
      `the parameter ${name} is "${given.slice(0, 40)}", expected a moment as 2026-11-22T12:00:00Z`,
      { status: 400 },
    );
  };
  const [kind, scope, author] = [query.get('kind'), query.get('scope'), query.get('author')];
  return {
    from: moment('from', 0),
    to: moment('to', Number.MAX_SAFE_INTEGER),
    site: onlySite ?? (query.get('site')?.toLowerCase() || null),
    matches: (annotation) =>
      (kind === null || annotation.kind.key === kindKey(kind)) &&
      (scope === null || annotation.scope === scope) &&
      (author === null || annotation.author?.username === author) &&
      (!annotation.hidden || query.get('hidden') === 'with'),
  };
};
