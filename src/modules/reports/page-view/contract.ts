import type { PageViewLine, Source } from '../contract.ts';

/** GET /reports/page-views/{id} */
export interface PageViewAnswer {
  readonly view: PageViewLine & {
    readonly hostname: string;
    readonly sessionId: string;
    readonly pageId: string;
  };
  /** Columns of the page view by name (docs/reference/columns.md), without `restiming`; null where not known. */
  readonly facts: Readonly<Record<string, unknown>>;
  /**
   * Moments of the page, ms since navigation, ascending: activated, ttfb, fp, fcp, lcp, dom_interactive, dcl, dom_complete, load, inp (value: how long
   * it took, ms), shift (value: how large; one for each).
   */
  readonly moments: readonly { readonly name: string; readonly at: number; readonly value: number | null }[];
  /** Resources decoded from `restiming`, by start; ms since navigation. */
  readonly resources: readonly Resource[];
  /**
   * What happened in each tenth of a second, by Boomerang's Continuity plug-in; without what did not happen at all. The first five minutes.
   * Names: fps (frames), busy (percent), longtask (tasks that ended), inter and interdly (interactions, and delayed ones), click, key, scroll (px), scrollpct, mouse (px), mousepct, mem (bytes), domsz (characters),
   * domln (nodes), mut (percent of the nodes that changed), bat (percent), vis and orn (changes of visibility and orientation).
   */
  readonly timeline: readonly TimelineLane[];
  /** Tasks of more than 50 ms by start, ms since navigation. */
  readonly longTasks: readonly LongTask[];
  /** What the visitor did, by time. */
  readonly interactions: readonly Interaction[];
  /** What moved and where to, by time. */
  readonly layoutShifts: readonly LayoutShift[];
  /** Events that took 16 ms and more until the next paint, by their start. */
  readonly slowEvents: readonly SlowEvent[];
  /** JavaScript errors, and whatever else Boomerang caught, by time. */
  readonly errors: readonly PageError[];
  /** When Boomerang's own files were fetched. */
  readonly boomerangFiles: readonly BoomerangFile[];
  /** The beacons that it was put together from, by time. */
  readonly beacons: readonly {
    readonly at: string;
    readonly kind: string;
    readonly segment: string;
    readonly offset: string;
    /** What is stored of the beacon, by column; what came without a column by its own name. Long values are cut. */
    readonly parameters: Readonly<Record<string, string>>;
  }[];
  /** Ids of the page views before and after it in the same session. */
  readonly previous: string | null;
  readonly next: string | null;
  readonly source: Source;
}

/** One fetch of a page; times in ms since navigation, null where the browser may not tell. */
export interface Resource {
  readonly url: string;
  /** document, script, css, img, font, xhr, frame, beacon or other. */
  readonly kind: string;
  readonly start: number;
  readonly requestStart: number | null;
  readonly responseStart: number | null;
  readonly end: number;
  /** On the wire; 0: from cache. */
  readonly transferBytes: number | null;
  /** The body as it was sent, and uncompressed. */
  readonly encodedBytes: number | null;
  readonly decodedBytes: number | null;
  /** Parts before the request, ms; null: none, or not told. `connect` has `tls` in it. */
  readonly redirect: number | null;
  readonly dns: number | null;
  readonly connect: number | null;
  readonly tls: number | null;
  /** When the service worker began, ms after `start`. */
  readonly worker: number | null;
  /** h2, h3, h1.1, …; '' when it is not told. */
  readonly protocol: string;
  /** async, defer, body (a script in the body); prefetch, preload, prerender, stylesheet. */
  readonly attributes: readonly string[];
  /** The element that shows it, CSS pixels; natural sizes where they are others. */
  readonly element: {
    readonly width: number;
    readonly height: number;
    readonly x: number;
    readonly y: number;
    readonly naturalWidth: number | null;
    readonly naturalHeight: number | null;
  } | null;
  /** What the server said in `Server-Timing`; ms, 0 when it said none. */
  readonly serverTiming: readonly {
    readonly name: string;
    readonly duration: number;
    readonly description: string;
  }[];
  /** What the page itself noted about it. */
  readonly ownData: readonly { readonly name: string; readonly value: string }[];
}

