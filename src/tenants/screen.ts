import { CST, Lexer } from 'yaml';
import { type MapProblem, mapProblem } from './problem.ts';
import { quoted } from './quoted.ts';

/** Deepest nesting that a users map needs is 6; these leave room for unusual layout. */
const MAX_FLOW_DEPTH = 16;
const MAX_MARKS_IN_LINE = 8;
const MAX_INDENT = 200;
const MAX_TOLD = 100;

/** Tokens that are refused, and what is expected in their place. */
const REFUSED: ReadonlyMap<string, string> = new Map([
  ['alias', 'the value itself, or the text in quotes'],
  ['anchor', 'no anchors, or the text in quotes'],
  ['tag', 'no tags, or the text in quotes'],
  ['directive-line', 'no directives'],
]);
const OPENING: ReadonlySet<string> = new Set(['flow-seq-start', 'flow-map-start']);
const CLOSING: ReadonlySet<string> = new Set(['flow-seq-end', 'flow-map-end']);
const MARKS: ReadonlySet<string> = new Set(['seq-item-ind', 'explicit-key-ind', 'map-value-ind']);

/**
 * Looks at the tokens of a text before it is parsed, in one pass without recursion, and refuses what a users map never
 * has: anchors, aliases and tags (one part of the file would change the meaning of another), directives, and nesting so
 * deep that a parser needs gigabytes for it (5 MB of `[` exhausted 4 GB).
 * @returns the problems found; after a problem of nesting the rest is not looked at
 */
export const screenYaml = (text: string): MapProblem[] => {
  const problems: MapProblem[] = [];
  let line = 1;
  let depth = 0;
  let marks = 0;
  let atLineStart = true;
  const refuse = (found: string, expected: string): void => {
    problems.push(mapProblem(line, '', found, expected));
  };
  const tooDeep = (): MapProblem[] => {
    refuse('nesting that is too deep', 'a list of user entries');
    return problems;
  };
  for (const token of new Lexer().lex(text)) {
    if (problems.length >= MAX_TOLD) return problems;
    const type = CST.tokenType(token);
    if (type === null) continue;
    const expected = REFUSED.get(type);
    if (expected !== undefined) refuse(`the ${type} ${quoted(token)}`, expected);
    if (OPENING.has(type) && ++depth > MAX_FLOW_DEPTH) return tooDeep();
    if (CLOSING.has(type)) depth = Math.max(0, depth - 1);
    if (depth === 0) {
      if (MARKS.has(type) && ++marks > MAX_MARKS_IN_LINE) return tooDeep();
      if (type === 'space' && atLineStart && token.length > MAX_INDENT) return tooDeep();
    }
    const lines = newlines(token);
    if (lines > 0) marks = 0;
    atLineStart = lines > 0 && token.endsWith('\n');
    line += lines;
  }
  return problems;
};

const newlines = (token: string): number => {
  let count = 0;
  for (let at = token.indexOf('\n'); at !== -1; at = token.indexOf('\n', at + 1)) count++;
  return count;
};
