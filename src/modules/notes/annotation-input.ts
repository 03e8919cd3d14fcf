import { z } from 'zod';
import type { ModuleRequest, ModuleResponse } from '#gateway/contract';
import { type Fault, readRecord, unprocessable } from '../records/index.ts';
import type { AnnotationScope } from './contract.ts';

/** Moments outside of these are slips: milliseconds taken for seconds, years with a digit too many. */
const EARLIEST = Date.UTC(2000, 0, 1);
const LATEST = Date.UTC(2100, 0, 1);

const line = (most: number) =>
  z
    .string()
    .trim()
    .max(most)
    .transform((value) => (value === '' ? null : value))
    .nullish();
const moment = z.iso
  .datetime({ offset: true })
  .transform((value) => Date.parse(value))
  .refine(
    (value) => value >= EARLIEST && value < LATEST,
    'expected a moment between the years 2000 and 2100',
  );
const schema = z.looseObject({
  kind: line(255),
  title: line(200),
  content: line(10_000),
  at: moment.optional(),
  to: moment.nullish(),
  scope: z.enum(['personal', 'site', 'organization', 'consortium']).optional(),
  site: line(253),
  pageGroup: line(500),
  device: line(50),
  link: line(2_000).refine(isWebAddress, 'expected an address that begins with http:// or https://'),
  version: line(100),
});

/** An annotation as a client wants it, with all defaults put in. Times are epoch ms. */
export interface ReadInput {
  readonly kind: string;
  readonly title: string;
  readonly content: string | null;
  readonly startsAt: number;
  readonly endsAt: number;
  readonly isPeriod: boolean;
  readonly scope: Exclude<AnnotationScope, 'system'>;
  readonly site: string | null;
  readonly pageGroup: string | null;
  readonly device: string | null;
  readonly link: string | null;
  readonly version: string | null;
}

/**
 * Reads and checks what a client sends. `onlySite`: the site to which the caller is held; it is the default there. `old`: what it is to replace, whose
 * kind, moment and scope are the defaults then.
 */
export const readInput = async (
  request: ModuleRequest,
  now: number,
  onlySite: string | null,
  old?: Pick<ReadInput, 'kind' | 'startsAt' | 'scope'>,
): Promise<{ readonly input: ReadInput } | { readonly refusal: ModuleResponse }> => {
  const read = await readRecord(request, schema);
  if ('refusal' in read) return read;
  const { record } = read;
  const version = record.version ?? null;
  const kind = record.kind ?? old?.kind ?? (version === null ? null : 'deploy');
  const title = record.title ?? version;
  const startsAt = record.at ?? old?.startsAt ?? now;
  const endsAt = record.to ?? startsAt;
  const site = record.site?.toLowerCase() ?? onlySite;
  const scope = record.scope ?? old?.scope ?? (site === null ? 'organization' : 'site');
  const faults: Fault[] = [];
  if (kind === null) faults.push(fault('kind', 'say what kind of note it is'));
  if (title === null) faults.push(fault('title', 'a note needs a title'));
  if (endsAt < startsAt) faults.push(fault('to', 'the end is before the beginning'));
  if (scope === 'site' && site === null)
    faults.push(fault('site', 'a note of the scope site names its site'));
  if (kind === null || title === null || faults.length > 0) return { refusal: unprocessable(...faults) };
  return {
    input: {
      kind,
      title,
      content: record.content ?? null,
      startsAt,
      endsAt,
      isPeriod: endsAt > startsAt,
      scope,
      site,
      pageGroup: record.pageGroup ?? null,
      device: record.device ?? null,
      link: record.link ?? null,
      version,
    },
  };
};

const fault = (key: string, message: string): Fault => ({
  message,
  code: 'VALIDATION_ERROR',
  parameters: [{ key, value: '' }],
});

function isWebAddress(value: string | null | undefined): boolean {
  if (value === null || value === undefined) return true;
  if (!URL.canParse(value)) return false;
  const { protocol } = new URL(value);
  return protocol === 'https:' || protocol === 'http:';
}
