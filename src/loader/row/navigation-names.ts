import type { EventType } from './beacon-kind.ts';

const BY_CODE: ReadonlyMap<string, string> = new Map([
  ['0', 'navigate'],
  ['1', 'reload'],
  ['2', 'back_forward'],
  ['255', 'other'],
  ['navigate', 'navigate'],
  ['reload', 'reload'],
  ['back_forward', 'back_forward'],
  ['prerender', 'prerender'],
]);

/** How the page was come to: from `nt_nav_type`, unless the beacon itself says it. Empty: not told. */
export const navigationType = (sent: string, eventType: EventType, isPrerendered: boolean): string => {
  if (eventType === 'bfcache') return 'bfcache';
  if (eventType === 'spa') return 'soft';
  if (isPrerendered) return 'prerender';
  return sent === '' ? '' : (BY_CODE.get(sent) ?? 'other');
};

/** `h1`, `h2`, `h3` or `other` for all the names that browsers have had for them; empty: not told. */
export const nextHopProtocol = (sent: string): string => {
  const name = sent.toLowerCase();
  if (name === '') return '';
  if (name === 'h2' || name === 'h2c' || name === 'http/2' || name.startsWith('spdy')) return 'h2';
  if (name.startsWith('h3') || name.startsWith('hq') || name === 'http/3') return 'h3';
  return name.startsWith('http/1') || name.startsWith('h1') || name.startsWith('http/0') ? 'h1' : 'other';
};
