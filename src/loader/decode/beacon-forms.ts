import { isAscii } from 'node:buffer';
import { bufferOf, createFormReader, createFormRoom, type Form, type FormRoom, joinForms } from '#form';
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
  const sent = bufferOf(body);
  if (isRewritten(sent)) return null;
  const bytes = joinForms(sent, Buffer.from(query));
  return isAscii(bytes) ? bytes : null;
};