/** A timeline of a page: values by tenths of a second; `at`: begin of the bucket, ms since navigation, ascending. */
export interface TimelineLane {
  readonly name: string;
  readonly buckets: readonly { readonly at: number; readonly value: number }[];
}

/** A task that kept the main thread. */
export interface LongTask {
  readonly start: number;
  readonly duration: number;
  /** In whose frame: self, same-origin-ancestor, cross-origin-descendant, … or unknown. */
  readonly origin: string;
  /** The frames that the browser names. */
  readonly attribution: readonly {
    /** unknown, script, layout. */
    readonly work: string;
    /** unknown (the page itself), iframe, embed, object. */
    readonly container: string;
    readonly name: string;
    readonly id: string;
    readonly src: string;
  }[];
}

/** Something that the visitor or the window did. */
export interface Interaction {
  /** ms since navigation. */
  readonly at: number;
  /** scroll, click, mouse, key, visibility, orientation. */
  readonly kind: string;
  /** CSS pixels. */
  readonly x: number | null;
  readonly y: number | null;
  /** visible, hidden, prerender, unloaded; the angle of the screen. */
  readonly state: string | null;
}

/** A layout shift that no input was the reason of. */
export interface LayoutShift {
  /** ms since navigation. */
  readonly at: number;
  readonly value: number;
  /** The elements that moved, those that touched most of the window first; at most five are told. */
  readonly elements: readonly {
    /** '' when the element is gone. */
    readonly selector: string;
    readonly from: Rectangle;
    readonly to: Rectangle;
  }[];
}

/** What is seen of an element in the window, CSS pixels. */
export interface Rectangle {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

/** An event that the visitor waited for. */
export interface SlowEvent {
  /** click, keydown, pointerdown, … */
  readonly name: string;
  /** ms since navigation. */
  readonly start: number;
  /** Until the next paint, ms in steps of 8. */
  readonly duration: number;
  /** How long its handlers took, ms. */
  readonly processing: number;
  readonly isCancelable: boolean;
  /** The first input of the page; told beside the event itself. */
  readonly isFirst: boolean;
  /** Events of one interaction have the same number; null: of none. */
  readonly interaction: number | null;
  /** Selector; '' when it is not told. */
  readonly target: string;
}

/** An error of a page. */
export interface PageError {
  /** When it happened last: ms since navigation, and by the visitor's clock; null where it is not known. */
  readonly at: number | null;
  readonly time: string | null;
  /** How often it happened. */
  readonly count: number;
  /** Error, TypeError, … */
  readonly type: string;
  readonly message: string;
  /** What caught it: app, global, network, console, event-handler, timeout, rejection, reporting, or unknown. */
  readonly via: string;
  /** Whose it is: app, boomerang, or unknown. */
  readonly source: string;
  /** Status of a request that failed. */
  readonly code: number | null;
  /** The stack, innermost frame first; '' and null where it is not told. */
  readonly frames: readonly {
    readonly function: string;
    readonly file: string;
    readonly line: number | null;
    readonly column: number | null;
  }[];
  /** What the page told Boomerang of what was before; '' where it does not apply. */
  readonly events: readonly {
    /** click, network, log, or unknown. */
    readonly kind: string;
    /** ms before the error. */
    readonly before: number | null;
    readonly tag: string;
    readonly id: string;
    readonly name: string;
    readonly method: string;
    readonly url: string;
    readonly result: string;
    readonly severity: string;
    readonly message: string;
  }[];
  /** What the page added, as text or JSON; '' for nothing. */
  readonly extra: string;
}

/** The fetch of one of Boomerang's files; times in ms since navigation, null where the browser does not tell. */
export interface BoomerangFile {
  /** boomerang, configuration. */
  readonly file: string;
  readonly start: number;
  readonly requestStart: number | null;
  readonly responseStart: number | null;
  readonly end: number;
  readonly redirect: number | null;
  readonly dns: number | null;
  readonly connect: number | null;
  readonly tls: number | null;
}
