import Table from 'cli-table3';
import type { Hop } from '../operator.ts';
import type { Step } from './story.ts';

const WIDTH = 100;
/** As wide as the number of a step. */
const INDENT = '    ';

/** A step as text: the sentence, the request and its answer, the hops as a table, and the explanation of a refusal. */
export const stepText = (step: Step, number: number): string => {
  const { method = 'GET', path, tenant, body } = step.sent;
  const named = tenant === undefined ? '' : `, X-Okapi-Tenant: ${tenant}`;
  const domain = (body as { domain?: string } | undefined)?.domain;
  const lines = [
    ...wrapped(`${String(number).padStart(2)}. ${step.sentence}`),
    '',
    `${INDENT}${step.by}: ${method} ${path}${named}${domain === undefined ? '' : ` {"domain": "${domain}", …}`}`,
    `${INDENT}→ ${step.status} ${answerText(step.answer)}`,
    '',
    hopTable(step.hops)
      .split('\n')
      .map((line) => `${INDENT}${line}`.trimEnd())
      .join('\n'),
  ];
  if (step.explanation !== null) {
    const { code, message, why } = step.explanation;
    lines.push(
      '',
      `${INDENT}GET /_/resolve explains: ${code}, ${message}`,
      ...why.map((reason) => `${INDENT}  - ${reason}`),
    );
  }
  return `${lines.join('\n')}\n`;
};

const hopTable = (hops: readonly Hop[]): string => {
  const table = new Table({
    head: ['phase', 'module', 'request', 'origin', 'requested', 'executed for', 'rule', 'status', 'µs'],
    colAligns: ['left', 'left', 'left', 'left', 'left', 'left', 'left', 'right', 'right'],
    chars: PLAIN,
    style: { head: [], border: [], 'padding-left': 0, 'padding-right': 2 },
  });
  for (const { phase, module, method, path, tenants, rule, status, durationUs, actors } of byRequest(hops))
    table.push([
      phase,
      `${'· '.repeat(actors.length)}${module ?? '-'}`,
      `${method} ${path}`,
      tenants.origin ?? '-',
      tenants.requested,
      tenants.execution ?? 'nobody',
      rule ?? '-',
      status ?? '-',
      durationUs,
    ]);
  return table.toString();
};

/** Requests that modules make side by side are told one after the other. */
const byRequest = (hops: readonly Hop[]): readonly Hop[] =>
  [...Map.groupBy(hops, ({ requestId }) => requestId).values()].flat();

const PLAIN = Object.fromEntries(
  [
    'top',
    'top-mid',
    'top-left',
    'top-right',
    'bottom',
    'bottom-mid',
    'bottom-left',
    'bottom-right',
    'left',
    'left-mid',
    'mid',
    'mid-mid',
    'right',
    'right-mid',
    'middle',
  ].map((name) => [name, '']),
);

const answerText = (answer: unknown): string => {
  const text = typeof answer === 'string' ? answer : JSON.stringify(answer);
  return text.length <= WIDTH ? text : `${text.slice(0, WIDTH)}…`;
};

const wrapped = (text: string): string[] => {
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(' ')) {
    if (line !== '' && line.length + word.length >= WIDTH) {
      lines.push(line);
      line = `${INDENT}${word}`;
    } else line += line === '' ? word : ` ${word}`;
  }
  return [...lines, line];
};
