import { app, type Session, type WebContents } from 'electron';
import { PAGE_ORIGIN } from '../shared/pages.ts';

/** Services of Chromium's that would reach for the network by themselves. */
const SWITCHES = [
  'disable-background-networking',
  'disable-breakpad',
  'disable-client-side-phishing-detection',
  'disable-component-update',
  'disable-default-apps',
  'disable-domain-reliability',
  'disable-sync',
  'dns-prefetch-disable',
  'no-pings',
];

/** Before the app is ready. */
export function keepOffNetwork(): void {
  for (const name of SWITCHES) app.commandLine.appendSwitch(name);
  // Names are never looked up, whoever asks.
  app.commandLine.appendSwitch('host-resolver-rules', 'MAP * ~NOTFOUND');
}

/** Nothing but our own pages may be loaded, and no page may ask for more than it has. */
export function secureSession(session: Session): void {
  session.setPermissionRequestHandler((_contents, _permission, answer) => answer(false));
  session.setPermissionCheckHandler(() => false);
  session.setDevicePermissionHandler(() => false);
  session.setSpellCheckerEnabled(false);
  session.on('will-download', (event) => event.preventDefault());
  session.webRequest.onBeforeRequest(({ url }, answer) => answer({ cancel: !isHarmless(url) }));
}

/** `blob:` and `data:` carry their bytes with them; the developer tools are Chromium's own. */
function isHarmless(url: string): boolean {
  return isOwnPage(url) || /^(blob|data|devtools):/.test(url);
}

/** Whether a URL is of the studio's own origin. */
export function isOwnPage(url: string): boolean {
  return url.startsWith(`${PAGE_ORIGIN}/`);
}

/** For every page that ever comes to life, whoever makes it. */
export function secureContents(contents: WebContents): void {
  contents.setWindowOpenHandler(() => ({ action: 'deny' }));
  contents.setWebRTCIPHandlingPolicy('disable_non_proxied_udp');
  contents.on('will-attach-webview', (event) => event.preventDefault());
  contents.on('will-frame-navigate', (event) => event.preventDefault());
  contents.on('will-navigate', (event) => event.preventDefault());
  contents.on('will-redirect', (event) => event.preventDefault());
}
