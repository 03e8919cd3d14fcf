import { z } from 'zod';
import type { IncomingResponse, ModuleRequest } from '#gateway/contract';
import type { MatrixAnswer, Summary } from '../reports/contract.ts';

/** What the organizations module tells of one. */
export interface Organization {
  readonly id: string;
  readonly name: string;
  readonly isHome: boolean;
}

/** A row of the matrix, or the answer that says what is wrong with the parameters, which are the same for all rows. */
export type MemberRow =
  | {
      readonly kind: 'row';
      readonly row: MatrixAnswer['rows'][number];
      readonly selection: Summary['selection'] | null;
    }
  | { readonly kind: 'bad-request'; readonly answer: IncomingResponse };

/**
 * Asks one organization's summary through the gateway, in the caller's name and executed for that organization. Whatever is refused has its reason in
 * the row. The answer must say that it is of that organization: an umbrella organization without reports of its own may be replaced by a member.
 */
export const memberRow = async (
  request: ModuleRequest,
  { id, name, isHome }: Organization,
  query: URLSearchParams,
): Promise<MemberRow> => {
  const answer = await request.call({
    method: 'GET',
    path: `/reports/summary?${query.toString()}`,
    tenant: id,
  });
  const refused = (refusal: string): MemberRow => ({
    kind: 'row',
    row: { tenant: id, name, views: null, passes: null, vitals: [], refusal },
    selection: null,
  });
  if (answer.status === 200) {
    if (answer.headers['x-report-tenant'] !== id) return refused(NO_REPORTS);
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- the answer of our own module, which says of whom it is
    const { views, passes, vitals, selection } = answer.json() as Summary;
    return { kind: 'row', row: { tenant: id, name, views, passes, vitals, refusal: null }, selection };
  }
  const fault = faultOf(answer);
  if (answer.status === 400 && fault !== null) return { kind: 'bad-request', answer };
  // At home nobody serves the path, or several members could: it is not the organization's own either way.
  if (isHome && fault === null && (answer.status === 400 || answer.status === 404))
    return refused(NO_REPORTS);
  return refused(fault ?? reasonOf(answer));
};

const NO_REPORTS = 'it has no reports of its own';

const MAX_REASON = 300;

const faultsSchema = z.object({ errors: z.array(z.object({ message: z.string() })).min(1) });

/** What the reports module says is wrong; null: it was not the one that answered. */
const faultOf = (answer: IncomingResponse): string | null => {
  if (!(answer.headers['content-type'] ?? '').includes('json')) return null;
  try {
    const parsed = faultsSchema.safeParse(answer.json());
    return parsed.success ? (parsed.data.errors[0]?.message ?? '').slice(0, MAX_REASON) : null;
  } catch {
    return null;
  }
};

const reasonOf = (answer: IncomingResponse): string =>
  answer.status < 500 ? answer.text().slice(0, MAX_REASON) : 'its figures cannot be read at the moment';
