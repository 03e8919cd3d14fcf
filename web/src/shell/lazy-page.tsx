import type { ComponentType } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import { Button } from '../parts/button.tsx';
import { EmptyState } from '../parts/message.tsx';
import { SkeletonLines } from '../parts/skeleton.tsx';
import type { PageProps, Route } from '../route.ts';

type Loading =
  | { readonly kind: 'loading' }
  | { readonly kind: 'loaded'; readonly Page: ComponentType<PageProps> }
  | { readonly kind: 'failed' };

/** A page whose code comes when it is first needed. */
export const LazyPage = ({ route, rest }: { readonly route: Route; readonly rest: readonly string[] }) => {
  const [loading, setLoading] = useState<Loading>({ kind: 'loading' });
  useEffect(() => {
    let isGone = false;
    route.load().then(
      (Page) => !isGone && setLoading({ kind: 'loaded', Page }),
      () => !isGone && setLoading({ kind: 'failed' }),
    );
    return () => {
      isGone = true;
    };
  }, [route]);

  if (loading.kind === 'loaded') return <loading.Page rest={rest} />;
  if (loading.kind === 'loading') return <SkeletonLines />;
  // A new version of Rumbrella has other file names than the page that is open.
  return (
    <EmptyState
      icon="warning"
      title="This page could not be loaded"
      actions={<Button onClick={() => location.reload()}>Load again</Button>}
    >
      Rumbrella was perhaps updated, or the connection was lost.
    </EmptyState>
  );
};
