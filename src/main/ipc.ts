import { ipcMain, type IpcMainInvokeEvent, type WebContents } from 'electron';
import type { IpcCalls, IpcChannel } from '../shared/ipc.ts';
import { isOwnPage } from './security.ts';

type Answer<Channel extends IpcChannel> = ReturnType<IpcCalls[Channel]>;

/** Answers a channel, for the main frame of the studio's own page alone. The argument is not to be trusted. */
export function answer<Channel extends IpcChannel>(
  channel: Channel,
  listener: (page: WebContents, input: unknown) => Answer<Channel> | Promise<Answer<Channel>>,
): void {
  ipcMain.handle(channel, (event: IpcMainInvokeEvent, input: unknown) => {
    if (!isTrusted(event)) throw new Error('refused');
    return listener(event.sender, input);
  });
}

function isTrusted({ senderFrame, sender }: IpcMainInvokeEvent): boolean {
  return senderFrame != null && senderFrame === sender.mainFrame && isOwnPage(senderFrame.url);
}
