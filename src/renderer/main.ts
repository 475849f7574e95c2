import '@fontsource-variable/inter/wght.css';
import '@fontsource-variable/noto-sans-sc/wght.css';
import './app/tokens.css';
import './app/base.css';
import { mount } from 'svelte';
import App from './app/App.svelte';
import { session } from './app/session.svelte.ts';

session.start();
mount(App, { target: document.getElementById('app')! });
