import type { Resource } from '#reports';
import { formatBytes, formatDuration } from '../parts/numbers.ts';

/** What is said about a fetch in a tip and to a screen reader: its address first, then a phrase for each thing that is known. */
export const fetchWords = (resource: Resource): readonly string[] => {
  const { url, kind, start, end } = resource;
  return [
    url.length > 160 ? `${url.slice(0, 159)}…` : url,
    `${kind}, from ${formatDuration(start)} to ${formatDuration(end)}: ${formatDuration(end - start)}`,
    ...connectionWords(resource),
    ...requestWords(resource),
    ...sizesWords(resource),
    ...elementWords(resource),
    ...serverWords(resource).map((words) => `server: ${words}`),
    ...ownWords(resource),
  ];
};

/** Bytes on the wire. */
export const sizeWords = (bytes: number | null): string => (bytes === 0 ? 'from cache' : formatBytes(bytes));

/** Metrics that the server told, each as `name 12 ms (description)`. */
export const serverWords = ({ serverTiming }: Resource): readonly string[] =>
  serverTiming.map(
    ({ name, duration, description }) =>
      `${name}${duration > 0 ? ` ${fineDuration(duration)}` : ''}${description === '' ? '' : ` (${description})`}`,
  );

/** What the page itself noted, each as `name: value`. */
export const ownWords = ({ ownData }: Resource): readonly string[] =>
  ownData.map(({ name, value }) => `${name}: ${value}`);

/** Servers measure themselves in fractions of a millisecond. */
const fineDuration = (ms: number): string =>
  ms < 10 ? `${Number(ms.toPrecision(2))} ms` : formatDuration(ms);

const connectionWords = ({ protocol, attributes, redirect, dns, connect, tls }: Resource) => {
  const how = [...(protocol === '' ? [] : [protocol]), ...attributes.map((name) => ATTRIBUTES[name] ?? name)];
  const parts = [
    ...(redirect === null ? [] : [`redirected ${formatDuration(redirect)}`]),
    ...(dns === null ? [] : [`DNS ${formatDuration(dns)}`]),
    ...(connect === null
      ? []
      : [`connected ${formatDuration(connect)}${tls === null ? '' : ` (TLS ${formatDuration(tls)})`}`]),
  ];
  return [how.join(', '), parts.join(', ')].filter((words) => words !== '');
};

const ATTRIBUTES: Readonly<Record<string, string>> = { body: 'in the body', stylesheet: 'style sheet' };

const requestWords = ({ start, requestStart, responseStart, end, worker }: Resource) => [
  ...(worker === null ? [] : [`service worker after ${formatDuration(worker)}`]),
  ...(requestStart === null ? [] : [`queued ${formatDuration(requestStart - start)}`]),
  ...(responseStart === null
    ? ['the browser does not tell its parts']
    : [
        `waited ${formatDuration(responseStart - (requestStart ?? start))}`,
        `loaded ${formatDuration(end - responseStart)}`,
      ]),
];

const sizesWords = ({ transferBytes, encodedBytes, decodedBytes }: Resource) => {
  if (transferBytes === null) return [];
  const isPacked = decodedBytes !== null && encodedBytes !== null && decodedBytes > encodedBytes;
  return [`${sizeWords(transferBytes)}${isPacked ? `, ${formatBytes(decodedBytes)} uncompressed` : ''}`];
};

const elementWords = ({ element }: Resource) => {
  if (element === null) return [];
  const { width, height, naturalWidth, naturalHeight } = element;
  const natural =
    naturalWidth === null && naturalHeight === null
      ? ''
      : `, itself ${naturalWidth ?? width} × ${naturalHeight ?? height}`;
  return [`shown ${width} × ${height} px${natural}`];
};
