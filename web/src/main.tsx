import { render } from 'preact';
import { App } from './app.tsx';
import { routeOf } from './routes.ts';
import { AppProvider, createAppState } from './state/app-state.ts';
import './style/tokens.css';
import './style/base.css';

const place = document.getElementById('app');
if (place !== null) {
  const state = createAppState(window);
  void state.session.begin();
  // The code of the page comes while the session is asked for; that it could not be loaded is told where the page would be.
  routeOf(state.router.address.value)
    ?.load()
    .catch(() => undefined);
  render(
    <AppProvider value={state}>
      <App />
    </AppProvider>,
    place,
  );
}
