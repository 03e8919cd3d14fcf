import type { JournalEntry } from '#journal';
import type { Parameters } from '../decode/parameters.ts';
import type { Device } from '../enrich/device.ts';
import type { Address } from '../enrich/page-address.ts';
import type { Place } from '../enrich/place.ts';
import type { BeaconKind } from './beacon-kind.ts';

/** Everything that is known of a beacon before its row is filled. */
export interface BeaconFacts {
  readonly entry: JournalEntry;
  readonly parameters: Parameters;
  readonly kind: BeaconKind;
  /** Address in `u`. */
  readonly address: Address;
  readonly userAgent: string;
  readonly device: Device;
  readonly place: Place;
}
