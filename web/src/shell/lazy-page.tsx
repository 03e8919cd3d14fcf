import type { ComponentType } from 'preact';
import { useEffect, useLayoutEffect, useState } from 'preact/hooks';
import { Button } from '../parts/button.tsx';
import { EmptyState } from '../parts/message.tsx';
import { SkeletonLines } from '../parts/skeleton.tsx';
import type { PageProps, Route } from '../route.ts';
import { useApp } from '../state/app-state.ts';

type Loading =
  | { readonly kind: 'loading' }
  | { readonly kind: 'loaded'; readonly Page: ComponentType<PageProps> }
  | { readonly kind: 'failed' };

/** A page whose code comes when it is first needed. */
export const LazyPage = ({ route, rest }: { readonly route: Route; readonly rest: readonly string[] }) => {
  const { turns } = useApp();
  const [loading, setLoading] = useState<Loading>({ kind: 'loading' });
  const isComing = loading.kind === 'loading';
  // What the frame around the page asks for waits for what the page will ask for first.
  useLayoutEffect(() => (isComing ? turns.enter('first') : undefined), [turns, isComing]);
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
