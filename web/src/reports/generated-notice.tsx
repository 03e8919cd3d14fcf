import { Icon } from '../parts/icon.tsx';
import './generated-notice.css';

/** Says that what one sees was made up for the demo. */
export const GeneratedNotice = () => (
  <p class="generated-notice" role="note">
    <Icon name="info" />
    <span>
      <b>Demo data, generated.</b> Page views were made up so that there is something to look at; real beacons
      are counted beside them.
    </span>
  </p>
);
