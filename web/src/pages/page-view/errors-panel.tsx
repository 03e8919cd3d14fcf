import type { PageViewAnswer } from '#reports';
import { Panel } from '../../reports/panel.tsx';
import { errorEventWords, errorFacts, errorName, frameWords } from './error-words.ts';

type PageError = PageViewAnswer['errors'][number];

/** The JavaScript errors of the page view, each with its stack; nothing when there were none. All that is said here is text from outside. */
export const ErrorsPanel = ({ errors }: { readonly errors: readonly PageError[] }) =>
  errors.length === 0 ? null : (
    <Panel
      title="Errors"
      class="is-wide"
      note={`${errors.length === 1 ? 'One error' : `${errors.length} errors`}, by time since the navigation.`}
    >
      <ol class="page-view-beacons">
        {errors.map((error, index) => (
          <li key={index}>
            <details open={index === 0}>
              <summary>
                <b class="page-view-error">{errorName(error)}</b>{' '}
                <span class="quiet numbers">{errorFacts(error).join(' · ')}</span>
              </summary>
              <Stack frames={error.frames} />
              {error.events.length > 0 && (
                <ul class="page-view-stack" aria-label="Before the error">
                  {error.events.map((event, place) => (
                    <li key={place}>{errorEventWords(event)}</li>
                  ))}
                </ul>
              )}
              {error.extra !== '' && <pre class="page-view-extra">Added by the page: {error.extra}</pre>}
            </details>
          </li>
        ))}
      </ol>
    </Panel>
  );

const Stack = ({ frames }: Pick<PageError, 'frames'>) =>
  frames.length === 0 ? (
    <p class="quiet">The browser told no stack.</p>
  ) : (
    <ol class="page-view-stack" aria-label="Stack">
      {frames.map((frame, place) => (
        <li key={place}>
          {frame.function === '' ? '(no name)' : frame.function}{' '}
          <span class="quiet">{frameWords(frame)}</span>
        </li>
      ))}
    </ol>
  );
