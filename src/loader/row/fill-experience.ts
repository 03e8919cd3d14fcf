import { readLayoutShifts } from '#continuity';
import { readEventList } from '#event-timing';
import { largestWindow } from '../decode/largest-window.ts';
import { COUNT, DURATION, PERCENT, RATE, SHIFT } from '../decode/numbers.ts';
import type { Parameters } from '../decode/parameters.ts';
import { cleanText } from '../decode/text.ts';
import type { BeaconFacts } from './beacon-facts.ts';
import type { DraftRow } from './draft-row.ts';

const MAX_SELECTOR = 256;
const MAX_LABEL = 64;
/** A longer list is not read. */
const MAX_LIST_LENGTH = 65_536;
const MAX_SHIFTS = 200;
const MAX_EVENTS = 200;

/** Layout shifts since the beacon before. */
export const fillStability = (row: DraftRow, { parameters }: BeaconFacts): void => {
  row.cumulative_layout_shift = parameters.number('c.cls', SHIFT);
  row.cls_top = parameters.number('c.cls.tops', SHIFT);
  row.cls_selector = parameters.text('c.cls.topid', MAX_SELECTOR);
  const list = parameters.whole('c.cls.d', MAX_LIST_LENGTH);
  if (list === '' || list === null) {
    // A sum of 0 has no list, and no window that is larger.
    if (row.cumulative_layout_shift === 0 && list === '') row.cls_windowed = 0;
    return;
  }
  const shifts = readLayoutShifts(list, MAX_SHIFTS);
  if (shifts === null) return parameters.reject('c.cls.d');
  row.cls_windowed = largestWindow(shifts);
  row.cls_shift_at = shifts.map(({ at }) => at);
  row.cls_shift_value = shifts.map(({ value }) => value);
};

/** How fast the page answered, and how busy it was. */
export const fillResponsiveness = (row: DraftRow, { parameters }: BeaconFacts): void => {
  row.inp = parameters.number('et.inp', DURATION);
  row.inp_increment = parameters.number('et.inp.inc', DURATION);
  const isFinal = row.inp !== null;
  row.inp_selector = parameters.text(isFinal ? 'et.inp.e' : 'et.inp.inc.e', MAX_SELECTOR);
  row.inp_at = parameters.number(isFinal ? 'et.inp.t' : 'et.inp.inc.t', DURATION);
  fillEvents(row, parameters);
  row.first_input_delay = parameters.number('et.fid', DURATION) ?? parameters.number('c.fid', DURATION);
  row.time_to_interactive = parameters.number('c.tti', DURATION);
  row.time_to_visually_ready = parameters.number('c.tti.vr', DURATION);
  row.time_to_first_interaction = parameters.number('c.ttfi', DURATION);
  row.long_tasks = parameters.number('c.lt.n', COUNT);
  row.long_tasks_duration = parameters.number('c.lt.tt', DURATION);
  row.busy_pct = parameters.number('c.b', PERCENT);
  row.fps = parameters.number('c.f', RATE);
  row.fps_min = parameters.number('c.f.m', RATE);
  row.long_frames = parameters.number('c.f.l', COUNT);
};

const fillEvents = (row: DraftRow, parameters: Parameters): void => {
  const list = parameters.whole('et.e', MAX_LIST_LENGTH);
  if (list === '' || list === null) return;
  const events = readEventList(list, MAX_EVENTS);
  if (events === null) return parameters.reject('et.e');
  row.slow_events = events.length;
  const at = row.inp_at;
  if (at === null) return;
  // An interaction makes several events (pointerover, pointerdown, click); of those alike the last one names it best.
  const then = events.filter(({ startTime }) => Math.abs(startTime - at) <= 1);
  const interactions = then.filter(({ isInteraction }) => isInteraction);
  const candidates = interactions.length > 0 ? interactions : then;
  const longest = Math.max(...candidates.map(({ duration }) => duration));
  const worst = candidates.findLast(({ duration }) => duration === longest);
  row.inp_type = cleanText(worst?.name ?? '', MAX_LABEL);
};

/** What the visitor did since the beacon before, and whether the page was in front. */
export const fillBehaviour = (row: DraftRow, { parameters }: BeaconFacts): void => {
  row.clicks = parameters.number('c.c', COUNT);
  row.rage_clicks = parameters.number('c.c.r', COUNT);
  row.keys = parameters.number('c.k', COUNT);
  row.scrolls = parameters.number('c.s', COUNT);
  row.scroll_pct = parameters.number('c.s.p', COUNT);
  row.visibility_state = parameters.text('vis.st', 64);
  row.was_hidden =
    row.visibility_state === 'hidden' || parameters.has('vis.lh') || parameters.text('pt.hid', 8) === '1';
};
