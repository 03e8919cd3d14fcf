import type { Resource } from '#reports';

/** A moment of the page over the waterfall. */
export interface WaterfallMoment {
  readonly label: string;
  /** ms since navigation. */
  readonly at: number;
}

/** A bar of a waterfall in ms: until the request was sent, until the first byte came, until the last one. */
export interface WaterfallBar {
  readonly resource: Resource;
  /** What the address is called in a narrow column: its file, or its host. */
  readonly name: string;
  /** Kind in a few letters, so that colour never is alone. */
  readonly tag: string;
  readonly queued: Span | null;
  readonly waiting: Span | null;
  readonly loading: Span;
}

/** From and to, ms since navigation. */
export interface Span {
  readonly from: number;
  readonly to: number;
}

/** What is drawn. */
export interface WaterfallLayout {
  readonly bars: readonly WaterfallBar[];
  readonly moments: readonly PlacedMoment[];
  /** Lanes of the moments' labels. */
  readonly lanes: number;
}

/** A moment and the lane in which its label does not lie over another one. */
export interface PlacedMoment extends WaterfallMoment {
  readonly lane: number;
  /** The label stands before its line, since behind it there is no room. */
  readonly isBefore: boolean;
}

const TAGS: Readonly<Record<string, string>> = {
  document: 'DOC',
  script: 'JS',
  css: 'CSS',
  img: 'IMG',
  font: 'FONT',
  xhr: 'XHR',
  frame: 'FRAME',
  beacon: 'PING',
};

/**
 * Lays out resources up to `end` (ms), ordered by start. `labelShare`: width of a moment's label as a part of the axis, so that labels that
 * would lie over each other get lanes of their own.
 */
export const layoutWaterfall = (
  resources: readonly Resource[],
  moments: readonly WaterfallMoment[],
  end: number,
  labelShare: number,
): WaterfallLayout => {
  const shown = resources.filter(({ start }) => start <= end);
  const placed = placeMoments(
    moments.filter(({ at }) => at <= end),
    labelShare * end,
    end,
  );
  return {
    bars: shown.map((resource) => barOf(resource, end)),
    moments: placed,
    lanes: Math.max(0, ...placed.map(({ lane }) => lane + 1)),
  };
};

/** Where the loading of a page ends for who looks at it: at its last moment of loading and a bit; null: nothing is known of it. */
export const endOfLoading = (
  moments: readonly { readonly name: string; readonly at: number }[],
): number | null => {
  const loading = moments.filter(({ name }) => LOADING.has(name)).map(({ at }) => at);
  return loading.length === 0 ? null : Math.max(...loading) * 1.12;
};

/** Where a whole visit ends: a bit after the last of these moments. */
export const endOfVisit = (moments: readonly number[]): number =>
  Math.max(1, moments.reduce((last, at) => Math.max(last, at), 0) * 1.02);

const LOADING: ReadonlySet<string> = new Set(['ttfb', 'fp', 'fcp', 'lcp', 'dcl', 'dom_complete', 'load']);

const barOf = (resource: Resource, end: number): WaterfallBar => {
  const { start, requestStart, responseStart } = resource;
  const within = (at: number): number => Math.min(end, Math.max(start, at));
  const requested = requestStart === null ? null : within(requestStart);
  const answered = responseStart === null ? null : within(responseStart);
  return {
    resource,
    name: nameOf(resource.url),
    tag: TAGS[resource.kind] ?? 'OTHER',
    queued: requested === null ? null : { from: start, to: requested },
    waiting: answered === null ? null : { from: requested ?? start, to: answered },
    loading: { from: answered ?? requested ?? start, to: within(resource.end) },
  };
};

/** The file of an address, else its host; a part that is not readable stays as it was sent. */
const nameOf = (url: string): string => {
  const [withoutQuery = ''] = url.split(/[?#]/, 1);
  const parts = withoutQuery
    .replace(/^[a-z]+:\/\//i, '')
    .split('/')
    .filter((part) => part !== '');
  return parts.at(-1) ?? url;
};

/** Each label in the first lane that is free where it stands. */
const placeMoments = (
  moments: readonly WaterfallMoment[],
  width: number,
  end: number,
): readonly PlacedMoment[] => {
  const lanes: Span[][] = [];
  return moments
    .toSorted((a, b) => a.at - b.at)
    .map((moment) => {
      const isBefore = moment.at + width > end;
      const from = isBefore ? moment.at - width : moment.at;
      const label = { from, to: from + width };
      const free = lanes.findIndex((taken) =>
        taken.every((other) => label.to <= other.from || label.from >= other.to),
      );
      const lane = free === -1 ? lanes.length : free;
      lanes[lane] = [...(lanes[lane] ?? []), label];
      return { ...moment, lane, isBefore };
    });
};
