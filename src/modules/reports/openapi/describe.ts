import { z } from 'zod';
import type { Described } from '../report.ts';
import { ANSWERS } from './answers.ts';
import { queryParameter } from './parameters.ts';
import { NAMED } from './parts.ts';

type Json = Readonly<Record<string, unknown>>;

/** The path under which the description itself is answered. */
export const OPENAPI_PATH = '/reports/openapi';

/**
 * The OpenAPI 3.1 description of reports, made from the schemas that read their parameters and from those that their answers are tested
 * with. The same for all tenants.
 */
export const describeReports = (reports: readonly Described[]): Json => ({
  openapi: '3.1.0',
  info: {
    title: 'Rumbrella reports',
    version: '1.0',
    description:
      "What an organization's page views say. Every request is a GET that is executed in the context of one organization, named by X-Okapi-Tenant; percentiles come from merged distributions only, and where nothing was measured there is null.",
    license: { name: 'MIT', identifier: 'MIT' },
  },
  servers: [{ url: '/', description: 'The gateway' }],
  tags: [{ name: 'reports' }],
  security: [{ token: [] }, { session: [] }],
  paths: {
    ...Object.fromEntries(reports.map((report) => [report.path, { get: operationOf(report) }])),
    [OPENAPI_PATH]: { get: OWN_OPERATION },
  },
  components: {
    schemas: { ...answerSchemas(), Errors: ERRORS },
    responses: RESPONSES,
    securitySchemes: {
      token: {
        type: 'apiKey',
        in: 'header',
        name: 'X-Okapi-Token',
        description: 'An access token or an API key',
      },
      session: {
        type: 'apiKey',
        in: 'cookie',
        name: 'folioAccessToken',
        description: 'The session of a browser',
      },
    },
  },
});

const TENANT = {
  name: 'X-Okapi-Tenant',
  in: 'header',
  required: false,
  description: 'The organization; default: that of the token',
  schema: { type: 'string', pattern: '^[a-z][a-z0-9_]{0,30}$' },
};

const operationOf = ({ path, description, parameters, permission }: Described): Json => ({
  operationId: operationId(path),
  tags: ['reports'],
  summary: description,
  description: `Needs the permission \`${permission}\`.`,
  parameters: [
    TENANT,
    ...[...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => ({
      name,
      in: 'path',
      required: true,
      schema: { type: 'string' },
    })),
    ...Object.entries(parameters.shape).map(([name, schema]) => queryParameter(name, schema as z.ZodType)),
  ],
  responses: {
    200: {
      description: 'The report',
      content: {
        'application/json': { schema: { $ref: `#/components/schemas/${nameOf(path)}` } },
        'text/csv': { schema: { type: 'string' } },
        'application/x-ndjson': { schema: { type: 'string' } },
        'application/vnd.apache.parquet': { schema: { type: 'string', contentEncoding: 'binary' } },
      },
    },
    ...REFUSALS,
  },
});

/** `/reports/page-views/{id}` → `getPageViewsById`, `/consortium/matrix` → `getConsortiumMatrix` */
const operationId = (path: string): string =>
  `get${path
    .replace(/^\/(reports\/)?/, '')
    .replace(/\/\{(\w)/g, '-by-$1')
    .split(/[^a-z0-9]+/)
    .map((word) => word.slice(0, 1).toUpperCase() + word.slice(1))
    .join('')}`;

const nameOf = (path: string): string => {
  const schema = ANSWERS[path];
  const name = schema === undefined ? undefined : NAMED.get(schema)?.id;
  if (name === undefined) throw new TypeError(`the answer of ${path} has no schema`);
  return name;
};

const answerSchemas = (): Json => {
  const { schemas } = z.toJSONSchema(NAMED, { uri: (id) => `#/components/schemas/${id}` });
  return Object.fromEntries(
    Object.entries(schemas)
      .map(([name, schema]) => [name, withoutAddress(schema)] as const)
      .toSorted(([a], [b]) => (a < b ? -1 : 1)),
  );
};

const withoutAddress = (schema: z.core.JSONSchema.BaseSchema): Json =>
  Object.fromEntries(Object.entries(schema).filter(([key]) => key !== '$schema' && key !== '$id'));

const refusal = (name: string) => ({ $ref: `#/components/responses/${name}` });

const REFUSALS = {
  400: refusal('Unreadable'),
  401: refusal('Unknown'),
  403: refusal('Refused'),
  404: refusal('Missing'),
  503: refusal('Unavailable'),
};

const faults = { 'application/json': { schema: { $ref: '#/components/schemas/Errors' } } };
const plain = { 'text/plain': { schema: { type: 'string' } } };

const RESPONSES = {
  Unreadable: {
    description: 'A parameter cannot be read; one error for each',
    content: { ...faults, ...plain },
  },
  Unknown: { description: 'Nobody is signed in, or the token is not good (any more)', content: plain },
  Refused: { description: 'The caller may not see this, or not for this organization', content: plain },
  Missing: {
    description: 'The organization has no such site or page view, or no reports',
    content: { ...faults, ...plain },
  },
  Unavailable: {
    description: 'The report takes too much, or the warehouse cannot be asked at the moment',
    content: { ...faults, ...plain },
  },
};

const ERRORS = {
  type: 'object',
  properties: {
    errors: {
      type: 'array',
      items: {
        type: 'object',
        properties: {
          message: { type: 'string' },
          type: { type: 'string' },
          code: { type: 'string' },
          parameters: {
            type: 'array',
            items: {
              type: 'object',
              properties: { key: { type: 'string' }, value: { type: 'string' } },
              required: ['key', 'value'],
            },
          },
        },
        required: ['message', 'code'],
      },
    },
  },
  required: ['errors'],
};

const OWN_OPERATION = {
  operationId: 'getOpenapi',
  tags: ['reports'],
  summary: 'This description',
  parameters: [TENANT],
  responses: {
    200: { description: 'The description', content: { 'application/json': { schema: { type: 'object' } } } },
    401: refusal('Unknown'),
    403: refusal('Refused'),
  },
};
