import { render } from 'preact';

import '../src/app/theme.css';
import { start_theme } from '../src/app/theme';
import { App } from './App';
import { start } from './state';
import './takeaway.css';

start_theme();
const place = document.getElementById('app')!;
place.replaceChildren();
try {
  start(document.getElementById('ganymede-model')!.textContent ?? '');
  render(<App />, place);
} catch (error) {
  render(<p class="error page">{(error as Error).message}</p>, place);
}
