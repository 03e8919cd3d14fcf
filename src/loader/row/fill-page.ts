import { readBase36 } from '#encodings';
import { COUNT, MOMENT } from '../decode/numbers.ts';
import type { Parameters } from '../decode/parameters.ts';
import { cleanText } from '../decode/text.ts';
import { createAddressReader } from '../enrich/page-address.ts';
import { referrerType } from '../enrich/referrer.ts';
import type { BeaconFacts } from './beacon-facts.ts';
import type { DraftRow } from './draft-row.ts';

/** How pages are described. */
export interface PageRules {
  readonly keepQuery: boolean;
  /** Group of a path, empty: none. */
  readonly groupOf: (path: string) => string;
}

const LABEL = 64;
/** So much of an address is read; what is stored is less. */
const READ_URL = 8_192;

/** Prepares the step for these rules: address, referrer, group, campaign, session. */
export const createFillPage = ({
  keepQuery,
  groupOf,
}: PageRules): ((row: DraftRow, facts: BeaconFacts) => void) => {
  const addressOf = createAddressReader(keepQuery);
  const referrerOf = createAddressReader(false);
  return (row, { parameters, address }) => {
    row.hostname = address.hostname;
    row.url = address.url;
    row.url_path = address.path;
    row.url_query = address.query;
    row.page_url = addressOf(parameters.text('pgu', READ_URL)).url;
    row.next_url = addressOf(parameters.text('nu', READ_URL)).url;
    row.referrer_host = referrerOf(parameters.text('r', READ_URL)).hostname;
    row.referrer_type = referrerType(row.referrer_host, address.hostname);
    row.page_group =
      parameters.text('h.pg', LABEL) || parameters.text('xhr.pg', LABEL) || groupOf(address.path);
    row.page_type = parameters.text('p_type', LABEL);
    row.generator = parameters.text('p_gen', LABEL);
    row.ab_group = parameters.text('h.ab', LABEL);
    fillCampaign(row, parameters, address.sentQuery);
    fillSession(row, parameters);
  };
};

const fillCampaign = (row: DraftRow, parameters: Parameters, query: string): void => {
  const sent = query.includes('utm_') ? new URLSearchParams(query) : null;
  const fromQuery = (name: string): string => cleanText(sent?.get(name) ?? '', LABEL);
  row.utm_source = parameters.text('tp.ga.utm_source', LABEL) || fromQuery('utm_source');
  row.utm_medium = parameters.text('tp.ga.utm_medium', LABEL) || fromQuery('utm_medium');
  row.utm_campaign = parameters.text('tp.ga.utm_campaign', LABEL) || fromQuery('utm_campaign');
};

const PAGE_ID = /^[0-9A-Za-z_-]{1,36}$/;
const MAX_SESSION_LENGTH = 64;

const fillSession = (row: DraftRow, parameters: Parameters): void => {
  row.session_id = parameters.text('rt.si', MAX_SESSION_LENGTH);
  row.session_start = parameters.number('rt.ss', MOMENT) ?? startOf(row.session_id);
  row.session_length = parameters.number('rt.sl', COUNT);
  const pageId = parameters.text('pid', LABEL);
  if (PAGE_ID.test(pageId)) row.page_id = pageId;
  else if (pageId !== '') parameters.reject('pid');
};

/** A session id ends with its start in seconds, base 36. */
const startOf = (sessionId: string): number | null => {
  const dash = sessionId.lastIndexOf('-');
  if (sessionId.length < 40 || sessionId.length - dash > 8) return null;
  const startMs = readBase36(sessionId, dash + 1) * 1_000;
  return startMs > 0 && startMs <= MOMENT.max ? startMs : null;
};
