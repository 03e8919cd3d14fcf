import { BYTES, COUNT, DURATION, PIXELS, RATE, readNumber, SIZE, SMALL_COUNT } from '../decode/numbers.ts';
import type { Parameters } from '../decode/parameters.ts';
import type { BeaconFacts } from './beacon-facts.ts';
import type { DraftRow } from './draft-row.ts';

const LABEL = 64;
/** What Chrome says for the model when it does not tell. */
const REDUCED_MODEL = 'K';

/** Device, browser, place, screen and network. */
export const createFillDevice =
  ({ keepUserAgent }: { readonly keepUserAgent: boolean }) =>
  (row: DraftRow, { parameters, device, place, userAgent }: BeaconFacts): void => {
    row.device_type = device.type;
    row.device_manufacturer = device.manufacturer;
    const model = parameters.text('ua.model', LABEL) || device.model;
    row.device_model = model === REDUCED_MODEL ? null : model;
    row.operating_system = device.operatingSystem;
    row.operating_system_version = device.operatingSystemVersion;
    row.browser_name = device.browserName;
    row.browser_version = device.browserVersion;
    row.browser_engine = device.engine;
    row.is_bot = device.isBot;
    row.user_agent = keepUserAgent && userAgent !== '' ? userAgent : null;
    row.ua_vnd = textOrNull(parameters.text('ua.vnd', LABEL));
    row.ua_plt = textOrNull(parameters.text('ua.plt', LABEL));
    row.geo_country_code = place.country;
    row.geo_city_name = place.city;
    fillScreen(row, parameters);
    fillNetwork(row, parameters);
  };

const fillScreen = (row: DraftRow, parameters: Parameters): void => {
  const [width = '', height = '', ...more] = parameters.text('scr.xy', LABEL).split('x', 3);
  if (width !== '' || height !== '') {
    const size = [readNumber(width, PIXELS), readNumber(height, PIXELS)] as const;
    if (more.length > 0 || typeof size[0] !== 'number' || typeof size[1] !== 'number')
      parameters.reject('scr.xy');
    else [row.screen_width, row.screen_height] = [size[0], size[1]];
  }
  row.scr_bpp = textOrNull(parameters.text('scr.bpp', LABEL));
  row.scr_orn = textOrNull(parameters.text('scr.orn', LABEL));
  const turned = row.scr_orn?.slice(row.scr_orn.indexOf('/') + 1) ?? '';
  row.orientation = turned.startsWith('portrait')
    ? 'portrait'
    : turned.startsWith('landscape')
      ? 'landscape'
      : '';
  row.dpr = parameters.number('scr.dpx', RATE);
  row.touch_points = parameters.number('scr.mtp', SMALL_COUNT);
  row.device_memory = parameters.number('dev.mem', RATE);
  row.cpu_cnc = parameters.number('cpu.cnc', SMALL_COUNT);
};

const fillNetwork = (row: DraftRow, parameters: Parameters): void => {
  row.mob_ct = parameters.text('mob.ct', LABEL);
  row.mob_etype = textOrNull(parameters.text('mob.etype', LABEL));
  row.mob_dl = parameters.number('mob.dl', RATE);
  row.mob_rtt = parameters.number('mob.rtt', DURATION);
  row.data_saver_on = flag(parameters.text('net.sd', 8)) ?? flag(parameters.text('mob.sd', 8));
  row.bandwidth = parameters.number('bw', BYTES);
  row.latency = parameters.number('lat', DURATION);
};

/** Memory, and how large the document is. */
export const fillMemory = (row: DraftRow, { parameters }: BeaconFacts): void => {
  row.mem_total = parameters.number('mem.total', BYTES);
  row.mem_limit = parameters.number('mem.limit', BYTES);
  row.mem_used = parameters.number('mem.used', BYTES);
  row.mem_lsln = parameters.number('mem.lsln', COUNT);
  row.mem_ssln = parameters.number('mem.ssln', COUNT);
  row.mem_lssz = parameters.number('mem.lssz', BYTES);
  row.mem_sssz = parameters.number('mem.sssz', BYTES);
  row.dom_res = parameters.number('dom.res', COUNT);
  row.dom_doms = parameters.number('dom.doms', COUNT);
  row.dom_ln = parameters.number('dom.ln', SIZE);
  row.dom_sz = parameters.number('dom.sz', SIZE);
  row.dom_ck = parameters.number('dom.ck', SIZE);
  row.dom_img = parameters.number('dom.img', COUNT);
  row.dom_img_ext = parameters.number('dom.img.ext', COUNT);
  row.dom_img_uniq = parameters.number('dom.img.uniq', COUNT);
  row.dom_script = parameters.number('dom.script', COUNT);
  row.dom_script_ext = parameters.number('dom.script.ext', COUNT);
  row.dom_script_uniq = parameters.number('dom.script.uniq', COUNT);
  row.dom_iframe = parameters.number('dom.iframe', COUNT);
  row.dom_iframe_ext = parameters.number('dom.iframe.ext', COUNT);
  row.dom_iframe_uniq = parameters.number('dom.iframe.uniq', COUNT);
  row.dom_link = parameters.number('dom.link', COUNT);
  row.dom_link_css = parameters.number('dom.link.css', COUNT);
  row.dom_link_css_uniq = parameters.number('dom.link.css.uniq', COUNT);
};

const textOrNull = (text: string): string | null => (text === '' ? null : text);

const flag = (text: string): number | null => {
  if (text === '1' || text === 'true') return 1;
  return text === '0' || text === 'false' ? 0 : null;
};
