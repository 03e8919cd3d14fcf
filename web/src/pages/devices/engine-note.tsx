import { type VitalId, VITALS } from '#vitals';
import { Icon } from '../../parts/icon.tsx';
import type { View } from '../../state/url.ts';
import '../../reports/generated-notice.css';

/** Says when browsers of another engine are left out, or mixed in although they measure otherwise. */
export const EngineNote = ({
  engine,
  vital,
  onAll,
}: {
  readonly engine: View['engine'];
  readonly vital: VitalId;
  readonly onAll: () => void;
}) => {
  const isMixed = engine === 'all' && (vital === 'inp' || vital === 'cls');
  if (engine !== 'Blink' && !isMixed) return null;
  return (
    <p class="generated-notice" role="note">
      <Icon name="info" />
      {engine === 'Blink' ? (
        <span>
          Browsers with Chromium’s engine only, so that all vitals are of the same visitors.{' '}
          <button type="button" class="link-button" onClick={onAll}>
            Show all engines
          </button>
        </span>
      ) : (
        <span>
          {VITALS[vital].label} of several engines:{' '}
          {vital === 'cls' ? 'only Chromium measures CLS.' : 'Safari’s INP is known to be too high.'} Compare
          engines rather than mix them.
        </span>
      )}
    </p>
  );
};
