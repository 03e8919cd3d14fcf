import { DURATION, SIZE } from '../decode/numbers.ts';
import { hostAndPath } from '../enrich/page-address.ts';
import type { BeaconFacts } from './beacon-facts.ts';
import type { DraftRow } from './draft-row.ts';

const MAX_SELECTOR = 256;
const MAX_LCP_URL = 512;

/** First paints and the largest one. Paints of a page that was hidden mean nothing and stay NULL. */
export const fillPaint = (row: DraftRow, { parameters }: BeaconFacts): void => {
  if (parameters.text('pt.hid', 8) === '1') return;
  row.first_paint = parameters.number('pt.fp', DURATION);
  row.first_contentful_paint = parameters.number('pt.fcp', DURATION);
  row.largest_contentful_paint = parameters.number('pt.lcp', DURATION);
  if (row.largest_contentful_paint === null) return;
  const id = parameters.text('pt.lcp.id', MAX_SELECTOR - 1);
  const source = parameters.text('pt.lcp.src', 2_048);
  row.lcp_element = parameters.text('pt.lcp.el', 64).toLowerCase();
  row.lcp_selector = parameters.text('pt.lcp.e', MAX_SELECTOR) || (id === '' ? '' : `#${id}`);
  row.lcp_url = source === '' ? '' : hostAndPath(source, MAX_LCP_URL);
  row.lcp_size = parameters.number('pt.lcp.s', SIZE);
};
