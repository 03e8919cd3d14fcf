import type { JournalEntry, JournalRecord, Position } from '#journal';
import type { Destination } from '#tenants';
import type { GeneratedBeacon } from '../../src/demo/generator.ts';

/** What a test may say about a beacon besides its parameters. */
export type BeaconFactsOfTest = Partial<Omit<JournalRecord, 'body'> & Position> & {
  readonly body?: Uint8Array | string;
};

/** A POST beacon with these parameters in its body, written as a browser does, in the place and at the time of `facts`. */
export const aBeacon = (
  parameters: Readonly<Record<string, string | number>> = {},
  facts: BeaconFactsOfTest = {},
): JournalEntry => {
  const { segment = '00000000000000a1', offset = 64, body = formOf(parameters), ...record } = facts;
  const bytes = typeof body === 'string' ? Buffer.from(body) : body;
  return {
    segment,
    offset,
    end: offset + bytes.length,
    record: {
      receivedAt: Date.UTC(2026, 10, 22, 10, 30, 0, 123),
      // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- the parser of the users map is not under test here
      destination: 'fashion_bg' as Destination,
      trace: 'BY83kR5MS5PM',
      method: 'POST',
      query: '',
      headers: [],
      clientAddress: '',
      country: '',
      city: '',
      ...record,
      body: bytes,
    },
  };
};

/** A generated beacon as the journal holds it. */
export const aGeneratedBeacon = (beacon: GeneratedBeacon, facts: BeaconFactsOfTest = {}): JournalEntry =>
  aBeacon(
    {},
    {
      receivedAt: beacon.at,
      method: beacon.method,
      query: beacon.query,
      headers: Object.entries(beacon.headers),
      body: beacon.body,
      ...facts,
    },
  );

/** Parameters as Boomerang writes them. */
export const formOf = (parameters: Readonly<Record<string, string | number>>): string =>
  Object.entries(parameters)
    .map(([name, value]) => `${encodeURIComponent(name)}=${encodeURIComponent(value)}`)
    .join('&');
