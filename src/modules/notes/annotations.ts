import { z } from 'zod';
import { AppError } from '#core';
import { type Handler, json, type ModuleRequest, text } from '#gateway/contract';
import { readRecord } from '../records/index.ts';
import { allTypes, kindKey, kindsOf } from './annotation-kinds.ts';
import { mayWrite, rightsOn } from './annotation-rights.ts';
import type { StoredAnnotation } from './annotation-store.ts';
import { type Found, isReadable, mine, noAnnotation, present } from './annotation-view.ts';
import { type AnnotationDeps, createWriter } from './annotation-writer.ts';
import type { Annotation, AnnotationKinds, AnnotationList } from './contract.ts';
import { forGuest, type Guest, isForGuest } from './guests.ts';
import { isUmbrella, umbrellasOf } from './umbrellas.ts';

const WRITABLE = ['personal', 'site', 'organization', 'consortium'] as const;

/** `/annotations`: notes on the charts of a tenant's sites. */
export const annotationHandlers = (deps: AnnotationDeps): Readonly<Record<string, Handler>> => {
  const { annotations, types, clock, snapshot } = deps;
  const writer = createWriter(deps);

  const onlySite = async (request: ModuleRequest): Promise<string | null> =>
    request.userId === null ? null : deps.siteOf(request.originTenant, request.userId);
  const guestOf = async (request: ModuleRequest): Promise<Guest | null> =>
    request.userId === null ? null : deps.guestOf(request.originTenant, request.userId);
  const shown =
    (request: ModuleRequest, tenant: string, hidden: ReadonlySet<string>) =>
    (annotation: StoredAnnotation): Annotation =>
      present(annotation, tenant, request, snapshot(), hidden.has(annotation.id));

  /** An annotation that the caller may see: the tenant's own, or one that an umbrella organization wrote for its consortium. */
  const find = async (request: ModuleRequest): Promise<Found | undefined> => {
    const { id = '' } = request.params;
    const site = await onlySite(request);
    const own = await annotations.find(request.tenant, id);
    const guest = await guestOf(request);
    if (guest !== null) {
      const isShown =
        own !== undefined && isForGuest(own, guest) && !(await annotations.hidden(request.tenant)).has(id);
      return isShown ? { tenant: request.tenant, annotation: own } : undefined;
    }
    if (own !== undefined) {
      const isOfSite = site === null || own.site === null || own.site === site;
      return isOfSite && isReadable(own, request) ? { tenant: request.tenant, annotation: own } : undefined;
    }
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
      const guest = await guestOf(request);
      const umbrellas = guest === null ? umbrellasOf(snapshot(), request.tenant, clock.now()) : [];
      const [hidden, own, ...ofUmbrellas] = await Promise.all([
        annotations.hidden(request.tenant),
        annotations.list(request.tenant, { ...asked, reader }),
        ...umbrellas.map(({ id }) => annotations.listForConsortium(id, asked)),
      ]);
      const all = [
        ...(guest === null ? own : own.filter((each) => !hidden.has(each.id) && isForGuest(each, guest)))
          .map(shown(request, request.tenant, hidden))
          .map((each) => (guest === null ? each : forGuest(each))),
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
      const known = (await guestOf(request)) === null ? await allTypes(types, request.tenant) : [];
      const answer: AnnotationKinds = { kinds: kindsOf(known) };
      return json(200, answer);
    },
    'GET /annotations/{id}': async (request) => {
      const found = await find(request);
      if (found === undefined) return noAnnotation(request);
      const hidden = await annotations.hidden(request.tenant);
      const answer = shown(request, found.tenant, hidden)(found.annotation);
      return json(200, (await guestOf(request)) === null ? answer : forGuest(answer));
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
