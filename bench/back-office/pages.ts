/** A page that is opened, and what in it is its first chart: there only when it shows figures. */
export interface MeasuredPage {
  /** In the address. */
  readonly name: string;
  /** Below `/app/o/<organization>/`. */
  readonly path: string;
  /** CSS selector. */
  readonly chart: string;
  /** On windows of less than 600 px, where it is another one. */
  readonly narrowChart?: string;
}

/** The pages that show figures. */
export const PAGES: readonly MeasuredPage[] = [
  { name: 'home', path: 'home', chart: '.site-card .sparkline' },
  { name: 'overview', path: 's/-/overview', chart: '.time-chart canvas' },
  { name: 'pages', path: 's/-/pages', chart: 'table.breakdown .mini-distribution' },
  { name: 'page', path: 's/-/page/group/product', chart: '.time-chart canvas' },
  { name: 'distributions', path: 's/-/distributions', chart: '.histogram .histogram-bar' },
  {
    name: 'geography',
    path: 's/-/geography',
    chart: '.world-map .map-country',
    narrowChart: 'table.breakdown .mini-distribution',
  },
  {
    name: 'devices',
    path: 's/-/devices',
    chart: '.multiples .mini-distribution, table.breakdown .mini-distribution, .dots-dot',
  },
  { name: 'compare', path: 's/-/compare', chart: 'table.difference td.numbers' },
  { name: 'navigations', path: 's/-/navigations', chart: '.time-chart canvas' },
  { name: 'notes', path: 'notes', chart: '.note-days .note-open' },
];

/** What a browser noticed of a visit. Times in ms since the navigation. */
export interface Noticed {
  /** The first chart was painted. */
  readonly chart: number;
  readonly lcp: number;
  readonly cls: number;
  /** The longest event of each interaction so far; those shorter than 16 ms are not told. */
  readonly interactions: readonly number[];
}

/**
 * Runs in each document before its scripts. `window.noticed` is what was noticed so far, `window.whenChart` a promise of the first chart.
 * A text, since benches are checked without the browser's types.
 */
export const PROBE = `(() => {
  const charts = ${JSON.stringify(Object.fromEntries(PAGES.map(({ name, chart, narrowChart = chart }) => [name, [chart, narrowChart]])))};
  const parts = location.pathname.split('/');
  const chart = charts[parts[4] === 's' ? parts[6] : parts[4]];
  const noticed = { chart: 0, lcp: 0, cls: 0, interactions: [] };
  window.noticed = noticed;
  window.whenChart = new Promise((resolve) => {
    if (chart === undefined) return;
    const observer = new MutationObserver(() => {
      // Asked each time, since the width is known only after the viewport of the document.
      const isNarrow = matchMedia('(max-width: 600px)').matches;
      if (document.querySelector(chart[isNarrow ? 1 : 0]) === null) return;
      observer.disconnect();
      // After the frame that it is in.
      requestAnimationFrame(() => setTimeout(() => {
        noticed.chart = performance.now();
        resolve();
      }));
    });
    observer.observe(document, { childList: true, subtree: true });
  });
  const observe = (type, look, options = {}) =>
    new PerformanceObserver((list) => list.getEntries().forEach(look)).observe({ type, buffered: true, ...options });
  observe('largest-contentful-paint', ({ startTime }) => {
    noticed.lcp = startTime;
  });
  let burst = { begun: 0, last: 0, sum: 0 };
  observe('layout-shift', ({ startTime, value, hadRecentInput }) => {
    if (hadRecentInput) return;
    const isSame = startTime - burst.last < 1000 && startTime - burst.begun < 5000;
    burst = isSame ? { ...burst, last: startTime, sum: burst.sum + value } : { begun: startTime, last: startTime, sum: value };
    noticed.cls = Math.max(noticed.cls, burst.sum);
  });
  const longest = new Map();
  observe('event', ({ interactionId, duration }) => {
    if (interactionId === 0) return;
    longest.set(interactionId, Math.max(longest.get(interactionId) ?? 0, duration));
    noticed.interactions = [...longest.values()];
  }, { durationThreshold: 16 });
})()`;
