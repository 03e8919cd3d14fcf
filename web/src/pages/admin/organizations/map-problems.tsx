import type { OrganizationsAnswer } from '#operations';
import { Message } from '../../../parts/message.tsx';
import { formatDay } from '../../../parts/numbers.ts';
import '../parts/admin.css';

/** What is wrong with the file on disk, line by line, and why figures are missing. */
export const MapProblems = ({
  answer: { problems, loadedAt, figuresMissing },
}: {
  readonly answer: OrganizationsAnswer;
}) => (
  <>
    {problems.length > 0 && (
      <Message
        kind="trouble"
        title={`The users map on disk has ${problems.length === 1 ? 'a problem' : `${problems.length} problems`}: the one of ${formatDay(loadedAt)} stays in force`}
      >
        <ul class="admin-list">
          {problems.map(({ line, path, found, expected }, place) => (
            <li key={place}>
              {line !== null && <b>line {line}</b>}
              {line !== null && path !== '' && ', '}
              {path !== '' && <span class="admin-mono">{path}</span>}
              {(line !== null || path !== '') && ': '}
              found {found}, expected {expected}
            </li>
          ))}
        </ul>
        <p>Correct the file; it is read again at once. Until then nothing can be changed from here.</p>
      </Message>
    )}
    {figuresMissing !== '' && (
      <Message kind="warning" title="Rows and last beacons are not known">
        The warehouse does not answer: {figuresMissing}
      </Message>
    )}
  </>
);
