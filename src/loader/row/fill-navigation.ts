import { BYTES, DURATION, MOMENT, SMALL_COUNT } from '../decode/numbers.ts';
import type { ParameterName } from '../decode/parameter-names.ts';
import type { Parameters } from '../decode/parameters.ts';
import type { BeaconFacts } from './beacon-facts.ts';
import type { DraftRow } from './draft-row.ts';
import { navigationType, nextHopProtocol } from './navigation-names.ts';

type DurationColumn = {
  [Column in keyof DraftRow]: DraftRow[Column] extends number | null ? Column : never;
}[keyof DraftRow];

/** Times are floored to ms one by one, so a difference of differences may be wrong by so much. */
const ROUNDING_MS = 2;

/**
 * From the start of navigation to the end of loading. The times are the client's clock: only differences are used. What a visitor
 * of a prerendered page did not wait for (before `nt_act_st`) is taken off.
 */
export const fillNavigation = (row: DraftRow, { parameters, kind }: BeaconFacts): void => {
  const started = moment(parameters, 'nt_nav_st');
  const activated = moment(parameters, 'nt_act_st');
  const isPrerendered = started !== null && activated !== null && activated > started;
  const shownFrom = isPrerendered ? activated : started;
  row.navigation_type = navigationType(parameters.text('nt_nav_type', 16), kind.eventType, isPrerendered);
  row.next_hop_protocol = nextHopProtocol(parameters.text('nt_protocol', 32));
  row.redirects_count = parameters.number('nt_red_cnt', SMALL_COUNT);
  if (isPrerendered)
    row.activation_duration = duration('activation_duration', activated - started, parameters);

  // Column by column: a name that is not a constant costs ten times as much to set.
  const between = (column: DurationColumn, from: number | null, to: number | null): number | null =>
    from === null || to === null ? null : duration(column, to - from, parameters);
  const fetchStart = moment(parameters, 'nt_fet_st');
  const connectEnd = moment(parameters, 'nt_con_end');
  const responseStart = moment(parameters, 'nt_res_st');
  row.redirect_duration = between(
    'redirect_duration',
    moment(parameters, 'nt_red_st'),
    moment(parameters, 'nt_red_end'),
  );
  row.worker_duration = between('worker_duration', moment(parameters, 'nt_worker_start'), fetchStart);
  row.dns_duration = between(
    'dns_duration',
    moment(parameters, 'nt_dns_st'),
    moment(parameters, 'nt_dns_end'),
  );
  row.connect_duration = between('connect_duration', moment(parameters, 'nt_con_st'), connectEnd);
  row.tls_duration = between('tls_duration', moment(parameters, 'nt_ssl_st'), connectEnd);
  row.request_duration = between('request_duration', moment(parameters, 'nt_req_st'), responseStart);
  row.download_duration = between('download_duration', responseStart, moment(parameters, 'nt_res_end'));
  if (row.connect_duration !== null) {
    const tcp = row.connect_duration - (row.tls_duration ?? 0);
    row.tcp_duration = duration('tcp_duration', tcp, parameters);
  }
  if (started !== null && fetchStart !== null) {
    const stall = fetchStart - started - (row.redirect_duration ?? 0);
    const rounded = stall < 0 && stall >= -ROUNDING_MS ? 0 : stall;
    row.stall_duration = duration('stall_duration', rounded, parameters);
  }

  const sinceShown = (column: DurationColumn, at: number | null): number | null => {
    if (shownFrom === null || at === null) return null;
    return duration(column, isPrerendered ? Math.max(0, at - shownFrom) : at - shownFrom, parameters);
  };
  row.first_byte_duration = sinceShown('first_byte_duration', responseStart);
  row.dom_interactive = sinceShown('dom_interactive', moment(parameters, 'nt_domint'));
  row.dcl = sinceShown('dcl', moment(parameters, 'nt_domcontloaded_end'));
  row.dom_complete = sinceShown('dom_complete', moment(parameters, 'nt_domcomp'));
  row.load_event_end = sinceShown('load_event_end', moment(parameters, 'nt_load_end'));

  row.document_encoded_bytes = parameters.number('nt_enc_size', BYTES);
  row.document_decoded_bytes = parameters.number('nt_dec_size', BYTES);
  row.document_transfer_bytes = parameters.number('nt_trn_size', BYTES);

  // Beacons after the load repeat its times.
  const repeats =
    (kind.eventType === 'quit_page' && !kind.isPageView) ||
    kind.eventType === 'error' ||
    kind.eventType === 'interaction';
  if (repeats) return;
  row.load_time = parameters.number('t_done', DURATION);
  row.backend_time = parameters.number('t_resp', DURATION);
  row.frontend_time = parameters.number('t_page', DURATION);
};

/** Epoch ms on the client's clock; old browsers send 0 for "did not happen". */
const moment = (parameters: Parameters, name: ParameterName): number | null =>
  parameters.number(name, MOMENT) || null;

/** Whole ms; null when it is not believed, and then the column is rejected. */
const duration = (column: DurationColumn, value: number, parameters: Parameters): number | null => {
  if (value >= 0 && value <= DURATION.max) return Math.floor(value + 0.5);
  parameters.reject(column);
  return null;
};
