import type { PageViewAnswer } from '#reports';
import { formatDuration } from '../../parts/numbers.ts';

type PageError = PageViewAnswer['errors'][number];

const VIA: Readonly<Record<string, string>> = {
  app: 'sent by the page',
  global: 'nothing caught it',
  network: 'a request',
  console: 'console.error',
  'event-handler': 'an event handler',
  timeout: 'a timer',
  rejection: 'a promise',
  reporting: 'told by the browser',
};

/** Type and message. */
export const errorName = ({ type, message }: PageError): string =>
  message === '' ? type : `${type}: ${message}`;

/** When and how often it happened, and where it came from. */
export const errorFacts = ({ at, count, via, source, code }: PageError): readonly string[] => [
  ...(at === null ? [] : [formatDuration(at)]),
  ...(count > 1 ? [`${count} times`] : []),
  VIA[via] ?? via,
  ...(code === null ? [] : [`status ${code}`]),
  ...(source === 'boomerang' ? ["Boomerang's own"] : []),
];

/** Where a frame stands, as browsers write it: `https://a.example/x.js:35:48`. */
export const frameWords = ({ file, line, column }: PageError['frames'][number]): string =>
  [file, line, column].filter((part) => part !== null && part !== '').join(':');

/** What was before an error. */
export const errorEventWords = (event: PageError['events'][number]): string => {
  const { kind, before, tag, id, name, method, url, result, severity, message } = event;
  const what = [kind, tag.toLowerCase(), id && `#${id}`, name, method, url, result, severity, message]
    .filter((part) => part !== '')
    .join(' ');
  return before === null ? what : `${formatDuration(before)} before: ${what}`;
};
