// The form that a beacon is: which names stand in it, and where their values are. Read once, for the archive and for the row.
export { bufferOf, joinForms } from './bytes.ts';
export { type Form, type FormReader, type FormRoom, createFormReader, createFormRoom } from './form.ts';
export type { FormName } from './form-names.ts';
