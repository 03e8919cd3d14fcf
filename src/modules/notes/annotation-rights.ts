import type { ModuleRequest } from '#gateway/contract';
import type { StoredAnnotation } from './annotation-store.ts';
import type { AnnotationScope } from './contract.ts';

/** Permissions about annotations. */
export const ANNOTATION_PERMISSIONS = {
  read: 'notes.annotations.collection.get',
  add: 'notes.annotations.item.post',
  change: 'notes.annotations.item.put',
  remove: 'notes.annotations.item.delete',
  /** Own notes: personal ones, and to change what one wrote. */
  mine: 'notes.annotations.mine.write',
  organization: 'notes.annotations.organization.write',
  consortium: 'notes.annotations.consortium.write',
} as const;

/** What the caller may do with an annotation of the tenant asked. `tenant`: whose annotation it is. */
export interface AnnotationRights {
  readonly edit: boolean;
  readonly remove: boolean;
  readonly hide: boolean;
}

/** Decides about one annotation, by scope (the product's own are nobody's to change) and author. Pure. */
export const rightsOn = (
  request: Pick<ModuleRequest, 'tenant' | 'originTenant' | 'userId' | 'permissions'>,
  tenant: string,
  annotation: StoredAnnotation,
): AnnotationRights => {
  const holds = (name: string): boolean => request.permissions.includes(name);
  const { scope, author } = annotation;
  const isForeign = tenant !== request.tenant;
  const hide = (isForeign || scope === 'system') && holds(ANNOTATION_PERMISSIONS.change);
  if (isForeign || scope === 'system') return { edit: false, remove: false, hide };
  const isAuthor =
    author !== null && author.tenant === request.originTenant && author.userId === request.userId;
  if (isAuthor) {
    const own = holds(ANNOTATION_PERMISSIONS.mine);
    return {
      edit: own || holds(ANNOTATION_PERMISSIONS.change),
      remove: own || holds(ANNOTATION_PERMISSIONS.remove),
      hide,
    };
  }
  const allowed = scope !== 'personal' && mayWrite(request, scope);
  return {
    edit: allowed && holds(ANNOTATION_PERMISSIONS.change),
    remove: allowed && holds(ANNOTATION_PERMISSIONS.remove),
    hide,
  };
};

/** May the caller write annotations of this scope for the tenant asked? The consortium's are written at home only. */
export const mayWrite = (
  { tenant, originTenant, permissions }: Pick<ModuleRequest, 'tenant' | 'originTenant' | 'permissions'>,
  scope: AnnotationScope,
): boolean => {
  const holds = (name: string): boolean => permissions.includes(name);
  switch (scope) {
    case 'personal':
      return holds(ANNOTATION_PERMISSIONS.mine);
    case 'site':
      return holds(ANNOTATION_PERMISSIONS.add) || holds(ANNOTATION_PERMISSIONS.change);
    case 'organization':
      return holds(ANNOTATION_PERMISSIONS.organization);
    case 'consortium':
      return tenant === originTenant && holds(ANNOTATION_PERMISSIONS.consortium);
    case 'system':
      return false;
  }
};
