/** The two halves of a module's id: `mod-notes-5.2.0-SNAPSHOT.3` is product `mod-notes`, version `5.2.0-SNAPSHOT.3`. */
export interface ModuleId {
  readonly product: string;
  /** Null when the id is a product alone. */
  readonly version: string | null;
}

/** Splits a module id at the first `-` that is followed by a digit. */
export const parseModuleId = (id: string): ModuleId => {
  for (let at = id.indexOf('-'); at !== -1; at = id.indexOf('-', at + 1)) {
    const next = id.charCodeAt(at + 1);
    if (next >= 48 && next <= 57) return { product: id.slice(0, at), version: id.slice(at + 1) };
  }
  return { product: id, version: null };
};

/** Is this a module version: numbers with dots, then an optional pre-release and build? */
export const isModuleVersion = (version: string): boolean =>
  /^[0-9]{1,15}(?:\.[0-9]{1,15}){0,3}(?:[-+][0-9A-Za-z.+-]{1,128})?$/.test(version);
