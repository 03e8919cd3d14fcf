import type { IconName } from '../parts/icon.tsx';
import { Icon } from '../parts/icon.tsx';
import { Menu, type MenuEntry } from '../parts/menu.tsx';
import { ROUTES } from '../routes.ts';
import { useApp } from '../state/app-state.ts';
import type { ThemeChoice } from '../state/theme.ts';

const THEMES: readonly { readonly choice: ThemeChoice; readonly words: string; readonly icon: IconName }[] = [
  { choice: 'system', words: 'As the system', icon: 'system' },
  { choice: 'light', words: 'Light', icon: 'light' },
  { choice: 'dark', words: 'Dark', icon: 'dark' },
];

/** Who one is, colours, help, and the way out. */
export const AccountMenu = () => {
  const { session, theme, toasts } = useApp();
  const state = session.state.value;
  if (state.kind !== 'signed-in') return null;
  const signOut = (): void => {
    session.signOut().catch(() => toasts.say('Signing out did not work. Try again.'));
  };
  const hasAccount = state.account === 'person' && ROUTES.some(({ name }) => name === 'account');
  const entries: MenuEntry[] = [
    ...(hasAccount
      ? [{ kind: 'link' as const, words: 'Account', icon: 'account' as const, href: '/app/account' }]
      : []),
    { kind: 'link', words: 'Help and keys', icon: 'help', note: '?', href: '/app/help' },
    { kind: 'line' },
    { kind: 'heading', words: 'Colours' },
    ...THEMES.map(({ choice, words, icon }) => ({
      kind: 'action' as const,
      words,
      icon,
      isChosen: theme.choice.value === choice,
      run: () => theme.choose(choice),
    })),
    { kind: 'line' },
    { kind: 'action', words: 'Sign out', icon: 'leave', run: signOut },
  ];
  return (
    <div class="rail-account">
      <Menu
        kind="quiet"
        label="Signed in as"
        buttonClass="switcher-button"
        words={
          <>
            <Icon name="account" />
            <span class="switcher-words">{state.username}</span>
            <Icon name="more" />
          </>
        }
        entries={entries}
      />
    </div>
  );
};
