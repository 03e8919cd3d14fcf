import type { Database } from '#database';
import type { AnnotationScope } from './contract.ts';

/** An annotation as it is kept. Times are epoch ms; `endsAt` equals `startsAt` for a moment. */
export interface StoredAnnotation {
  readonly id: string;
  readonly kindId: string;
  readonly kindName: string;
  readonly scope: AnnotationScope;
  readonly site: string | null;
  readonly startsAt: number;
  readonly endsAt: number;
  readonly isPeriod: boolean;
  readonly title: string;
  readonly content: string | null;
  readonly pageGroup: string | null;
  readonly device: string | null;
  readonly link: string | null;
  readonly version: string | null;
  /** null: the product itself. */
  readonly author: StoredAuthor | null;
  readonly createdAt: number;
  readonly updatedAt: number;
}

/** Who wrote an annotation, with the names of that time. */
export interface StoredAuthor {
  readonly tenant: string;
  readonly userId: string;
  readonly username: string | null;
  readonly name: string;
}

/** Which annotations; `from` and `to` (epoch ms, half-open) are those that they touch. */
export interface AnnotationQuery {
  readonly from: number;
  readonly to: number;
  /** Only those of this site, and those of no site; null: all. */
  readonly site: string | null;
  /** Personal ones only of this author. */
  readonly reader: { readonly tenant: string; readonly userId: string };
}

/** The annotations of all tenants, each question about one tenant. */
export interface Annotations {
  /** By time, the newest `MOST_LISTED` of them. Personal ones of others are never among them. */
  list(tenant: string, query: AnnotationQuery): Promise<readonly StoredAnnotation[]>;
  /** Those that a tenant has written for its consortium. */
  listForConsortium(
    tenant: string,
    query: Omit<AnnotationQuery, 'site' | 'reader'>,
  ): Promise<readonly StoredAnnotation[]>;
  find(tenant: string, id: string): Promise<StoredAnnotation | undefined>;
  add(tenant: string, annotation: StoredAnnotation): Promise<void>;
  /** False: there is one of this id, which stays as it is. */
  addOnce(tenant: string, annotation: StoredAnnotation): Promise<boolean>;
  /** False: there is none. */
  replace(tenant: string, annotation: StoredAnnotation): Promise<boolean>;
  remove(tenant: string, id: string): Promise<boolean>;
  isKindUsed(tenant: string, kindId: string): Promise<boolean>;
  /** Ids that the tenant does not want to see. */
  hidden(tenant: string): Promise<ReadonlySet<string>>;
  hide(tenant: string, id: string, by: string, now: number): Promise<void>;
  show(tenant: string, id: string): Promise<void>;
}

/** Annotations of one tenant in one answer at most. */
const MOST_LISTED = 1_000;

type Tables = {
  annotations: {
    tenant: string;
    id: string;
    kind_id: string;
    scope: string;
    site: string | null;
    author_tenant: string;
    author_id: string;
    starts_at: number;
    ends_at: number;
    doc: string;
  };
  annotation_hidings: { tenant: string; annotation_id: string; hidden_by: string; hidden_at: number };
};

/** Opens the annotations over the control database. */
export const openAnnotations = (database: Database): Annotations => {
  const tables = database.as<Tables>();
  const within = (tenant: string, { from, to }: { readonly from: number; readonly to: number }) =>
    tables
      .selectFrom('annotations')
      .select('doc')
      .where('tenant', '=', tenant)
      .where('starts_at', '<', to)
      .where('ends_at', '>=', from)
      .orderBy('starts_at', 'desc')
      .orderBy('id')
      .limit(MOST_LISTED);
  const read = (rows: readonly { readonly doc: string }[]): readonly StoredAnnotation[] =>
    rows.map(({ doc }) => JSON.parse(doc) as StoredAnnotation).toReversed();

  return {
    list: async (tenant, query) => {
      const { reader, site } = query;
      const visible = within(tenant, query).where((where) =>
        where.or([
          where('scope', '<>', 'personal'),
          where.and([where('author_tenant', '=', reader.tenant), where('author_id', '=', reader.userId)]),
        ]),
      );
      const ofSite =
        site === null
          ? visible
          : visible.where((where) => where.or([where('site', 'is', null), where('site', '=', site)]));
      return read(await ofSite.execute());
    },
    listForConsortium: async (tenant, query) =>
      read(await within(tenant, query).where('scope', '=', 'consortium').execute()),
    find: async (tenant, id) => {
      const row = await tables
        .selectFrom('annotations')
        .select('doc')
        .where('tenant', '=', tenant)
        .where('id', '=', id)
        .executeTakeFirst();
      return row === undefined ? undefined : (JSON.parse(row.doc) as StoredAnnotation);
    },
    add: async (tenant, annotation) => {
      await tables.insertInto('annotations').values(rowOf(tenant, annotation)).execute();
    },
    addOnce: async (tenant, annotation) => {
      const { numInsertedOrUpdatedRows } = await tables
        .insertInto('annotations')
        .values(rowOf(tenant, annotation))
        .onConflict((conflict) => conflict.doNothing())
        .executeTakeFirst();
      return (numInsertedOrUpdatedRows ?? 0n) > 0n;
    },
    replace: async (tenant, annotation) => {
      const { numUpdatedRows } = await tables
        .updateTable('annotations')
        .set(rowOf(tenant, annotation))
        .where('tenant', '=', tenant)
        .where('id', '=', annotation.id)
        .executeTakeFirst();
      return numUpdatedRows > 0n;
    },
    remove: async (tenant, id) => {
      const { numDeletedRows } = await tables
        .deleteFrom('annotations')
        .where('tenant', '=', tenant)
        .where('id', '=', id)
        .executeTakeFirst();
      return numDeletedRows > 0n;
    },
    isKindUsed: async (tenant, kindId) => {
      const row = await tables
        .selectFrom('annotations')
        .select('id')
        .where('tenant', '=', tenant)
        .where('kind_id', '=', kindId)
        .limit(1)
        .executeTakeFirst();
      return row !== undefined;
    },
    hidden: async (tenant) => {
      const rows = await tables
        .selectFrom('annotation_hidings')
        .select('annotation_id')
        .where('tenant', '=', tenant)
        .execute();
      return new Set(rows.map((row) => row.annotation_id));
    },
    hide: async (tenant, id, by, now) => {
      await tables
        .insertInto('annotation_hidings')
        .values({ tenant, annotation_id: id, hidden_by: by, hidden_at: now })
        .onConflict((conflict) => conflict.doNothing())
        .execute();
    },
    show: async (tenant, id) => {
      await tables
        .deleteFrom('annotation_hidings')
        .where('tenant', '=', tenant)
        .where('annotation_id', '=', id)
        .execute();
    },
  };
};

const rowOf = (tenant: string, annotation: StoredAnnotation): Tables['annotations'] => ({
  tenant,
  id: annotation.id,
  kind_id: annotation.kindId,
  scope: annotation.scope,
  site: annotation.site,
  author_tenant: annotation.author?.tenant ?? '',
  author_id: annotation.author?.userId ?? '',
  starts_at: annotation.startsAt,
  ends_at: annotation.endsAt,
  doc: JSON.stringify(annotation),
});
