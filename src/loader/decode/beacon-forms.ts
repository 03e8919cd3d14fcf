import { isAscii } from 'node:buffer';
import { createFormReader, createFormRoom, type Form, type FormRoom } from '#form';
import type { JournalEntry, JournalRecord } from '#journal';
import { formBytes, isRewritten } from './form-bytes.ts';
import { type Meaning, meaningOf } from './meaning.ts';

/** The parameters of a beacon, found and not yet decoded. */
export interface BeaconForm {
  /** What the row is made of. */
  readonly form: Form<Meaning>;
  /** The same when it is what the client sent, byte by byte (body, `&`, query): for the archive. Undefined: it was put into the form of a form. */
  readonly sent: Form | undefined;
}

/** Reads the forms of beacons. */
export interface BeaconForms {
  /** The form of a beacon, valid until the next one is read to the same place: beacons that are read together have a place each. */
  of(entry: JournalEntry, place?: number): BeaconForm;
}

/** Creates it. */
export const createBeaconForms = (): BeaconForms => {
  const reader = createFormReader(meaningOf);
  const rooms: FormRoom<Meaning>[] = [];
  return {
    of: ({ record }, place = 0) => {
      const room = (rooms[place] ??= createFormRoom());
      const sent = sentForm(record);
      const form = reader.read(sent ?? formBytes(record.query, record.body), room);
      return { form, sent: sent === null ? undefined : form };
    },
  };
};

/** The form as it was sent, null when it cannot be read as it is. */
const sentForm = ({ query, body }: JournalRecord): Buffer | null => {
  const bytes = asBuffer(body);
  if (!isAscii(bytes) || isRewritten(bytes)) return null;
  if (query === '') return bytes;
  const head = Buffer.from(query);
  if (!isAscii(head)) return null;
  return bytes.length === 0 ? head : Buffer.concat([bytes, Buffer.from('&'), head]);
};

const asBuffer = (bytes: Uint8Array): Buffer =>
  bytes instanceof Buffer ? bytes : Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
