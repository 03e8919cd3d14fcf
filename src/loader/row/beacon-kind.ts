import type { Parameters } from '../decode/parameters.ts';
import { SMALL_COUNT } from '../decode/numbers.ts';

/** What kind of beacon it is; `visit_page` and `quit_page` are Basic RUM's words. */
export type EventType =
  | 'visit_page'
  | 'quit_page'
  | 'xhr'
  | 'spa'
  | 'spa_hard'
  | 'error'
  | 'interaction'
  | 'bfcache'
  | 'early'
  | 'custom'
  | 'other';

/** Kind of a beacon and what follows from it. */
export interface BeaconKind {
  readonly eventType: EventType;
  /** `http.initiator` as sent. */
  readonly initiator: string;
  /** Number of the beacon in its page, from 1. */
  readonly beaconNo: number | null;
  readonly isPageView: boolean;
  /** The visitor left before the page had loaded. */
  readonly isAbandoned: boolean;
}

const BY_INITIATOR: ReadonlyMap<string, EventType> = new Map([
  ['xhr', 'xhr'],
  ['spa', 'spa'],
  ['spa_hard', 'spa_hard'],
  ['error', 'error'],
  ['interaction', 'interaction'],
  ['bfcache', 'bfcache'],
  ['api_custom_metric', 'custom'],
  ['api_custom_timer', 'custom'],
]);
const PAGE_VIEWS: ReadonlySet<EventType> = new Set<EventType>(['visit_page', 'spa', 'spa_hard', 'bfcache']);

/** Tells the kind of a beacon. */
export const kindOf = (parameters: Parameters): BeaconKind => {
  const initiator = parameters.text('http.initiator', 64);
  const isQuit = parameters.has('rt.quit');
  const beaconNo = parameters.number('n', SMALL_COUNT);
  const eventType = typeOf(initiator, isQuit, parameters.text('early', 8) === '1');
  return {
    eventType,
    initiator,
    beaconNo,
    isPageView:
      PAGE_VIEWS.has(eventType) || (eventType === 'quit_page' && beaconNo === 1 && hasLoadData(parameters)),
    isAbandoned: parameters.has('rt.abld'),
  };
};

const typeOf = (initiator: string, isQuit: boolean, isEarly: boolean): EventType => {
  if (initiator !== '') return BY_INITIATOR.get(initiator.toLowerCase()) ?? 'other';
  if (isQuit) return 'quit_page';
  return isEarly ? 'early' : 'visit_page';
};

/** The visitor left before the load beacon, and the quit beacon carries what it would have said. */
const hasLoadData = (parameters: Parameters): boolean =>
  parameters.has('nt_nav_st') || parameters.has('t_resp') || parameters.has('pt.fcp');
