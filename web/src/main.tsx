import { render } from 'preact';
import { App } from './app.tsx';
import { AppProvider, createAppState } from './state/app-state.ts';
import './style/tokens.css';
import './style/base.css';

const place = document.getElementById('app');
if (place !== null) {
  const state = createAppState(window);
  void state.session.begin();
  render(
    <AppProvider value={state}>
      <App />
    </AppProvider>,
    place,
  );
}
