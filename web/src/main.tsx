import { render } from 'preact';

import { App, preload_page } from './app/App';
import { take_token } from './api/client';
import { start_router } from './app/router';
import { start_theme } from './app/theme';

take_token();
start_theme();
start_router();
preload_page();
render(<App />, document.getElementById('app')!);
