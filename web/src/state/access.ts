import { effect, type ReadonlySignal, signal } from '@preact/signals';
import type { Client } from '../api/client.ts';
import { fetchMe, keptMe, type Me, type Organization } from '../api/session.ts';

/** What the caller may do in the organization of the address. */
export interface Access {
  readonly me: ReadonlySignal<Me | null>;
  /**
   * May this be tried? True while nobody knows: the gateway decides, this only spares people what would be refused. `permission` may end
   * with `.*`.
   */
  may(permission: string): boolean;
}

/** Follows the organization. */
export const createAccess = (client: Client, organization: ReadonlySignal<Organization | null>): Access => {
  const me = signal<Me | null>(null);
  effect(() => {
    const shown = organization.value?.id;
    // What is already known, so that the navigation does not grow late.
    me.value = shown === undefined ? null : keptMe(client, shown);
    if (shown === undefined) return;
    fetchMe(client, shown).then(
      (answer) => {
        if (organization.peek()?.id === shown) me.value = answer;
      },
      // Pages then show what they are refused themselves.
      () => undefined,
    );
  });
  return {
    me,
    may: (permission) => {
      const known = me.value;
      if (known === null) return true;
      if (!permission.endsWith('.*')) return known.permissions.includes(permission);
      return known.permissions.some((held) => held.startsWith(permission.slice(0, -1)));
    },
  };
};
