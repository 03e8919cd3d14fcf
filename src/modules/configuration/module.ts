import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import type { Clock } from '#core';
import type { Database } from '#database';
import { json, type Module } from '#gateway/contract';
import {
  type Metadata,
  notFound,
  openRecords,
  readPage,
  readRecord,
  stamp,
  unlessTaken,
  uuid,
} from '../records/index.ts';
import { configurationDescriptor } from './descriptor.ts';

const entrySchema = z.looseObject({
  id: uuid.optional(),
  module: z.string().min(1).max(255),
  configName: z.string().min(1).max(255),
  code: z.string().max(255).optional(),
  description: z.string().optional(),
  default: z.boolean().optional(),
  enabled: z.boolean().default(true),
  value: z.string().optional(),
  userId: z.string().optional(),
});

type Entry = z.infer<typeof entrySchema> & { readonly id: string; readonly metadata: Metadata };

const DUPLICATE = {
  message: 'Cannot have more than one tenant or user record with the same module, config name and code',
  code: 'VALIDATION_ERROR',
};

/** The configuration module: settings of a tenant or of one of its users, by module, name and code. */
export const createConfigurationModule = (database: Database, clock: Clock): Module => {
  const entries = openRecords<Entry>(database, {
    table: 'configuration_entries',
    fields: {
      id: 'id',
      module: 'module',
      configName: 'config_name',
      code: 'code',
      userId: 'subject',
      enabled: 'enabled',
    },
    columns: (entry) => ({
      module: entry.module,
      config_name: entry.configName,
      code: entry.code ?? '',
      subject: entry.userId ?? '',
      enabled: String(entry.enabled),
    }),
  });
  return {
    descriptor: configurationDescriptor,
    handlers: {
      'GET /configurations/entries': async (request) => {
        const { records, totalRecords } = await entries.list(request.tenant, readPage(request));
        return json(200, {
          configs: records,
          totalRecords,
          resultInfo: { totalRecords, facets: [], diagnostics: [] },
        });
      },
      'POST /configurations/entries': async (request) => {
        const read = await readRecord(request, entrySchema);
        if ('refusal' in read) return read.refusal;
        const entry = {
          ...read.record,
          id: read.record.id ?? randomUUID(),
          metadata: stamp(request, clock.now()),
        };
        return unlessTaken(DUPLICATE, async () => {
          await entries.add(request.tenant, entry);
          return json(201, entry, { location: `/configurations/entries/${entry.id}` });
        });
      },
      'GET /configurations/entries/{id}': async ({ tenant, params }) => {
        const entry = await entries.find(tenant, params['id'] ?? '');
        return entry === undefined ? notFound('the configuration entry') : json(200, entry);
      },
      'PUT /configurations/entries/{id}': async (request) => {
        const read = await readRecord(request, entrySchema);
        if ('refusal' in read) return read.refusal;
        const id = request.params['id'] ?? '';
        const old = await entries.find(request.tenant, id);
        if (old === undefined) return notFound('the configuration entry');
        return unlessTaken(DUPLICATE, async () => {
          await entries.replace(request.tenant, {
            ...read.record,
            id,
            metadata: stamp(request, clock.now(), old.metadata),
          });
          return { status: 204 };
        });
      },
      'DELETE /configurations/entries/{id}': async ({ tenant, params }) =>
        (await entries.remove(tenant, params['id'] ?? ''))
          ? { status: 204 }
          : notFound('the configuration entry'),
    },
  };
};
