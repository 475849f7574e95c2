import { app, Menu, type MenuItemConstructorOptions } from 'electron';
import type { NativeMessages } from './messages.ts';

/** The least menu that gives text fields, zoom and the window their keys. */
export function setMenu({ menu }: NativeMessages): void {
  const mac = process.platform === 'darwin';
  const separator = { type: 'separator' } as const;
  const developer: MenuItemConstructorOptions[] = app.isPackaged
    ? []
    : [separator, { role: 'toggleDevTools', label: menu.developerTools }];
  const template: MenuItemConstructorOptions[] = [
    mac ? { role: 'appMenu' } : { label: menu.file, submenu: [{ role: 'quit', label: menu.quit }] },
    {
      label: menu.edit,
      submenu: [
        { role: 'undo', label: menu.undo },
        { role: 'redo', label: menu.redo },
        separator,
        { role: 'cut', label: menu.cut },
        { role: 'copy', label: menu.copy },
        { role: 'paste', label: menu.paste },
        { role: 'selectAll', label: menu.selectAll },
      ],
    },
    {
      label: menu.view,
      submenu: [
        { role: 'resetZoom', label: menu.resetZoom },
        { role: 'zoomIn', label: menu.zoomIn },
        { role: 'zoomOut', label: menu.zoomOut },
        separator,
        { role: 'togglefullscreen', label: menu.fullScreen },
        ...developer,
      ],
    },
    {
      label: menu.window,
      submenu: [
        { role: 'minimize', label: menu.minimize },
        { role: 'close', label: menu.close },
      ],
    },
  ];
  Menu.setApplicationMenu(Menu.buildFromTemplate(template));
}
