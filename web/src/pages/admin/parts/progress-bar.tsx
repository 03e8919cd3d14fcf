import './progress-bar.css';

/** How far something is, in words and as a bar. */
export const ProgressBar = ({
  done,
  total,
  words,
}: {
  readonly done: number;
  readonly total: number;
  readonly words: string;
}) => (
  <div class="progress" role="status">
    <progress max={Math.max(1, total)} value={Math.min(done, total)} aria-label={words} />
    <span>{words}</span>
  </div>
);
