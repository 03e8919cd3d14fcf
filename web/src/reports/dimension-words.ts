/** Dimensions as people call them; one, and several. */
const WORDS: Readonly<Record<string, readonly [one: string, several: string]>> = {
  hostname: ['Site', 'Sites'],
  url_path: ['Page', 'Pages'],
  page_group: ['Page group', 'Page groups'],
  page_type: ['Page type', 'Page types'],
  navigation: ['Navigation', 'Navigations'],
  navigation_type: ['Navigation type', 'Navigation types'],
  device: ['Device', 'Devices'],
  engine: ['Engine', 'Engines'],
  browser: ['Browser', 'Browsers'],
  browser_version: ['Browser version', 'Browser versions'],
  operating_system: ['Operating system', 'Operating systems'],
  country: ['Country', 'Countries'],
  city: ['City', 'Cities'],
  connection: ['Connection', 'Connections'],
  round_trip: ['Round trip', 'Round trips'],
  protocol: ['Protocol', 'Protocols'],
  screen_width: ['Screen width', 'Screen widths'],
  cpu_cores: ['CPU cores', 'CPU cores'],
  device_memory: ['Memory', 'Memory'],
  referrer_type: ['Came from', 'Came from'],
  referrer_host: ['Referring site', 'Referring sites'],
  utm_source: ['Campaign source', 'Campaign sources'],
  utm_medium: ['Campaign medium', 'Campaign media'],
  utm_campaign: ['Campaign', 'Campaigns'],
  ab_group: ['Experiment arm', 'Experiment arms'],
  release: ['Release', 'Releases'],
  boomerang_version: ['Boomerang version', 'Boomerang versions'],
  lcp_selector: ['LCP element', 'LCP elements'],
  inp_selector: ['INP element', 'INP elements'],
  cls_selector: ['CLS element', 'CLS elements'],
};

/** Name of a dimension. */
export const dimensionWord = (dimension: string): string => WORDS[dimension]?.[0] ?? dimension;

/** Name of a dimension as the heading of a list. */
export const dimensionWords = (dimension: string): string => WORDS[dimension]?.[1] ?? dimension;

const VALUES: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  device: { mobile: 'Mobile', tablet: 'Tablet', desktop: 'Desktop', unknown: 'Unknown' },
  engine: { Blink: 'Blink (Chromium)', WebKit: 'WebKit (Safari)', Gecko: 'Gecko (Firefox)', other: 'Other' },
  navigation: { hard: 'Hard', soft: 'Soft', bfcache: 'Back/forward cache' },
  navigation_type: {
    navigate: 'New page',
    reload: 'Reload',
    back_forward: 'Back or forward',
    bfcache: 'Back/forward cache',
    prerender: 'Prerendered',
    spa: 'Soft navigation',
    other: 'Other',
  },
  protocol: { h1: 'HTTP/1.1', h2: 'HTTP/2', h3: 'HTTP/3', 'http/1.1': 'HTTP/1.1' },
  referrer_type: {
    direct: 'Directly',
    internal: 'The same site',
    search: 'Search',
    social: 'Social',
    other: 'Other sites',
  },
};

const UNITS: Readonly<Record<string, string>> = {
  round_trip: ' ms',
  screen_width: ' px',
  device_memory: ' GB',
};

/** A value of a dimension as people read it; '' is not known. */
export const valueWords = (dimension: string, value: string): string => {
  if (value === '') return dimension === 'release' ? '(no release named)' : '(not known)';
  if (dimension === 'country') return countryName(value);
  return VALUES[dimension]?.[value] ?? `${value}${UNITS[dimension] ?? ''}`;
};

const regions = new Intl.DisplayNames('en', { type: 'region', fallback: 'code' });

/** Name of a country by ISO 3166-1 alpha-2; the code itself where that is none. */
export const countryName = (code: string): string => {
  try {
    return regions.of(code) ?? code;
  } catch {
    return code;
  }
};
