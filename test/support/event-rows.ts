import { createEventRowWriter } from '#warehouse';
import type { EncodeBeacon } from '../../src/loader/ports.ts';
import { markerOf } from './loader-world.ts';

const writer = createEventRowWriter();

/**
 * The plainest row that the events table takes: the position, `received_at`, and the marker of the beacon as `page_id`; everything
 * else is empty. For tests of loading, which do not care what a beacon says.
 */
export const encodeEventRow: EncodeBeacon = ({ segment, offset, record }) => {
  const row = writer.begin();
  row.journal_segment = BigInt(`0x${segment}`);
  row.journal_offset = offset;
  row.received_at = record.receivedAt;
  row.page_id = markerOf(record);
  return { kind: 'row', content: writer.end(), bytes: 100, hostname: `${record.destination}.example` };
};
