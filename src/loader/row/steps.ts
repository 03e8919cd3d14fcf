import type { BeaconFacts } from './beacon-facts.ts';
import type { DraftRow } from './draft-row.ts';
import { createFillDevice, fillMemory } from './fill-device.ts';
import { fillErrors } from './fill-errors.ts';
import { fillBehaviour, fillResponsiveness, fillStability } from './fill-experience.ts';
import { createFillFree } from './fill-free.ts';
import { fillIdentity } from './fill-identity.ts';
import { fillNavigation } from './fill-navigation.ts';
import { createFillPage, type PageRules } from './fill-page.ts';
import { fillPaint } from './fill-paint.ts';
import { createFillResources } from './fill-resources.ts';

/** Fills the columns that it is named after from what is known of the beacon. */
export interface RowStep {
  readonly name: string;
  readonly fill: (row: DraftRow, facts: BeaconFacts) => void;
}

/** What the steps are told by the configuration. */
export interface RowRules extends PageRules {
  readonly keepUserAgent: boolean;
}

/** The steps from the facts of a beacon to its row, in order: a step may use what those before it have filled. */
export const createRowSteps = (rules: RowRules): readonly RowStep[] => [
  { name: 'identity', fill: fillIdentity },
  { name: 'page', fill: createFillPage(rules) },
  { name: 'navigation', fill: fillNavigation },
  { name: 'paint', fill: fillPaint },
  { name: 'stability', fill: fillStability },
  { name: 'responsiveness', fill: fillResponsiveness },
  { name: 'behaviour', fill: fillBehaviour },
  { name: 'resources', fill: createFillResources() },
  { name: 'errors', fill: fillErrors },
  { name: 'device', fill: createFillDevice(rules) },
  { name: 'memory', fill: fillMemory },
  { name: 'free', fill: createFillFree() },
];
