import { cleanText } from '../decode/text.ts';
import type { BeaconFacts } from './beacon-facts.ts';
import type { DraftRow } from './draft-row.ts';

const DAY_MS = 86_400_000;
const MAX_TRACE_LENGTH = 128;

/** Which beacon, when, of what kind. `batch_id` is left to the loader. */
export const fillIdentity = (row: DraftRow, { entry, parameters, kind }: BeaconFacts): void => {
  const { receivedAt, trace } = entry.record;
  row.journal_segment = BigInt(`0x${entry.segment}`);
  row.journal_offset = entry.offset;
  row.brum_trace = cleanText(trace, MAX_TRACE_LENGTH);
  row.received_at = receivedAt;
  row.event_date = receivedAt;
  row.created_at = receivedAt;
  row.client_created_at = clientTime(parameters.text('created_at', 40), receivedAt);
  row.event_type = kind.eventType;
  row.is_page_view = kind.isPageView;
  row.abandoned = kind.isAbandoned;
  row.beacon_no = kind.beaconNo;
  row.http_initiator = kind.initiator;
  row.boomerang_version = parameters.text('v', 64);
  row.loader_method = parameters.text('sm', 8);
};

const DATE_TIME = /^([0-9]{4}-[0-9]{2}-[0-9]{2})[ T]([0-9]{2}:[0-9]{2}:[0-9]{2}(?:\.[0-9]{1,3})?)Z?$/;
const EPOCH = /^[0-9]{9,13}$/;

/** `2026-11-22 03:23:00` (UTC), ISO, or epoch seconds or milliseconds; null when not within a day of `receivedAt`. */
const clientTime = (text: string, receivedAt: number): number | null => {
  if (text === '') return null;
  const parts = DATE_TIME.exec(text);
  const time = parts !== null ? Date.parse(`${parts[1]}T${parts[2]}Z`) : epoch(text);
  return Math.abs(time - receivedAt) <= DAY_MS ? time : null;
};

const epoch = (text: string): number => {
  if (!EPOCH.test(text)) return Number.NaN;
  return text.length > 10 ? Number(text) : Number(text) * 1_000;
};
