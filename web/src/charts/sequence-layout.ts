/** One call of one module within a request, as the trace has it. */
export interface SequenceHop {
  readonly requestId: string;
  readonly phase: string;
  /** Null: a decision of the gateway itself. */
  readonly module: string | null;
  readonly method: string;
  readonly path: string;
  readonly status: number | null;
  /** Microseconds after the request's start. */
  readonly startUs: number;
  readonly durationUs: number;
  readonly error: string | null;
}

/** An arrow of the diagram. */
export interface SequenceArrow {
  readonly kind: 'call' | 'answer' | 'note';
  /** Places of lifelines. */
  readonly from: number;
  readonly to: number;
  readonly words: string;
  /** Microseconds after the request's start. */
  readonly atUs: number;
  /** Of an answer: is it a failure? */
  readonly isFailure: boolean;
  /** Number of the hop in the list that was given; null: of no hop. */
  readonly hop: number | null;
}

/** A sequence diagram: lifelines from left to right, arrows from top to bottom. */
export interface SequenceLayout {
  readonly lifelines: readonly string[];
  readonly arrows: readonly SequenceArrow[];
}

const CLIENT = 0;
const GATEWAY = 1;

/**
 * Puts the hops of a request in order: the client asks the gateway, the gateway calls one module after the other, and a module that asks for
 * something itself does so through the gateway, within its own call. Pure; hops in the order in which they began.
 */
export const layoutSequence = (rootId: string, hops: readonly SequenceHop[]): SequenceLayout => {
  const lifelines = ['client', 'gateway', ...new Set(hops.flatMap(({ module }) => module ?? []))];
  const placeOf = (module: string | null): number => (module === null ? GATEWAY : lifelines.indexOf(module));
  const numbered = hops.map((hop, number) => ({ hop, number }));
  const requests = Map.groupBy(numbered, ({ hop }) => hop.requestId);
  const arrows: SequenceArrow[] = [];
  const drawn = new Set<string>();
  const push = (arrow: Omit<SequenceArrow, 'isFailure' | 'hop'> & Partial<SequenceArrow>): void =>
    void arrows.push({ isFailure: false, hop: null, ...arrow });

  const draw = (requestId: string, caller: number): void => {
    drawn.add(requestId);
    const own = requests.get(requestId) ?? [];
    const first = own[0]?.hop;
    if (first === undefined) return;
    const handler = own.find(({ hop }) => hop.phase === 'handler') ?? own.at(-1);
    push({
      kind: 'call',
      from: caller,
      to: GATEWAY,
      words: `${first.method} ${handler?.hop.path ?? first.path}`,
      atUs: first.startUs,
    });
    for (const { hop, number } of own) {
      const place = placeOf(hop.module);
      const end = hop.startUs + hop.durationUs;
      if (hop.module === null) {
        const words = `${hop.phase}${hop.error === null ? '' : `: ${hop.error}`}`;
        push({ kind: 'note', from: GATEWAY, to: GATEWAY, words, atUs: hop.startUs, hop: number });
        continue;
      }
      push({
        kind: 'call',
        from: GATEWAY,
        to: place,
        words: hop.phase === 'handler' ? `${hop.method} ${hop.path}` : hop.phase,
        atUs: hop.startUs,
        hop: number,
      });
      for (const child of childrenOf(requestId, hop, requests)) if (!drawn.has(child)) draw(child, place);
      push({
        kind: 'answer',
        from: place,
        to: GATEWAY,
        words: `${hop.status ?? 'no answer'} · ${durationText(hop.durationUs)}`,
        atUs: end,
        isFailure: hop.status === null || hop.status >= 400,
        hop: number,
      });
    }
    const status =
      own.findLast(({ hop }) => hop.phase === 'handler')?.hop.status ?? own.at(-1)?.hop.status ?? null;
    push({
      kind: 'answer',
      from: GATEWAY,
      to: caller,
      words: String(status ?? 'no answer'),
      atUs: Math.max(...own.map(({ hop }) => hop.startUs + hop.durationUs)),
      isFailure: status === null || status >= 400,
    });
  };

  draw(rootId, CLIENT);
  // What belongs to no hop that is kept (the first ones may have been dropped) comes last.
  for (const requestId of requests.keys()) if (!drawn.has(requestId)) draw(requestId, CLIENT);
  return { lifelines, arrows };
};

/** Requests made within a hop: one id longer, and begun while it ran. */
const childrenOf = (
  requestId: string,
  hop: SequenceHop,
  requests: ReadonlyMap<string, readonly { readonly hop: SequenceHop }[]>,
): readonly string[] =>
  [...requests]
    .filter(([id, [first]]) => {
      if (first === undefined || !id.startsWith(`${requestId};`)) return false;
      const isNext = !id.slice(requestId.length + 1).includes(';');
      const { startUs } = first.hop;
      return isNext && startUs >= hop.startUs && startUs <= hop.startUs + hop.durationUs;
    })
    .map(([id]) => id);

/** `412 µs`, `3.21 ms`, `1.20 s`. */
export const durationText = (us: number): string => {
  if (us < 1_000) return `${us} µs`;
  if (us < 1_000_000) return `${(us / 1_000).toFixed(us < 10_000 ? 2 : 1)} ms`;
  return `${(us / 1_000_000).toFixed(2)} s`;
};
