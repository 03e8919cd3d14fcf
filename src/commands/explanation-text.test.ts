import { describe, expect, test } from 'vitest';
import type { Explanation } from '#gateway';
import { explanationText } from './explanation-text.ts';

const executed: Explanation = {
  requestedTenant: 'agency',
  originTenant: 'agency',
  method: 'POST',
  path: '/notes?site=shop.example',
  outcome: 'executed',
  tenant: 'shop',
  relation: 'agency#1',
  rule: 'agency#1.when[1]',
  ceiling: ['notes.*', 'reports.*'],
  requiresAccount: false,
  why: ['agency#1.when[0]: the path is not /reports', 'shop: agency#1.when[1] claims the request'],
  status: null,
  code: null,
  message: null,
  steps: [
    { phase: 'auth', module: 'mod-authtoken-1.0.0', entry: '/*', type: 'headers', running: true },
    {
      phase: 'handler',
      module: 'mod-notes-1.0.0',
      entry: '/notes',
      type: 'request-response',
      running: false,
    },
  ],
  permissionsRequired: ['notes.item.post'],
  permissionsDesired: [],
};

const refused: Explanation = {
  ...executed,
  requestedTenant: 'news',
  outcome: 'refused',
  tenant: null,
  relation: null,
  rule: null,
  ceiling: null,
  why: ['no relation of agency in force reaches news'],
  status: 403,
  code: 'TENANT_NOT_ALLOWED',
  message: 'tenant "news" cannot be used for this request',
  steps: [],
  permissionsRequired: [],
};

describe('the text of an explanation', () => {
  test('says that the user must have an account there', () => {
    expect(explanationText({ ...executed, requiresAccount: true })).toContain(
      'reports.*\n  account   the user must have one in shop\n',
    );
    expect(explanationText(executed)).not.toContain('account');
  });

  test('says the tenant first, then rule, relation, ceiling, reasons in order, and the way through the modules', () => {
    expect(explanationText(executed)).toBe(`POST /notes?site=shop.example, asked for agency by a user of it

executed for shop
  rule      agency#1.when[1] (a rule of the relation)
  relation  agency#1
  ceiling   the user may do there at most: notes.*, reports.*

why:
  1. agency#1.when[0]: the path is not /reports
  2. shop: agency#1.when[1] claims the request

would go through:
  auth      mod-authtoken-1.0.0  /*
  handler   mod-notes-1.0.0      /notes  (not running)
  needs     notes.item.post
`);
  });

  test('says of a refusal its status, code and reasons, and who asked', () => {
    expect(explanationText(refused)).toBe(`POST /notes?site=shop.example, asked for news by a user of agency

refused with 403: tenant "news" cannot be used for this request
  code      TENANT_NOT_ALLOWED

why:
  1. no relation of agency in force reaches news
`);
  });

  test('asks for the body when a rule looks at it', () => {
    const text = explanationText({
      ...refused,
      outcome: 'needs-body',
      status: null,
      code: null,
      message: null,
    });
    expect(text).toContain('cannot be said: a rule looks at the body of the request\n  give it with --body');
  });
});
