import type { ComponentType } from 'preact';
import type { IconName } from './parts/icon.tsx';
import type { Scope } from './state/url.ts';

/** What a page is given; the rest it takes from `useApp()` and the hooks of `state/`. */
export interface PageProps {
  /** What follows the page's name in the path. */
  readonly rest: readonly string[];
}

/** Groups of the navigation, in order. */
export const GROUPS = ['Speed', 'Organization', 'Administration'] as const;

/** A page in the table. */
export interface Route {
  readonly scope: Scope;
  /** In the address. */
  readonly name: string;
  readonly title: string;
  /** What stands above it: all controls of a selection, the period alone, nothing. */
  readonly bar: 'selection' | 'period' | 'none';
  /** Its place in the navigation; without: only links lead there. */
  readonly nav?: Nav;
  /** For everybody with the address, without an account and without the frame: invitations, share links. */
  readonly isPublic?: boolean;
  readonly load: () => Promise<ComponentType<PageProps>>;
}

/** An entry of the navigation. */
export interface Nav {
  readonly group: (typeof GROUPS)[number];
  readonly icon: IconName;
  /** `g` and this letter lead there. */
  readonly key?: string;
  /** For which organizations; default for all. `reports`: those that send beacons. `umbrella`: those that may act for others. */
  readonly when?: 'reports' | 'umbrella';
  /** One of these permissions is needed to see the entry (the page itself is guarded by the gateway). */
  readonly permission?: string;
}
