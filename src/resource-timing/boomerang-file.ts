/** When Boomerang's own file, or its configuration, was fetched. Times are ms since navigation, durations ms; null where the browser does not tell. */
export interface BoomerangFile {
  readonly start: number;
  readonly requestStart: number | null;
  readonly responseStart: number | null;
  readonly end: number;
  readonly redirect: number | null;
  readonly dns: number | null;
  /** TCP and TLS. */
  readonly connect: number | null;
  readonly tls: number | null;
}

/** Start, and from there: response end, response start, request start, connect end, TLS start, connect start, DNS end, DNS start, redirect end, redirect start. */
const TIMES = 11;
const WHOLE = /^\d{1,9}$/;

/** Reads `rt.bmr` or `rt.cnf`: the times of an entry of `restiming` in decimal, zeros at the end left out. Null when it cannot be read. */
export const readBoomerangFile = (text: string): BoomerangFile | null => {
  const parts = text.split(',', TIMES + 1);
  if (parts.length > TIMES || !WHOLE.test(parts[0] ?? '')) return null;
  if (!parts.every((part) => part === '' || WHOLE.test(part))) return null;
  const [start = 0, end = 0, responseStart, requestStart, ...before] = parts.map(Number);
  const [connectEnd, tlsStart, connectStart, dnsEnd, dnsStart, redirectEnd, redirectStart] = before;
  return {
    start,
    requestStart: momentAfter(start, requestStart),
    responseStart: momentAfter(start, responseStart),
    end: start + end,
    redirect: between(redirectStart, redirectEnd),
    dns: between(dnsStart, dnsEnd),
    connect: between(connectStart, connectEnd),
    tls: tlsStart === undefined || tlsStart === 0 ? null : between(tlsStart, connectEnd),
  };
};

/** 0: not told. */
const momentAfter = (start: number, offset = 0): number | null => (offset > 0 ? start + offset : null);

const between = (from = 0, to = 0): number | null => (to > from ? to - from : null);
