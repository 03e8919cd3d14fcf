import type { ResourceEntry } from '#resource-timing';
import type { BeaconFacts } from './beacon-facts.ts';
import type { DraftRow } from './draft-row.ts';
import { type ResourceSummary, summariseResources } from './resource-summary.ts';

/** A longer one, encoded, is not read. */
const MAX_RAW_LENGTH = 262_144;
/** Longest address of a resource, bytes. */
const MAX_URL_LENGTH = 4_096;
/** A longer one is added up but not stored. */
const MAX_STORED_LENGTH = 65_536;

/** Prepares the step: resources of the page, and what the largest paint waited for. Needs the navigation and the paint to be filled. */
export const createFillResources = (): ((row: DraftRow, facts: BeaconFacts) => void) => {
  const restiming = Buffer.alloc(MAX_RAW_LENGTH);
  const url = Buffer.alloc(MAX_URL_LENGTH);
  return (row, { parameters, address }) => {
    const lcpSource = row.largest_contentful_paint === null ? '' : parameters.text('pt.lcp.src', 2_048);
    const length = parameters.bytes('restiming', restiming);
    const summary =
      length === 0 ? null : summariseResources(restiming, length, url, address.hostname, lcpSource);
    if (summary !== null) {
      fillSummary(row, summary);
      if (length <= MAX_STORED_LENGTH) row.restiming = restiming.toString('utf8', 0, length);
    } else if (length > 0) parameters.reject('restiming');
    fillLcpParts(row, lcpSource !== '', summary?.wanted ?? null);
  };
};

const fillSummary = (row: DraftRow, summary: ResourceSummary): void => {
  row.res_count = summary.all.count;
  row.res_bytes = summary.all.bytes;
  row.res_encoded_bytes = summary.encodedBytes;
  row.res_decoded_bytes = summary.decodedBytes;
  row.res_script_count = summary.byType.script.count;
  row.res_script_bytes = summary.byType.script.bytes;
  row.res_css_count = summary.byType.css.count;
  row.res_css_bytes = summary.byType.css.bytes;
  row.res_img_count = summary.byType.img.count;
  row.res_img_bytes = summary.byType.img.bytes;
  row.res_font_count = summary.byType.font.count;
  row.res_font_bytes = summary.byType.font.bytes;
  row.res_xhr_count = summary.byType.xhr.count;
  row.res_xhr_bytes = summary.byType.xhr.bytes;
  row.res_other_count = summary.byType.other.count;
  row.res_other_bytes = summary.byType.other.bytes;
  row.res_third_party_count = summary.thirdParty.count;
  row.res_third_party_bytes = summary.thirdParty.bytes;
  row.res_third_party_hosts = summary.thirdPartyHosts;
  row.res_cached_count = summary.cached;
};

/**
 * The parts of LCP: first byte, wait for the image, its download, rendering; together they are LCP
 * (https://web.dev/articles/optimize-lcp). Without the image in `restiming` only the first part is known.
 */
const fillLcpParts = (row: DraftRow, hasSource: boolean, image: ResourceEntry | null): void => {
  const lcp = row.largest_contentful_paint;
  const firstByte = row.first_byte_duration;
  if (lcp === null || firstByte === null || firstByte > lcp) return;
  row.lcp_ttfb = firstByte;
  if (hasSource && image === null) return;
  const shown = row.activation_duration ?? 0;
  const limited = (time: number, least: number): number => Math.min(lcp, Math.max(least, time));
  const asked =
    image === null ? firstByte : limited((image.requestStart || image.startTime) - shown, firstByte);
  const loaded = image === null ? firstByte : limited(image.responseEnd - shown, asked);
  row.lcp_load_delay = asked - firstByte;
  row.lcp_load_duration = loaded - asked;
  row.lcp_render_delay = lcp - loaded;
};
