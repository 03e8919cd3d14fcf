import { type ModuleRequest, type ModuleResponse, text } from '#gateway/contract';
import type { Snapshot } from '#tenants';
import { kindKey } from './annotation-kinds.ts';
import { rightsOn } from './annotation-rights.ts';
import type { StoredAnnotation } from './annotation-store.ts';
import type { Annotation, Party } from './contract.ts';

/** An annotation that the caller may see. */
export interface Found {
  /** Whose it is. */
  readonly tenant: string;
  readonly annotation: StoredAnnotation;
}

/** Personal annotations are for whoever wrote them. */
export const isReadable = ({ scope, author }: StoredAnnotation, request: ModuleRequest): boolean =>
  scope !== 'personal' ||
  (author !== null && author.tenant === request.originTenant && author.userId === request.userId);

/** What was found, if the caller wrote it. */
export const mine = (found: Found | undefined, { originTenant, userId }: ModuleRequest): Found | undefined =>
  found?.annotation.author?.tenant === originTenant && found.annotation.author.userId === userId
    ? found
    : undefined;

/** 404, the same for what is not there and what may not be seen. */
export const noAnnotation = ({ params }: ModuleRequest): ModuleResponse =>
  text(404, `Annotation with ID [${params['id'] ?? ''}] was not found`);

/** An annotation as the caller sees it. `tenant`: whose it is. */
export const present = (
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
