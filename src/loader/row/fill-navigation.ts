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
  if (isPrerendered) set(row, 'activation_duration', activated - started, parameters);

  const between = (column: DurationColumn, from: number | null, to: number | null): void => {
    if (from !== null && to !== null) set(row, column, to - from, parameters);
  };
  const fetchStart = moment(parameters, 'nt_fet_st');
  const connectEnd = moment(parameters, 'nt_con_end');
  const responseStart = moment(parameters, 'nt_res_st');
  between('redirect_duration', moment(parameters, 'nt_red_st'), moment(parameters, 'nt_red_end'));
  between('worker_duration', moment(parameters, 'nt_worker_start'), fetchStart);
  between('dns_duration', moment(parameters, 'nt_dns_st'), moment(parameters, 'nt_dns_end'));
  between('connect_duration', moment(parameters, 'nt_con_st'), connectEnd);
  between('tls_duration', moment(parameters, 'nt_ssl_st'), connectEnd);
  between('request_duration', moment(parameters, 'nt_req_st'), responseStart);
  between('download_duration', responseStart, moment(parameters, 'nt_res_end'));
  if (row.connect_duration !== null) {
    const tcp = row.connect_duration - (row.tls_duration ?? 0);
    set(row, 'tcp_duration', tcp, parameters);
  }
  if (started !== null && fetchStart !== null) {
    const stall = fetchStart - started - (row.redirect_duration ?? 0);
    set(row, 'stall_duration', stall < 0 && stall >= -ROUNDING_MS ? 0 : stall, parameters);
  }

  const sinceShown = (column: DurationColumn, at: number | null): void => {
    if (shownFrom === null || at === null) return;
    set(row, column, isPrerendered ? Math.max(0, at - shownFrom) : at - shownFrom, parameters);
  };
  sinceShown('first_byte_duration', responseStart);
  sinceShown('dom_interactive', moment(parameters, 'nt_domint'));
  sinceShown('dcl', moment(parameters, 'nt_domcontloaded_end'));
  sinceShown('dom_complete', moment(parameters, 'nt_domcomp'));
  sinceShown('load_event_end', moment(parameters, 'nt_load_end'));

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

const set = (row: DraftRow, column: DurationColumn, value: number, parameters: Parameters): void => {
  if (value >= 0 && value <= DURATION.max) row[column] = Math.floor(value + 0.5);
  else parameters.reject(column);
};
