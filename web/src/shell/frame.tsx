import type { ComponentChildren } from 'preact';
import { useEffect, useRef, useState } from 'preact/hooks';
import { Dialog } from '../parts/dialog.tsx';
import { ToastList } from '../parts/toast-list.tsx';
import type { Route } from '../route.ts';
import { useApp } from '../state/app-state.ts';
import { ContextBar } from './context-bar.tsx';
import { EngineNote } from './engine-note.tsx';
import { GeneratedNotice } from './generated-notice.tsx';
import { KeysHelp } from './keys-help.tsx';
import { OfflineBar } from './offline-bar.tsx';
import { Palette } from './palette.tsx';
import { Rail } from './rail.tsx';
import { SelectionBar } from './selection-bar.tsx';
import { SessionEnded } from './session-ended.tsx';
import { Topbar } from './topbar.tsx';
import { useFrameKeys } from './use-frame-keys.ts';
import './frame.css';

/** What is around every page: context, navigation, the controls of the selection. Cares for the title and the focus when the page changes. */
export const Frame = ({
  route,
  children,
}: {
  readonly route: Route | undefined;
  readonly children: ComponentChildren;
}) => {
  const { router, organization } = useApp();
  const main = useRef<HTMLElement>(null);
  const [opened, setOpened] = useState<'nothing' | 'palette' | 'keys'>('nothing');
  const moves = router.moves.value;
  const { site } = router.address.value;
  const title = route?.title ?? 'Not found';
  const name = organization.value?.name;
  const onSearch = (): void => setOpened('palette');
  const close = (): void => setOpened('nothing');

  useFrameKeys(route, { onSearch, onHelp: () => setOpened('keys') });
  useEffect(() => {
    document.title = [title, site ?? name, 'Rumbrella'].filter((part) => part !== undefined).join(' · ');
  }, [title, site, name]);
  useEffect(() => {
    if (moves > 0) main.current?.focus({ preventScroll: true });
  }, [moves]);

  return (
    <div class="frame">
      <a
        class="skip-link"
        href="#main"
        onClick={(event) => {
          event.preventDefault();
          main.current?.focus();
        }}
      >
        Skip to content
      </a>
      <ContextBar />
      <OfflineBar />
      <div class="frame-body">
        <Rail current={route} onSearch={onSearch} />
        <div class="frame-column">
          <Topbar current={route} onSearch={onSearch} />
          <SelectionBar bar={route?.bar ?? 'none'} />
          <main id="main" ref={main} tabIndex={-1} aria-label={title}>
            {route?.bar === 'selection' && <EngineNote />}
            {children}
          </main>
          <GeneratedNotice />
        </div>
      </div>
      <Palette isOpen={opened === 'palette'} onClose={close} />
      <Dialog title="Keys" kind="wide" isOpen={opened === 'keys'} onClose={close}>
        <KeysHelp />
      </Dialog>
      <SessionEnded />
      <ToastList />
    </div>
  );
};
