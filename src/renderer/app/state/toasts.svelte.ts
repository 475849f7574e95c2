export interface Toast {
  id: number;
  text: string;
  tone: 'plain' | 'good' | 'bad';
  action?: { label: string; run: () => void } | undefined;
  /** A newer one about the same takes its place. */
  about: string;
}

const SHOWN_MS = 6000;
/** More than these would cover the page. */
const MOST = 3;
let last = 0;

export const toasts = $state<{ list: Toast[] }>({ list: [] });

export function dismiss(id: number): void {
  toasts.list = toasts.list.filter((toast) => toast.id !== id);
}

/** Says something for a few seconds, without asking for anything; takes the place of what was said `about` the same. */
export function notify(
  text: string,
  tone: Toast['tone'] = 'plain',
  action?: Toast['action'],
  about = text,
): void {
  const id = ++last;
  const others = toasts.list.filter((toast) => toast.about !== about);
  toasts.list = [...others.slice(1 - MOST), { id, text, tone, action, about }];
  setTimeout(() => dismiss(id), SHOWN_MS);
}
