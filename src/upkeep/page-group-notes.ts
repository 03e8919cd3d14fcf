import { createHash } from 'node:crypto';
import type { Clock } from '#core';
import type { Annotations, MeasurementState } from '#modules';
import { isExpired, type TenantRegistry } from '#tenants';
import { noteId, systemNote } from './system-notes.ts';

/** What it needs. */
export interface PageGroupNotesDeps {
  readonly state: MeasurementState;
  readonly annotations: Pick<Annotations, 'addOnce'>;
  readonly registry: Pick<TenantRegistry, 'current'>;
  readonly clock: Clock;
}

const NAME = 'page_groups';

/**
 * At a start: compares the rules of page groups with those of the start before, and notes a change on the charts of every organization that sends beacons.
 * The rules are remembered after the last note; a start that is interrupted writes those that are missing, and none twice. The first start
 * has nothing to compare with.
 */
export const notePageGroups = async (
  rules: readonly { readonly path: string; readonly group: string }[],
  { state, annotations, registry, clock }: PageGroupNotesDeps,
): Promise<void> => {
  const now = clock.now();
  const hash = createHash('sha256').update(JSON.stringify(rules)).digest('hex');
  const before = await state.read(NAME);
  if (before?.value === hash) return;
  if (before !== null)
    for (const tenant of registry.current().tenants) {
      if (tenant.traces.length === 0 || isExpired(tenant, now)) continue;
      const note = {
        id: noteId(NAME, before.value, before.changedAt, hash),
        startsAt: now,
        title: 'Other rules of page groups',
        content:
          'From here on page views are put into groups by other rules. A group of the same name may hold other pages than before, and page views of before keep the group that they had.',
      };
      await annotations.addOnce(tenant.id, systemNote(note, now));
    }
  await state.write(NAME, hash, now);
};
