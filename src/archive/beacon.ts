import type { JournalEntry } from '#journal';

/**
 * Who wrote a line: `rumbrella` (this program), `go` (Basic RUM's Go front since March 2023: no HTTP headers), `go_headers` (the one
 * before: with HTTP headers), `php` (the old PHP catcher: underscores for dots, the user agent as a parameter).
 */
export type Dialect = 'rumbrella' | 'go' | 'go_headers' | 'php';

/** A beacon that was read from an archive, as the journal would give it, with an identity that stays the same for ever. */
export interface ArchivedBeacon extends JournalEntry {
  readonly dialect: Dialect;
}

/** What one line turned out to be. `identity` is missing in lines of others: it is the line itself that counts then. */
export type LineReading =
  | { readonly kind: 'own'; readonly beacon: ArchivedBeacon }
  | {
      readonly kind: 'foreign';
      readonly record: JournalEntry['record'];
      readonly dialect: Dialect;
      /** The line's content in one form, whatever the spelling of the file: hashed to its identity. */
      readonly content: string;
      /** It carries a member `rumbrella` that was not believed. */
      readonly unmarked: boolean;
    }
  | { readonly kind: 'bad'; readonly reason: string };

/** How lines are read. */
export interface LineRules {
  /** Believe the member `rumbrella`: the folder is known to be an archive of this program. */
  readonly own: boolean;
  /** Names of the parameter that names the tenant, in order of preference. */
  readonly traceParameters: readonly string[];
  /** Receive time for lines of others that have no usable `created_at`, epoch ms; null: such lines are bad. */
  readonly fallbackTime: number | null;
  /** Latest receive time that is believed, epoch ms. */
  readonly latestTime: number;
}
