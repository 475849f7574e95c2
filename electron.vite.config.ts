import { svelte } from '@sveltejs/vite-plugin-svelte';
import { defineConfig } from 'electron-vite';
import path from 'node:path';

const here = (file: string) => path.join(import.meta.dirname, file);

/** Main and preload as CommonJS for Electron 25 (Node 18) to 45; the pages for Chrome 114 and later. */
export default defineConfig({
  main: {
    build: {
      target: 'node18',
      outDir: 'out/main',
      lib: { entry: here('src/main/index.ts'), formats: ['cjs'] },
      rollupOptions: { output: { entryFileNames: '[name].cjs' } },
    },
  },
  preload: {
    build: {
      target: 'node18',
      outDir: 'out/preload',
      lib: { entry: here('src/preload/index.ts'), formats: ['cjs'] },
      rollupOptions: { output: { entryFileNames: '[name].cjs' } },
    },
  },
  renderer: {
    root: here('src/renderer'),
    plugins: [svelte({ configFile: here('svelte.config.js') })],
    build: {
      target: 'chrome114',
      minify: true,
      outDir: here('out/renderer'),
      assetsInlineLimit: 0,
      rollupOptions: { input: here('src/renderer/index.html') },
    },
  },
});
