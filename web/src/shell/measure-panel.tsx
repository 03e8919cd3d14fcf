import { CheckField, SelectField } from '../parts/field.tsx';
import { LOCK_REASON } from '../parts/pill.tsx';
import { Popover } from '../parts/popover.tsx';
import { useApp } from '../state/app-state.ts';
import { heldView } from '../state/shared-view.ts';
import { useLock } from '../state/use-lock.ts';
import { ENGINES, NAVIGATIONS, PERCENTILES, type View } from '../state/url.ts';

/** The choices of engines in words. */
export const ENGINE_WORDS: Readonly<Record<View['engine'], string>> = {
  Blink: 'Chromium',
  WebKit: 'WebKit',
  Gecko: 'Gecko',
  all: 'All engines',
};

const ENGINE_NOTES: Readonly<Record<View['engine'], string>> = {
  Blink:
    'Chrome, Edge and their kin: the only engine that measures CLS, so all vitals here are of the same visitors.',
  WebKit: 'Safari, and every browser of iPhones. It measures no CLS.',
  Gecko: 'Firefox. It measures no CLS.',
  all: 'LCP and INP are of more visitors than CLS, which Chromium alone measures.',
};

const NAVIGATION_WORDS: Readonly<Record<View['navigations'], string>> = {
  hard: 'Page loads',
  soft: 'Soft navigations',
  bfcache: 'Back/forward cache',
  all: 'All navigations',
};

/** How page views are measured: a chip that says it in short, with the choices behind it. */
export const MeasureChip = () => {
  const { view } = useApp().router.address.value;
  return (
    <Popover isPanel words={measureWords(view)} buttonClass="measure-chip">
      {() => (
        <div class="measure-panel">
          <MeasureFields />
        </div>
      )}
    </Popover>
  );
};

/** `Chromium · p75`, and what else is not as usual. */
const measureWords = ({ engine, navigations, percentile, bots }: View): string =>
  [
    ENGINE_WORDS[engine],
    ...(navigations === 'hard' ? [] : [NAVIGATION_WORDS[navigations]]),
    `p${percentile}`,
    ...(bots ? ['with bots'] : []),
  ].join(' · ');

/** The choices themselves, also in the sheet of phones. */
export const MeasureFields = () => {
  const { router } = useApp();
  const { view } = router.address.value;
  const lock = useLock();
  const held = lock === null ? {} : heldView(lock);
  const isEngineHeld = held.engine !== undefined;
  const areNavigationsHeld = held.navigations !== undefined;
  const areBotsHeld = held.bots !== undefined;
  return (
    <>
      <SelectField
        label="Engine"
        hint={isEngineHeld ? LOCK_REASON : ENGINE_NOTES[view.engine]}
        disabled={isEngineHeld}
        value={view.engine}
        choices={ENGINES.map((value) => ({ value, label: ENGINE_WORDS[value] }))}
        onValue={(engine) => router.setView({ engine })}
      />
      <SelectField
        label="Navigations"
        hint={
          areNavigationsHeld
            ? LOCK_REASON
            : 'Page loads and soft navigations have different scales; they are never blended unless you ask.'
        }
        disabled={areNavigationsHeld}
        value={view.navigations}
        choices={NAVIGATIONS.map((value) => ({ value, label: NAVIGATION_WORDS[value] }))}
        onValue={(navigations) => router.setView({ navigations })}
      />
      <SelectField
        label="Percentile"
        hint="p75: three of four page views were at least as good. Ratings are meant for p75."
        value={String(view.percentile)}
        choices={PERCENTILES.map((p) => ({ value: String(p), label: `p${p}` }))}
        onValue={(value) =>
          router.setView({ percentile: PERCENTILES.find((p) => String(p) === value) ?? view.percentile })
        }
      />
      <CheckField
        label="With bots"
        {...(areBotsHeld && { hint: LOCK_REASON, disabled: true })}
        checked={view.bots}
        onValue={(bots) => router.setView({ bots })}
      />
    </>
  );
};
