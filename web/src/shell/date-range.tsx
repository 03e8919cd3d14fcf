import { Button } from '../parts/button.tsx';
import { moveFocus } from '../parts/menu.tsx';
import { LockedPill } from '../parts/pill.tsx';
import { Popover } from '../parts/popover.tsx';
import { useApp } from '../state/app-state.ts';
import { periodOf } from '../state/moment.ts';
import { periodWords, PRESETS, steppedPeriod } from '../state/period.ts';
import { useLock } from '../state/use-lock.ts';
import { DayRangeFields, useDayRange } from './day-range.tsx';
import './date-range.css';

/** The period: a step back, its name with the list of periods behind it, a step on. */
export const DateRange = () => {
  const { router, now } = useApp();
  const { from, to } = router.address.value.view;
  const period = periodOf(from, to, now.value);
  const lock = useLock();
  if (lock?.period) return <LockedPeriod words={periodWords(from, to, now.value)} />;
  const before = steppedPeriod(period, -1, now.value);
  const after = steppedPeriod(period, 1, now.value);
  return (
    <div class="date-range" role="group" aria-label="Period">
      <Button
        icon="left"
        label="Period before"
        disabled={before === null}
        onClick={() => before && router.setView(before)}
      />
      <Popover
        id="date-range"
        words={periodWords(from, to, now.value)}
        icon="calendar"
        isPanel
        shortcut="c"
        buttonClass="date-range-words"
      >
        {({ close }) => <Periods close={close} />}
      </Popover>
      <Button
        icon="right"
        label="Period after"
        disabled={after === null}
        onClick={() => after && router.setView(after)}
      />
    </div>
  );
};

const LockedPeriod = ({ words }: { readonly words: string }) => (
  <div class="date-range" role="group" aria-label="Period">
    <LockedPill words={words}>{words}</LockedPill>
  </div>
);

const Periods = ({ close }: { readonly close: () => void }) => {
  const { router, now } = useApp();
  const { view } = router.address.value;
  const period = periodOf(view.from, view.to, now.value);
  const range = useDayRange(period);
  return (
    <div class="date-panel">
      <div class="menu" onKeyDown={moveFocus}>
        {PRESETS.map((preset) => {
          const isChosen = preset.from === view.from && preset.to === view.to;
          return (
            <button
              key={preset.words}
              type="button"
              class={isChosen ? 'menu-item is-chosen' : 'menu-item'}
              aria-pressed={isChosen}
              {...(isChosen && { 'data-autofocus': '' })}
              onClick={() => {
                router.setView({ from: preset.from, to: preset.to });
                close();
              }}
            >
              {preset.words}
              {preset.key !== undefined && <kbd class="menu-note">{preset.key.toUpperCase()}</kbd>}
            </button>
          );
        })}
      </div>
      <form
        class="date-custom"
        onSubmit={(event) => {
          event.preventDefault();
          if (range.isWrong) return;
          router.setView({ from: range.from, to: range.to });
          close();
        }}
      >
        <DayRangeFields range={range} fault="Before the first day." />
        <Button type="submit" disabled={range.isWrong}>
          Show these days
        </Button>
        <p class="quiet">Days and hours are UTC.</p>
      </form>
    </div>
  );
};
