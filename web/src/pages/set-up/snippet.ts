/** What a snippet says. */
export interface SnippetFacts {
  /** Where beacons go: an absolute address. */
  readonly beaconUrl: string;
  readonly trace: string;
}

/** The lines to put on every page, before everything else in its head. Whatever the trace is, it stays a text in a script. */
export const snippetOf = ({ beaconUrl, trace }: SnippetFacts): string => `<script>
  window.BOOMR_CONFIG = { beacon_url: ${quoted(beaconUrl)}, instrument_xhr: false };
  document.addEventListener('onBoomerangLoaded', () => {
    BOOMR.addVar('brum_trace', ${quoted(trace)});
  });
</script>
<script src="/boomerang.js" async></script>`;

/** A command that sends one page view, to try without a page. */
export const tryCommandOf = ({ beaconUrl, trace }: SnippetFacts, hostname: string): string =>
  `curl -X POST '${beaconUrl}?brum_trace=${encodeURIComponent(trace)}' \\
  -d u=https://${hostname}/ -d pid=try00001 -d rt.si=try-1 -d pt.lcp=1234 -d pt.fcp=900`;

/** A JavaScript text with single quotes, safe inside `<script>`. */
const quoted = (text: string): string =>
  `'${text
    .replaceAll('\\', '\\\\')
    .replaceAll("'", "\\'")
    .replaceAll('<', '\\x3c')
    .replaceAll(/[\n\r\u2028\u2029]/g, ' ')}'`;
