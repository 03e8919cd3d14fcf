import { validate } from '@apidevtools/swagger-parser';
import { describe, expect, test } from 'vitest';
import { consortiumDescriptor } from '../../consortium/descriptor.ts';
import { DESCRIBED, REPORTS } from '../module.ts';
import { reportsDescriptor } from '../descriptor.ts';
import { ANSWERS } from './answers.ts';
import { describeReports, OPENAPI_PATH } from './describe.ts';

const description = () => structuredClone(describeReports(DESCRIBED)) as never;

describe('OpenAPI description of reports', () => {
  test('is a valid OpenAPI 3.1 document', async () => {
    await expect(validate(description())).resolves.toMatchObject({ openapi: '3.1.0' });
  });

  test("has an operation for every routing entry of the module and for the consortium's, and no other", () => {
    const entries = [reportsDescriptor(REPORTS), consortiumDescriptor].flatMap(({ provides = [] }) =>
      provides.flatMap(({ handlers = [] }) => handlers),
    );
    const paths = describeReports(DESCRIBED)['paths'] as Record<string, unknown>;
    expect(new Set(Object.keys(paths))).toEqual(new Set(entries.map(({ pathPattern }) => pathPattern)));
  });

  test('has a schema for the answer of every report, and for nothing else', () => {
    expect(new Set(Object.keys(ANSWERS))).toEqual(new Set(DESCRIBED.map(({ path }) => path)));
  });

  test('says of every parameter whether it must be given', () => {
    const { paths } = describeReports(DESCRIBED) as unknown as {
      paths: Record<string, { get: { parameters: { name: string; required: boolean }[] } }>;
    };
    const required = Object.entries(paths).flatMap(([path, { get }]) =>
      get.parameters.filter((each) => each.required).map(({ name }) => `${path} ${name}`),
    );
    expect(required).toEqual(['/reports/breakdown dimension', '/reports/page-views/{id} id']);
    expect(paths[OPENAPI_PATH]?.get.parameters).toHaveLength(1);
  });
});
