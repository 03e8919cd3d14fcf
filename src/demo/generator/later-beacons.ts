import { base, type Fields } from './fields.ts';
import { loadFields } from './load-beacon.ts';
import type { Random } from './random.ts';
import type { Visit } from './visit.ts';

/** Parameters of the beacon that is sent when the page is left: some sixty. */
export const quitFields = (random: Random, visit: Visit, n: number): Fields => ({
  'rt.quit': '',
  'rt.start': 'navigation',
  'rt.tstart': visit.navigationStart,
  'rt.end': visit.navigationStart + visit.loaded,
  'rt.tt': visit.loaded,
  'rt.obo': 0,
  t_done: visit.loaded,
  t_resp: visit.firstByte,
  t_page: visit.loaded - visit.firstByte,
  'rt.nstart': visit.navigationStart,
  'rt.bstart': visit.navigationStart + visit.domInteractive,
  'rt.blstart': visit.navigationStart + visit.lastByte + 40,
  'rt.bmr': `${visit.lastByte + 45},38,36.${random.whole(1, 9)},2,,,,,,,`,
  'dom.res': random.whole(24, 60),
  'dom.doms': random.whole(2, 9),
  'scr.xy': visit.screen,
  'scr.bpp': '24/24',
  'scr.orn': visit.profile.isMobile ? '0/portrait-primary' : '0/landscape-primary',
  'cpu.cnc': random.pick([4, 8, 8, 12]),
  ...interaction(random, visit, 'et.inp'),
  'c.l': Array.from({ length: random.whole(4, 30) }, () => `0${random.text(4)},y${random.text(2)}`).join('|'),
  'c.t.scroll': `0${random.text(30)}`,
  'c.t.domsz': `1*${random.text(1)}*4hg2`,
  'c.t.mem': `1*${random.text(1)}*${random.text(5)}`,
  'c.m.n': random.whole(0, 9_000),
  'c.m.p': random.whole(0, 400),
  'c.i.dc': random.whole(0, 3),
  'c.f': random.whole(30, 60),
  'c.f.d': random.whole(2_000, 60_000),
  'c.f.m': random.whole(1, 40),
  ...base(visit),
  'vis.st': random.pick(['hidden', 'hidden', 'unloaded']),
  'vis.lv': random.whole(1, 40),
  nu: random.chance(0.3) ? `https://${visit.site.host}/cart` : '',
  n,
  sb: 1,
});

/** A visitor who left before the page had loaded: the quit beacon carries what the load beacon would have said. */
export const quitInsteadOfLoad = (random: Random, visit: Visit): Fields => ({
  ...loadFields(random, visit),
  'rt.quit': '',
  'rt.abld': '',
});

/** A route change of a single-page application. */
export const spaFields = (random: Random, visit: Visit, n: number): Fields => ({
  'http.initiator': 'spa',
  'rt.start': 'manual',
  t_done: random.skewed(380 * visit.profile.slowness, 0.7),
  ...interaction(random, visit, 'et.inp.inc'),
  ...base(visit),
  u: `https://${visit.site.host}/p/route-${random.whole(1, 400)}`,
  'rt.sl': visit.pagesInSession + 1,
  n,
  sb: 1,
});

/** A page that came back out of the back/forward cache. */
export const bfcacheFields = (random: Random, visit: Visit, n: number): Fields => ({
  'http.initiator': 'bfcache',
  nt_nav_type: 2,
  t_resp: 0,
  t_done: random.whole(8, 60),
  'pt.fcp': random.whole(8, 50),
  ...(visit.profile.hasVitals ? { 'pt.lcp': random.whole(8, 50) } : {}),
  ...base(visit),
  'rt.sl': visit.pagesInSession + 1,
  n,
  sb: 1,
});

const MESSAGES = [
  "Cannot read properties of undefined (reading 'price')",
  'ResizeObserver loop completed with undelivered notifications.',
  'dataLayer is not defined',
] as const;

const jsurlText = (text: string): string =>
  text.replace(/[^\w.-]/g, (letter) => `*${letter.charCodeAt(0).toString(16).padStart(2, '0')}`);

/** A JavaScript error that nobody caught. */
export const errorFields = (random: Random, visit: Visit, n: number): Fields => ({
  'http.initiator': 'error',
  err: `~(~(d~'${Math.round(visit.navigationStart).toString(36)}~f~(~(c~${random.whole(1, 120)}~l~${random.whole(1, 900)}~wo~'*2fstatic*2fjs*2fapp.js))~m~'${jsurlText(random.pick(MESSAGES))}~t~'TypeError~v~2))`,
  ...base(visit),
  n,
  sb: 1,
});

/** An XMLHttpRequest that was measured. */
export const xhrFields = (random: Random, visit: Visit, n: number): Fields => ({
  'http.initiator': 'xhr',
  'http.type': 'f',
  t_done: random.skewed(240 * visit.profile.slowness, 0.8),
  t_resp: random.skewed(180 * visit.profile.slowness, 0.8),
  nt_protocol: 'h2',
  ...(random.chance(0.05) ? { 'http.errno': 500 } : {}),
  ...base(visit),
  u: `https://${visit.site.host}/api/stock`,
  pgu: `https://${visit.site.host}${visit.path}`,
  n,
  sb: 1,
});

/** The first data of a page, sent before it has loaded. */
export const earlyFields = (random: Random, visit: Visit): Fields => ({
  early: 1,
  ...Object.fromEntries(Object.entries(loadFields(random, visit)).filter(([name]) => name !== 'restiming')),
});

const interaction = (random: Random, visit: Visit, name: 'et.inp' | 'et.inp.inc'): Fields => {
  const clicks = random.chance(0.55) ? random.whole(1, 12) : 0;
  const at = visit.loaded + random.whole(200, 20_000);
  const delay = Math.max(8, random.skewed(70 * visit.profile.slowness * (visit.interactionCost ?? 1), 0.9));
  const has = clicks > 0 && visit.profile.hasVitals;
  return {
    ...(has
      ? {
          [name]: delay,
          [`${name}.e`]: 'button#add-to-cart',
          [`${name}.t`]: at,
          'et.e': `~(~(c~1~d~'${delay.toString(36)}~i~'2kl~n~0~p~'${Math.round(delay * 0.6).toString(36)}~s~'${at.toString(36)}~t~'button*23add-to-cart))`,
        }
      : {}),
    'c.e': visit.navigationStart.toString(36),
    'c.lb': (visit.navigationStart + visit.loaded).toString(36),
    'c.t.fps': `0*${random.text(1)}*1h${random.text(20)}`,
    ...(clicks > 0 ? { 'c.c': clicks, 'c.t.click': `00*9*0${clicks}`, 'c.ttfi': at + 0.5 } : {}),
    ...(random.chance(0.6) ? { 'c.s': random.whole(1, 40), 'c.s.p': random.whole(5, 270) } : {}),
    ...(visit.profile.isChromium ? { 'c.cls': random.chance(0.7) ? 0 : random.whole(1, 80) / 1_000 } : {}),
  };
};
