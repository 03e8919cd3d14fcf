/** A compiled `pathPattern`. */
export interface PathPattern {
  readonly source: string;
  /** Literal start up to and including the last `/` before the first `*` or `{`; all of it when there is none. */
  readonly bucket: string;
  /** Does it match the whole path (without query)? Time is linear in the length of the path. */
  matches(path: string): boolean;
  /** Values of `{name}` in a path that matches, still percent-encoded. */
  params(path: string): Readonly<Record<string, string>>;
}

/** Longest pattern that is accepted. */
export const maxPatternLength = 1_024;

/**
 * Compiles a pattern: `*` is any run of characters, `{name}` one or more up to the next `/`, all else is literal.
 * Nothing is decoded and nothing normalised: what matches is what is forwarded.
 */
export const compilePathPattern = (source: string): PathPattern => {
  const segments = tokenise(source);
  return {
    source,
    bucket: bucketOf(source),
    matches: matcher(source, segments),
    params: (path) => {
      const values: Record<string, string> = Object.create(null);
      matchSegments(segments, path, values);
      return values;
    },
  };
};

/** What is wrong with a pattern, in Okapi's words; null when nothing is. */
export const patternProblem = (source: string): string | null => {
  if (source.length > maxPatternLength)
    return `pathPattern is ${source.length} characters long, at most ${maxPatternLength} are allowed`;
  for (let at = 0; at < source.length; at += 1) {
    if (source[at] === '{') {
      const end = source.indexOf('}', at);
      for (const inner of source.slice(at + 1, end === -1 ? undefined : end))
        if (illegal.has(inner) || inner === '/' || inner === '*')
          return `Invalid character ${inner} inside {}-construct in pathPattern`;
      if (end === -1) return 'Missing }-character for {}-construct in pathPattern';
      at = end;
    } else if (illegal.has(source[at] ?? '')) return `Invalid character ${source[at]} for pathPattern`;
  }
  return null;
};

const illegal: ReadonlySet<string> = new Set('\\%+{}()[].;:=?@#^$"\' ');

/** A literal, or a parameter with its name. */
type Token = string | { readonly name: string };
/** The tokens between two `*`. */
type Segment = readonly Token[];

const tokenise = (source: string): readonly Segment[] => {
  const segments: Token[][] = [[]];
  let literal = '';
  const flush = (): void => {
    if (literal !== '') segments.at(-1)?.push(literal);
    literal = '';
  };
  for (let at = 0; at < source.length; at += 1) {
    const char = source[at] ?? '';
    const end = char === '{' ? source.indexOf('}', at) : -1;
    if (char === '*') {
      flush();
      segments.push([]);
    } else if (end !== -1) {
      flush();
      segments.at(-1)?.push({ name: source.slice(at + 1, end) });
      at = end;
    } else literal += char;
  }
  flush();
  return segments;
};

const bucketOf = (source: string): string => {
  const special = source.search(/[*{]/);
  return special === -1 ? source : source.slice(0, source.lastIndexOf('/', special) + 1);
};

const matcher = (source: string, segments: readonly Segment[]): ((path: string) => boolean) => {
  if (source === '/*') return (path) => path.charCodeAt(0) === 47;
  const [first = [], ...rest] = segments;
  if (rest.length === 0 && first.every((token) => typeof token === 'string'))
    return (path) => path === source;
  const [head] = first;
  if (rest.length === 1 && rest[0]?.length === 0 && first.length === 1 && typeof head === 'string')
    return (path) => path.startsWith(head);
  return (path) => matchSegments(segments, path, null);
};

/**
 * A segment's end moves right when its start moves right, so the leftmost fit of each segment between two `*` is always
 * good enough and nothing has to be tried again; that is what keeps several `*` linear.
 */
const matchSegments = (
  segments: readonly Segment[],
  path: string,
  values: Record<string, string> | null,
): boolean => {
  const nextSlash = slashFinder(path);
  const last = segments.length - 1;
  let at = 0;
  for (let index = 0; index <= last; index += 1) {
    const segment = segments[index] ?? [];
    const toEnd = index === last;
    if (index === 0) at = fit(segment, path, 0, nextSlash, values);
    else if (toEnd && segment.length === 0) return true;
    else at = search(segment, path, at, toEnd, nextSlash, values);
    if (at === -1) return false;
  }
  return at === path.length;
};

/** Start of the leftmost fit is searched; the answer is its end, or -1. */
const search = (
  segment: Segment,
  path: string,
  from: number,
  toEnd: boolean,
  nextSlash: (at: number) => number,
  values: Record<string, string> | null,
): number => {
  const [head] = segment;
  for (let at = from; at <= path.length; at += 1) {
    if (typeof head === 'string') {
      at = path.indexOf(head, at);
      if (at === -1) return -1;
    }
    const end = fit(segment, path, at, nextSlash, values);
    if (end !== -1 && (!toEnd || end === path.length)) return end;
    if (segment.length === 0) return from;
  }
  return -1;
};

const fit = (
  segment: Segment,
  path: string,
  from: number,
  nextSlash: (at: number) => number,
  values: Record<string, string> | null,
): number => {
  let at = from;
  for (const token of segment) {
    if (typeof token === 'string') {
      if (!path.startsWith(token, at)) return -1;
      at += token.length;
    } else {
      const end = nextSlash(at);
      if (end === at) return -1;
      if (values !== null) values[token.name] = path.slice(at, end);
      at = end;
    }
  }
  return at;
};

/** The next `/` or the end; remembers the last answer, so that looking from every position costs one pass. */
const slashFinder = (path: string): ((at: number) => number) => {
  let from = 0;
  let slash = -1;
  return (at) => {
    if (at < from || at > slash) {
      const found = path.indexOf('/', at);
      from = at;
      slash = found === -1 ? path.length : found;
    }
    return slash;
  };
};
