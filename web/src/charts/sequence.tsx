import { useId } from 'preact/hooks';
import { durationText, layoutSequence, type SequenceArrow, type SequenceHop } from './sequence-layout.ts';
import './sequence.css';

const LINE_WIDTH = 168;
const ROW = 30;
const HEAD = 44;
const MARGIN = 56;
/** Longer words are cut; the list below has them whole. */
const MOST_CHARACTERS = 26;

/**
 * The hops of a request as a sequence diagram. The same is told as a list by the caller (`describedBy`), since a picture of lines says nothing to
 * those who do not see it.
 */
export const SequenceDiagram = ({
  rootId,
  hops,
  describedBy,
}: {
  readonly rootId: string;
  readonly hops: readonly SequenceHop[];
  /** Id of the element that tells the same in words. */
  readonly describedBy: string;
}) => {
  const id = useId();
  const { lifelines, arrows } = layoutSequence(rootId, hops);
  const width = MARGIN + lifelines.length * LINE_WIDTH;
  const height = HEAD + (arrows.length + 1) * ROW;
  const xOf = (place: number): number => MARGIN + place * LINE_WIDTH + LINE_WIDTH / 2;
  return (
    <div class="sequence" tabIndex={0} role="group" aria-label="Sequence diagram">
      <svg
        width={width}
        height={height}
        viewBox={`0 0 ${width} ${height}`}
        role="img"
        aria-labelledby={`${id}-title`}
        aria-describedby={describedBy}
      >
        <title id={`${id}-title`}>
          {`Calls between ${lifelines.length} participants, ${hops.length} hops, from top to bottom`}
        </title>
        {lifelines.map((name, place) => (
          <g key={name}>
            <line class="sequence-life" x1={xOf(place)} x2={xOf(place)} y1={HEAD} y2={height - 8} />
            <text class="sequence-name" x={xOf(place)} y={24}>
              {cut(name)}
            </text>
          </g>
        ))}
        {arrows.map((arrow, row) => (
          <Arrow key={row} arrow={arrow} y={HEAD + (row + 1) * ROW - 6} xOf={xOf} />
        ))}
      </svg>
    </div>
  );
};

const Arrow = ({
  arrow: { kind, from, to, words, atUs, isFailure },
  y,
  xOf,
}: {
  readonly arrow: SequenceArrow;
  readonly y: number;
  readonly xOf: (place: number) => number;
}) => {
  const [start, end] = [xOf(from), xOf(to)];
  const isRight = end > start;
  const tip = isRight ? end - 3 : end + 3;
  const back = isRight ? -7 : 7;
  const classes = `sequence-arrow is-${kind}${isFailure ? ' is-failure' : ''}`;
  return (
    <g class={classes}>
      <title>{words}</title>
      <text class="sequence-time" x={8} y={y + 4}>
        {durationText(atUs)}
      </text>
      {kind === 'note' ? (
        <text class="sequence-words" x={start + 8} y={y + 4}>
          {isFailure ? '✕ ' : ''}
          {cut(words)}
        </text>
      ) : (
        <>
          <line x1={start} x2={tip} y1={y} y2={y} />
          <path d={`M${tip + back} ${y - 4}L${tip} ${y}L${tip + back} ${y + 4}`} />
          <text class="sequence-words is-middle" x={wordsAt(start, end)} y={y - 5}>
            {isFailure ? '✕ ' : ''}
            {cut(words)}
          </text>
        </>
      )}
    </g>
  );
};

/** Beside the start of a long arrow, so that the words do not run over other lifelines' names. */
const wordsAt = (start: number, end: number): number =>
  Math.abs(end - start) <= LINE_WIDTH
    ? (start + end) / 2
    : start + (end > start ? LINE_WIDTH / 2 : -LINE_WIDTH / 2);

const cut = (text: string): string =>
  text.length <= MOST_CHARACTERS ? text : `${text.slice(0, MOST_CHARACTERS - 1)}…`;
