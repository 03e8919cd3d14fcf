import type { ReplayOptions, ReplayReport, SinkResult } from '#archive';
import type { LogLevel } from '#core';
import type { WarehouseConnection } from '#warehouse';
import type { ReplaySettings } from './replay-run.ts';
import type { Scan, ScanOptions, ScanQuestion } from './scan-unclaimed.ts';

/** What the thread is told to do; plain data. */
export type ArchiveWork =
  | {
      readonly kind: 'replay';
      readonly options: ReplayOptions;
      readonly settings: ReplaySettings;
      readonly usersMap: string;
      readonly warehouse: {
        readonly kind: 'embedded' | 'server';
        readonly connection: WarehouseConnection;
        readonly cluster: string;
      };
      readonly logLevel: LogLevel;
    }
  | {
      readonly kind: 'scan';
      readonly question: ScanQuestion;
      readonly options: Omit<ScanOptions, 'onProgress'>;
      readonly logLevel: LogLevel;
    };

/** What a replay came to; plain data. */
export type PlainReport = Omit<ReplayReport, 'tenants'> & {
  readonly tenants: readonly (readonly [tenant: string, result: SinkResult])[];
};

/** From the thread to its owner. */
export type FromArchiveThread =
  | {
      readonly kind: 'replay_progress';
      readonly bytes: number;
      readonly totalBytes: number;
      readonly beacons: number;
      readonly current: string;
    }
  | { readonly kind: 'scan_progress' | 'scan_done'; readonly scan: Scan }
  | { readonly kind: 'replay_done'; readonly report: PlainReport }
  | { readonly kind: 'failed'; readonly code: string; readonly reason: string };

/** From the owner to the thread: end after what is under way. */
export interface ToArchiveThread {
  readonly kind: 'stop';
}
