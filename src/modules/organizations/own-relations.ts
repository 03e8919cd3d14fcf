import { AppError, type Clock } from '#core';
import { type Handler, json } from '#gateway/contract';
import type { Relation, TenantRegistry } from '#tenants';
import { type Audit, type Deed, readAuditQuestion, recorded } from '../audit/index.ts';
import type { OwnRelationsAnswer } from '../operations/contract.ts';
import { describeRelation } from '../operations/describe.ts';
import { guarded } from '../operations/data.ts';
import { instantText, shown } from '../operations/organizations.ts';
import type { UsersMapEditor } from '../operations/ports.ts';
import { refusalOf } from '../operations/refusals.ts';
import { idOf } from '../operations/relations.ts';

/** What the handlers of an organization's own relations work with. */
export interface OwnRelationDeps {
  readonly registry: Pick<TenantRegistry, 'current'>;
  readonly usersMap: Pick<UsersMapEditor, 'withdraw'>;
  readonly audit: Audit;
  readonly clock: Clock;
  readonly module: string;
}

/** `/organizations/relations` and `/organizations/audit`: who may act for one's own organization, to be ended at any time, and who did what. */
export const ownRelationHandlers = (deps: OwnRelationDeps): Readonly<Record<string, Handler>> => {
  const { registry, usersMap, audit, clock, module } = deps;
  const reaching = (member: string): readonly Relation[] =>
    registry.current().relations.filter(({ executesAs }) => executesAs.some((id) => id === member));

  return {
    'GET /organizations/relations': async ({ originTenant }) => {
      const snapshot = registry.current();
      const lastWrites = await audit.lastByRelation();
      const answer: OwnRelationsAnswer = {
        version: snapshot.version,
        relations: reaching(originTenant).map((relation) => {
          const {
            executesAs: _others,
            rules,
            ...line
          } = describeRelation(relation, lastWrites.get(relation.id), clock.now());
          const own = rules.filter(({ tenant }) => tenant === originTenant);
          return { ...line, rules: own, tenantName: snapshot.byId(relation.tenant)?.name ?? relation.tenant };
        }),
      };
      return json(200, answer);
    },
    'DELETE /organizations/relations/{id}': recorded(
      audit,
      module,
      (request): Deed => {
        const id = idOf(request.params);
        const { originTenant } = request;
        const relation = reaching(originTenant).find((each) => each.id === id);
        if (relation === undefined)
          throw new AppError(
            'ORGANIZATIONS_NO_RELATION',
            `no relation ${shown(id)} lets anybody act for ${originTenant}: look at the list again`,
            { status: 404 },
          );
        // Its name is a place in this file, and in no other.
        const version = request.query.get('version') ?? registry.current().version;
        return {
          summary: `withdrew ${originTenant} from the relation ${id}`,
          tenant: originTenant,
          relation: id,
          also: [relation.tenant],
          run: async () => {
            await usersMap.withdraw(id, originTenant, instantText(clock.now()), version);
            return { status: 204 };
          },
        };
      },
      refusalOf,
    ),
    'GET /organizations/audit': guarded(async ({ originTenant, query }) =>
      json(200, await audit.list(readAuditQuestion(query, originTenant))),
    ),
  };
};
