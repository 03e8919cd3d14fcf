import './skeleton.css';

/** Where something will be: a grey area of its size, so that nothing jumps when it comes. Sizes are CSS lengths. */
export const Skeleton = ({
  width = '100%',
  height = '1em',
}: {
  readonly width?: string;
  readonly height?: string;
}) => <span class="skeleton" style={{ width, height }} aria-hidden="true" />;

/** Lines of text to come. */
export const SkeletonLines = ({ count = 4 }: { readonly count?: number }) => (
  <div class="skeleton-lines" role="status" aria-label="Loading">
    {Array.from({ length: count }, (_, line) => (
      <Skeleton key={line} width={`${92 - ((line * 17) % 40)}%`} />
    ))}
  </div>
);
