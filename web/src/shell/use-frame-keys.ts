import { VITAL_IDS, VITALS } from '#vitals';
import { useApp } from '../state/app-state.ts';
import type { KeyBinding } from '../state/keys.ts';
import { periodOf } from '../state/moment.ts';
import { PRESETS, steppedPeriod } from '../state/period.ts';
import { useLock } from '../state/use-lock.ts';
import { STEPS } from '../state/url.ts';
import { useKeys } from '../state/use-keys.ts';
import type { Route } from '../route.ts';
import { useNavigation } from './navigation.ts';
import { entranceHref } from './places.ts';

/** What the keys of the frame open. */
export interface FrameActions {
  readonly onSearch: () => void;
  readonly onHelp: () => void;
}

/** Binds the keys that every page has, and those of the selection where there is one. */
export const useFrameKeys = (route: Route | undefined, { onSearch, onHelp }: FrameActions): void => {
  const { router, session } = useApp();
  const navigation = useNavigation();
  const leave = (): void => {
    const state = session.state.value;
    if (state.kind === 'signed-in') router.go(entranceHref(state.home));
  };
  // What a share link holds is changed by no key.
  const isHeld = useLock()?.period !== undefined;
  const isFree = ({ keys, group }: KeyBinding): boolean => !isHeld || (group !== 'Period' && keys !== 'x');
  const selection = useSelectionKeys().filter(isFree);
  const isPeriod = (binding: KeyBinding): boolean => binding.group === 'Period';
  useKeys([
    { keys: 'mod+k', words: 'Go to…', group: 'Everywhere', run: onSearch },
    { keys: '/', words: 'Find a page, a site, an organization', group: 'Everywhere', run: onSearch },
    { keys: '?', words: 'These keys', group: 'Everywhere', run: onHelp },
    { keys: 'shift+Escape', words: 'Leave the other organization', group: 'Everywhere', run: leave },
    ...navigation.flatMap(({ route: { title }, nav, href }) =>
      nav.key === undefined
        ? []
        : [{ keys: `g ${nav.key}`, words: title, group: 'Go to', run: () => router.go(href) }],
    ),
    ...(route?.bar === 'selection' ? selection : []),
    ...(route?.bar === 'period' ? selection.filter(isPeriod) : []),
  ]);
};

/** What the first chart or table shows; where there is none, what the page has. */
const exportFirst = (): void =>
  (
    document.querySelector<HTMLElement>('main .panel .export-button') ??
    document.querySelector<HTMLElement>('main .export-button')
  )?.click();

const useSelectionKeys = (): readonly KeyBinding[] => {
  const { router, now } = useApp();
  const { view } = router.address.value;
  const step = (by: -1 | 1): void => {
    const next = steppedPeriod(periodOf(view.from, view.to, now.value), by, now.value);
    if (next !== null) router.setView(next);
  };
  const nextStep = STEPS[(STEPS.indexOf(view.step) + 1) % STEPS.length] ?? 'auto';
  return [
    ...PRESETS.flatMap(({ key, words, from, to }) =>
      key === undefined
        ? []
        : [{ keys: key, words, group: 'Period', run: () => router.setView({ from, to }) }],
    ),
    {
      keys: 'c',
      words: 'Other days',
      group: 'Period',
      run: () => document.getElementById('date-range')?.click(),
    },
    { keys: 'ArrowLeft', words: 'Period before', group: 'Period', run: () => step(-1) },
    { keys: 'ArrowRight', words: 'Period after', group: 'Period', run: () => step(1) },
    {
      keys: 'x',
      words: 'Compare with the period before',
      group: 'Selection',
      run: () => router.setView({ compare: view.compare === 'none' ? 'prev' : 'none' }),
    },
    {
      keys: 'i',
      words: 'Other steps of time',
      group: 'Selection',
      run: () => router.setView({ step: nextStep }),
    },
    {
      keys: 'Escape',
      words: 'Clear the filters',
      group: 'Selection',
      run: () => router.setView({ filters: [] }),
    },
    {
      keys: 'e',
      words: 'Export',
      group: 'Selection',
      run: exportFirst,
    },
    ...VITAL_IDS.map((vital, place) => ({
      keys: String(place + 1),
      words: VITALS[vital].label,
      group: 'Vital',
      run: () => router.setView({ vital }),
    })),
  ];
};
