import { json, type ModuleResponse } from '#gateway/contract';
import type { Answered, Report } from './report.ts';

/** The answer of a report as it is sent, in the format that was asked for. */
export const present = async (_report: Report, { answer }: Answered): Promise<ModuleResponse> =>
  json(200, answer, NOT_KEPT);

/** What somebody may see may change at any time: browsers ask again. */
const NOT_KEPT = { 'cache-control': 'private, no-cache' };
