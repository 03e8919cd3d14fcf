import type { Form } from '#form';
import type { JournalEntry, JournalRecord } from '#journal';
import { createEventRowWriter, type EventRow } from '#warehouse';
import { createBeaconForms } from './decode/beacon-forms.ts';
import type { Meaning } from './decode/meaning.ts';
import { createParameterMemory } from './decode/parameter-memory.ts';
import { findParameters } from './decode/parameters.ts';
import { decodeHead } from './decode/percent.ts';
import { cleanText } from './decode/text.ts';
import { createDeviceLookup, MAX_USER_AGENT_LENGTH } from './enrich/device.ts';
import type { GeoDatabase } from './enrich/geo-database.ts';
import { createAddressReader } from './enrich/page-address.ts';
import { createPageGroups, type PageGroupRule } from './enrich/page-groups.ts';
import { type Place, placeOf } from './enrich/place.ts';
import type { EncodeBeacon, ReleaseRows } from './ports.ts';
import type { BeaconFacts } from './row/beacon-facts.ts';
import { kindOf } from './row/beacon-kind.ts';
import { type DraftRow, neutralRow } from './row/draft-row.ts';
import { createLabelLimits, type LimitedColumn } from './row/label-limits.ts';
import { createRowSteps } from './row/steps.ts';

/** What the configuration says about rows. */
export interface BeaconRowOptions {
  readonly pageGroups: readonly PageGroupRule[];
  /** False: queries of addresses are not stored. */
  readonly keepQuery: boolean;
  readonly keepUserAgent: boolean;
}

/** Turns beacons into rows. */
export interface BeaconRows {
  /** The row of a beacon, whatever it contains. `batch_id` is 0. Never throws. */
  decode(entry: JournalEntry): EventRow;
  /** The same, encoded for the warehouse, or why it is not stored. Never throws. */
  readonly encode: EncodeBeacon;
  readonly release: ReleaseRows;
}

/** What rows need from outside. */
export interface BeaconRowDeps {
  readonly geo: Pick<GeoDatabase, 'find'>;
  /** Called with the fields of a beacon whose values were not believed. */
  readonly onRejected?: (fields: readonly string[]) => void;
  /** Called when a label of a tenant is one too many in its column. */
  readonly onOverflow?: (tenant: string, column: LimitedColumn) => void;
}

/** Creates the way from a journal entry to its row: decode the parameters, enrich, fill the columns, encode. */
export const createBeaconRows = (options: BeaconRowOptions, deps: BeaconRowDeps): BeaconRows => {
  const deviceOf = createDeviceLookup();
  const addressOf = createAddressReader(options.keepQuery);
  const steps = createRowSteps({ ...options, groupOf: createPageGroups(options.pageGroups) });
  const writer = createEventRowWriter();
  const forms = createBeaconForms();
  const memory = createParameterMemory();
  const labels = createLabelLimits((id, column) => deps.onOverflow?.(id, column));

  const factsOf = (entry: JournalEntry, form: Form<Meaning>): BeaconFacts => {
    const { record } = entry;
    const parameters = findParameters(form, memory);
    const userAgent = cleanText(decodeHead(headerOf(record, 'user-agent')), MAX_USER_AGENT_LENGTH);
    return {
      entry,
      parameters,
      kind: kindOf(parameters),
      address: addressOf(parameters.text('u', MAX_READ_URL)),
      userAgent,
      device: deviceOf(userAgent),
      place: placeOfRecord(record, deps.geo),
    };
  };

  const fill = (row: DraftRow, facts: BeaconFacts): void => {
    for (const step of steps) step.fill(row, facts);
    const { rejected } = facts.parameters;
    if (rejected.length > 0) row.rejected_fields = rejected;
  };

  const decode = (entry: JournalEntry): EventRow => {
    const row = neutralRow();
    fill(row, factsOf(entry, forms.of(entry).form));
    const { timers, dimensions, custom_metrics, other } = row;
    return {
      ...row,
      timers: new Map(timers),
      dimensions: new Map(dimensions),
      custom_metrics: new Map(custom_metrics),
      other: new Map(other),
    };
  };

  const encode: EncodeBeacon = (entry, tenant, form) => {
    const facts = factsOf(entry, form ?? forms.of(entry).form);
    const before = writer.bytes;
    const row = writer.begin();
    fill(row, facts);
    const { rejected } = facts.parameters;
    if (rejected.length > 0) deps.onRejected?.(rejected);
    const { hostname } = facts.address;
    if (tenant?.onlyHostnames === true && !tenant.hostnames.includes(hostname))
      return { kind: 'refused', reason: 'hostname' };
    const { destination, receivedAt } = entry.record;
    labels.apply(row, tenant?.id ?? destination, Math.floor(receivedAt / DAY_MS));
    const content = writer.end();
    return { kind: 'row', content, bytes: writer.bytes - before, hostname };
  };
  return { decode, encode, release: writer.release };
};

const DAY_MS = 86_400_000;

/** So much of the page's address is read; what is stored is less. */
const MAX_READ_URL = 8_192;

/** A trusted proxy's word first, else the database. */
const placeOfRecord = (record: JournalRecord, geo: Pick<GeoDatabase, 'find'>): Place => {
  if (record.country !== '' || record.city !== '') {
    const place = placeOf(record.country, record.city);
    if (place.country !== '' || place.city !== null) return place;
  }
  return geo.find(record.clientAddress);
};

const headerOf = (record: JournalRecord, name: string): string => {
  for (const [key, value] of record.headers) if (key === name) return value;
  return '';
};
