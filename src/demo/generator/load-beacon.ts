import { base, type Fields } from './fields.ts';
import type { Random } from './random.ts';
import { heroOf, resourceTiming } from './resource-timing.ts';
import type { Visit } from './visit.ts';

/** Parameters of the beacon after the load: some hundred. */
export const loadFields = (random: Random, visit: Visit): Fields => ({
  ...navigation(visit),
  ...paint(random, visit),
  'rt.start': 'navigation',
  'rt.tstart': visit.navigationStart,
  'rt.nstart': visit.navigationStart,
  'rt.bstart': visit.navigationStart + visit.domInteractive,
  'rt.blstart': visit.navigationStart + visit.lastByte + 40,
  'rt.end': visit.navigationStart + visit.loaded,
  'rt.tt': visit.loaded,
  'rt.obo': 0,
  'rt.bmr': `${visit.lastByte + 45},38,36.${random.whole(1, 9)},2,,,,,,,`,
  t_done: visit.loaded,
  t_resp: visit.firstByte,
  t_page: visit.loaded - visit.firstByte,
  t_other: `boomerang|${random.whole(2, 9)},boomr_fb|${visit.lastByte + 80},boomr_ld|${visit.domInteractive},boomr_lat|${random.whole(20, 90)},hero_ready|${visit.largestPaint}`,
  restiming: resourceTiming(random, visit),
  ...document(random, visit),
  ...continuity(random, visit),
  ...base(visit),
  n: 1,
  sb: 1,
});

const navigation = (visit: Visit): Fields => {
  const at = (offset: number): number => visit.navigationStart + offset;
  return {
    nt_nav_st: at(0),
    ...(visit.redirect > 0
      ? { nt_red_cnt: 1, nt_red_st: at(1), nt_red_end: at(visit.redirect) }
      : { nt_red_cnt: 0 }),
    nt_fet_st: at(visit.fetchStart),
    nt_dns_st: at(visit.fetchStart),
    nt_dns_end: at(visit.connectStart),
    nt_con_st: at(visit.connectStart),
    ...(visit.isReused ? {} : { nt_ssl_st: at(Math.floor((visit.connectStart + visit.connectEnd) / 2)) }),
    nt_con_end: at(visit.connectEnd),
    nt_req_st: at(visit.connectEnd + 1),
    nt_res_st: at(visit.firstByte),
    nt_res_end: at(visit.lastByte),
    nt_domloading: at(visit.firstByte + 6),
    nt_domint: at(visit.domInteractive),
    nt_domcontloaded_st: at(visit.domInteractive + 1),
    nt_domcontloaded_end: at(visit.domInteractive + 9),
    nt_domcomp: at(visit.domComplete),
    nt_load_st: at(visit.domComplete),
    nt_load_end: at(visit.loaded),
    nt_unload_st: at(visit.firstByte + 2),
    nt_unload_end: at(visit.firstByte + 2),
    nt_enc_size: visit.documentBytes,
    nt_dec_size: Math.round(visit.documentBytes * 4.2),
    nt_trn_size: visit.documentBytes + 300,
    nt_protocol: 'h2',
    nt_nav_type: 0,
  };
};

const paint = (random: Random, visit: Visit): Fields => ({
  ...(visit.profile.isChromium ? { 'pt.fp': visit.firstPaint } : {}),
  'pt.fcp': visit.firstPaint,
  ...(visit.profile.hasVitals
    ? {
        'pt.lcp': visit.largestPaint,
        'pt.lcp.el': 'IMG',
        'pt.lcp.e': 'div#main > section.hero > img.hero-image',
        'pt.lcp.src': heroOf(visit),
        'pt.lcp.s': random.whole(40_000, 400_000),
      }
    : {}),
});

const document = (random: Random, visit: Visit): Fields => ({
  'dom.res': random.whole(24, 60),
  'dom.doms': random.whole(2, 9),
  'dom.ln': random.skewed(1_300, 0.4),
  'dom.sz': random.skewed(180_000, 0.5),
  'dom.ck': random.whole(80, 2_400),
  'dom.img': random.whole(8, 60),
  'dom.img.ext': random.whole(8, 40),
  'dom.img.uniq': random.whole(8, 40),
  'dom.script': random.whole(8, 40),
  'dom.script.ext': random.whole(6, 20),
  'dom.iframe': random.whole(0, 3),
  'dom.iframe.ext': 0,
  'dom.link': random.whole(8, 30),
  'dom.link.css': random.whole(2, 7),
  'mem.lsln': random.whole(0, 20),
  'mem.ssln': random.whole(0, 9),
  'mem.lssz': random.whole(0, 9_000),
  'mem.sssz': random.whole(0, 2_000),
  'scr.xy': visit.screen,
  'scr.bpp': '24/24',
  'scr.orn': visit.profile.isMobile ? '0/portrait-primary' : '0/landscape-primary',
  'scr.mtp': visit.profile.isMobile ? 5 : 0,
  'cpu.cnc': random.pick([4, 8, 8, 12]),
  ...(visit.profile.pixelRatio > 1 ? { 'scr.dpx': visit.profile.pixelRatio } : {}),
  ...(visit.profile.isChromium
    ? {
        'mem.total': random.whole(20_000_000, 90_000_000),
        'mem.limit': 4_294_705_152,
        'mem.used': random.whole(10_000_000, 60_000_000),
        'dev.mem': random.pick([4, 8, 8]),
        'mob.etype': random.pick(['4g', '4g', '4g', '3g']),
        'mob.dl': random.pick([10, 7.25, 3.4, 1.65]),
        'mob.rtt': random.pick([50, 100, 150, 300]),
      }
    : {}),
});

const continuity = (random: Random, visit: Visit): Fields => ({
  'c.e': (visit.navigationStart + visit.domInteractive).toString(36),
  'c.lb': '0',
  'c.f': random.whole(30, 60),
  'c.f.d': random.whole(200, 2_000),
  'c.f.m': random.whole(1, 40),
  'c.t.fps': `0*9*1h${random.text(14)}`,
  'c.t.scroll': `0*${random.text(1)}*0`,
  ...(visit.profile.isChromium
    ? {
        'c.cls': visit.layoutShift,
        ...(visit.layoutShift > 0 ? layoutShifts(random, visit) : {}),
        'c.lt.n': random.whole(0, 9),
        'c.lt.tt': random.skewed(240 * visit.profile.slowness, 0.8),
      }
    : {}),
});

/** One large shift and a small one that make up the sum. */
const layoutShifts = (random: Random, visit: Visit): Fields => {
  const total = Math.round(visit.layoutShift * 1_000);
  const first = Math.ceil(total * 0.8);
  const shift = (value: number, at: number): string =>
    `~(s~(~(s~'div*23banner~p~(h~'2s~w~'a0~x~'0~y~'0)~d~(y~'2s)))~t~'${at.toString(36)}~v~'${value.toString(36)})`;
  const at = visit.firstPaint + random.whole(40, 900);
  const later = at + random.whole(60, 4_000);
  return {
    'c.cls.d': `~(${shift(first, at)}${total > first ? shift(total - first, later) : ''})`,
    'c.cls.tops': first / 1_000,
    'c.cls.topid': 'div#banner',
  };
};
