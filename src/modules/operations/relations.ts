import { AppError } from '#core';
import { type Handler, json, type ModuleResponse } from '#gateway/contract';
import type { NewRelation, Relation, RelationChange } from '#tenants';
import { type Deed, recorded } from '../audit/index.ts';
import { readRecord } from '../records/index.ts';
import { instantText, type MapHandlerDeps, shown } from './organizations.ts';
import { refusalOf, wrong } from './refusals.ts';
import { newRelationSchema, relationChangeSchema } from './schemas.ts';
import { describeRelation } from './describe.ts';

/** `/operations/relations`: who may act for whom. The list is part of `GET /operations/organizations`. */
export const relationHandlers = (deps: MapHandlerDeps): Readonly<Record<string, Handler>> => {
  const { registry, ports, audit, clock, module } = deps;
  const relationOf = (id: string): Relation => {
    const relation = registry.current().relations.find((each) => each.id === id);
    if (relation !== undefined) return relation;
    throw new AppError(
      'OPERATIONS_NO_RELATION',
      `the users map has no relation ${shown(id)}: look at the list again, it may have changed`,
      { status: 404 },
    );
  };

  const requireKnown = (key: string, ids: readonly string[]): void => {
    for (const id of ids)
      if (registry.current().byId(id) === undefined)
        throw wrong(key, `the users map has no organization ${shown(id)}`);
  };
  const requireMembers = (tenant: string, executesAs: readonly string[]): void => {
    requireKnown('executesAs', executesAs);
    if (executesAs.includes(tenant))
      throw wrong('executesAs', 'an organization always acts for itself, expected others');
  };

  return {
    'POST /operations/relations': recorded(
      audit,
      module,
      async (request): Promise<Deed | ModuleResponse> => {
        const read = await readRecord(request, newRelationSchema);
        if ('refusal' in read) return read.refusal;
        const { version, expire, requiresAccount, rules, ...rest } = read.record;
        const relation: NewRelation = {
          ...rest,
          ...(requiresAccount !== undefined && { requiresAccount }),
          ...(expire !== undefined && { expire }),
          ...(rules !== undefined && { rules }),
        };
        requireKnown('tenant', [relation.tenant]);
        requireMembers(relation.tenant, relation.executesAs);
        return {
          summary: `let ${relation.tenant} act for ${relation.executesAs.join(', ')} (${relation.modules.join(', ')})`,
          tenant: relation.tenant,
          also: relation.executesAs,
          run: async () => {
            await ports.usersMap.addRelation(relation, version);
            const added = registry.current().relations.at(-1);
            return json(201, added === undefined ? {} : describeRelation(added, undefined, clock.now()));
          },
        };
      },
      refusalOf,
    ),
    'PATCH /operations/relations/{id}': recorded(
      audit,
      module,
      async (request): Promise<Deed | ModuleResponse> => {
        const id = idOf(request.params);
        const read = await readRecord(request, relationChangeSchema);
        if ('refusal' in read) return read.refusal;
        // A relation is named by its place in the file: the change is for the map in which it was found, and for no other.
        const { version = registry.current().version, ...change } = read.record;
        const relation = relationOf(id);
        if (change.executesAs !== undefined) requireMembers(relation.tenant, change.executesAs);
        const { also, ...others } = concerned(relation);
        return {
          summary: `changed the relation ${id}: ${changeWords(change)}`,
          ...others,
          also: [...new Set([...(also ?? []), ...(change.executesAs ?? [])])],
          run: async () => {
            await ports.usersMap.changeRelation(id, change, version);
            return json(200, describeRelation(relationOf(id), undefined, clock.now()));
          },
        };
      },
      refusalOf,
    ),
    'DELETE /operations/relations/{id}': recorded(
      audit,
      module,
      (request): Deed => {
        const id = idOf(request.params);
        const relation = relationOf(id);
        const version = request.query.get('version') ?? registry.current().version;
        return {
          summary: `ended the relation ${id}`,
          ...concerned(relation),
          run: async () => {
            await ports.usersMap.changeRelation(id, { expire: instantText(clock.now()) }, version);
            return { status: 204 };
          },
        };
      },
      refusalOf,
    ),
  };
};

/** What of a relation is changed, for the trail: `expiry 2027-12-25, modules notes, reports`. */
const changeWords = ({
  executesAs,
  modules,
  permissions,
  requiresAccount,
  expire,
  rules,
}: RelationChange): string =>
  [
    executesAs === undefined ? '' : `for ${executesAs.join(', ')}`,
    modules === undefined ? '' : `modules ${modules.join(', ')}`,
    permissions === undefined ? '' : `at most ${permissions.join(', ') || 'nothing'}`,
    requiresAccount === undefined ? '' : requiresAccount ? 'accounts needed' : 'no accounts needed',
    expire === undefined ? '' : `expiry ${expire ?? 'never'}`,
    rules === undefined ? '' : `rules now ${rules.length}`,
  ]
    .filter((words) => words !== '')
    .join('; ') || 'nothing';

const concerned = (relation: Relation): Pick<Deed, 'tenant' | 'relation' | 'also'> => ({
  tenant: relation.tenant,
  relation: relation.id,
  also: relation.executesAs,
});

/** `agency%231` → `agency#1`; what cannot be decoded names nothing. */
export const idOf = (params: Readonly<Record<string, string>>): string => {
  try {
    return decodeURIComponent(params['id'] ?? '');
  } catch {
    return '';
  }
};
