import { type VitalId, VITALS } from '#vitals';
import { Icon } from '../parts/icon.tsx';
import { useApp } from '../state/app-state.ts';
import './generated-notice.css';

/** Beside the selection of every page: says when Safari's engine is mixed in although it measures otherwise. */
export const EngineNote = () => {
  const { router } = useApp();
  const { engine, vital, filters } = router.address.value.view;
  // A filter of engines says what is mixed.
  const isNarrowed = filters.some(({ dimension }) => dimension === 'engine');
  if (engine !== 'all' || isNarrowed) return null;
  return (
    <p class="generated-notice engine-note" role="note">
      <Icon name="warning" />
      <span>
        <b>All engines, WebKit among them.</b> {whatDiffers(vital)} Compare engines rather than mix them.{' '}
        <button type="button" class="link-button" onClick={() => router.setView({ engine: 'Blink' })}>
          Chromium alone
        </button>
      </span>
    </p>
  );
};

const whatDiffers = (vital: VitalId): string => {
  if (vital === 'cls') return 'Only Chromium measures CLS, so the vitals are not of the same visitors.';
  if (vital === 'inp') return 'Safari’s INP is known to be too high.';
  return `${VITALS[vital].label} is measured by all, but INP and CLS are not of the same visitors.`;
};
