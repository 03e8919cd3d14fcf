import { randomUUID } from 'node:crypto';
import type { Clock } from '#core';
import { json, type ModuleRequest, type ModuleResponse, text } from '#gateway/contract';
import type { Snapshot } from '#tenants';
import { type Records, unprocessable } from '../records/index.ts';
import { type ReadInput, readInput } from './annotation-input.ts';
import { findKind } from './annotation-kinds.ts';
import { mayWrite, rightsOn } from './annotation-rights.ts';
import type { Annotations, StoredAnnotation, StoredAuthor } from './annotation-store.ts';
import { type Found, noAnnotation, present } from './annotation-view.ts';
import type { Guest } from './guests.ts';
import { readCreator } from './neighbours.ts';
import type { NoteType } from './note-types.ts';
import { isUmbrella } from './umbrellas.ts';

/** What annotations need. */
export interface AnnotationDeps {
  readonly annotations: Annotations;
  readonly types: Records<NoteType>;
  readonly clock: Clock;
  readonly snapshot: () => Snapshot;
  /** The site to which an account is held (an API key for one site); null: to none. */
  readonly siteOf: (tenant: string, userId: string) => Promise<string | null>;
  /** Whoever came by a share link, and what it shows; null: no guest. */
  readonly guestOf: (tenant: string, userId: string) => Promise<Guest | null>;
}

/** Adds, changes and removes annotations, within the rights of the caller and the site to which he is held (`onlySite`). */
export const createWriter = ({ annotations, types, clock, snapshot }: AnnotationDeps) => {
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

const notYours = ({ scope }: StoredAnnotation): ModuleResponse =>
  text(
    403,
    scope === 'system'
      ? 'Notes of the product itself cannot be changed; they can be hidden'
      : 'You may not change this note',
  );
