import type { Token } from '../sql-text/tokens.ts';

/** Follows the tokens of a reading statement, and knows whether the next one stands where a table is named. */
export interface TablePosition {
  isTable(): boolean;
  pass(token: Token): void;
}

interface Level {
  /** In the list of tables behind FROM, where a comma leads to a next one. */
  isList: boolean;
  /** The next token names a table. */
  isNext: boolean;
  hasSelect: boolean;
  isEmpty: boolean;
}

/** These name tables only as the first words of a statement (`ORDER BY a DESC` is something else). */
const LEADING = new Set(['DESCRIBE', 'DESC', 'TABLE', 'EXISTS']);
const ENDS_LIST = new Set([
  'SELECT',
  'WHERE',
  'PREWHERE',
  'GROUP',
  'ORDER',
  'HAVING',
  'LIMIT',
  'UNION',
  'EXCEPT',
  'INTERSECT',
  'FORMAT',
  'SETTINGS',
  'WINDOW',
  'QUALIFY',
  'ARRAY',
]);

/**
 * Creates it for the beginning of a statement. Behind FROM, JOIN and the commas between tables a table is named, also behind
 * ON (`FROM a JOIN b ON a.x = b.x, c`); not behind the FROM of `extract(DAY FROM x)`, and not behind ARRAY JOIN.
 */
export const createTablePosition = (): TablePosition => {
  const levels: Level[] = [{ isList: false, isNext: false, hasSelect: true, isEmpty: true }];
  const top = (): Level => levels.at(-1) as Level;
  let before = '';
  let passed = 0;

  const passWord = (level: Level, word: string): void => {
    const startsHere = word === 'FROM' && (level.hasSelect || level.isEmpty);
    const isName = before === 'AS' || before === '.' || (level.isNext && !level.isEmpty);
    if (isName) level.isNext = false;
    else if (startsHere || (word === 'JOIN' && before !== 'ARRAY') || (LEADING.has(word) && passed < 3)) {
      level.isList = true;
      level.isNext = true;
    } else if (ENDS_LIST.has(word)) {
      level.isList = false;
      level.isNext = false;
      if (word === 'SELECT') level.hasSelect = true;
    } else level.isNext = false;
  };

  return {
    isTable: () => top().isNext,
    pass: (token) => {
      const level = top();
      if (token.kind === 'word') passWord(level, token.value);
      else if (token.kind === 'mark' && token.value === '(') {
        // `FROM ('x')`: within the brackets it is still the place of a table.
        levels.push({ isList: level.isNext, isNext: level.isNext, hasSelect: false, isEmpty: true });
        level.isNext = false;
      } else if (token.kind === 'mark' && token.value === ')') {
        if (levels.length > 1) levels.pop();
        top().isNext = false;
      } else
        level.isNext = level.isList && token.kind === 'mark' && (token.value === ',' || token.value === '.');
      if (token.value !== '(') level.isEmpty = false;
      before = token.kind === 'word' || token.kind === 'mark' ? token.value : '';
      passed += 1;
    },
  };
};
