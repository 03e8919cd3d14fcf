import type { Clock } from '#core';
import { json, type Module, type ModuleRequest, type ModuleResponse, text } from '#gateway/contract';
import type { MatrixAnswer } from '../reports/contract.ts';
import { consortiumDescriptor } from './descriptor.ts';
import { eachOf } from './each-of.ts';
import { memberRow, type Organization } from './member-row.ts';

/** The consortium module: the caller's organization and each member that it may see, side by side. */
export const createConsortiumModule = (clock: Clock): Module => ({
  descriptor: consortiumDescriptor,
  handlers: { 'GET /consortium/matrix': (request) => matrix(request, clock.now()) },
});

/** More at a time would only wait in the warehouse. */
const PARALLEL = 4;

const matrix = async (request: ModuleRequest, now: number): Promise<ModuleResponse> => {
  const known = await request.call({ method: 'GET', path: '/organizations' });
  if (known.status !== 200) return text(known.status, known.text());
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- the answer of our own module
  const { organizations } = known.json() as { readonly organizations: readonly Organization[] };
  const query = summaryQuery(request.query, now);
  const answers = await eachOf(organizations, PARALLEL, (each) => memberRow(request, each, query));
  const bad = answers.find((each) => each.kind === 'bad-request');
  if (bad !== undefined) return json(400, bad.answer.json());
  const members = answers.filter((each) => each.kind === 'row');
  const selection = members.find((each) => each.selection !== null)?.selection;
  const answer: MatrixAnswer = {
    from: selection?.from ?? query.get('from') ?? '',
    to: selection?.to ?? query.get('to') ?? '',
    rows: members.map(({ row }) => row),
  };
  return json(200, answer, { 'cache-control': 'private, no-cache' });
};

const DAY_MS = 86_400_000;

/** Parameters of a summary that mean the same for all members. The period is fixed here, whenever each of them is asked. */
const summaryQuery = (given: URLSearchParams, now: number): URLSearchParams => {
  const query = new URLSearchParams(given);
  const end = Math.floor(now / 1_000) * 1_000;
  if (!query.has('to')) {
    query.set('to', new Date(end).toISOString());
    if (!query.has('from')) query.set('from', new Date(end - 28 * DAY_MS).toISOString());
  }
  return query;
};
